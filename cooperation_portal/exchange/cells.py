"""What a cell of a spreadsheet may hold: how it is read, what is wrong with it, and how a value is shown as a cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from django.db.models import TextChoices
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cooperation_portal.exchange.choices import SEPARATORS, Choices
from cooperation_portal.shared.identifiers import business_number_digits, is_business_number

Text = str | Promise
Cell = str | int | float | bool | date | None
"""What the reader found in a cell: a number stays a number and a date a date, so that lost zeros can be noticed."""

# What spreadsheets write where a formula could not be worked out.
ERROR_VALUES = frozenset({"#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


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
    known: Choices | None = field(default=None, compare=False, repr=False)  # see `prepared`
    shown: Mapping[str, str] | None = field(default=None, compare=False, repr=False)

    @property
    def heading(self) -> str:
        with translation.override("ko"):
            return str(self.label)

    def pairs(self) -> list[tuple[str, str]]:
        if self.known is not None:
            return list(self.known.pairs)
        if self.choices is None:
            return []
        choices: Any = self.choices
        given = choices.choices if hasattr(choices, "choices") else choices()
        with translation.override("ko"):
            return [(str(code), str(label)) for code, label in given]

    def prepared(self) -> Column:
        """The same column with its choices looked up once: for reading or showing many cells."""
        if self.choices is None or self.known is not None:
            return self
        known = Choices.of(self.pairs())
        return replace(self, known=known, shown=known.shown())

    def read(self, cell: Cell) -> Any:
        """The cleaned value, or "" / [] / None / False for an empty cell. Raises Wrong."""
        if isinstance(cell, str) and cell.strip() in ERROR_VALUES:
            raise Wrong(
                "error_value",
                _("계산 오류(%(value)s)가 들어 있습니다. 칸을 비우거나 값을 적어 주십시오.") % {"value": cell.strip()},
            )
        return _READERS[self.kind](self, cell)

    def show(self, value: Any) -> Cell:
        """A cleaned value as a cell that `read` understands again."""
        if value is None or value == "" or value == []:
            return None
        shown = self.prepared().shown or {}
        if self.kind == Kind.CHOICE:
            return shown.get(value, value)
        if self.kind == Kind.CHOICES:
            return ", ".join(shown.get(code, code) for code in value)
        if self.kind == Kind.FLAG:
            return "예" if value else "아니요"
        if self.kind == Kind.DATE:
            return date.fromisoformat(value)
        if self.kind == Kind.DECIMAL:
            return float(Decimal(value))
        return value


# --- reading ----------------------------------------------------------------------------------------------------------


def plain(cell: Cell) -> str:
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
    text = unicodedata.normalize("NFC", str(cell)).replace("\r\n", "\n").replace("\r", "\n").strip()
    if _CONTROL.search(text):
        raise Wrong("control", _("읽을 수 없는 제어 문자가 들어 있습니다. 그 부분을 지우고 다시 적어 주십시오."))
    return text


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _text(column: Column, cell: Cell) -> str:
    text = plain(cell)
    if column.max_length and len(text) > column.max_length:
        raise Wrong(
            "too_long",
            _("%(limit)s자까지 적을 수 있는데 %(length)s자입니다. 줄여 주십시오.")
            % {"limit": column.max_length, "length": len(text)},
        )
    return text


def _code(column: Column, cell: Cell) -> str:
    if _is_number(cell):
        raise Wrong(
            "code_is_number",
            _(
                "코드가 숫자(%(value)s)로 저장되어 앞의 0이 사라졌을 수 있습니다."
                " 셀 서식을 ‘텍스트’로 바꾸고 코드를 다시 적어 주십시오."
            )
            % {"value": plain(cell)},
        )
    return _text(column, cell)


def _number(cell: Cell) -> Decimal | None:
    if isinstance(cell, bool | date):
        raise Wrong("not_a_number", _("숫자만 적어 주십시오."))
    text = plain(cell).replace(",", "") if not isinstance(cell, float) else repr(cell)
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
    if number.adjusted() > 15 or number != number.to_integral_value():
        raise Wrong("not_whole", _("소수점 없는 정수를 적어 주십시오."))
    _in_range(column, number)
    return int(number)


def _decimal(column: Column, cell: Cell) -> str | None:
    number = _number(cell)
    if number is None:
        return None
    _in_range(column, number)
    if number.adjusted() >= 12 or number != round(number, 6):
        raise Wrong("out_of_range", _("1조보다 작고 소수점 아래 여섯 자리까지인 수를 적어 주십시오."))
    return f"{number.normalize():f}"


_WRITTEN_DATE = re.compile(r"^(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?$", re.ASCII)


def _date(column: Column, cell: Cell) -> str | None:
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    if _is_number(cell):
        raise Wrong(
            "date_is_number",
            _("날짜가 숫자(%(value)s)로 적혀 있습니다. 셀 서식을 ‘날짜’로 바꾸거나 2026-03-02처럼 적어 주십시오.")
            % {"value": plain(cell)},
        )
    text = plain(cell)
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
    known = column.known or Choices.of(column.pairs())
    folded = text.casefold()
    if folded in known.codes:
        return known.codes[folded]
    meant = known.labels.get(folded, ())
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise Wrong(
            "ambiguous_choice",
            _("이름이 ‘%(value)s’인 항목이 여럿입니다. 코드로 적어 주십시오: %(codes)s")
            % {"value": text[:40], "codes": ", ".join(meant)},
        )
    labels = [label for _code, label in known.pairs]
    offered = ", ".join(labels[:12]) + (" …" if len(labels) > 12 else "")
    raise Wrong(
        "unknown_choice",
        _("‘%(value)s’은(는) 고를 수 없는 값입니다. 다음 가운데에서 적어 주십시오: %(choices)s")
        % {"value": text[:40], "choices": offered},
    )


def _choice(column: Column, cell: Cell) -> str:
    if _is_number(cell) and (column.known or Choices.of(column.pairs())).have_zeros:
        _code(column, cell)  # a code of digits as a number: its zeros may be gone
    text = plain(cell)
    return _choice_code(column, text) if text else ""


def _choices(column: Column, cell: Cell) -> list[str]:
    if _is_number(cell) and (column.known or Choices.of(column.pairs())).have_zeros:
        _code(column, cell)
    parts = [part.strip() for part in SEPARATORS.split(plain(cell))]
    return list(dict.fromkeys(_choice_code(column, part) for part in parts if part))


def _flag(column: Column, cell: Cell) -> bool:
    text = plain(cell).casefold()
    if text in ("", "아니요", "아니오", "n", "no", "false", "0", "x"):
        return False
    if text in ("예", "네", "y", "yes", "true", "1", "o", "○"):
        return True
    raise Wrong("not_a_flag", _("‘예’ 또는 ‘아니요’로 적어 주십시오."))


def _business_number(column: Column, cell: Cell) -> str:
    digits = business_number_digits(plain(cell))
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
