"""How a cell is read, one function for each kind, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cooperation_portal.exchange.cells.cell import Cell, Kind, Wrong, on_one_line, plain, typed
from cooperation_portal.exchange.choices import SEPARATORS, Choices, fold
from cooperation_portal.shared.identifiers import business_number_digits, is_business_number

if TYPE_CHECKING:
    from cooperation_portal.exchange.cells.column import Column


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _text(column: Column, cell: Cell) -> str:
    text = on_one_line(plain(cell)) if column.is_one_line else plain(cell)
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


_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]{1,5})?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
_COMMAS = re.compile(r"[+-]?[0-9,.]*,[0-9,.]*")


def _number(cell: Cell) -> Decimal | None:
    if isinstance(cell, bool | date):
        raise Wrong("not_a_number", _("숫자만 적어 주십시오."))
    text = typed(cell) if not isinstance(cell, float) else repr(cell)
    if not text:
        return None
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        raise Wrong("not_a_number", _why_no_number(text[:40]))
    return Decimal(text)


def _why_no_number(text: str) -> str:
    if _COMMAS.fullmatch(text):
        told = _("‘%(value)s’의 쉼표 자리가 맞지 않습니다. 1,234,567이나 1234567처럼 적어 주십시오.")
    elif any(letter.isdecimal() for letter in text):
        told = _("‘%(value)s’은(는) 숫자가 아닙니다. ‘억’, ‘만’, ‘년’ 같은 단위나 글자를 빼고 숫자만 적어 주십시오.")
    else:
        told = _("‘%(value)s’은(는) 숫자가 아닙니다. 숫자만 적고, 값이 없으면 칸을 비워 주십시오.")
    return told % {"value": text}


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


# Year, month and day in this order, with a day of the week or a time after them, as other programs export it.
_WRITTEN_DATE = re.compile(
    r"([0-9]{4})\s*[-./년]\s*([0-9]{1,2})\s*[-./월]\s*([0-9]{1,2})\s*[.일]?"
    r"(?:\s*\([월화수목금토일]\))?(?:[T\s]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
)
_DIGITS_DATE = re.compile(r"((?:18|19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})")
_SHORT_YEAR = re.compile(r"'?[0-9]{2}\s*[-./년]\s*[0-9]{1,2}\s*[-./월]\s*[0-9]{1,2}\s*[.일]?")
_YEAR_LAST = re.compile(r"[0-9]{1,2}\s*[-./]\s*[0-9]{1,2}\s*[-./]\s*[0-9]{4}")
_FIRST_YEAR = 1800


def _date(column: Column, cell: Cell) -> str | None:
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    text = typed(cell)
    if not text:
        return None
    parts = _WRITTEN_DATE.fullmatch(text) or _DIGITS_DATE.fullmatch(text)
    if parts is None:
        raise Wrong("date_is_number" if _is_number(cell) else "not_a_date", _why_no_date(cell, text))
    found: date | None = None
    with suppress(ValueError):
        found = date(*map(int, parts.groups()))
    if found is None or found.year < _FIRST_YEAR:
        told = _("‘%(value)s’은(는) 달력에 없는 날입니다. 연·월·일을 다시 확인해 주십시오.")
        raise Wrong("not_a_date", told % {"value": text[:40]})
    return found.isoformat()


def _why_no_date(cell: Cell, text: str) -> str:
    if _is_number(cell):
        told = _("날짜가 숫자(%(value)s)로 적혀 있습니다. 셀 서식을 ‘날짜’로 바꾸거나 2026-03-02처럼 적어 주십시오.")
    elif _SHORT_YEAR.fullmatch(text):
        told = _("‘%(value)s’은(는) 몇 년도인지 알 수 없습니다. 2026-03-02처럼 연도를 네 자리로 적어 주십시오.")
    elif _YEAR_LAST.fullmatch(text):
        told = _("‘%(value)s’은(는) 월과 일을 가릴 수 없습니다. 2026-03-02처럼 연·월·일 순서로 적어 주십시오.")
    else:
        told = _("‘%(value)s’은(는) 날짜가 아닙니다. 2026-03-02처럼 적고, 날짜가 없으면 칸을 비워 주십시오.")
    return told % {"value": text[:40]}


def _choice_code(column: Column, text: str) -> str:
    known = column.known or Choices.of(column.pairs())
    folded = fold(text)
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
    whole = known.with_zeros(folded)
    if whole:
        told = _("코드 ‘%(value)s’의 앞의 0이 사라진 것으로 보입니다. ‘%(code)s’이면 앞의 0까지 다시 적어 주십시오.")
        raise Wrong("lost_zeros", told % {"value": text[:40], "code": whole})
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
    text = typed(cell).casefold()
    if text in ("", "아니요", "아니오", "n", "no", "false", "0", "x", "-"):
        return False
    if text in ("예", "네", "y", "yes", "true", "1", "o", "○", "◯", "●", "v", "✓", "✔"):
        return True
    raise Wrong("not_a_flag", _("‘예’ 또는 ‘아니요’로 적어 주십시오."))


def _business_number(column: Column, cell: Cell) -> str:
    digits = business_number_digits(typed(cell))
    if digits and not is_business_number(digits):
        raise Wrong(
            "business_number",
            _("사업자등록번호가 맞지 않습니다. 사업자등록증의 숫자 10자리를 다시 확인해 주십시오."),
        )
    return digits


READERS: dict[Kind, Callable[[Column, Any], Any]] = {
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
