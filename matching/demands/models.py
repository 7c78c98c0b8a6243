from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds
from cooperation_portal.audit.tracking import audited
from cooperation_portal.network.models import Company, Institution
from cooperation_portal.shared.constraints import choices_constraint, exactly_one_constraint
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.taxonomy.models import TechnologyField
from matching.catalogue.models import Direction, Stage


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


class Qualifier(models.TextChoices):
    """How a quoted figure is meant; 약 10 and 10 are not the same statement."""

    EXACT = "exact", _("정확히")
    ABOUT = "about", _("약")
    AROUND = "around", _("정도")
    AT_LEAST = "at_least", _("이상")
    AT_MOST = "at_most", _("이하")
    MORE_THAN = "more_than", _("초과")
    LESS_THAN = "less_than", _("미만")


class DemandQuerySet(models.QuerySet["Demand"]):
    def visible_to(self, user: Any) -> DemandQuerySet:
        """Officers and admins see what was submitted; people of the company see all of their own, drafts too."""
        if holds(user, Role.OFFICER, Role.CONTENT_ADMIN):
            return self.filter(~Q(status=DemandStatus.DRAFT) | Q(created_by=user.pk))
        if not user.is_authenticated:
            return self.none()
        return self.filter(company__in=Company.objects.visible_to(user))

    def open(self) -> DemandQuerySet:
        return self.filter(status__in=OPEN_STATUSES)

    def with_details(self) -> DemandQuerySet:
        """Everything that a row or a page of a demand shows, in a fixed number of queries."""
        return self.select_related("company", "institution__country").prefetch_related(
            "metrics", Prefetch("fields", queryset=TechnologyField.objects.select_related("parent"))
        )


@audited()
class Demand(models.Model):
    """수요기술 or 애로기술: what a company looks for.

    A demand of a foreign institution, which Korean technology is to answer, has the direction outbound.
    """

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="demands", verbose_name=_("수요기업")
    )
    institution = models.ForeignKey(
        Institution,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="demands",
        verbose_name=_("해외 수요기관"),
    )
    kind = models.CharField(_("구분"), max_length=12, choices=DemandKind, default=DemandKind.DEMAND)
    purpose = models.CharField(_("목적"), max_length=16, choices=Purpose, default=Purpose.USE_TECHNOLOGY)
    direction = models.CharField(_("협력 방향"), max_length=10, choices=Direction, default=Direction.INBOUND)
    language = models.CharField(_("작성 언어"), max_length=2, choices=TextLanguage, default=TextLanguage.KOREAN)
    title = models.CharField(_("수요기술명"), max_length=200)
    problem = models.TextField(_("해결하려는 문제"), max_length=20000)
    target_product = models.CharField(_("적용 제품"), max_length=200, blank=True)
    fields = models.ManyToManyField(
        TechnologyField, through="DemandField", related_name="demands", blank=True, verbose_name=_("기술분야")
    )
    wanted_stage = models.CharField(_("희망 개발 단계"), max_length=20, choices=Stage, blank=True)
    confidentiality = models.CharField(
        _("비밀 여부"), max_length=14, choices=Confidentiality, default=Confidentiality.NORMAL
    )
    status = models.CharField(_("상태"), max_length=12, choices=DemandStatus, default=DemandStatus.DRAFT)
    source_reference = models.CharField(_("출처 번호"), max_length=80, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("등록자"),
    )
    submitted_at = models.DateTimeField(_("접수일"), null=True, blank=True)
    # Drawn by the form, so that one sent twice makes one demand.
    submission = models.UUIDField(null=True, unique=True, editable=False)
    # Raised with every saved edit, so that a second editor is told of the first.
    edit_version = models.PositiveIntegerField(default=1, editable=False)
    # Raised whenever something that the engine reads has changed.
    content_version = models.PositiveIntegerField(default=1, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("등록일"), auto_now_add=True)
    changed_at = models.DateTimeField(_("변경일"), auto_now=True)

    objects = DemandQuerySet.as_manager()

    class Meta:
        verbose_name = _("수요기술")
        verbose_name_plural = _("수요기술")
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            exactly_one_constraint("company", "institution", "demand_comes_from_one_party"),
            choices_constraint("kind", DemandKind, "demand_kind_is_known"),
            choices_constraint("purpose", Purpose, "demand_purpose_is_known"),
            choices_constraint("direction", Direction, "demand_direction_is_known"),
            choices_constraint("language", TextLanguage, "demand_language_is_known"),
            choices_constraint("wanted_stage", Stage, "demand_stage_is_known", blank=True),
            choices_constraint("confidentiality", Confidentiality, "demand_confidentiality_is_known"),
            choices_constraint("status", DemandStatus, "demand_status_is_known"),
            models.CheckConstraint(name="demand_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="demand_beyond_draft_was_submitted",
                condition=Q(status="draft") | Q(submitted_at__isnull=False) | Q(status="withdrawn"),
            ),
            models.UniqueConstraint(
                fields=["source_reference"], condition=~Q(source_reference=""), name="one_demand_for_each_reference"
            ),
        ]
        indexes = [models.Index(fields=["status", "-submitted_at"], name="demand_queue")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        return f"D-{self.pk:05d}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def party_name(self) -> str:
        """Name of who asks, in full: for those only who may see the demand."""
        return str(self.company or self.institution or "")


@audited()
class DemandField(models.Model):
    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="+", verbose_name=_("수요기술"))
    field = models.ForeignKey(TechnologyField, on_delete=models.PROTECT, related_name="+", verbose_name=_("기술분야"))

    class Meta:
        verbose_name = _("수요기술의 분야")
        verbose_name_plural = _("수요기술의 분야")
        constraints = [models.UniqueConstraint(fields=["demand", "field"], name="one_row_for_each_demand_field")]

    def __str__(self) -> str:
        return f"{self.demand_id}: {self.field_id}"


@audited()
class DemandMetric(models.Model):
    """A wanted figure: `두께 0.05 mm 이하`."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="metrics", verbose_name=_("수요기술"))
    name = models.CharField(_("항목"), max_length=80)
    qualifier = models.CharField(_("조건"), max_length=10, choices=Qualifier, default=Qualifier.EXACT)
    value = models.DecimalField(_("값"), max_digits=18, decimal_places=6)
    unit = models.CharField(_("단위"), max_length=24, blank=True)

    class Meta:
        verbose_name = _("희망 사양")
        verbose_name_plural = _("희망 사양")
        ordering = ["pk"]
        constraints = [choices_constraint("qualifier", Qualifier, "metric_qualifier_is_known")]

    def __str__(self) -> str:
        return self.in_words

    @property
    def figure(self) -> str:
        """The value without the zeros that the database pads: 0.050000 reads 0.05."""
        number = Decimal(self.value).normalize()
        return f"{number:f}"

    @property
    def in_words(self) -> str:
        amount = f"{self.figure} {self.unit}".strip()
        if self.qualifier == Qualifier.EXACT:
            return f"{self.name} {amount}"
        if self.qualifier == Qualifier.ABOUT:
            return f"{self.name} 약 {amount}"
        return f"{self.name} {amount} {_KOREAN_QUALIFIERS[self.qualifier]}"


# The Korean words that the engine reads, whatever language the page is in.
_KOREAN_QUALIFIERS: dict[str, str] = {
    Qualifier.AROUND: "정도",
    Qualifier.AT_LEAST: "이상",
    Qualifier.AT_MOST: "이하",
    Qualifier.MORE_THAN: "초과",
    Qualifier.LESS_THAN: "미만",
}
