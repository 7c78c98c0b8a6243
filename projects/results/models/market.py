from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation_portal.audit.tracking import audited
from cooperation_portal.shared.constraints import choices_constraint
from cooperation_portal.taxonomy.models import Country
from projects.results.models.sheet import ResultSheet


class MarketStage(models.TextChoices):
    CONSIDERED = "considered", _("검토")
    IN_TALKS = "in_talks", _("협의 중")
    AGREED = "agreed", _("합의")
    CONTRACTED = "contracted", _("계약")
    EXPORTING = "exporting", _("수출 중")


@audited()
class MarketStep(models.Model):
    """How far a product has come in one market abroad: a country, or an area (유럽) where a source says no more."""

    result = models.ForeignKey(
        ResultSheet, on_delete=models.CASCADE, related_name="market_steps", verbose_name=_("성과")
    )
    note = models.CharField(_("내용"), max_length=300, blank=True)
    country = models.ForeignKey(
        Country, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("국가")
    )
    area = models.CharField(_("지역"), max_length=40, blank=True)
    stage = models.CharField(_("단계"), max_length=10, choices=MarketStage)

    class Meta:
        verbose_name = _("해외 진출")
        verbose_name_plural = _("해외 진출")
        ordering = ["pk"]
        constraints = [
            choices_constraint("stage", MarketStage, "market_stage_is_known"),
            models.CheckConstraint(
                name="market_step_is_in_one_place",
                condition=Q(country__isnull=False, area="") | (Q(country__isnull=True) & ~Q(area="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.get_stage_display()}"

    @property
    def place(self) -> str:
        return str(self.country or self.area)
