"""Starts the process that reads a file, holds it to its limits, and takes over what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from cooperation_portal.exchange.limits import LARGEST_ROWS
from cooperation_portal.exchange.reading.refusals import Refused
from cooperation_portal.exchange.reading.workbook import Line

# A heading may have this many lines of title above it.
TITLE_LINES = 10
_OUTPUT = 1024 * 1024 * 1024


@dataclass
class Contents:
    """What was found in a file: told in `about`, then row by row as often as needed."""

    about: dict[str, Any]
    rows: int
    _spool: IO[bytes]

    def lines(self) -> Iterator[Line]:
        self._spool.seek(0)
        self._spool.readline()
        for _row in range(self.rows):
            number, cells, wrong = json.loads(self._spool.readline())
            yield number, cells, {int(column): mark for column, mark in wrong.items()}


@contextmanager
def read(path: Path, *, preferred: list[str], alive: Callable[[], None]) -> Iterator[Contents]:
    """Raises Refused. `alive` is called again and again while it reads."""
    folder = Path(settings.FILES_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as spool:
        _run(path, preferred, spool, alive)
        spool.seek(0)
        about = _line(spool.readline())
        end = _line(_last_line(spool))
        for line in (about, end):
            if "refused" in line:
                raise Refused(line.pop("refused"), **line)
        yield Contents(about, end["end"], spool)


def _run(path: Path, preferred: list[str], spool: IO[bytes], alive: Callable[[], None]) -> None:
    limits = {
        "memory": settings.IMPORT_MEMORY_MB * 1024 * 1024,
        "cpu": settings.IMPORT_SECONDS,
        "output": _OUTPUT,
        "rows": LARGEST_ROWS + TITLE_LINES + 1,
    }
    command = [sys.executable, "-m", "reading", str(path.resolve()), json.dumps(limits), *preferred]
    # No secret of the portal's environment goes along.
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    process = subprocess.Popen(
        command,
        cwd=Path(__file__).parent,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=spool,
        stderr=subprocess.DEVNULL,  # an error's text may hold what is in the file
    )
    try:
        code = _wait(process, alive)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if code < 0:  # out of memory or time: the signal of one of the limits
        raise Refused("too_heavy")
    if code:
        raise Refused("damaged")


def _wait(process: subprocess.Popen[bytes], alive: Callable[[], None]) -> int:
    end = time.monotonic() + 2 * settings.IMPORT_SECONDS
    while time.monotonic() < end:
        try:
            return process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            alive()
    raise Refused("too_heavy")


def _line(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Refused("damaged") from error
    return found if isinstance(found, dict) else {}


def _last_line(spool: IO[bytes]) -> bytes:
    size = spool.seek(0, os.SEEK_END)
    spool.seek(max(0, size - 4096))
    return spool.read().rstrip(b"\n").rpartition(b"\n")[2]
