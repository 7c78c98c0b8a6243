"""What a spreadsheet of one kind of record looks like, for coming in and going out alike.

An app that has such records writes a `sheets` module with a subclass of `Sheet` and registers it when it is ready; this
app knows none of them. Headings are in Korean whatever the language of the page: files travel between people.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cooperation_portal.shared.identifiers import business_number_digits, is_business_number

Text = str | Promise
Cell = str | int | float | bool | date | None
"""What the reader found in a cell: a number stays a number and a date a date, so that lost zeros can be noticed."""
Values = dict[str, Any]
"""Cleaned values by column name as JSON keeps them: text, int, decimal and date as text, list of codes, bool."""

SEPARATORS = re.compile(r"[,;\n]")


class Kind(Enum):
    TEXT = "text"
    CODE = "code"  # text whose zeros count: a number in the cell is refused
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"
    BUSINESS_NUMBER = "business_number"


class Wrong(Exception):
    """One thing that is wrong with a cell or a row; the text tells a person what to do. `code` is for tests."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Column:
    """`choices` are (code, label) pairs; a cell may hold either. `aliases` are other headings that offices use."""

    name: str
    label: Text
    kind: Kind = Kind.TEXT
    required: bool = False
    max_length: int = 0
    minimum: int | None = None
    maximum: int | None = None
    choices: type[TextChoices] | Callable[[], Sequence[tuple[str, Any]]] | None = None
    help: Text = ""
    example: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        with translation.override("ko"):
            return str(self.label)

    def pairs(self) -> list[tuple[str, str]]:
        if self.choices is None:
            return []
        choices: Any = self.choices
        given = choices.choices if isinstance(choices, type) else choices()
        with translation.override("ko"):
            return [(str(code), str(label)) for code, label in given]

    def read(self, cell: Cell) -> Any:
        """The cleaned value, or "" / [] / None / False for an empty cell. Raises Wrong."""
        return _READERS[self.kind](self, cell)

    def show(self, value: Any) -> Cell:
        """A cleaned value as a cell that `read` understands again."""
        if value is None or value == "" or value == []:
            return None
        labels = dict(self.pairs())
        if self.kind == Kind.CHOICE:
            return labels.get(value, value)
        if self.kind == Kind.CHOICES:
            return ", ".join(labels.get(code, code) for code in value)
        if self.kind == Kind.FLAG:
            return "예" if value else "아니요"
        if self.kind == Kind.DATE:
            return date.fromisoformat(value)
        if self.kind == Kind.DECIMAL:
            return float(Decimal(value))
        return value


class RowState(TextChoices):
    NEW = "new", translation.gettext_lazy("새로 등록")
    CHANGED = "changed", translation.gettext_lazy("변경")
    SAME = "same", translation.gettext_lazy("같음")
    WRONG = "wrong", translation.gettext_lazy("오류")


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

    def wrong(self, column: str, code: str, text: str) -> None:
        self.problems.append(Problem(column, code, text))


@dataclass
class Arriving:
    """Keys that files of the same import bring before this one, by name of the sheet: references may point there."""

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

    @abstractmethod
    def may_add(self, user: Any) -> bool: ...

    @abstractmethod
    def may_change(self, user: Any) -> bool: ...

    @abstractmethod
    def key(self, values: Values) -> str:
        """What identifies the record: equal keys are the same record. "" where the row cannot be identified (new)."""

    @abstractmethod
    def present(self, keys: set[str]) -> dict[str, Values]:
        """Records of these keys as they stand, each with all columns as `check` would have cleaned them."""

    def check(self, rows: Sequence[Row], arriving: Arriving, user: Any) -> None:
        """Adds problems that one cell alone does not show: order of dates, references to other records, permissions.

        Called with many rows at once, so that references are looked up together.
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


# --- reading cells ----------------------------------------------------------------------------------------------------


def _plain(cell: Cell) -> str:
    """Text in one form of Unicode; a whole number without the `.0` that spreadsheets give it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "예" if cell else "아니요"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = unicodedata.normalize("NFC", str(cell)).replace("\r\n", "\n").strip()
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in text):
        raise Wrong("control", _("읽을 수 없는 제어 문자가 들어 있습니다. 그 부분을 지우고 다시 적어 주십시오."))
    return text


def _text(column: Column, cell: Cell) -> str:
    text = _plain(cell)
    if column.max_length and len(text) > column.max_length:
        raise Wrong(
            "too_long",
            _("%(limit)s자까지 적을 수 있는데 %(length)s자입니다. 줄여 주십시오.")
            % {"limit": column.max_length, "length": len(text)},
        )
    return text


def _code(column: Column, cell: Cell) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        raise Wrong(
            "code_is_number",
            _(
                "코드가 숫자(%(value)s)로 저장되어 앞의 0이 사라졌을 수 있습니다. 셀 서식을 ‘텍스트’로 바꾸고 코드를 다시 적어 주십시오."
            )
            % {"value": _plain(cell)},
        )
    return _text(column, cell)


def _number(cell: Cell) -> Decimal | None:
    if isinstance(cell, bool | date):
        raise Wrong("not_a_number", _("숫자만 적어 주십시오."))
    text = _plain(cell).replace(",", "") if not isinstance(cell, float) else repr(cell)
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Wrong(
            "not_a_number", _("‘%(value)s’은(는) 숫자가 아닙니다. 숫자만 적어 주십시오.") % {"value": text[:40]}
        ) from None
    if not number.is_finite():
        raise Wrong("not_a_number", _("숫자만 적어 주십시오."))
    return number


def _in_range(column: Column, number: Decimal) -> None:
    low, high = column.minimum, column.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        raise Wrong(
            "out_of_range",
            _("%(low)s에서 %(high)s 사이의 수를 적어 주십시오.")
            % {"low": "−∞" if low is None else low, "high": "∞" if high is None else high},
        )


def _integer(column: Column, cell: Cell) -> int | None:
    number = _number(cell)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise Wrong("not_whole", _("소수점 없는 정수를 적어 주십시오."))
    _in_range(column, number)
    return int(number)


def _decimal(column: Column, cell: Cell) -> str | None:
    number = _number(cell)
    if number is None:
        return None
    _in_range(column, number)
    if abs(number) >= Decimal(10) ** 12 or number != round(number, 6):
        raise Wrong("out_of_range", _("1조보다 작고 소수점 아래 여섯 자리까지인 수를 적어 주십시오."))
    return f"{number.normalize():f}"


_WRITTEN_DATE = re.compile(r"^(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?$")


def _date(column: Column, cell: Cell) -> str | None:
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        raise Wrong(
            "date_is_number",
            _("날짜가 숫자(%(value)s)로 적혀 있습니다. 셀 서식을 ‘날짜’로 바꾸거나 2026-03-02처럼 적어 주십시오.")
            % {"value": _plain(cell)},
        )
    text = _plain(cell)
    if not text:
        return None
    parts = _WRITTEN_DATE.match(text)
    try:
        if parts is None:
            raise ValueError
        return date(*map(int, parts.groups())).isoformat()
    except ValueError:
        raise Wrong(
            "not_a_date", _("‘%(value)s’은(는) 날짜가 아닙니다. 2026-03-02처럼 적어 주십시오.") % {"value": text[:40]}
        ) from None


def _choice_code(column: Column, text: str) -> str:
    folded = text.casefold()
    for code, label in column.pairs():
        if folded in (code.casefold(), label.casefold()):
            return code
    labels = [label for _code, label in column.pairs()]
    offered = ", ".join(labels[:12]) + (" …" if len(labels) > 12 else "")
    raise Wrong(
        "unknown_choice",
        _("‘%(value)s’은(는) 고를 수 없는 값입니다. 다음 가운데에서 적어 주십시오: %(choices)s")
        % {"value": text[:40], "choices": offered},
    )


def _choice(column: Column, cell: Cell) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and any(c[:1] == "0" for c, _l in column.pairs()):
        _code(column, cell)  # a code of digits as a number: its zeros may be gone
    text = _plain(cell)
    return _choice_code(column, text) if text else ""


def _choices(column: Column, cell: Cell) -> list[str]:
    parts = [part.strip() for part in SEPARATORS.split(_plain(cell))]
    return list(dict.fromkeys(_choice_code(column, part) for part in parts if part))


def _flag(column: Column, cell: Cell) -> bool:
    text = _plain(cell).casefold()
    if text in ("", "아니요", "아니오", "n", "no", "false", "0", "x"):
        return False
    if text in ("예", "네", "y", "yes", "true", "1", "o", "○"):
        return True
    raise Wrong("not_a_flag", _("‘예’ 또는 ‘아니요’로 적어 주십시오."))


def _business_number(column: Column, cell: Cell) -> str:
    digits = business_number_digits(_plain(cell))
    if digits and not is_business_number(digits):
        raise Wrong(
            "business_number",
            _("사업자등록번호가 맞지 않습니다. 사업자등록증의 숫자 10자리를 다시 확인해 주십시오."),
        )
    return digits


_READERS: dict[Kind, Callable[[Column, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.FLAG: _flag,
    Kind.BUSINESS_NUMBER: _business_number,
}


def read_cells(sheet: Sheet, number: int, cells: Mapping[str, Cell]) -> Row:
    """One line: every cell cleaned by itself, with a problem for each that is wrong or missing."""
    row = Row(number, {})
    for name, cell in cells.items():
        column = sheet.column(name)
        try:
            row.values[name] = column.read(cell)
        except Wrong as wrong:
            row.wrong(name, wrong.code, str(wrong))
            continue
        if column.required and row.values[name] in ("", None, []):
            row.wrong(name, "required", _("꼭 적어야 하는 칸입니다."))
    if not row.problems:
        row.key = sheet.key(row.values)
    return row


def known_keys(sheet: Sheet, keys: Iterable[str]) -> set[str]:
    return set(sheet.present(set(keys) - {""}))
