"""The officers' queues."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cooperation_portal.exchange.exports import respond
from cooperation_portal.exchange.sheets import sheet_of
from matching.demands.sheets.demand import DemandSheet
from matching.learning.queries.progress import scoring_progress
from matching.triage import presenters
from matching.triage.filters import QueueFilter
from matching.triage.permissions import check_triages
from matching.triage.queries import officers as queries

PAGE_SIZE = 25


@require_safe
def whole_queue(request: HttpRequest) -> HttpResponse:
    check_triages(request.user)
    return _queue_page(request, Q(), "whole_queue")


@require_safe
def my_queue(request: HttpRequest) -> HttpResponse:
    check_triages(request.user)
    return _queue_page(request, queries.assigned_to(request.user), "my_queue")


@require_safe
def demand_export(request: HttpRequest) -> HttpResponse:
    """The list of the queues as a file, narrowed in the same way; `?mine=1` for one's own."""
    check_triages(request.user)
    which = queries.assigned_to(request.user) if "mine" in request.GET else Q()
    filtered = QueueFilter(request.GET, queryset=queries.queue(request.user).filter(which))
    return respond(request, sheet_of(DemandSheet.name), filtered.qs, "demands")


def _queue_page(request: HttpRequest, which: Q, name: str) -> HttpResponse:
    demands = queries.queue(request.user).filter(which)
    filtered = QueueFilter(request.GET, queryset=demands)
    page = Paginator(filtered.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": filtered,
        "page_obj": page,
        "rows": queries.queue_rows(list(page)),
        "tiles": presenters.status_tiles(
            queries.counts_by_status(demands), reverse(name), request.GET.get("status", "")
        ),
        "scoring": scoring_progress(),
        "mine": name == "my_queue",
    }
    return render(request, "triage/queue.html", context)
