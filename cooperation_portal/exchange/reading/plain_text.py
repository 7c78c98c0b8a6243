"""A CSV file, row by row: its encoding and its separator are found out, and what is broken is named by its line."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .refusals import Refused, is_blank
from .workbook import MOST_COLUMNS, Line

_SEPARATORS = ",;\t"
_SAMPLE_LINES = 10
_BETWEEN = re.compile("[,;\t][^\n]*\n")
_NO_LETTER = {"Cn", "Co", "Cs"}
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
# The way to keep zeros that spreadsheets understand: ="00123"
_KEPT_TEXT = re.compile(r'="([^"]*)"')


def read(path: Path) -> tuple[dict[str, Any], Iterator[Line]]:
    text, encoding = decoded(path.read_bytes())
    named = _SEPARATOR_LINE.match(text)
    separator = named[1] if named else _separator(text)
    return {"format": "csv", "encoding": encoding, "separator": separator}, _lines(text, separator, bool(named))


def decoded(content: bytes) -> tuple[str, str]:
    """Text and encoding: UTF-8, cp949, or UTF-16 with its mark. Raises Refused with the line that cannot be read."""
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            try:
                text = content.decode(name)
            except UnicodeDecodeError as error:
                raise Refused("encoding", line=content[: error.start].count(b"\n") + 1) from error
            _check_nothing(text)
            return text, name
    if b"\x00" in content:
        unmarked = _without_mark(content)
        if unmarked is not None:
            return unmarked
        raise Refused("nul", line=content[: content.index(b"\x00")].count(b"\n") + 1)
    farthest = 0
    for name in ("utf-8-sig", "cp949"):
        try:
            return content.decode(name), name
        except UnicodeDecodeError as error:
            farthest = max(farthest, error.start)
    # The encoding that came farther is the one it was meant to be.
    raise Refused("encoding", line=content[:farthest].count(b"\n") + 1)


def _without_mark(content: bytes) -> tuple[str, str] | None:
    """UTF-16 of which the mark was lost: in one of the two orders every letter is one, and some tell cells apart."""
    for name in ("utf-16-le", "utf-16-be"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        letters = set(text)
        if _BETWEEN.search(text) and not any(unicodedata.category(one) in _NO_LETTER or one == "\0" for one in letters):
            return text, name
    return None


def _check_nothing(text: str) -> None:
    if "\x00" in text:
        raise Refused("nul", line=text[: text.index("\x00")].count("\n") + 1)


def _separator(text: str) -> str:
    """The one that gives the first lines most filled cells."""

    def width(separator: str) -> int:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            return max((sum(map(bool, row)) for row, _n in zip(rows, range(_SAMPLE_LINES), strict=False)), default=0)
        except csv.Error:
            return 0

    return max(_SEPARATORS, key=width)


def _lines(text: str, separator: str, named: bool) -> Iterator[Line]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number, begins = 0, 1
    while True:
        try:
            found = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refused("quotes", line=begins) from error
        number, begins = number + 1, rows.line_num + 1
        if named and number == 1:
            continue
        cells: list[Any] = []
        wrong: dict[int, list[str]] = {}
        for column, cell in enumerate(found[:MOST_COLUMNS]):
            kept = _KEPT_TEXT.fullmatch(cell)
            written = kept[1] if kept else cell
            cells.append(None if is_blank(written) else written)
            if cell.startswith("=") and not kept:
                wrong[column] = ["formula"]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            yield number, cells, wrong
