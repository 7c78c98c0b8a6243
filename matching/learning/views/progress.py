from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from matching.learning.permissions import check_reads_quality
from matching.learning.queries.progress import scoring_progress


@require_safe
def rescoring_progress(request: HttpRequest) -> HttpResponse:
    """The part of a page that asks for itself again while scores are made."""
    check_reads_quality(request.user)
    return render(request, "learning/_scoring.html", {"scoring": scoring_progress(), "polled": True})
