"""An import as a page shows it: parts of a bar, lines with their places, changes from old to new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation_portal.exchange.cells import Kind, plain
from cooperation_portal.exchange.downloads import parts_of
from cooperation_portal.exchange.limits import LARGEST_ERROR_WORKBOOK
from cooperation_portal.exchange.models import Import, ImportFile, ImportRow, ImportState
from cooperation_portal.exchange.queries import DOUBTFUL
from cooperation_portal.exchange.reading.workbook import letter_of
from cooperation_portal.exchange.sentences import LOUD
from cooperation_portal.exchange.sheets import Column, RowState, sheet_of
from cooperation_portal.shared.identifiers import format_business_number

TONES: dict[str, str] = {
    ImportState.WAITING: "info",
    ImportState.READING: "info",
    ImportState.READY: "warning",
    ImportState.STORING: "info",
    ImportState.DONE: "success",
    ImportState.REFUSED: "danger",
    ImportState.FAILED: "danger",
    ImportState.CANCELLED: "neutral",
}
# Wrong rows first: they are what a person has to look at.
ROW_ORDER = (RowState.WRONG, RowState.NEW, RowState.CHANGED, RowState.SAME)
# What can be chosen to be shown.
SHOWN = {RowState.WRONG.value: RowState.WRONG.label, DOUBTFUL: gettext_lazy("살펴볼 행")} | {
    state.value: state.label for state in ROW_ORDER[1:]
}
_SUMMARY = 4  # columns of a new row that are shown without opening it
_SHOWN = 60  # letters of a row that is wrong as a whole


@dataclass(frozen=True)
class Part:
    """One colour of the bar; x and width are per cent, written for SVG."""

    state: str
    label: str
    count: int
    x: str
    width: str


def bar(file: ImportFile) -> list[Part]:
    total, before, parts = file.row_count, 0, []
    for state in ROW_ORDER:
        count = file.count_of(state)
        if count:
            x, width = 100 * before / total, 100 * count / total
            parts.append(Part(state, str(state.label), count, f"{x:.2f}", f"{width:.2f}"))
        before += count
    return parts


@dataclass(frozen=True)
class FileCard:
    file: ImportFile
    label: str
    parts: list[Part]
    earlier: str  # that the same file was imported before
    earlier_url: str
    list_url: str
    told: list[str]  # notes of what will be missing, which nobody should have to open
    notes: list[str]
    error_workbooks: list[tuple[int, int, int]]  # part, first and last of the wrong rows in it


def cards(files: list[ImportFile], visible_earlier: set[int]) -> list[FileCard]:
    found = []
    for file in files:
        text, url = _earlier(file, visible_earlier)
        told = [note["text"] for note in file.notes if note["code"] in LOUD]
        notes = [note["text"] for note in file.notes if note["code"] not in LOUD]
        found.append(
            FileCard(file, file.label, bar(file), text, url, _list_url(file), told, notes, _error_workbooks(file))
        )
    return found


def _error_workbooks(file: ImportFile) -> list[tuple[int, int, int]]:
    most = LARGEST_ERROR_WORKBOOK
    return [(part, (part - 1) * most + 1, min(part * most, file.wrong_count)) for part in range(1, parts_of(file) + 1)]


def _earlier(file: ImportFile, visible: set[int]) -> tuple[str, str]:
    if file.duplicate_of is None:
        return "", ""
    run = file.duplicate_of.run
    if run.pk not in visible:
        return _("같은 파일을 이미 가져온 적이 있습니다."), ""
    finished = timezone.localtime(run.finished_at).strftime("%Y-%m-%d %H:%M") if run.finished_at else ""
    text = _("같은 파일을 %(when)s에 %(name)s 님이 가져왔습니다(%(number)s).") % {
        "when": finished,
        "name": run.uploaded_by,
        "number": run.number,
    }
    return text, reverse("import_detail", kwargs={"pk": run.pk})


def _list_url(file: ImportFile) -> str:
    try:
        return reverse(sheet_of(file.sheet).url_name)
    except (KeyError, NoReverseMatch):
        return ""


def state_tabs(file: ImportFile, chosen: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": f"?file={file.pk}&state={state}",
            "current": state == chosen,
            "count": file.count_of(state),
        }
        for state, label in SHOWN.items()
        if file.count_of(state)
    ]


def file_tabs(files: list[ImportFile], chosen: ImportFile) -> list[dict[str, Any]]:
    return [
        {"label": file.label, "url": f"?file={file.pk}", "current": file == chosen, "count": file.row_count}
        for file in files
    ]


def first_state(file: ImportFile) -> str:
    return next((state for state in SHOWN if file.count_of(state)), RowState.NEW)


# --- rows -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    place: str
    text: str
    shown: str


@dataclass(frozen=True)
class Line:
    number: int
    state: str
    faults: list[Fault]
    doubts: list[str]
    changes: list[tuple[str, str, str]]  # heading, old, new
    summary: list[tuple[str, str]]  # heading, value
    rest: list[tuple[str, str]]


class Lines:
    """Rows of one file in words."""

    def __init__(self, file: ImportFile) -> None:
        sheet = sheet_of(file.sheet)
        self._columns: dict[str, Column] = {column.name: column.prepared() for column in sheet.columns}
        self._places = {name: (letter_of(index), heading) for index, name, heading in file.columns if name}

    def of(self, rows: list[ImportRow]) -> list[Line]:
        return [self._line(row) for row in rows]

    def _line(self, row: ImportRow) -> Line:
        faults = [
            Fault(self._place(row.number, one["column"]), one["text"], self._now(row, one)) for one in row.problems
        ]
        changes = [
            (self._heading(name), self._shown(name, row.before[name]), self._shown(name, row.values.get(name)))
            for name in self._in_order(row.before)
        ]
        filled = [(self._heading(name), self._shown(name, row.values[name])) for name in self._in_order(row.values)]
        filled = [pair for pair in filled if pair[1]]
        doubts = [one["text"] for one in row.doubts]
        return Line(row.number, row.state, faults, doubts, changes, filled[:_SUMMARY], filled[_SUMMARY:])

    def _in_order(self, values: Mapping[str, Any]) -> list[str]:
        """As the template has them; the database keeps its own order."""
        return [name for name in self._columns if name in values] + [
            name for name in values if name not in self._columns
        ]

    def _now(self, row: ImportRow, problem: Mapping[str, str]) -> str:
        """What stands in the cell; of a fault of the whole row the cells by which a person knows it."""
        if problem["column"]:
            return problem.get("shown", "")
        cells = (int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in row.cells)
        return " · ".join(str(cell) for cell in cells if cell is not None)[:_SHOWN]

    def _place(self, number: int, name: str) -> str:
        if name in self._places:
            letter, heading = self._places[name]
            return _("%(row)s행 · %(letter)s열 ‘%(heading)s’") % {"row": number, "letter": letter, "heading": heading}
        if name:
            return _("%(row)s행 · ‘%(heading)s’") % {"row": number, "heading": self._heading(name)}
        return _("%(row)s행") % {"row": number}

    def _heading(self, name: str) -> str:
        return self._columns[name].heading if name in self._columns else name

    def _shown(self, name: str, value: Any) -> str:
        column = self._columns.get(name)
        if column is None:
            return str(value)
        if column.kind == Kind.BUSINESS_NUMBER and isinstance(value, str):
            return format_business_number(value)
        return plain(column.show(value))


def can_be_stored(run: Import, files: list[ImportFile]) -> bool:
    return run.state == ImportState.READY and any(file.new_count or file.changed_count for file in files)
