"""What each role finds on its start page."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from cooperation_portal.accounts.permissions import is_content_admin, is_officer, is_system_admin
from cooperation_portal.work.queries import failed_work, queue_summary
from matching.catalogue.models import Technology
from matching.demands.models import Demand
from matching.triage import queries as triage
from matching.triage.models import Decision

ROWS = 6


def start_page(user: Any) -> dict[str, Any]:
    context: dict[str, Any] = {}
    if is_officer(user):
        mine = triage.queue(user).open().filter(triage.assigned_to(user)).order_by("submitted_at", "pk")
        free = triage.queue(user).open().filter(triage.unassigned()).order_by("submitted_at", "pk")
        context["today"] = triage.today(user)
        context["mine"] = triage.queue_rows(list(mine.filter(Q(decided=0))[:ROWS]))
        context["unassigned"] = triage.queue_rows(list(free[:ROWS]))
    if is_content_admin(user):
        context["catalogue"] = catalogue_state(user)
    if is_system_admin(user):
        context["failed"] = failed_work().count()
        context["queues"] = queue_summary()
    if not user.roles:
        context["demands"] = list(Demand.objects.visible_to(user).with_details()[:50])
        recommended = Decision.objects.visible_to(user).select_related("technology__country", "demand", "release")
        context["recommended"] = list(
            recommended.prefetch_related("technology__texts").order_by("-release__released_at")[:50]
        )
    return context


def catalogue_state(user: Any) -> dict[str, int]:
    technologies = Technology.objects.visible_to(user).published()
    foreign = technologies.exclude(original_language="ko")
    return {
        "published": technologies.count(),
        "without_korean": foreign.exclude(texts__language="ko").count(),
        "stale": technologies.filter(Q(texts__is_stale=True)).distinct().count(),
    }
