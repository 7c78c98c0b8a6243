"""Vocabularies that people choose from. Codes are strings whose zeros count; rows are retired, never deleted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cooperation_portal.audit.tracking import audited


class TermQuerySet(models.QuerySet["Term"]):
    def current(self) -> TermQuerySet:
        """Those that may be chosen now; retired ones stay readable where they were chosen before."""
        return self.filter(retired_on__isnull=True)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("A term is retired, never deleted: records that chose it must stay readable.")


class Term(models.Model):
    code = models.CharField(_("코드"), max_length=20, unique=True)
    name_ko = models.CharField(_("국문명"), max_length=120)
    name_en = models.CharField(_("영문명"), max_length=120)
    position = models.PositiveIntegerField(_("순서"), default=0)
    retired_on = models.DateField(_("사용 중지일"), null=True, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_ko if get_language() == "ko" else self.name_en


@audited()
class TechnologyField(Term):
    """기술분야 in two levels; records point to the second level."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("상위 분야")
    )

    class Meta(Term.Meta):
        verbose_name = _("기술분야")
        verbose_name_plural = _("기술분야")


@audited()
class Industry(Term):
    class Meta(Term.Meta):
        verbose_name = _("업종")
        verbose_name_plural = _("업종")


@audited()
class Region(Term):
    class Meta(Term.Meta):
        verbose_name = _("권역")
        verbose_name_plural = _("권역")


@audited()
class Country(Term):
    """The code is ISO 3166-1 alpha-2. Labels such as 러→한 are made from `short_ko`, never stored."""

    short_ko = models.CharField(_("약칭"), max_length=4, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="countries", verbose_name=_("권역"))
    is_partner = models.BooleanField(_("협력 대상국"), default=False)

    class Meta(Term.Meta):
        verbose_name = _("국가")
        verbose_name_plural = _("국가")
        constraints = [models.CheckConstraint(name="country_code_is_iso", condition=Q(code__regex=r"^[A-Z]{2}$"))]


@audited()
class Programme(Term):
    """사업: what a centre runs year after year, such as a Korea-Russia commercialisation programme."""

    countries = models.ManyToManyField(Country, blank=True, related_name="programmes", verbose_name=_("협력 대상국"))

    class Meta(Term.Meta):
        verbose_name = _("사업")
        verbose_name_plural = _("사업")
