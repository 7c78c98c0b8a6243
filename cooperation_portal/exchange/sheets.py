"""What a spreadsheet of one kind of record looks like, for coming in and going out alike.

An app that has such records writes a `sheets` module with a subclass of `Sheet` and registers it when it is ready; this
app knows none of them. Headings are in Korean whatever the language of the page: files travel between people.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation_portal.exchange.cells import Cell, Column, Kind, Text, Wrong
from cooperation_portal.exchange.choices import SEPARATORS

__all__ = [
    "SEPARATORS",
    "Arriving",
    "Cell",
    "Column",
    "Kind",
    "Problem",
    "Row",
    "RowState",
    "Sheet",
    "Text",
    "Values",
    "Wrong",
    "all_sheets",
    "known_keys",
    "read_cells",
    "register",
    "sheet_of",
]

Values = dict[str, Any]
"""Cleaned values by column name as JSON keeps them: text, int, decimal and date as text, list of codes, bool."""


class RowState(TextChoices):
    NEW = "new", gettext_lazy("새로 등록")
    CHANGED = "changed", gettext_lazy("변경")
    SAME = "same", gettext_lazy("같음")
    WRONG = "wrong", gettext_lazy("오류")


@dataclass(frozen=True)
class Problem:
    """`column` is a column's name, or empty for the row as a whole."""

    column: str
    code: str
    text: str


@dataclass
class Row:
    """One line of a file on its way in. `number` is the line in the sheet as the person sees it, headings being 1."""

    number: int
    values: Values
    key: str = ""
    state: str = ""
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)  # what a person should look at; the row is stored all the same

    def wrong(self, column: str, code: str, text: str) -> None:
        self.problems.append(Problem(column, code, text))

    def doubt(self, column: str, code: str, text: str) -> None:
        self.doubts.append(Problem(column, code, text))


@dataclass
class Arriving:
    """Keys that files of the same import bring before this one, by name of the sheet: references may point there.

    A record is there under its own key and under the others that it may be called by.
    """

    keys: dict[str, set[str]] = field(default_factory=dict)

    def has(self, sheet: str, key: str) -> bool:
        return key in self.keys.get(sheet, ())


class Sheet(ABC):
    """Reading is checking first and storing later: `check` changes nothing, `store` runs in the caller's transaction.

    `order` is the place in an import of several files: what others refer to comes first.
    """

    name: str
    label: Text
    order: int
    columns: tuple[Column, ...]
    key_help: Text = ""  # says which columns tell a known row from a new one
    about: Text = ""  # one sentence for who uploads: what belongs into this file
    url_name: str = ""  # the page that lists these records, without arguments

    @abstractmethod
    def may_add(self, user: Any) -> bool: ...

    @abstractmethod
    def may_change(self, user: Any) -> bool: ...

    @abstractmethod
    def key(self, values: Values) -> str:
        """What identifies the record: equal keys are the same record. "" where the row cannot be identified (new)."""

    def called(self, values: Values) -> set[str]:
        """Other keys by which files that follow may refer to the record."""
        return set()

    def likeness(self, values: Values) -> str:
        """Equal for rows that are probably one record although their keys differ; "" where nothing can be said."""
        return ""

    def known_alike(self, likenesses: set[str]) -> dict[str, str]:
        """Records that are there already, in words, by their likeness."""
        return {}

    @abstractmethod
    def present(self, keys: set[str]) -> dict[str, Values]:
        """Records of these keys as they stand, each with all columns as `check` would have cleaned them."""

    def check(self, rows: Sequence[Row], arriving: Arriving, user: Any) -> None:
        """Adds problems that one cell alone does not show: order of dates, references to other records, permissions.

        Called with many rows at once, so that references are looked up together. Each row's cells are right by
        themselves and its state says whether its key is known (new or changed). May complete `values`; called once
        more with what it left there right before it is stored, and must find no new fault in that.
        """
        return None

    def lock(self, keys: set[str]) -> None:
        """Keeps records of these keys from being changed by others until the transaction ends.

        For records that people also edit by form: what was compared is then what is overwritten.
        """
        return None

    @abstractmethod
    def store(self, rows: Sequence[Row], *, by: Any) -> None:
        """Writes rows of state new and changed through the app's services, in few statements for many rows.

        A changed row changes only the columns that its values name.
        """

    @abstractmethod
    def rows_of(self, records: QuerySet[Any]) -> Iterator[Values]:
        """Records as values of the columns, in batches, for export; `present` uses the same."""

    def as_read(self, values: Values) -> Values:
        """Values of a record as a file would bring them back."""
        columns = {column.name: column for column in self.columns}
        return {name: columns[name].as_read(value) if name in columns else value for name, value in values.items()}

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


_SHEETS: dict[str, Sheet] = {}


def register(sheet: Sheet) -> None:
    _SHEETS[sheet.name] = sheet


def sheet_of(name: str) -> Sheet:
    """Raises KeyError for a sheet that no installed app knows."""
    return _SHEETS[name]


def all_sheets() -> list[Sheet]:
    return sorted(_SHEETS.values(), key=lambda sheet: sheet.order)


def read_cells(
    sheet: Sheet, number: int, cells: Mapping[str, Cell | Wrong], columns: Mapping[str, Column] | None = None
) -> Row:
    """One line: every cell cleaned by itself, with a problem for each that is wrong or missing.

    A cell may be a fault that the reader of the file has found. `columns` are the sheet's, by name and prepared, where
    many lines are read.
    """
    row = Row(number, {})
    for name, cell in cells.items():
        column = columns[name] if columns else sheet.column(name)
        try:
            if isinstance(cell, Wrong):
                raise cell
            value = column.read(cell)
        except Wrong as wrong:
            row.wrong(name, wrong.code, str(wrong))
            continue
        row.values[name] = value
        if column.required and value in ("", None, []):
            row.wrong(name, "required", _("꼭 적어야 하는 칸입니다."))
    if not row.problems:
        row.key = sheet.key(row.values)
    return row


def known_keys(sheet: Sheet, keys: Iterable[str]) -> set[str]:
    return set(sheet.present(set(keys) - {""}))
