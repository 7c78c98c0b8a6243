"""Loopback addresses: whether a port is free, and whether the portal answers on it."""

import errno
import http.client
import socket

from cooperation_portal.local.errors import PortalError

LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


def free_addresses(port: int) -> list[str]:
    """Addresses to bind, as gunicorn writes them.

    Browsers try ::1 first for "localhost": where the machine has it, it must be ours as well. Raises PortalError when
    somebody else has the port on either.
    """
    found = []
    for family, host in LOOPBACKS:
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port in TIME_WAIT is free
                probe.bind((host, port))
                probe.listen(1)
        except OSError as error:
            if family == socket.AF_INET6 and error.errno in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
                continue
            raise PortalError(_refusal(port, error)) from None
        found.append(f"[{host}]:{port}" if family == socket.AF_INET6 else f"{host}:{port}")
    return found


def _refusal(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program: choose another one with PORT=, for example make run PORT=8001."
        )
    return f"Port {port} cannot be used ({error.strerror}): choose another one with PORT=."


def answers(port: int, path: str = "/healthz") -> str:
    """Empty when the portal says that it is well, otherwise what it said instead."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        response = connection.getresponse()
        body = response.read(2000).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return f"no answer ({error})"
    finally:
        connection.close()
    return "" if response.status == 200 else f"{response.status} {body}"
