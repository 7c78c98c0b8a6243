"""Judging technologies for a demand, one by one or several at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cooperation_portal.accounts import kept_forms
from cooperation_portal.shared.conflicts import now_seen
from matching.catalogue.models import Technology
from matching.demands.models import Demand
from matching.learning.services import remember_list
from matching.scoring.queries import scoring_state
from matching.triage import presenters, services
from matching.triage.forms import CorrectionForm, DecisionForm
from matching.triage.models import Decision
from matching.triage.permissions import undoes
from matching.triage.queries import officers as queries
from matching.triage.views.demand import demand_context
from matching.triage.views.lookups import demand_for, technology_for


@require_http_methods(["GET", "HEAD", "POST"])
def candidate(request: HttpRequest, pk: int, technology_pk: int) -> HttpResponse:
    """A demand and one technology side by side; the place where an officer decides."""
    demand, technology = demand_for(request, pk), technology_for(request, technology_pk)
    form = DecisionForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        values = form.cleaned_data
        try:
            services.decide(demand, technology, by=request.user, **values)
        except services.Refusal as refusal:
            form.add_error(None, str(refusal))
            now_seen(form, "seen_version", queries.decided_version(demand, technology))
            return _candidate_page(request, demand, technology, form, status=409)
        kept_forms.forget(request)
        messages.success(request, _("판단을 저장했습니다."))
        following = None
        if "next" in request.POST:
            following = presenters.following(queries.candidates(demand, request.user), technology.pk)
        return redirect("candidate", pk=pk, technology_pk=following or technology_pk)
    status = 422 if form else 200
    kept = kept_forms.take(request)
    return _candidate_page(request, demand, technology, form or (DecisionForm(kept) if kept else None), status=status)


def _candidate_page(
    request: HttpRequest, demand: Demand, technology: Technology, form: DecisionForm | None, status: int = 200
) -> HttpResponse:
    # Read before the list: a score that is stored between the two is asked for again instead of being missed.
    scoring = scoring_state(demand)
    everything = queries.candidates(demand, request.user)
    shown = next((c for c in everything if c.technology.pk == technology.pk), None)
    shown = shown or queries.Candidate(technology, None, None, None, by_hand=False)
    decision = shown.decision
    matches = [c.match for c in everything if c.match]
    initial: dict[str, Any] = {"seen_version": shown.version, "shown": remember_list(demand, matches)}
    if decision:
        initial |= {"verdict": decision.verdict, "reason": decision.reason, "words": decision.words}
    context = {
        "demand": demand,
        "candidate": shown,
        "technology": technology,
        "match": presenters.MatchView(shown.match) if shown.match else None,
        "form": form or DecisionForm(initial=initial),
        "previous": presenters.preceding(everything, technology.pk),
        "next": presenters.following(everything, technology.pk),
        "count": sum(1 for c in everything if c.rank),
        "scoring": scoring,
        "may_undo": decision is not None and undoes(request.user, decision),
    }
    return render(request, "triage/candidate.html", context, status=status)


@require_POST
def undo(request: HttpRequest, pk: int, technology_pk: int) -> HttpResponse:
    demand, technology = demand_for(request, pk), technology_for(request, technology_pk)
    try:
        services.undo(demand, technology, seen_version=_number(request, "seen_version"), by=request.user)
        messages.success(request, _("판단을 되돌렸습니다."))
    except services.Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("candidate", pk=pk, technology_pk=technology_pk)


def _number(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else 0


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int, technology_pk: int) -> HttpResponse:
    """After the company was told: a change with its reason."""
    demand, technology = demand_for(request, pk), technology_for(request, technology_pk)
    decision = get_object_or_404(
        Decision.objects.visible_to(request.user).filter(release__isnull=False), demand=demand, technology=technology
    )
    initial = {
        "verdict": decision.verdict,
        "reason": decision.reason,
        "words": decision.words,
        "seen_version": decision.version,
    }
    form = CorrectionForm(kept_forms.sent_or_kept(request), initial=initial)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.correct(demand, technology, by=request.user, **form.cleaned_data)
            kept_forms.forget(request)
            messages.success(request, _("판단을 정정하고 기업에 알렸습니다."))
            return redirect("candidate", pk=pk, technology_pk=technology_pk)
        except services.Refusal as refusal:
            form.add_error(None, str(refusal))
            now_seen(form, "seen_version", queries.decided_version(demand, technology))
            status = 409
    context = {"demand": demand, "technology": technology, "decision": decision, "form": form}
    return render(request, "triage/correct.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def decide_many(request: HttpRequest, pk: int) -> HttpResponse:
    """First shows what will change, then changes it; what was refused is listed with its reason.

    Read as a page, as after a change of language on it, it leads back to the demand.
    """
    demand = demand_for(request, pk)
    if request.method != "POST":
        return redirect("demand_detail", pk=pk)
    form = DecisionForm(request.POST, auto_id="bulk_%s")
    chosen = presenters.chosen_candidates(request.POST, queries.candidates(demand, request.user))
    if not chosen:
        messages.error(request, _("판단할 기술을 하나 이상 골라 주십시오."))
        return redirect("demand_detail", pk=pk)
    if not form.is_valid():
        context = demand_context(request, demand, form) | {"ticked": {c.technology.pk for c, _seen in chosen}}
        return render(request, "triage/demand_detail.html", context, status=422)
    if "confirm" not in request.POST:
        return render(request, "triage/decide_many.html", {"demand": demand, "form": form, "chosen": chosen})
    values = {name: form.cleaned_data[name] for name in ("verdict", "reason", "words", "shown")}
    seen = [(c.technology, seen_version) for c, seen_version in chosen]
    summary = services.decide_many(demand, seen, by=request.user, **values)
    return render(request, "triage/decided_many.html", {"demand": demand, "summary": summary})
