"""A mail server of forty lines: keeps what it is given, and can be told to break off."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: Any = self.server
        self._say(b"220 test")
        for line in self.rfile:
            word = line.strip().upper()
            if word == b"DATA":
                self._say(b"354 go on")
                server.received.append(message_from_bytes(self._text(), policy=policy.default))
                if server.breaks_off > 0:  # as when the connection dies before the answer arrives
                    server.breaks_off -= 1
                    return
                self._say(b"250 kept")
            elif word == b"QUIT":
                self._say(b"221 bye")
                return
            else:
                self._say(b"250 fine")

    def _text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, answer: bytes) -> None:
        self.wfile.write(answer + b"\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        self.received: list[EmailMessage] = []
        self.breaks_off = 0
        super().__init__(("127.0.0.1", port), _Conversation)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
