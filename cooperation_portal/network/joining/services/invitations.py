"""An owner asks a colleague in by mail. The link's token is in that mail only; here lies its hash."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation_portal.network.joining import queries
from cooperation_portal.network.joining.services import mail
from cooperation_portal.network.joining.services.people import admit, lock, settle_requests
from cooperation_portal.network.joining.services.refusals import AlreadySettled, JoinRefused
from cooperation_portal.network.models import Company, Invitation, Membership

VALID = timedelta(days=14)
MOST_A_DAY = 30  # mail of the portal is not for sending round


@transaction.atomic
def invite(company: Company, *, email: str, role: str, by: Any) -> Invitation:
    """Whoever is invited again gets a new link; the old one stops working."""
    company, email, now = lock(company), email.lower(), timezone.now()
    people = Membership.objects.current().filter(company=company)
    if people.filter(user__emailaddress__email__iexact=email, user__emailaddress__verified=True).exists():
        raise JoinRefused(_("이미 우리 회사의 담당자로 등록된 주소입니다."))
    sent = Invitation.objects.filter(company=company)
    if sent.filter(invited_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise JoinRefused(_("오늘은 더 초대하실 수 없습니다. 내일 다시 초대해 주십시오."))
    sent.filter(email=email, accepted_at__isnull=True, revoked_at__isnull=True).update(revoked_at=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        company=company,
        email=email,
        role=role,
        token_hash=queries.token_hash(token),
        invited_by=by,
        invited_at=now,
        expires_at=now + VALID,
    )
    mail.send_invitation(invitation, token)
    return invitation


@transaction.atomic
def revoke(invitation: Invitation, *, by: Any) -> None:
    _close(_open(invitation))


@transaction.atomic
def accept(invitation: Invitation, *, by: Any) -> Membership:
    """Once only, and by the owner of the invited address only: the caller has looked that up."""
    company = lock(queries.surviving(invitation.company))
    locked = _open(invitation)
    if company.retired_on is not None:
        raise AlreadySettled(_("쓸 수 없는 초대입니다."))
    membership = admit(by, company, role=locked.role)
    settle_requests(by, company, by=locked.invited_by)
    locked.accepted_by, locked.accepted_at = by, timezone.now()
    locked.save(update_fields=["accepted_by", "accepted_at"])
    mail.tell_inviter(locked, by, accepted=True)
    return membership


@transaction.atomic
def decline(invitation: Invitation, *, by: Any) -> None:
    locked = _open(invitation)
    _close(locked)
    mail.tell_inviter(locked, by, accepted=False)


def _open(invitation: Invitation) -> Invitation:
    """Raises AlreadySettled when it was used, taken back or ran out meanwhile."""
    found = Invitation.objects.open().select_for_update(of=("self",)).select_related("company", "invited_by")
    locked = found.filter(pk=invitation.pk).first()
    if locked is None:
        raise AlreadySettled(_("이미 사용했거나 취소되었거나 기한이 지난 초대입니다."))
    return locked


def _close(invitation: Invitation) -> None:
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
