"""Dates of which only the year, or the year and the month, is known. The first day stands for the whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WRITTEN = re.compile(
    r"^(?P<year>[12][0-9]{3})(?:\s*[-./년]\s*(?:(?P<month>[0-9]{1,2})(?:\s*[-./월]\s*(?:(?P<day>[0-9]{1,2})\s*[.일]?)?)?)?)?$"
)


class Precision(TextChoices):
    YEAR = "year", gettext_lazy("연")
    MONTH = "month", gettext_lazy("월")
    DAY = "day", gettext_lazy("일")


class NotADate(ValueError):
    """The text says to people how a date is written."""


@dataclass(frozen=True)
class PartialDate:
    first: date
    precision: str

    def __str__(self) -> str:
        """As `read_partial_date` reads it: 2025, 2025-06 or 2025-06-30."""
        return self.first.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(self.precision), 10)]


def read_partial_date(text: str) -> PartialDate:
    """`2025`, `2025-06`, `2025.6.`, `2025년 6월`, `2025-06-30`. Raises NotADate."""
    parts = _WRITTEN.match(text.strip())
    try:
        if parts is None:
            raise ValueError
        first = date(int(parts["year"]), int(parts["month"] or 1), int(parts["day"] or 1))
    except ValueError:
        raise NotADate(
            _("‘%(value)s’은(는) 날짜가 아닙니다. 2025, 2025-06, 2025-06-30처럼 아는 데까지 적어 주십시오.")
            % {"value": text.strip()[:40]}
        ) from None
    if parts["day"]:
        return PartialDate(first, Precision.DAY)
    return PartialDate(first, Precision.MONTH if parts["month"] else Precision.YEAR)
