from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation_portal.audit.tracking import audited
from cooperation_portal.network.models.company import Company
from cooperation_portal.shared.constraints import choices_constraint


class MembershipRole(models.TextChoices):
    OWNER = "owner", _("기업 대표 담당자")
    MEMBER = "member", _("기업 담당자")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: Any) -> MembershipQuerySet:
        """The people of the companies that one acts for, oneself among them."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(company__in=Company.objects.of_member(user).values("pk"))

    def current(self) -> MembershipQuerySet:
        return self.filter(ended_at__isnull=True)

    def owners(self) -> MembershipQuerySet:
        """Those who decide for their company now; an account that was switched off decides nothing."""
        return self.current().filter(role=MembershipRole.OWNER, user__is_active=True)


@audited()
class Membership(models.Model):
    """A person who acts for a company; one person may act for several."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("사용자")
    )
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("기업"))
    role = models.CharField(_("역할"), max_length=10, choices=MembershipRole)
    joined_at = models.DateTimeField(_("등록일"), auto_now_add=True)
    ended_at = models.DateTimeField(_("종료일"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("기업 회원")
        verbose_name_plural = _("기업 회원")
        ordering = ["company", "role", "pk"]
        constraints = [
            choices_constraint("role", MembershipRole, "membership_role_is_known"),
            models.UniqueConstraint(
                fields=["user", "company"], condition=Q(ended_at__isnull=True), name="one_current_membership"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.company}"
