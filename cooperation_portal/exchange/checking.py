"""Lines of one file become rows: each cell read, each row compared with what is there and checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from cooperation_portal.exchange.cells import plain
from cooperation_portal.exchange.comparing import differences, fingerprint, standing
from cooperation_portal.exchange.guarding import unguarded
from cooperation_portal.exchange.headings import Headings
from cooperation_portal.exchange.limits import BATCH
from cooperation_portal.exchange.reading.workbook import Line
from cooperation_portal.exchange.sheets import Arriving, Cell, Row, RowState, Sheet, Values, Wrong, read_cells

_SHOWN = 80


@dataclass
class Checked:
    """A row with its verdict. `cells` are kept of a wrong row only."""

    row: Row
    fingerprint: str = ""
    before: Values = field(default_factory=dict)
    cells: list[Any] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)  # by column: what stands in a cell that is wrong


@dataclass
class _Read:
    row: Row
    raw: list[Any]
    places: dict[str, int]

    def shown(self, column: str) -> str:
        place = self.places.get(column)
        cell = self.raw[place] if place is not None and place < len(self.raw) else None
        text = cell["date"] if isinstance(cell, dict) else _as_text(cell)
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


class Checker:
    """Goes through one file from top to bottom. `keys` are those of its right rows, for the files that follow."""

    def __init__(self, sheet: Sheet, headings: Headings, arriving: Arriving, user: Any) -> None:
        self._sheet, self._headings, self._arriving, self._user = sheet, headings, arriving, user
        self._columns = {column.name: column.prepared() for column in sheet.columns}
        self._places = {name: index for index, name in headings.read}
        self._may_add, self._may_change = sheet.may_add(user), sheet.may_change(user)
        self._seen: dict[str, int] = {}
        self._alike: dict[str, int] = {}
        self.keys: set[str] = set()

    def checked(self, lines: Iterable[Line]) -> Iterator[list[Checked]]:
        """In batches, so that records are looked up together."""
        filled = (line for line in lines if line[0] > self._headings.row and self._is_filled(line))
        while batch := list(islice(filled, BATCH)):
            yield self._batch(batch)

    def _is_filled(self, line: Line) -> bool:
        _number, cells, wrong = line
        return any(
            index in wrong or (index < len(cells) and cells[index] is not None) for index in self._places.values()
        )

    def _batch(self, lines: Sequence[Line]) -> list[Checked]:
        read = [self._read(line) for line in lines]
        for one in read:
            self._notice_double(one.row)
        right = [one.row for one in read if not one.row.problems]
        present = standing(self._sheet, {row.key for row in right if row.key})
        for row in right:
            row.state = RowState.CHANGED if row.key in present else RowState.NEW
        self._sheet.check(right, self._arriving, self._user)
        for row in right:
            if row.problems and row.key in present and not differences(row.values, present[row.key]):
                row.problems.clear()  # the portal has it like this: a stricter rule of today is no reason to stop here
        checked = [self._judged(one, present) for one in read]
        rows = [one.row for one in checked]
        for row in rows:
            if row.state != RowState.WRONG:
                self.keys |= {row.key, *self._sheet.called(row.values)} - {""}
        self._notice_alike([row for row in rows if row.state == RowState.NEW])
        return checked

    def _read(self, line: Line) -> _Read:
        number, cells, wrong = line
        given: dict[str, Cell | Wrong] = {}
        for name, index in self._places.items():
            found = cells[index] if index < len(cells) else None
            given[name] = _fault(wrong[index]) if index in wrong else _cell(found)
        return _Read(read_cells(self._sheet, number, given, self._columns), cells, self._places)

    def _notice_double(self, row: Row) -> None:
        if row.problems or not row.key:
            return
        first = self._seen.setdefault(row.key, row.number)
        if first != row.number:
            row.wrong("", "duplicate", _("%(row)s행과 같은 자료입니다. 한 줄만 남겨 주십시오.") % {"row": first})

    def _notice_alike(self, rows: Sequence[Row]) -> None:
        """New rows that are probably there already under another number. Two may have one name, so it is no fault."""
        likenesses = {row.number: self._sheet.likeness(row.values) for row in rows}
        known = self._sheet.known_alike(set(likenesses.values()) - {""})
        for row in rows:
            likeness = likenesses[row.number]
            if not likeness:
                continue
            first = self._alike.setdefault(likeness, row.number)
            if likeness in known:
                told = _(
                    "이름이 같은 자료가 이미 있습니다: %(known)s."
                    " 같은 곳이면 이 줄을 빼거나 번호를 그 자료와 맞추어 주십시오."
                )
                row.doubt("", "known_alike", told % {"known": known[likeness]})
            elif first != row.number:
                told = _("%(row)s행과 이름이 같고 번호는 다릅니다. 같은 곳이면 한 줄만 남겨 주십시오.")
                row.doubt("", "alike", told % {"row": first})

    def _judged(self, read: _Read, present: Mapping[str, Values]) -> Checked:
        row, checked = read.row, Checked(read.row)
        if not row.problems and row.key in present:
            checked.before = differences(row.values, present[row.key])
            checked.fingerprint = fingerprint(present[row.key], row.values)
            row.state = RowState.CHANGED if checked.before else RowState.SAME
        if not row.problems:
            self._check_rights(row)
        if row.problems:
            row.state = RowState.WRONG
            checked.cells = [_kept(cell) for cell in read.raw]
            checked.shown = {problem.column: read.shown(problem.column) for problem in row.problems}
        return checked

    def _check_rights(self, row: Row) -> None:
        if row.state == RowState.NEW and not self._may_add:
            row.wrong("", "may_not_add", _("새 자료를 등록할 권한이 없습니다. 운영자에게 부탁해 주십시오."))
        if row.state == RowState.CHANGED and not self._may_change:
            row.wrong(
                "",
                "may_not_change",
                _("이미 등록된 자료를 바꿀 권한이 없습니다. 이 줄을 빼거나 운영자에게 부탁해 주십시오."),
            )


def _cell(found: Any) -> Cell:
    if isinstance(found, dict):
        return date.fromisoformat(found["date"])
    return unguarded(found) if isinstance(found, str) else found


def _fault(mark: list[str]) -> Wrong:
    if mark[0] == "formula":
        return Wrong(
            "formula", _("수식이 들어 있습니다. 칸을 복사해 ‘값 붙여넣기’로 바꾸거나 값을 직접 적어 주십시오.")
        )
    if mark[0] == "merged":
        return Wrong(
            "merged", _("병합한 칸(%(cells)s)입니다. 병합을 풀고 칸마다 값을 적어 주십시오.") % {"cells": mark[1]}
        )
    return Wrong(
        "error_value", _("계산 오류(%(value)s)가 들어 있습니다. 칸을 비우거나 값을 적어 주십시오.") % {"value": mark[1]}
    )


def _as_text(cell: Any) -> str:
    try:
        return plain(cell)
    except Wrong:
        return str(cell)


def _kept(cell: Any) -> Any:
    """A cell for the error workbook: numbers stay numbers, so that a lost zero is not taken for text next time."""
    if isinstance(cell, dict):
        return cell["date"]
    return _as_text(cell) if isinstance(cell, str | bool) else cell
