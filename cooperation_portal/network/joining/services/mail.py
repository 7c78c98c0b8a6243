"""Mail about joining. Whoever does not act for a company yet is never told its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cooperation_portal.network.models import Company, Invitation, JoinRequest, JoinState, Membership
from cooperation_portal.notices.services import notify


@dataclass(frozen=True)
class Addressee:
    """Somebody who may have no account."""

    email: str
    language: str
    name: str = ""


def tell_owners(join: JoinRequest, company: Company) -> None:
    owners = Membership.objects.owners().filter(company=company).select_related("user")
    context = {"join": join, "applicant": join.user, "company": company}
    notify([owner.user for owner in owners], "join_asked", context, event=f"join_asked:{join.pk}")


def tell_waiting(join: JoinRequest) -> None:
    template = "join_with_owner" if join.state == JoinState.WITH_OWNER else "join_with_officer"
    notify([join.user], template, {"join": join}, event=f"{template}:{join.pk}")


def tell_decided(join: JoinRequest, membership: Membership | None) -> None:
    template = "join_approved" if membership else "join_refused"
    context = {"join": join, "membership": membership}
    notify([join.user], template, context, event=f"{template}:{join.pk}")


def send_invitation(invitation: Invitation, token: str) -> None:
    """To an address that may be mistyped: it names who invites, not for which company."""
    to = Addressee(invitation.email, invitation.invited_by.language)
    context = {"invitation": invitation, "inviter": invitation.invited_by, "token": token}
    notify([to], "invitation", context, event=f"invitation:{invitation.pk}")


def tell_inviter(invitation: Invitation, by: Any, *, accepted: bool) -> None:
    template = "invitation_accepted" if accepted else "invitation_declined"
    context = {"invitation": invitation, "person": by}
    notify([invitation.invited_by], template, context, event=f"{template}:{invitation.pk}")


def tell_ended(membership: Membership) -> None:
    notify([membership.user], "membership_ended", {"membership": membership}, event=f"membership_ended:{membership.pk}")
