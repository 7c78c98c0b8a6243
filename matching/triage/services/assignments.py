"""Who takes care of a demand."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from cooperation_portal.accounts.models import User
from cooperation_portal.notices.services import notify
from matching.demands.models import Demand
from matching.triage.models import Assignment
from matching.triage.services.locking import locked_open


@transaction.atomic
def assign(demand: Demand, *, officer: User | None, by: Any) -> Assignment | None:
    """Hands the demand over; None takes it from whoever has it. Asking for what is already so changes nothing."""
    locked_open(demand)
    current = demand.assignments.filter(ended_at__isnull=True).first()
    if current and officer and current.officer_id == officer.pk:
        return current
    if current:
        current.ended_at = timezone.now()
        current.save(update_fields=["ended_at"])
    if officer is None:
        return None
    assignment = Assignment.objects.create(demand=demand, officer=officer, assigned_by=by)
    if officer.pk != by.pk:
        event = f"assignment:{assignment.pk}"
        notify([officer], "assigned", {"demand": demand, "by": by}, event=event)
    return assignment
