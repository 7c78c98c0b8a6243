"""What cannot be right about a project, the same for a form and for a line of a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from projects.funded.models import LONGEST_MONTHS, ProjectStatus, months_between


@dataclass(frozen=True)
class Fault:
    field: str
    code: str
    text: str


def faults(values: Mapping[str, Any], *, partner: str | None) -> Iterator[Fault]:
    """`values` may lack what was wrong by itself already; `partner` is the code of the partner country."""
    if partner == "KR":
        yield Fault(
            "partner_country", "not_abroad", _("함께하는 해외 국가를 골라 주십시오. 우리나라는 고를 수 없습니다.")
        )
    starts, ends = _day(values.get("starts_on")), _day(values.get("ends_on"))
    if starts and ends and ends < starts:
        yield Fault(
            "ends_on",
            "order",
            _("종료일(%(ends)s)이 시작일(%(starts)s)보다 앞섭니다. 두 날짜가 바뀌지 않았는지 확인해 주십시오.")
            % {"ends": ends, "starts": starts},
        )
    elif starts and ends and months_between(starts, ends) > LONGEST_MONTHS:
        yield Fault(
            "ends_on",
            "too_long",
            _("시작일과 종료일 사이가 %(months)s개월을 넘습니다. 두 날짜의 연도를 확인해 주십시오.")
            % {"months": LONGEST_MONTHS},
        )
    if values.get("status") == ProjectStatus.STOPPED and not values.get("stop_reason"):
        yield Fault("stop_reason", "required", _("중단한 과제는 그 사유를 적어 주십시오."))


def _day(given: Any) -> date | None:
    return date.fromisoformat(given) if isinstance(given, str) and given else given or None
