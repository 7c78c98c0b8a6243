"""The people of a company. It always keeps somebody who decides for it.

Each change first locks the company's row, so that of two owners who step down at once one stays.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation_portal.network.joining.services import mail
from cooperation_portal.network.joining.services.refusals import AlreadySettled, LastOwner
from cooperation_portal.network.models import (
    Company,
    Invitation,
    JoinRequest,
    JoinState,
    Membership,
    MembershipRole,
)


def lock(company: Company) -> Company:
    """For the rest of the transaction; nobody else changes who the company's people are."""
    return Company.objects.select_for_update(of=("self",)).get(pk=company.pk)


def admit(person: Any, company: Company, *, role: str) -> Membership:
    """Lets a person act for the locked company; who does so already is at most raised to owner."""
    membership = Membership.objects.current().filter(user=person, company=company).first()
    if membership is None:
        return Membership.objects.create(user=person, company=company, role=role)
    if role == MembershipRole.OWNER and membership.role != role:
        membership.role = role
        membership.save(update_fields=["role"])
    return membership


def settle_requests(person: Any, company: Company, *, by: Any) -> None:
    """Who was let in by another way waits no longer."""
    waiting = JoinRequest.objects.filter(
        user=person, company=company, state__in=(JoinState.WITH_OWNER, JoinState.WITH_OFFICER)
    )
    waiting.update(state=JoinState.APPROVED, decided_by=by, decided_at=timezone.now())


@transaction.atomic
def change_role(membership: Membership, *, role: str, by: Any) -> Membership:
    """Raises LastOwner when nobody would be left who decides for the company."""
    locked = _locked(membership)
    if locked.role == role:
        return locked
    if role != MembershipRole.OWNER:
        _check_another_owner(locked)
        _revoke_invitations(locked)
    locked.role = role
    locked.save(update_fields=["role"])
    return locked


@transaction.atomic
def end(membership: Membership, *, by: Any) -> Membership:
    """A person leaves or is sent away. Raises LastOwner when nobody would be left who decides for the company."""
    locked = _locked(membership)
    if locked.role == MembershipRole.OWNER:
        _check_another_owner(locked)
    _revoke_invitations(locked)
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    if locked.user_id != by.pk:
        mail.tell_ended(locked)
    return locked


def _locked(membership: Membership) -> Membership:
    lock(membership.company)
    current = Membership.objects.current().filter(pk=membership.pk).select_related("user", "company").first()
    if current is None:
        raise AlreadySettled(_("이미 이 기업의 담당자가 아닌 분입니다."))
    return current


def _check_another_owner(membership: Membership) -> None:
    if not Membership.objects.owners().filter(company=membership.company_id).exclude(pk=membership.pk).exists():
        raise LastOwner(_("기업 대표 담당자는 한 사람 이상 있어야 합니다. 먼저 다른 담당자를 대표로 지정해 주십시오."))


def _revoke_invitations(membership: Membership) -> None:
    """What a former owner promised in the company's name does not outlast the office."""
    sent = Invitation.objects.open().filter(company=membership.company_id, invited_by=membership.user_id)
    sent.update(revoked_at=timezone.now())
