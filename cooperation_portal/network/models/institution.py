from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cooperation_portal.audit.tracking import audited
from cooperation_portal.network.names import NameKey
from cooperation_portal.shared.constraints import choices_constraint
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.taxonomy.models import Country


class InstitutionKind(models.TextChoices):
    GOVERNMENT = "government", _("정부기관")
    RESEARCH_INSTITUTE = "research_institute", _("연구기관")
    UNIVERSITY = "university", _("대학")
    COMPANY = "company", _("기업")
    ASSOCIATION = "association", _("협회·단체")


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def visible_to(self, user: Any) -> InstitutionQuerySet:
        """Institutions are no secret among those who sign in; what they offer has its own disclosure level."""
        return self if user.is_authenticated else self.none()

    def current(self) -> InstitutionQuerySet:
        return self.filter(retired_on__isnull=True)


@audited()
class Institution(models.Model):
    """A foreign or Korean organisation that offers technologies or asks for them."""

    kind = models.CharField(_("기관 유형"), max_length=20, choices=InstitutionKind)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="institutions", verbose_name=_("국가"))
    city_ko = models.CharField(_("도시"), max_length=80, blank=True)
    city_original = models.CharField(_("도시(현지어)"), max_length=80, blank=True)
    name_ko = models.CharField(_("기관명"), max_length=200)
    name_original = models.CharField(_("기관명(원어)"), max_length=200)
    original_language = models.CharField(_("원어"), max_length=2, choices=TextLanguage)
    name_en = models.CharField(_("영문 기관명"), max_length=200, blank=True)
    website = models.URLField(_("누리집"), blank=True)
    source_reference = models.CharField(_("출처 번호"), max_length=80, blank=True)
    # Raised with every saved edit, so that a second editor is told of the first.
    edit_version = models.PositiveIntegerField(default=1, editable=False)
    retired_on = models.DateField(_("사용 중지일"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("합친 기관")
    )
    merge_reason = models.CharField(_("합친 사유"), max_length=300, blank=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("기관")
        verbose_name_plural = _("기관")
        ordering = ["name_ko", "pk"]
        constraints = [
            choices_constraint("kind", InstitutionKind, "institution_kind_is_known"),
            choices_constraint("original_language", TextLanguage, "institution_language_is_known"),
            models.UniqueConstraint(
                fields=["source_reference"],
                condition=~Q(source_reference=""),
                name="one_institution_for_each_reference",
            ),
            models.CheckConstraint(
                name="merged_institution_is_retired",
                condition=Q(merged_into__isnull=True) | Q(retired_on__isnull=False),
            ),
        ]
        # A row of a spreadsheet without a source reference is known by this.
        indexes = [models.Index(NameKey("name_original"), name="institution_name_key")]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        return f"I-{self.pk:05d}"

    @property
    def numbered(self) -> str:
        """Where another may have the same name."""
        return f"{self.name} {self.number}"

    @property
    def name(self) -> str:
        return self.name_ko if get_language() == "ko" else self.name_en or self.name_original


class AliasKind(models.TextChoices):
    FORMER = "former", _("옛 이름")
    ABBREVIATION = "abbreviation", _("약칭")
    OTHER = "other", _("다른 이름")


@audited()
class InstitutionAlias(models.Model):
    """Another name of an institution: centres are reorganised and partners write them in many ways."""

    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("기관")
    )
    kind = models.CharField(_("종류"), max_length=20, choices=AliasKind)
    name = models.CharField(_("이름"), max_length=200)
    language = models.CharField(_("언어"), max_length=2, choices=TextLanguage)

    class Meta:
        verbose_name = _("기관의 다른 이름")
        verbose_name_plural = _("기관의 다른 이름")
        ordering = ["institution", "kind", "name"]
        constraints = [
            choices_constraint("kind", AliasKind, "alias_kind_is_known"),
            choices_constraint("language", TextLanguage, "alias_language_is_known"),
            models.UniqueConstraint(fields=["institution", "name", "language"], name="one_alias_for_each_spelling"),
        ]

    def __str__(self) -> str:
        return self.name
