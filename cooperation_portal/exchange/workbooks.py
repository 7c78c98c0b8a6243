"""Workbooks that the portal writes: exports, templates to fill in, and wrong rows to be corrected."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from cooperation_portal.exchange.guarding import guarded_in_workbook, is_risky
from cooperation_portal.exchange.sheets import Cell, Column, Kind

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT_FORMAT, DATE_FORMAT = "@", "yyyy-mm-dd"
HEADING = Font(bold=True)
HEADING_FILL = PatternFill("solid", fgColor="E8EDF5")
REQUIRED_FILL = PatternFill("solid", fgColor="FFE9B8")
_WRONG_FILL = PatternFill("solid", fgColor="FFD6D6")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_AS_TEXT = (Kind.CODE, Kind.BUSINESS_NUMBER)
# What XML cannot hold; a database can.
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def width_of(column: Column) -> int:
    if column.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.FLAG):
        return max(12, 2 * len(column.heading))
    return 40 if column.max_length > 200 else max(16, 2 * len(column.heading))


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _set_up(sheet: Any, headings: Sequence[str], widths: Sequence[int]) -> None:
    sheet.freeze_panes = "A2"
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_heading(sheet, heading) for heading in headings])


def _heading(sheet: Any, text: str) -> Any:
    cell = text_cell(sheet, text)
    cell.font, cell.fill = HEADING, HEADING_FILL
    return cell


def text_cell(sheet: Any, text: str, text_format: bool = False) -> Any:
    """A cell that is text whatever it looks like: never a formula, also not after somebody has edited it."""
    cell = WriteOnlyCell(sheet)
    cell.value = guarded_in_workbook(_ILLEGAL.sub("", text))
    cell.data_type = "s"
    if text_format:
        cell.number_format = TEXT_FORMAT
    if is_risky(text):
        cell.quotePrefix = True
    return cell


def export(title: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Records as a workbook that the import reads again."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    _set_up(sheet, [column.heading for column in columns], [width_of(column) for column in columns])
    ready = [column.prepared() for column in columns]
    for values in rows:
        sheet.append([_cell(sheet, column, column.show(values.get(column.name))) for column in ready])
    return saved(book)


def _cell(sheet: Any, column: Column, shown: Cell) -> Any:
    if isinstance(shown, str):
        plain = column.kind not in _AS_TEXT and not is_risky(shown) and not _ILLEGAL.search(shown) and shown[:1] != "'"
        return shown if plain else text_cell(sheet, shown, column.kind in _AS_TEXT)
    if isinstance(shown, date):
        cell = WriteOnlyCell(sheet, shown)
        cell.number_format = DATE_FORMAT
        return cell
    return shown


WrongRow = tuple[list[Any], dict[int, list[str]], list[str]]
"""Cells, texts of what is wrong by column from 0, and texts on the row as a whole."""


def wrong_rows(title: str, headings: Sequence[str], problem_heading: str, rows: Iterable[WrongRow]) -> bytes:
    """Rows as they were read, as text, with a last column that says what is wrong. To be corrected and sent again."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    _set_up(sheet, [*headings, problem_heading], [20] * len(headings) + [60])
    for cells, wrong, whole in rows:
        sheet.append(_wrong_row(sheet, headings, cells, wrong, whole))
    return saved(book)


def _wrong_row(
    sheet: Any, headings: Sequence[str], cells: list[Any], wrong: dict[int, list[str]], whole: list[str]
) -> Iterator[Any]:
    for index in range(len(headings)):
        found = cells[index] if index < len(cells) else None
        # A number stays one: as text, a code that lost its zeros would be taken for right the next time.
        cell = WriteOnlyCell(sheet, found) if isinstance(found, int | float) else text_cell(sheet, found or "", True)
        if index in wrong:
            cell.fill = _WRONG_FILL
        yield cell
    told = [f"{headings[index]}: {text}" for index, texts in sorted(wrong.items()) for text in texts]
    last = text_cell(sheet, "\n".join([*whole, *told]))
    last.alignment = _WRAPPED
    yield last
