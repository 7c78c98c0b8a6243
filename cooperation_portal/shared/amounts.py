"""Amounts as Koreans write them: 8억 and 1억 2,000만 beside 800,000,000; and back again."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

LARGEST = Decimal(10) ** 14  # 100조; more is a slip of the pen
DECIMALS = 4

_LARGE = {"조": Decimal(10) ** 12, "억": Decimal(10) ** 8, "만": Decimal(10) ** 4}
_SMALL = {"천": 1000, "백": 100, "십": 10}
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,16})(?:\.[0-9]{1,12})?"
_SECTION = re.compile(rf"(?P<digits>(?:{_NUMBER}|[천백십])*)(?P<unit>[조억만]?)")
_STEP = re.compile(rf"(?P<number>{_NUMBER})?(?P<unit>[천백십]?)")


class Currency(TextChoices):
    KRW = "KRW", gettext_lazy("원")
    USD = "USD", gettext_lazy("미국 달러")
    EUR = "EUR", gettext_lazy("유로")
    JPY = "JPY", gettext_lazy("일본 엔")
    CNY = "CNY", gettext_lazy("중국 위안")
    RUB = "RUB", gettext_lazy("러시아 루블")


# What stands behind an amount in Korean text; 불 is the older word for a dollar.
_WORDS = {
    "원": Currency.KRW,
    "달러": Currency.USD,
    "불": Currency.USD,
    "유로": Currency.EUR,
    "엔": Currency.JPY,
    "위안": Currency.CNY,
    "루블": Currency.RUB,
}
_WORD_OF = {currency: word for word, currency in reversed(_WORDS.items())}


class NotAnAmount(ValueError):
    """The text says to people how an amount is written."""


def written_currency(text: str) -> Currency | None:
    """The currency that the amount itself names: 66만불 is in dollars, whatever stands in the field beside it."""
    return next((currency for word, currency in _WORDS.items() if text.strip().endswith(word)), None)


def read_amount(text: str) -> Decimal:
    """`8억`, `66만불`, `1억 2,000만원`, `3천만`, `1.5억`, `800,000,000`. Raises NotAnAmount."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(rf"({'|'.join(_WORDS)})$", "", plain)
    if not plain:
        raise NotAnAmount(_how_to_write(text))
    total, last, place = Decimal(0), Decimal("Infinity"), 0
    while place < len(plain):
        section = _SECTION.match(plain, place)
        if section is None or not section["digits"]:
            raise NotAnAmount(_how_to_write(text))
        unit = _LARGE.get(section["unit"], Decimal(1))
        part = _below_ten_thousand(section["digits"], text) * unit
        # Units descend, and what follows one is smaller than it: 1억 2억 and 1억 20000만 are slips.
        if unit >= last or part >= last:
            raise NotAnAmount(_how_to_write(text))
        total, last, place = total + part, unit, section.end()
    if total >= LARGEST or total != round(total, DECIMALS):
        raise NotAnAmount(_("100조보다 작고 소수점 아래 네 자리까지인 수를 적어 주십시오."))
    return total


def _below_ten_thousand(digits: str, text: str) -> Decimal:
    """One section such as 2천5백 or 66; a number without 천·백·십 may be larger, as in 12345만."""
    total, last, place = Decimal(0), Decimal("Infinity"), 0
    while place < len(digits):
        step = _STEP.match(digits, place)
        if step is None or not step[0]:
            raise NotAnAmount(_how_to_write(text))
        unit = Decimal(_SMALL.get(step["unit"], 1))
        part = (Decimal(step["number"].replace(",", "")) if step["number"] else Decimal(1)) * unit
        if unit >= last or part >= last:
            raise NotAnAmount(_how_to_write(text))
        total, last, place = total + part, unit, step.end()
    return total


def _how_to_write(text: str) -> str:
    return _("‘%(value)s’은(는) 금액으로 읽을 수 없습니다. 800,000,000이나 8억, 1억 2,000만처럼 적어 주십시오.") % {
        "value": text.strip()[:40]
    }


def plain_number(amount: Decimal) -> str:
    """For forms and files: no padding zeros, no exponent, commas between thousands."""
    return f"{amount.normalize():,f}"


def in_korean_units(amount: Decimal) -> str:
    """`8억`, `1억 2,000만`, `66만`, `9,500`; `read_amount` reads it back to the same number."""
    rest, parts = amount, []
    for unit, size in _LARGE.items():
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{plain_number(count)}{unit}")
    if rest or not parts:
        parts.append(plain_number(rest))
    return " ".join(parts)


def money(amount: Decimal, currency: str) -> str:
    """In Korean `8억원` and `66만 달러`, in other languages `KRW 800,000,000`."""
    if get_language() == "ko":
        space = "" if currency == Currency.KRW else " "
        return f"{in_korean_units(amount)}{space}{_WORD_OF[Currency(currency)]}"
    return f"{currency} {number_format(amount.normalize(), force_grouping=True)}"


def money_in_digits(amount: Decimal, currency: str) -> str:
    """Every digit written out, so that a slip of a thousand is seen: `800,000,000원`."""
    if currency == Currency.KRW and get_language() == "ko":
        return f"{plain_number(amount)}원"
    return f"{currency} {plain_number(amount)}"
