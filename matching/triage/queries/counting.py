"""Numbers beside each demand of a list, counted by the database within the list's own query."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from matching.triage.models import Assignment, Decision, Verdict


def decisions_of(**chosen: Any) -> QuerySet[Decision]:
    return Decision.objects.filter(demand=OuterRef("pk"), **chosen)


def released_of(**chosen: Any) -> QuerySet[Decision]:
    """What the company was told and still stands."""
    return decisions_of(release__isnull=False, verdict=Verdict.SUITABLE, **chosen)


def counted(decisions: QuerySet[Decision]) -> Coalesce:
    return Coalesce(Subquery(decisions.order_by().values("demand").annotate(n=Count("pk")).values("n")), 0)


def current_assignments() -> QuerySet[Assignment]:
    return Assignment.objects.filter(ended_at__isnull=True).select_related("officer")
