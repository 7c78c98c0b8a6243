from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds
from cooperation_portal.audit.tracking import audited
from cooperation_portal.network.models import Company, Institution
from cooperation_portal.shared.constraints import choices_constraint, exactly_one_constraint
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.taxonomy.models import TechnologyField
from matching.catalogue.models import Cooperation, Direction, Stage, Technology
from matching.demands.models.vocabulary import (
    IN_THE_COMPANYS_WORDS,
    KOREAN_QUALIFIERS,
    OPEN_STATUSES,
    PROBLEM_MAXIMUM,
    Confidentiality,
    DemandKind,
    DemandStatus,
    Purpose,
    Qualifier,
)


class DemandQuerySet(models.QuerySet["Demand"]):
    def visible_to(self, user: Any) -> DemandQuerySet:
        """Officers and admins see what was filed; people of the company see all of their own, drafts too."""
        if not user.is_authenticated:
            return self.none()
        if holds(user, Role.OFFICER, Role.CONTENT_ADMIN):
            return self.filter(Q(submitted_at__isnull=False) | Q(created_by=user.pk))
        return self.filter(company__in=Company.objects.visible_to(user))

    def filed(self) -> DemandQuerySet:
        return self.filter(submitted_at__isnull=False)

    def kept(self) -> DemandQuerySet:
        """Without drafts that were thrown away."""
        return self.exclude(status=DemandStatus.WITHDRAWN, submitted_at__isnull=True)

    def open(self) -> DemandQuerySet:
        return self.filter(status__in=OPEN_STATUSES)

    def with_details(self) -> DemandQuerySet:
        """Everything that a row or a page of a demand shows, in a fixed number of queries."""
        return self.select_related("company", "institution__country", "edited_by", "prompted_by").prefetch_related(
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
    title = models.CharField(_("수요기술명"), max_length=200, blank=True)
    problem = models.TextField(_("해결하려는 문제"), max_length=PROBLEM_MAXIMUM, blank=True)
    target_product = models.CharField(_("적용 제품"), max_length=200, blank=True)
    fields = models.ManyToManyField(
        TechnologyField, through="DemandField", related_name="demands", blank=True, verbose_name=_("기술분야")
    )
    wanted_stage = models.CharField(_("희망 개발 단계"), max_length=20, choices=Stage, blank=True)
    wanted_cooperation = ArrayField(
        models.CharField(max_length=30, choices=Cooperation), default=list, blank=True, verbose_name=_("희망 협력 방식")
    )
    wanted_by = models.DateField(_("희망 시기"), null=True, blank=True)
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
    # The technology at which the company thought of the demand.
    prompted_by = models.ForeignKey(
        Technology,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="prompted_demands",
        verbose_name=_("기업이 관심을 보인 기술"),
    )
    withdrawal = models.CharField(_("철회 사유"), max_length=500, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("마지막으로 고친 사람"),
    )
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
            models.CheckConstraint(
                name="demand_cooperation_is_known", condition=Q(wanted_cooperation__contained_by=Cooperation.values)
            ),
            models.CheckConstraint(
                name="demand_has_a_title", condition=~Q(title="") | Q(status__in=["draft", "withdrawn"])
            ),
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
    def is_draft(self) -> bool:
        return self.status == DemandStatus.DRAFT

    @property
    def is_discarded(self) -> bool:
        return self.status == DemandStatus.WITHDRAWN and self.submitted_at is None

    @property
    def may_be_edited(self) -> bool:
        return self.is_draft or self.is_open

    @property
    def name(self) -> str:
        """What a list calls it: a draft may have no title yet."""
        return self.title or gettext("(제목 없음)")

    @property
    def state(self) -> str:
        """In the company's own words."""
        return gettext("버린 초안") if self.is_discarded else str(IN_THE_COMPANYS_WORDS[self.status][0])

    @property
    def state_sentence(self) -> str:
        if self.is_discarded:
            return gettext("접수하지 않고 버린 초안입니다.")
        return str(IN_THE_COMPANYS_WORDS[self.status][1])

    @property
    def cooperation_labels(self) -> list[str]:
        return [str(Cooperation(code).label) for code in self.wanted_cooperation]

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
        return f"{self.name} {amount} {KOREAN_QUALIFIERS[self.qualifier]}"
