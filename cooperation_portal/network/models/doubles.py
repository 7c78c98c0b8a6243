from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cooperation_portal.audit.tracking import audited
from cooperation_portal.network.models.company import Company
from cooperation_portal.network.models.institution import Institution


class NotDouble(models.Model):
    """Two records that look alike and are not the same: somebody looked, and they are not shown as doubles again."""

    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("확인한 사람")
    )
    decided_at = models.DateTimeField(_("확인일"), auto_now_add=True)

    class Meta:
        abstract = True


@audited()
class InstitutionNotDouble(NotDouble):
    first = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+", verbose_name=_("기관"))
    second = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+", verbose_name=_("다른 기관"))

    class Meta:
        verbose_name = _("서로 다른 기관")
        verbose_name_plural = _("서로 다른 기관")
        constraints = [
            models.CheckConstraint(name="not_double_institutions_in_order", condition=Q(first__lt=F("second"))),
            models.UniqueConstraint(fields=["first", "second"], name="one_row_for_each_pair_of_institutions"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"


@audited()
class CompanyNotDouble(NotDouble):
    first = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", verbose_name=_("기업"))
    second = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", verbose_name=_("다른 기업"))

    class Meta:
        verbose_name = _("서로 다른 기업")
        verbose_name_plural = _("서로 다른 기업")
        constraints = [
            models.CheckConstraint(name="not_double_companies_in_order", condition=Q(first__lt=F("second"))),
            models.UniqueConstraint(fields=["first", "second"], name="one_row_for_each_pair_of_companies"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
