"""An embedded Valkey (Redis protocol) on a private socket, with an append-only file so that a crash loses nothing."""

import os
import time
from pathlib import Path

import redis

from cooperation_portal.local.binaries import valkey_program
from cooperation_portal.local.errors import PortalError
from cooperation_portal.local.paths import SOCKET_PATH_LIMIT, private_folder
from cooperation_portal.local.processes import Guarded, last_lines

START_LIMIT = 60.0


class Valkey:
    """`data` and `sockets` are folders of its own, made by it; `log` is the file of its output."""

    def __init__(self, data: Path, sockets: Path, log: Path, *, mark: str = "") -> None:
        self.data, self.sockets, self.log = data, sockets, log
        self.socket = sockets / "valkey.sock"
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(data),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",  # a queue must never be thinned out
            "daemonize": "no",
        }
        command = [str(valkey_program()), *(word for name, value in options.items() for word in (f"--{name}", value))]
        self.process = Guarded("valkey", command, cwd=Path("/"), log=log, grace=15.0, mark=mark)

    def prepare(self) -> None:
        if len(os.fsencode(self.socket)) > SOCKET_PATH_LIMIT:
            raise PortalError(f"{self.sockets} is too long for a socket.")
        private_folder(self.sockets)
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.data.stat().st_uid != os.geteuid():
            raise PortalError(
                f"{self.data} belongs to another user: start as the user who started it first, or make reset."
            )

    def start(self) -> None:
        """Returns when it answers, which is after the append-only file was read."""
        self.process.start()
        started = time.monotonic()
        while True:
            try:
                self._ask().ping()
                return
            except redis.RedisError:
                pass
            if not self.process.running or time.monotonic() - started > START_LIMIT:
                raise PortalError(f"Valkey did not start:\n{last_lines(self.log)}")
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.stop()

    def kill(self) -> None:
        """kill -9, as a crash would do it."""
        self.process.kill()

    def flush(self) -> None:
        """Loses all data, queue and cache."""
        self._ask().flushall()

    def _ask(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.socket), socket_connect_timeout=5)

    def url(self) -> str:
        """As Celery writes it; without a query, because the cache reads the same address as unix://."""
        return f"redis+socket://{self.socket}"
