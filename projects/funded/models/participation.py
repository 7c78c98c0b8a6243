from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation_portal.audit.tracking import audited
from cooperation_portal.network.models import Company, Institution
from cooperation_portal.shared.constraints import choices_constraint
from cooperation_portal.taxonomy.models import Country
from projects.funded.models.vocabulary import PartyRole


@audited()
class Participation(models.Model):
    """Who takes part in a project: a company, an institution, or a name that the portal has no record of."""

    project = models.ForeignKey(
        "Project", on_delete=models.CASCADE, related_name="participations", verbose_name=_("과제")
    )
    role = models.CharField(_("역할"), max_length=12, choices=PartyRole)
    note = models.CharField(_("맡은 일"), max_length=200, blank=True)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="participations", verbose_name=_("기업")
    )
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="participations",
        verbose_name=_("기관"),
    )  # fmt: skip
    other_name = models.CharField(_("그 밖의 이름"), max_length=200, blank=True)
    other_country = models.ForeignKey(
        Country, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("국가")
    )
    amount_krw = models.PositiveBigIntegerField(_("배정액(원)"), null=True, blank=True)

    class Meta:
        verbose_name = _("참여 주체")
        verbose_name_plural = _("참여 주체")
        ordering = ["pk"]
        constraints = [
            choices_constraint("role", PartyRole, "party_role_is_known"),
            models.CheckConstraint(
                name="participation_names_one_party",
                condition=Q(company__isnull=False, institution__isnull=True, other_name="")
                | Q(company__isnull=True, institution__isnull=False, other_name="")
                | (Q(company__isnull=True, institution__isnull=True) & ~Q(other_name="")),
            ),
            # A record knows its country; a mere name does not.
            models.CheckConstraint(
                name="only_a_name_brings_its_country",
                condition=Q(other_name="", other_country__isnull=True)
                | (~Q(other_name="") & Q(other_country__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(role=PartyRole.LEAD), name="one_lead_for_each_project"
            ),
            models.UniqueConstraint(
                fields=["project", "role", "company"],
                condition=Q(company__isnull=False),
                name="one_role_for_each_company",
            ),
            models.UniqueConstraint(
                fields=["project", "role", "institution"],
                condition=Q(institution__isnull=False),
                name="one_role_for_each_institution",
            ),
            models.UniqueConstraint(
                fields=["project", "role", "other_name"],
                condition=~Q(other_name=""),
                name="one_role_for_each_other_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.name}"

    @property
    def name(self) -> str:
        """In full: for those only who may see it."""
        return str(self.company or self.institution or self.other_name)

    @property
    def country(self) -> Country | None:
        if self.company:
            return self.company.site_country
        return self.institution.country if self.institution else self.other_country
