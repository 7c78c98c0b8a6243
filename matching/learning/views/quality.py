"""How good the matching is, by what officers judged."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from matching.learning import presenters
from matching.learning.filters import QualityFilter
from matching.learning.models import Verdict
from matching.learning.permissions import check_reads_quality
from matching.learning.queries import drift
from matching.learning.queries import quality as queries
from matching.learning.queries.calibrating import current_thresholds

MISSED_PER_PAGE = 20


@require_safe
def matching_quality(request: HttpRequest) -> HttpResponse:
    check_reads_quality(request.user)
    filtered = QualityFilter(request.GET, queryset=queries.judgements())
    found = filtered.qs
    totals = queries.totals(found)
    agreement, bounds = queries.agreement(found), current_thresholds()
    context = {
        "filter": filtered,
        "totals": totals,
        "tiles": presenters.tiles(totals),
        "places": queries.PLACES,
        "groups": presenters.group_tables({name: queries.precision_by(found, name) for name in queries.GROUPS}),
        "reliability": presenters.reliability(queries.reliability(found), bounds),
        "relevances": presenters.relevance_rows(queries.by_relevance(found), bounds),
        "agreement": agreement,
        "agreement_rows": presenters.agreement_rows(agreement),
        "verdicts": Verdict,
        "page_obj": Paginator(queries.missed(request.user, found), MISSED_PER_PAGE).get_page(request.GET.get("page")),
        "warnings": presenters.warnings(drift.drift_warnings()),
        "enough": queries.ENOUGH,
    }
    return render(request, "learning/quality.html", context)
