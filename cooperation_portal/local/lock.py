"""One portal for each checkout: a lock that the kernel frees, also after kill -9, and a note of who holds it."""

import fcntl
import json
import os
from collections.abc import Mapping
from io import TextIOWrapper

from cooperation_portal.local.errors import PortalError
from cooperation_portal.local.paths import Places


class CheckoutLock:
    """Held until released or until this process ends. The note tells other commands what runs."""

    def __init__(self, places: Places) -> None:
        self._path = places.run / "portal.lock"
        self._file: TextIOWrapper | None = None

    def take(self) -> None:
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            note = self.read()
            where = f" at {note['address']}" if note.get("address") else ""
            raise PortalError(
                f"The portal of this checkout is already running{where} (process {note.get('pid', 'unknown')})."
            ) from None
        self._file = file
        self.write()

    def write(self, address: str = "", environment: Mapping[str, str] | None = None) -> None:
        if self._file is not None:
            self._file.seek(0)
            self._file.truncate()
            json.dump({"pid": os.getpid(), "address": address, "environment": dict(environment or {})}, self._file)
            self._file.flush()

    def read(self) -> dict[str, object]:
        try:
            return dict(json.loads(self._path.read_text() or "{}"))
        except (OSError, ValueError):
            return {}

    def holder(self) -> int:
        """Pid of the supervisor that runs, 0 when none does."""
        if not self._path.exists():
            return 0
        with self._path.open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(str(self.read().get("pid", 0)))
        return 0

    def release(self) -> None:
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None
