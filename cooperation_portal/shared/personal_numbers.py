"""Numbers of persons that the portal must not hold: a 주민등록번호, and that of foreigners, which looks the same."""

import re

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Also a CHECK constraint, so nothing that only Python or only PostgreSQL reads; any hyphen that word processors make.
RESIDENT_NUMBER = "(^|[^0-9])[0-9]{6} ?[-‐‑‒–—−－] ?[1-8][0-9]{6}($|[^0-9])"
_WITH_HYPHEN = re.compile(RESIDENT_NUMBER)
# Goods, accounts and telephones have 13 digits in a row too: only a date and the right check digit give one away.
_IN_A_ROW = re.compile(r"(?<![0-9])[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[1-4][0-9]{6}(?![0-9])")
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
# The number itself is not repeated: messages are shown, kept and sent.
RESIDENT_NUMBER_REFUSED = _(
    "주민등록번호(외국인등록번호)로 보이는 숫자가 들어 있습니다. 저장하지 않는 번호이니 지우고 다시 적어 주십시오."
)


def has_resident_number(text: str) -> bool:
    return bool(_WITH_HYPHEN.search(text)) or any(_has_check_digit(found) for found in _IN_A_ROW.findall(text))


def _has_check_digit(digits: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return (11 - total % 11) % 10 == int(digits[-1])


def validate_no_resident_number(value: str) -> None:
    if has_resident_number(value):
        raise ValidationError(RESIDENT_NUMBER_REFUSED, code="resident_number")


def no_resident_number(*fields: str) -> Q:
    """Condition of a check constraint over text fields."""
    condition = Q()
    for field in fields:
        condition &= ~Q(**{f"{field}__regex": RESIDENT_NUMBER})
    return condition
