"""Mail to the company and to the officer in charge."""

from __future__ import annotations

from typing import Any

from cooperation_portal.accounts.models import Role, User
from cooperation_portal.notices.services import notify
from matching.demands.models import Demand


def tell_company(demand: Demand, template: str, *, event: str, **context: Any) -> None:
    if demand.company_id is None:
        return
    members = User.objects.get_queryset().filter(
        is_active=True, memberships__company=demand.company_id, memberships__ended_at__isnull=True
    )
    notify(members, template, {"demand": demand, **context}, event=event)


def tell_officer(demand: Demand, template: str, *, event: str, **context: Any) -> None:
    """Whoever is in charge; where nobody is, whoever recommended last."""
    officers = User.objects.holding(Role.OFFICER)
    in_charge = officers.filter(assignments__demand=demand, assignments__ended_at__isnull=True)
    release = demand.releases.first()
    told = in_charge.first() or (officers.filter(pk=release.released_by_id).first() if release else None)
    if told is not None:
        notify([told], template, {"demand": demand, **context}, event=event)
