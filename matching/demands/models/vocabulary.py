"""The words that demands are described with, their order and their limits."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

# Below this a demand says too little for people and machine alike; drafts may still be shorter.
TITLE_MINIMUM, PROBLEM_MINIMUM, PROBLEM_MAXIMUM = 4, 20, 20_000
FIELDS_MAXIMUM, METRICS_MAXIMUM = 2, 20


class DemandKind(models.TextChoices):
    DEMAND = "demand", _("수요기술")
    DIFFICULTY = "difficulty", _("애로기술")


class Purpose(models.TextChoices):
    USE_TECHNOLOGY = "use_technology", _("기술활용")
    ENTER_MARKET = "enter_market", _("시장진출")


class Confidentiality(models.TextChoices):
    NORMAL = "normal", _("일반")
    CONFIDENTIAL = "confidential", _("대외비")


class DemandStatus(models.TextChoices):
    DRAFT = "draft", _("작성 중")
    SUBMITTED = "submitted", _("접수")
    IN_REVIEW = "in_review", _("검토 중")
    RECOMMENDED = "recommended", _("추천 완료")
    CLOSED = "closed", _("종료")
    WITHDRAWN = "withdrawn", _("철회")


# The same states as the company itself would say them: in short, and what is going on now.
IN_THE_COMPANYS_WORDS: dict[str, tuple[Any, Any]] = {
    DemandStatus.DRAFT: (_("작성 중"), _("아직 접수하지 않았습니다. 우리 회사 사람만 볼 수 있습니다.")),
    DemandStatus.SUBMITTED: (_("접수됨"), _("접수되었습니다. 담당자를 정하고 있습니다.")),
    DemandStatus.IN_REVIEW: (_("검토 중"), _("담당자가 맞는 원천기술을 살펴보고 있습니다.")),
    DemandStatus.RECOMMENDED: (_("추천 도착"), _("추천 기술이 도착했습니다. 살펴보고 답해 주십시오.")),
    DemandStatus.CLOSED: (_("종료"), _("검토가 끝났습니다. 내용과 추천 기술은 계속 볼 수 있습니다.")),
    DemandStatus.WITHDRAWN: (_("철회"), _("철회된 수요입니다. 더 이상 검토하지 않습니다.")),
}

# What may follow what. Codes decide, never labels.
DEMAND_TRANSITIONS: dict[str, frozenset[str]] = {
    DemandStatus.DRAFT: frozenset({DemandStatus.SUBMITTED, DemandStatus.WITHDRAWN}),
    DemandStatus.SUBMITTED: frozenset({DemandStatus.IN_REVIEW, DemandStatus.WITHDRAWN, DemandStatus.CLOSED}),
    DemandStatus.IN_REVIEW: frozenset(
        {DemandStatus.SUBMITTED, DemandStatus.RECOMMENDED, DemandStatus.WITHDRAWN, DemandStatus.CLOSED}
    ),
    DemandStatus.RECOMMENDED: frozenset({DemandStatus.IN_REVIEW, DemandStatus.CLOSED, DemandStatus.WITHDRAWN}),
    DemandStatus.CLOSED: frozenset(),
    DemandStatus.WITHDRAWN: frozenset(),
}

# These are looked at by officers and scored by the worker.
OPEN_STATUSES = (DemandStatus.SUBMITTED, DemandStatus.IN_REVIEW, DemandStatus.RECOMMENDED)


class Step(models.TextChoices):
    """The pages on which a company writes a demand down, in their order."""

    WHAT = "what", _("무엇을 찾습니까")
    PROBLEM = "problem", _("문제와 목표")
    CONDITIONS = "conditions", _("희망 조건")
    CONFIRM = "confirm", _("확인하고 접수")


class Qualifier(models.TextChoices):
    """How a quoted figure is meant; 약 10 and 10 are not the same statement."""

    EXACT = "exact", _("정확히")
    ABOUT = "about", _("약")
    AROUND = "around", _("정도")
    AT_LEAST = "at_least", _("이상")
    AT_MOST = "at_most", _("이하")
    MORE_THAN = "more_than", _("초과")
    LESS_THAN = "less_than", _("미만")


# The Korean words that the engine reads, whatever language the page is in.
KOREAN_QUALIFIERS: dict[str, str] = {
    Qualifier.AROUND: "정도",
    Qualifier.AT_LEAST: "이상",
    Qualifier.AT_MOST: "이하",
    Qualifier.MORE_THAN: "초과",
    Qualifier.LESS_THAN: "미만",
}
