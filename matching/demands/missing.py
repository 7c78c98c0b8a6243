"""What a demand lacks before it can be filed, said as the field of the form says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.demands.models import PROBLEM_MINIMUM, TITLE_MINIMUM, Demand, Step

TITLE_REQUIRED = _("찾는 기술을 한 줄로 적어 주십시오.")
TITLE_SHORT = _("무엇을 찾는지 알 수 있도록 네 글자 이상 적어 주십시오.")
PROBLEM_REQUIRED = _("해결하려는 문제를 적어 주십시오.")
PROBLEM_SHORT = _("내용이 너무 짧아 맞는 기술을 찾을 수 없습니다. 20자 이상 적어 주십시오.")
WANTED_BY_PAST = _("희망 시기가 지났습니다. 오늘 이후의 날짜로 고치거나 비워 두십시오.")


@dataclass(frozen=True)
class Missing:
    """`step` and `field` say where it is put right."""

    step: Step
    field: str
    label: Any
    text: Any


def missing_of(demand: Demand) -> list[Missing]:
    found = []
    if not demand.title:
        found.append(Missing(Step.WHAT, "title", _("수요기술명"), TITLE_REQUIRED))
    elif len(demand.title) < TITLE_MINIMUM:
        found.append(Missing(Step.WHAT, "title", _("수요기술명"), TITLE_SHORT))
    if not demand.problem:
        found.append(Missing(Step.PROBLEM, "problem", _("해결하려는 문제"), PROBLEM_REQUIRED))
    elif len(demand.problem) < PROBLEM_MINIMUM:
        found.append(Missing(Step.PROBLEM, "problem", _("해결하려는 문제"), PROBLEM_SHORT))
    if demand.wanted_by and demand.wanted_by < timezone.localdate():
        found.append(Missing(Step.CONDITIONS, "wanted_by", _("희망 시기"), WANTED_BY_PAST))
    return found


def worth_adding(demand: Demand) -> list[Missing]:
    """Nothing that must be there, but with it better technologies are found."""
    found = []
    if not demand.fields.all():
        found.append(
            Missing(Step.WHAT, "fields_wanted", _("기술분야"), _("고르시면 같은 분야의 기술을 먼저 살펴봅니다."))
        )
    if not demand.metrics.all():
        found.append(
            Missing(
                Step.PROBLEM, "metrics", _("희망 사양"), _("목표 수치를 적으시면 수치가 맞는 기술을 찾기 쉽습니다.")
            )
        )
    return found
