from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


def number_of(pk: int) -> str:
    return f"T-{pk:05d}"


class Direction(models.TextChoices):
    """Which way technology flows, seen from Korea."""

    INBOUND = "inbound", _("받는 협력")
    OUTBOUND = "outbound", _("주는 협력")


class Stage(models.TextChoices):
    """Stage of development, from idea to market."""

    CONCEPT = "concept", _("구상 단계")
    DEVELOPMENT = "development", _("개발 중")
    LAB_TESTED = "lab_tested", _("시험실 검증")
    DEMONSTRATION = "demonstration", _("시연 가능(시작품)")
    MARKET = "market", _("시장 출시(상용화)")


class IprStatus(models.TextChoices):
    NONE = "none", _("출원 없음")
    KNOW_HOW = "know_how", _("노하우")
    APPLIED = "applied", _("출원 중")
    GRANTED = "granted", _("등록")


class Cooperation(models.TextChoices):
    LICENSE = "license", _("기술이전·라이선스")
    JOINT_DEVELOPMENT = "joint_development", _("공동개발")
    COMMISSIONED_RESEARCH = "commissioned_research", _("위탁연구")
    MANUFACTURING = "manufacturing", _("제조 협력")
    JOINT_VENTURE = "joint_venture", _("합작투자")
    GUIDANCE = "guidance", _("기술지도")
    SUPPLY = "supply", _("제품 공급")


class Disclosure(models.TextChoices):
    """Who may read the technology."""

    PUBLIC = "public", _("공개")
    MEMBERS = "members", _("회원 공개")
    STAFF = "staff", _("내부용")


class TechnologyStatus(models.TextChoices):
    DRAFT = "draft", _("작성 중")
    PUBLISHED = "published", _("등록")
    RETIRED = "retired", _("사용 중지")


class HideableField(models.TextChoices):
    """What a partner network may keep to itself: shown as 비공개, which is not the same as 자료 없음."""

    IPR = "ipr_status", _("지식재산권")
    YEAR = "year", _("개발 연도")
    STAGE = "stage", _("개발 단계")
    SPECIFICATION = "specification", _("사양")
    ADVANTAGES = "advantages", _("장점")
    PARTNER = "partner_sought", _("찾는 협력 상대")


class TextOrigin(models.TextChoices):
    SOURCE = "source", _("원문")
    HUMAN = "human", _("사람 번역")
    MACHINE = "machine", _("기계 번역")
