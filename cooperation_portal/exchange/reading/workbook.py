"""An XLSX file, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .archive import looked_through
from .parts import Marks, marks_of, part_of_sheet
from .refusals import Refused, is_blank

MOST_COLUMNS = 200
MOST_MERGED = 20_000
Line = tuple[int, list[Any], dict[int, list[str]]]
"""Number of the row as people count, cells, and what is wrong with single cells by column from 0."""


def letter_of(column: int) -> str:
    """0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def check_ole(path: Path) -> None:
    """Compound files are workbooks of before 2007, or a wrapper around an encrypted one. Always raises Refused."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused("encrypted")
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise Refused("old_workbook")
    raise Refused("document" if b"HWP" in content else "not_a_spreadsheet")


def read(path: Path, preferred: tuple[str, ...]) -> tuple[dict[str, Any], Iterator[Line]]:
    """What is worth telling of the file, and its rows. `preferred` names a worksheet to be read before others."""
    archive = looked_through(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        if not sheets:
            raise Refused("no_visible_sheet")
        chosen = next((name for name in sheets if name in preferred), sheets[0])
        part = part_of_sheet(path, chosen)
        marks = marks_of(path, part) if part in archive.marked else {}
        sheet = workbook.get_sheet_by_name(chosen)
    except (CalamineError, expat.ExpatError, KeyError, ValueError) as error:
        raise Refused("damaged") from error
    merged = sheet.merged_cell_ranges or []
    if len(merged) > MOST_MERGED:
        raise Refused("too_heavy")
    about = {"format": "xlsx", "worksheet": chosen, "others": [name for name in sheets if name != chosen][:20]}
    return about, _lines(sheet, marks, _Merged(merged))


def _lines(sheet: CalamineSheet, marks: Marks, merged: _Merged) -> Iterator[Line]:
    if sheet.start is None:
        return
    first_column = sheet.start[1]
    left = [None] * first_column
    for row, found in enumerate(sheet.iter_rows()):
        cells = [*left, *map(_cell, found[: MOST_COLUMNS - first_column])]
        while cells and cells[-1] is None:
            cells.pop()
        wrong = dict(marks.get(row, {}))
        for column, place in merged.at(row):
            wrong.setdefault(column, ["merged", place])
        wrong = {column: mark for column, mark in wrong.items() if column < MOST_COLUMNS}
        if cells or wrong:
            yield row + 1, cells, wrong


def _cell(found: Any) -> Any:
    """A cell as JSON keeps it; a date is wrapped, so that it stays one."""
    if isinstance(found, str):
        return None if is_blank(found) else found
    if isinstance(found, datetime | date):
        return {"date": found.isoformat()[:10]}
    if isinstance(found, time):
        return found.isoformat(timespec="seconds")
    return str(found) if isinstance(found, timedelta) else found


class _Merged:
    """Which cells of a row are merged with others, asked for row by row downwards."""

    def __init__(self, ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        self._coming = sorted(ranges, reverse=True)
        self._open: list[tuple[tuple[int, int], tuple[int, int]]] = []

    def at(self, row: int) -> list[tuple[int, str]]:
        while self._coming and self._coming[-1][0][0] <= row:
            self._open.append(self._coming.pop())
        self._open = [one for one in self._open if one[1][0] >= row]
        return [
            (column, f"{letter_of(left)}{top + 1}:{letter_of(right)}{bottom + 1}")
            for (top, left), (bottom, right) in self._open
            for column in range(left, min(right + 1, MOST_COLUMNS))
        ]
