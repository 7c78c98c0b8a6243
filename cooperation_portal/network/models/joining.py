from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.models import Grant, Role
from cooperation_portal.accounts.permissions import holds
from cooperation_portal.audit.tracking import audited
from cooperation_portal.network.models.company import Company, validate_business_number
from cooperation_portal.network.models.membership import Membership, MembershipRole
from cooperation_portal.shared.constraints import choices_constraint
from cooperation_portal.shared.identifiers import format_business_number
from cooperation_portal.taxonomy.models import Country


class JoinState(models.TextChoices):
    """What became of a person's wish to act for a company."""

    UNCONFIRMED = "unconfirmed", _("이메일 확인 전")
    DETAILS = "details", _("기업 정보 입력 전")
    WITH_OWNER = "with_owner", _("기업 대표 담당자 승인 대기")
    WITH_OFFICER = "with_officer", _("사업담당자 확인 대기")
    APPROVED = "approved", _("승인")
    REFUSED = "refused", _("거절")
    WITHDRAWN = "withdrawn", _("철회")


# What may follow what. Codes decide, never labels.
JOIN_TRANSITIONS: dict[str, frozenset[str]] = {
    JoinState.UNCONFIRMED: frozenset(
        {JoinState.DETAILS, JoinState.WITH_OWNER, JoinState.WITH_OFFICER, JoinState.WITHDRAWN}
    ),
    JoinState.DETAILS: frozenset(
        {JoinState.WITH_OWNER, JoinState.WITH_OFFICER, JoinState.APPROVED, JoinState.WITHDRAWN}
    ),
    JoinState.WITH_OWNER: frozenset(
        {JoinState.WITH_OFFICER, JoinState.APPROVED, JoinState.REFUSED, JoinState.WITHDRAWN}
    ),
    JoinState.WITH_OFFICER: frozenset({JoinState.APPROVED, JoinState.REFUSED, JoinState.WITHDRAWN}),
    JoinState.APPROVED: frozenset(),
    JoinState.REFUSED: frozenset(),
    JoinState.WITHDRAWN: frozenset(),
}
OPEN_JOIN_STATES = (JoinState.UNCONFIRMED, JoinState.DETAILS, JoinState.WITH_OWNER, JoinState.WITH_OFFICER)


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def visible_to(self, user: Any) -> JoinRequestQuerySet:
        """A person's own; a company's, to its owners; those that officers have to decide on or have decided on."""
        if not user.is_authenticated:
            return self.none()
        owned = Membership.objects.owners().filter(user_id=user.pk).values("company")
        seen = Q(user_id=user.pk) | Q(company__in=owned) & ~Q(state=JoinState.WITH_OFFICER)
        if holds(user, Role.OFFICER):
            officers = Grant.objects.filter(role=Role.OFFICER).values("user")
            seen |= _waits_for_officer() | Q(decided_by__in=officers)
        return self.filter(seen)

    def open(self) -> JoinRequestQuerySet:
        return self.filter(state__in=OPEN_JOIN_STATES)

    def waiting_for_officer(self) -> JoinRequestQuerySet:
        return self.filter(_waits_for_officer())


def _waits_for_officer() -> Q:
    """Also what waits for an owner who is not there any more: nobody else could answer it."""
    orphaned = Q(state=JoinState.WITH_OWNER) & ~Q(company__in=Membership.objects.owners().values("company"))
    return Q(state=JoinState.WITH_OFFICER) | orphaned


@audited()
class JoinRequest(models.Model):
    """A person who says to act for a company, and who decided on it.

    The number is what the person typed; the company is looked up only once the person's address is confirmed.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests", verbose_name=_("사용자")
    )
    business_number = models.CharField(
        _("사업자등록번호"), max_length=10, blank=True, validators=[validate_business_number]
    )
    site_country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+", verbose_name=_("소재 국가"))
    local_registration_number = models.CharField(_("현지 등록번호"), max_length=40, blank=True)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="join_requests", verbose_name=_("기업")
    )
    state = models.CharField(_("상태"), max_length=12, choices=JoinState, default=JoinState.UNCONFIRMED)
    note = models.CharField(_("전하는 말"), max_length=500, blank=True)
    # What the person wrote of a company abroad; it becomes a company only when an officer has confirmed it.
    details = models.JSONField(_("기업 정보"), default=dict, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("처리한 사람"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("처리일"), null=True, blank=True)
    refusal = models.CharField(_("거절 사유"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("신청일"), auto_now_add=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("기업 회원 신청")
        verbose_name_plural = _("기업 회원 신청")
        ordering = ["-created_at", "-pk"]
        constraints = [
            choices_constraint("state", JoinState, "join_state_is_known"),
            models.CheckConstraint(
                name="join_request_has_one_number",
                condition=Q(business_number="") ^ Q(local_registration_number=""),
            ),
            models.UniqueConstraint(
                fields=["user", "business_number"],
                condition=Q(state__in=OPEN_JOIN_STATES) & ~Q(business_number=""),
                name="one_open_request_for_each_business_number",
            ),
            models.UniqueConstraint(
                fields=["user", "site_country", "local_registration_number"],
                condition=Q(state__in=OPEN_JOIN_STATES) & ~Q(local_registration_number=""),
                name="one_open_request_for_each_local_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_JOIN_STATES

    @property
    def is_domestic(self) -> bool:
        return bool(self.business_number)

    @property
    def number(self) -> str:
        """As the person would write it."""
        return format_business_number(self.business_number) if self.is_domestic else self.local_registration_number


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: Any) -> InvitationQuerySet:
        """The owners of the company that invites."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(company__in=Membership.objects.owners().filter(user_id=user.pk).values("company"))

    def open(self) -> InvitationQuerySet:
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now())


@audited(exclude=["token_hash"])
class Invitation(models.Model):
    """A company's owner asks a colleague in. Only the hash of the link's token is kept."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("기업"))
    email = models.EmailField(_("이메일"))
    role = models.CharField(_("역할"), max_length=10, choices=MembershipRole, default=MembershipRole.MEMBER)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("초대한 사람")
    )
    invited_at = models.DateTimeField(_("초대일"), default=timezone.now)
    expires_at = models.DateTimeField(_("유효기간"))
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("수락한 사람"),
    )  # fmt: skip
    accepted_at = models.DateTimeField(_("수락일"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("취소일"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("초대")
        verbose_name_plural = _("초대")
        ordering = ["-invited_at", "-pk"]
        constraints = [
            choices_constraint("role", MembershipRole, "invitation_role_is_known"),
            models.UniqueConstraint(
                fields=["company", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_for_each_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} → {self.pk}"
