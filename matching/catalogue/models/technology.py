from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Prefetch, Q, Value, When
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds
from cooperation_portal.audit.tracking import audited
from cooperation_portal.network.models import Company, Institution
from cooperation_portal.network.permissions import acts_for_a_company
from cooperation_portal.shared.constraints import choices_constraint, exactly_one_constraint
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.taxonomy.models import Country, TechnologyField
from matching.catalogue.models.contents import TechnologyText
from matching.catalogue.models.vocabulary import (
    Cooperation,
    Direction,
    Disclosure,
    HideableField,
    IprStatus,
    Stage,
    TechnologyStatus,
    number_of,
)


def _unless_hidden(field: HideableField, empty: Value) -> Case:
    return Case(When(hidden__contains=[field.value], then=empty), default=F(field.value))


class TechnologyQuerySet(models.QuerySet["Technology"]):
    def visible_to(self, user: Any) -> TechnologyQuerySet:
        if holds(user, Role.OFFICER, Role.CONTENT_ADMIN):
            return self
        levels = [Disclosure.PUBLIC, Disclosure.MEMBERS] if acts_for_a_company(user) else [Disclosure.PUBLIC]
        return self.published().filter(disclosure__in=levels)

    def published(self) -> TechnologyQuerySet:
        return self.filter(status=TechnologyStatus.PUBLISHED)

    def as_shown_to(self, user: Any) -> TechnologyQuerySet:
        """What filters, counts and sorting go by: `open_stage`, `open_ipr` and `open_year`.

        What a partner keeps to itself is empty there for all but staff, so that no question can find it out.
        """
        if holds(user, Role.OFFICER, Role.CONTENT_ADMIN):
            return self.alias(open_stage=F("stage"), open_ipr=F("ipr_status"), open_year=F("year"))
        return self.alias(
            open_stage=_unless_hidden(HideableField.STAGE, Value("")),
            open_ipr=_unless_hidden(HideableField.IPR, Value("")),
            open_year=_unless_hidden(HideableField.YEAR, Value(None)),
        )

    def with_texts(self) -> TechnologyQuerySet:
        """Everything that a card or a page of a technology shows, in a fixed number of queries."""
        return self.select_related("owner", "owner_company", "country", "field__parent").prefetch_related(
            Prefetch("texts", queryset=TechnologyText.objects.order_by("pk"))
        )


@audited()
class Technology(models.Model):
    """원천기술: what an institution abroad offers, or what a Korean one offers abroad (direction outbound)."""

    owner = models.ForeignKey(
        Institution,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="technologies",
        verbose_name=_("보유기관"),
    )
    owner_company = models.ForeignKey(
        Company,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="technologies",
        verbose_name=_("보유기업"),
    )
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="technologies", verbose_name=_("국가"))
    direction = models.CharField(_("협력 방향"), max_length=10, choices=Direction, default=Direction.INBOUND)
    original_language = models.CharField(_("원문 언어"), max_length=2, choices=TextLanguage)
    field = models.ForeignKey(
        TechnologyField, on_delete=models.PROTECT, related_name="technologies", verbose_name=_("기술분야")
    )
    stage = models.CharField(_("개발 단계"), max_length=20, choices=Stage, blank=True)
    ipr_status = models.CharField(_("지식재산권"), max_length=20, choices=IprStatus, blank=True)
    ipr_notes = models.CharField(_("지식재산권 설명"), max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(
        _("개발 연도"), null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    cooperation = ArrayField(
        models.CharField(max_length=30, choices=Cooperation), default=list, blank=True, verbose_name=_("희망 협력 방식")
    )
    partner_sought = models.CharField(_("찾는 협력 상대"), max_length=500, blank=True)
    is_appropriate = models.BooleanField(_("적정기술"), default=False)
    valid_until = models.DateField(_("유효기간"), null=True, blank=True)
    disclosure = models.CharField(_("공개 범위"), max_length=10, choices=Disclosure, default=Disclosure.MEMBERS)
    hidden = ArrayField(
        models.CharField(max_length=30, choices=HideableField), default=list, blank=True, verbose_name=_("비공개 항목")
    )
    status = models.CharField(_("상태"), max_length=10, choices=TechnologyStatus, default=TechnologyStatus.DRAFT)
    source_reference = models.CharField(_("출처 번호"), max_length=80, blank=True)
    # Raised whenever something that the engine reads has changed; the hash tells whether it really did.
    content_version = models.PositiveIntegerField(default=1, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    # Raised with every saved edit, so that a second editor is told of the first.
    edit_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("등록일"), auto_now_add=True)
    changed_at = models.DateTimeField(_("변경일"), auto_now=True)

    objects = TechnologyQuerySet.as_manager()

    class Meta:
        verbose_name = _("원천기술")
        verbose_name_plural = _("원천기술")
        ordering = ["-pk"]
        constraints = [
            exactly_one_constraint("owner", "owner_company", "technology_has_one_owner"),
            choices_constraint("direction", Direction, "technology_direction_is_known"),
            choices_constraint("original_language", TextLanguage, "technology_language_is_known"),
            choices_constraint("stage", Stage, "technology_stage_is_known", blank=True),
            choices_constraint("ipr_status", IprStatus, "technology_ipr_is_known", blank=True),
            choices_constraint("disclosure", Disclosure, "technology_disclosure_is_known"),
            choices_constraint("status", TechnologyStatus, "technology_status_is_known"),
            models.CheckConstraint(
                name="technology_cooperation_is_known", condition=Q(cooperation__contained_by=Cooperation.values)
            ),
            models.CheckConstraint(
                name="technology_hidden_is_known", condition=Q(hidden__contained_by=HideableField.values)
            ),
            models.UniqueConstraint(
                fields=["source_reference"], condition=~Q(source_reference=""), name="one_technology_for_each_reference"
            ),
        ]
        indexes = [
            models.Index(fields=["direction", "status"], name="technology_pool"),
            models.Index(fields=["status", "disclosure", "-id"], name="technology_newest"),
        ]

    def __str__(self) -> str:
        return self.number  # the title is in another table: a list of these would ask for each

    @property
    def number(self) -> str:
        return number_of(self.pk)

    def text_in(self, language: str) -> TechnologyText | None:
        """Works on the prefetched texts, without a query for each technology of a list."""
        return next((text for text in self.texts.all() if text.language == language), None)

    @property
    def original(self) -> TechnologyText | None:
        return self.text_in(self.original_language)

    @property
    def korean(self) -> TechnologyText | None:
        return self.text_in(TextLanguage.KOREAN)

    @property
    def title(self) -> str:
        """In Korean where there is Korean text, else as the owner wrote it."""
        text = self.korean or self.original
        return text.title if text else ""

    @property
    def owner_name(self) -> str:
        """In full, for staff; pages for everybody use the tag `owner_name`, which masks companies."""
        return str(self.owner or self.owner_company or "")

    @property
    def direction_label(self) -> str:
        """러→한 for what comes in, 한→ for what goes out; made from data since partner countries change."""
        partner, home = (self.country.short_ko, "한") if get_language() == "ko" else (self.country.code, "KR")
        return f"{partner}→{home}" if self.direction == Direction.INBOUND else f"{home}→"

    @property
    def cooperation_labels(self) -> list[str]:
        return [str(Cooperation(code).label) for code in self.cooperation]

    @property
    def year_shown(self) -> str:
        """Without the thousands mark that figures get."""
        return str(self.year or "")

    @property
    def is_expired(self) -> bool:
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    @property
    def hides_stage(self) -> bool:
        return HideableField.STAGE in self.hidden

    @property
    def hides_ipr(self) -> bool:
        return HideableField.IPR in self.hidden

    @property
    def hides_year(self) -> bool:
        return HideableField.YEAR in self.hidden

    @property
    def hides_specification(self) -> bool:
        return HideableField.SPECIFICATION in self.hidden

    @property
    def hides_advantages(self) -> bool:
        return HideableField.ADVANTAGES in self.hidden

    @property
    def hides_partner(self) -> bool:
        return HideableField.PARTNER in self.hidden
