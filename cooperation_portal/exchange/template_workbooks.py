"""A workbook to fill in: the sheet itself, an example, an explanation of every column, and the lists to choose from."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from cooperation_portal.exchange import workbooks
from cooperation_portal.exchange.headings import EXAMPLE, GUIDE, LISTS
from cooperation_portal.exchange.sheets import Column, Kind, Sheet
from cooperation_portal.exchange.workbooks import DATE_FORMAT, HEADING, HEADING_FILL, REQUIRED_FILL, TEXT_FORMAT

_PREPARED_ROWS = 2000  # that offer their choices
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def of(sheet: Sheet) -> bytes:
    """The language must be Korean already, as in every file that travels."""
    book = Workbook()
    columns = [column.prepared() for column in sheet.columns]
    filled: Any = book.active
    filled.title = str(sheet.label)[:31]
    _fill_headings(filled, columns)
    _example(book.create_sheet(EXAMPLE), columns)
    _guide(book.create_sheet(GUIDE), sheet, columns)
    lists = book.create_sheet(LISTS)
    _offer_choices(filled, lists, columns)
    return workbooks.saved(book)


def _fill_headings(page: Any, columns: list[Column]) -> None:
    page.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        cell = page.cell(1, number, column.heading)
        cell.font, cell.fill = HEADING, REQUIRED_FILL if column.required else HEADING_FILL
        cell.comment = Comment(_told(column), "")
        page.column_dimensions[letter].width = workbooks.width_of(column)
        if column.kind in (Kind.CODE, Kind.BUSINESS_NUMBER, Kind.TEXT):
            page.column_dimensions[letter].number_format = TEXT_FORMAT
        elif column.kind == Kind.DATE:
            page.column_dimensions[letter].number_format = DATE_FORMAT


def _told(column: Column) -> str:
    needed = _("꼭 적는 칸입니다.") if column.required else _("비워도 되는 칸입니다.")
    return "\n".join(part for part in (needed, _form_of(column), str(column.help)) if part)


def _form_of(column: Column) -> str:
    """How a cell of the column is written."""
    match column.kind:
        case Kind.CODE:
            return _("코드: 앞의 0까지 텍스트로 적습니다.")
        case Kind.INTEGER:
            return _("정수%(range)s") % {"range": _range_of(column)}
        case Kind.DECIMAL:
            return _("수%(range)s") % {"range": _range_of(column)}
        case Kind.DATE:
            return _("날짜: 2026-03-02처럼 적습니다.")
        case Kind.CHOICE:
            return _("목록에서 하나")
        case Kind.CHOICES:
            return _("목록에서 여럿: 쉼표로 나누어 적습니다.")
        case Kind.FLAG:
            return _("예 또는 아니요")
        case Kind.BUSINESS_NUMBER:
            return _("사업자등록번호 10자리")
    return _("%(limit)s자까지") % {"limit": column.max_length} if column.max_length else _("글")


def _range_of(column: Column) -> str:
    if column.minimum is None and column.maximum is None:
        return ""
    low = "" if column.minimum is None else column.minimum
    high = "" if column.maximum is None else column.maximum
    return f" ({low}–{high})"


def _example(page: Any, columns: list[Column]) -> None:
    for number, column in enumerate(columns, start=1):
        heading = page.cell(1, number, column.heading)
        heading.font, heading.fill = HEADING, REQUIRED_FILL if column.required else HEADING_FILL
        _write(page.cell(2, number), column.example or _made_up(column))
        page.column_dimensions[get_column_letter(number)].width = workbooks.width_of(column)


def _made_up(column: Column) -> str:
    if column.kind == Kind.FLAG:
        return "아니요"
    pairs = column.pairs()
    return str(column.show(pairs[0][0])) if column.kind == Kind.CHOICE and pairs else ""


def _write(cell: Any, text: str) -> None:
    if text:
        cell.value, cell.data_type = text, "s"
    cell.number_format = TEXT_FORMAT


def _guide(page: Any, sheet: Sheet, columns: list[Column]) -> None:
    headings = (_("열"), _("필수"), _("적는 방법"), _("설명"), _("고를 수 있는 값"))
    for number, (heading, width) in enumerate(zip(headings, (24, 8, 34, 50, 70), strict=True), start=1):
        cell = page.cell(1, number, heading)
        cell.font, cell.fill = HEADING, HEADING_FILL
        page.column_dimensions[get_column_letter(number)].width = width
    page.freeze_panes = "A2"
    for row, column in enumerate(columns, start=2):
        labels = [label for _code, label in column.pairs()]
        offered = ", ".join(labels) if len(labels) <= 30 else _("‘%(sheet)s’ 시트를 보십시오.") % {"sheet": LISTS}
        texts = (column.heading, _("필수") if column.required else "", _form_of(column), str(column.help), offered)
        for number, text in enumerate(texts, start=1):
            cell = page.cell(row, number)
            _write(cell, text)
            cell.alignment = _WRAPPED
    if sheet.key_help:
        _write(page.cell(len(columns) + 3, 1), str(sheet.key_help))


def _offer_choices(page: Any, lists: Any, columns: list[Column]) -> None:
    """Each list stands in a column of a sheet of its own: a list inside a rule may have 255 letters only."""
    place = 0
    for number, column in enumerate(columns, start=1):
        labels = _labels(column)
        if not labels:
            continue
        place += 1
        letter = get_column_letter(place)
        heading = lists.cell(1, place, column.heading)
        heading.font, heading.fill = HEADING, HEADING_FILL
        lists.column_dimensions[letter].width = 30
        for row, label in enumerate(labels, start=2):
            _write(lists.cell(row, place), label)
        if column.kind == Kind.CHOICES:  # several values in a cell fit no rule
            continue
        rule = DataValidation(
            type="list",
            formula1=f"{quote_sheetname(LISTS)}!${letter}$2:${letter}${len(labels) + 1}",
            allow_blank=not column.required,
            showErrorMessage=True,
            errorTitle=_("고를 수 없는 값"),
            error=_("목록에 있는 값 가운데에서 골라 주십시오."),
        )
        page.add_data_validation(rule)
        target = get_column_letter(number)
        rule.add(f"{target}2:{target}{_PREPARED_ROWS}")


def _labels(column: Column) -> list[str]:
    if column.kind == Kind.FLAG:
        return ["예", "아니요"]
    shown = column.shown or {}
    return [shown[code] for code, _label in column.pairs()] if column.choices else []
