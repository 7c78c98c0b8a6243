"""The zip that a workbook is: looked through from the outside and once really inflated, before anything is parsed."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from .refusals import Refused

MOST_ENTRIES = 2000
MOST_BYTES = 200 * 1024 * 1024
HIGHEST_RATIO = 100
RATIO_COUNTS_FROM = 10 * 1024 * 1024
_CHUNK = 1024 * 1024
_OVERLAP = 64
_NESTED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"Rar!")
_ARCHIVE_NAME = re.compile(r"\.(zip|7z|rar|gz|tgz|xlsx|xlsm|xlsb|xls|docx|pptx|hwpx?|ods)$", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# A formula or an error value, with or without a prefix of the name space.
MARKED = re.compile(rb"""<(?:[A-Za-z0-9]+:)?f[\s/>]|\bt\s*=\s*["']e["']""")


@dataclass
class Archive:
    """What was seen on the way: parts in which something needs a closer look."""

    marked: set[str] = field(default_factory=set)


def looked_through(path: Path) -> Archive:
    """Raises Refused for everything that is not a plain workbook of a reasonable size."""
    try:
        with zipfile.ZipFile(path) as file:
            entries = file.infolist()
            _check_directory(entries, path.stat().st_size)
            _check_parts({entry.filename for entry in entries})
            return _inflate(file, entries)
    except Refused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise Refused("damaged") from error


def _check_directory(entries: list[zipfile.ZipInfo], size: int) -> None:
    """What the zip says of itself; it may lie, so that `_inflate` counts."""
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("encrypted")
    claimed = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or claimed > MOST_BYTES:
        raise Refused("zip_bomb")
    if claimed >= RATIO_COUNTS_FROM and claimed > HIGHEST_RATIO * size:
        raise Refused("zip_bomb")


def _check_parts(names: set[str]) -> None:
    folded = {name.replace("\\", "/").lower() for name in names}
    if any(name.endswith("vbaproject.bin") for name in folded):
        raise Refused("macros")
    if "contents/content.hpf" in folded or any(name.startswith(("word/", "ppt/")) for name in folded):
        raise Refused("document")
    if "xl/workbook.bin" in folded or "content.xml" in folded:
        raise Refused("other_format")
    if not {"[content_types].xml", "xl/workbook.xml"} <= folded:
        nested = any(_ARCHIVE_NAME.search(name) for name in folded)
        raise Refused("nested_zip" if nested else "not_a_workbook")


def _inflate(file: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Archive:
    seen, total = Archive(), 0
    size = sum(entry.compress_size for entry in entries)
    for entry in entries:
        before = b""
        first = True
        with file.open(entry) as part:
            for chunk in _chunks(part):
                total += len(chunk)
                if total > MOST_BYTES or (total >= RATIO_COUNTS_FROM and total > HIGHEST_RATIO * max(size, 1)):
                    raise Refused("zip_bomb")
                if first:
                    _check_beginning(entry.filename, chunk)
                    first = False
                _look(entry.filename, before + chunk, seen)
                before = chunk[-_OVERLAP:]
    return seen


def _chunks(part: IO[bytes]) -> Iterator[bytes]:
    while chunk := part.read(_CHUNK):
        yield chunk


def _is_markup(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def _check_beginning(name: str, chunk: bytes) -> None:
    if chunk.startswith(_NESTED):
        raise Refused("embedded" if name.lower().startswith("xl/") else "nested_zip")
    if _is_markup(name) and b"\x00" in chunk[:200]:  # UTF-16: no spreadsheet writes it, and a scan by bytes is blind
        raise Refused("damaged")


def _look(name: str, text: bytes, seen: Archive) -> None:
    if not _is_markup(name):
        return
    if _DOCTYPE.search(text):
        raise Refused("doctype")
    if name.lower().startswith("xl/worksheets/") and name not in seen.marked and MARKED.search(text):
        seen.marked.add(name)
