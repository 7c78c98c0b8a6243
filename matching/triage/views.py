from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation_portal.accounts import kept_forms
from cooperation_portal.shared.conflicts import now_seen
from matching.catalogue.models import Technology
from matching.catalogue.queries import search
from matching.demands.models import Demand
from matching.scoring.queries import progress_of_all, scoring_state
from matching.scoring.services import request_score
from matching.triage import presenters, queries, services
from matching.triage.filters import QueueFilter
from matching.triage.forms import AssignForm, CorrectionForm, DecisionForm, FindForm, ReleaseForm
from matching.triage.models import Decision
from matching.triage.permissions import check_triages, undoes

PAGE_SIZE = 25
CANDIDATES_PER_PAGE = 20


# --- queues -----------------------------------------------------------------------------------------------------------


@require_safe
def whole_queue(request: HttpRequest) -> HttpResponse:
    check_triages(request.user)
    return _queue_page(request, Q(), "whole_queue")


@require_safe
def my_queue(request: HttpRequest) -> HttpResponse:
    check_triages(request.user)
    return _queue_page(request, queries.assigned_to(request.user), "my_queue")


def _queue_page(request: HttpRequest, which: Q, name: str) -> HttpResponse:
    demands = queries.queue(request.user).filter(which)
    filtered = QueueFilter(request.GET, queryset=demands)
    page = Paginator(filtered.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    done, total = progress_of_all(Demand.objects.visible_to(request.user))
    context = {
        "filter": filtered,
        "page_obj": page,
        "rows": queries.queue_rows(list(page)),
        "tiles": presenters.status_tiles(
            queries.counts_by_status(demands), reverse(name), request.GET.get("status", "")
        ),
        "done": done,
        "total": total,
        "mine": name == "my_queue",
    }
    return render(request, "triage/queue.html", context)


# --- one demand -------------------------------------------------------------------------------------------------------


def _demand(request: HttpRequest, pk: int) -> Demand:
    check_triages(request.user)
    return get_object_or_404(Demand.objects.visible_to(request.user).with_details(), pk=pk)


def _technology(request: HttpRequest, pk: int) -> Technology:
    return get_object_or_404(Technology.objects.visible_to(request.user).with_texts(), pk=pk)


@require_safe
def demand_detail(request: HttpRequest, pk: int) -> HttpResponse:
    demand = _demand(request, pk)
    return render(request, "triage/demand_detail.html", _demand_context(request, demand))


def _demand_context(request: HttpRequest, demand: Demand, form: DecisionForm | None = None) -> dict[str, Any]:
    in_charge = queries.current_assignments().filter(demand=demand).first()
    candidates = queries.candidates(demand, request.user)
    page = Paginator(candidates, CANDIDATES_PER_PAGE).get_page(request.GET.get("page"))
    return {
        "demand": demand,
        "page_obj": page,
        "in_charge": in_charge.officer if in_charge else None,
        "assign_form": AssignForm(initial={"officer": in_charge.officer_id if in_charge else None}),
        "candidates": candidates,
        "scoring": scoring_state(demand),
        "form": form or DecisionForm(auto_id="bulk_%s"),
        "to_release": sum(
            1 for c in candidates if c.decision and c.decision.verdict == "suitable" and not c.decision.release_id
        ),
        "undecided": sum(1 for c in candidates if not c.decision),
        "releases": list(demand.releases.select_related("released_by")),
    }


@require_safe
def scoring_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress bar of a demand's page; once the list is there, the page is asked to show it."""
    demand = _demand(request, pk)
    state = scoring_state(demand)
    response = render(request, "triage/_scoring.html", {"demand": demand, "scoring": state})
    if not state.is_moving:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def rescore(request: HttpRequest, pk: int) -> HttpResponse:
    demand = _demand(request, pk)
    request_score(demand, by=request.user)
    messages.success(request, _("점수를 다시 계산합니다."))
    return redirect("demand_detail", pk=pk)


@require_safe
def demand_history(request: HttpRequest, pk: int) -> HttpResponse:
    demand = _demand(request, pk)
    return render(
        request,
        "triage/demand_history.html",
        {"demand": demand, "events": presenters.timeline(queries.history(demand))},
    )


@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    demand = _demand(request, pk)
    form = AssignForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("지금 사업담당자인 사람 가운데에서 골라 주십시오."))
        return redirect("demand_detail", pk=pk)
    officer = form.cleaned_data["officer"]
    try:
        services.assign(demand, officer=officer, by=request.user)
    except services.Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("demand_detail", pk=pk)
    messages.success(
        request,
        _("담당자를 %(name)s(으)로 정했습니다.") % {"name": officer} if officer else _("담당자 배정을 풀었습니다."),
    )
    return redirect("demand_detail", pk=pk)


# --- deciding ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def candidate(request: HttpRequest, pk: int, technology_pk: int) -> HttpResponse:
    """A demand and one technology side by side; the place where an officer decides."""
    demand, technology = _demand(request, pk), _technology(request, technology_pk)
    form = DecisionForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        values = form.cleaned_data
        try:
            services.decide(demand, technology, by=request.user, **values)
        except services.Refusal as refusal:
            form.add_error(None, str(refusal))
            now_seen(form, "seen_version", _version_now(demand, technology))
            return _candidate_page(request, demand, technology, form, status=409)
        messages.success(request, _("판단을 저장했습니다."))
        following = None
        if "next" in request.POST:
            following = presenters.following(queries.candidates(demand, request.user), technology.pk)
        return redirect("candidate", pk=pk, technology_pk=following or technology_pk)
    status = 422 if form else 200
    kept = kept_forms.take(request)
    return _candidate_page(request, demand, technology, form or (DecisionForm(kept) if kept else None), status=status)


def _version_now(demand: Demand, technology: Technology) -> int:
    found = Decision.objects.filter(demand=demand, technology=technology).values_list("version", flat=True).first()
    return found or 0


def _candidate_page(
    request: HttpRequest, demand: Demand, technology: Technology, form: DecisionForm | None, status: int = 200
) -> HttpResponse:
    everything = queries.candidates(demand, request.user)
    shown = next((c for c in everything if c.technology.pk == technology.pk), None)
    shown = shown or queries.Candidate(technology, None, None, None, by_hand=False)
    decision = shown.decision
    initial: dict[str, Any] = {"seen_version": shown.version}
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
        "scoring": scoring_state(demand),
        "may_undo": decision is not None and undoes(request.user, decision),
    }
    return render(request, "triage/candidate.html", context, status=status)


@require_POST
def undo(request: HttpRequest, pk: int, technology_pk: int) -> HttpResponse:
    demand, technology = _demand(request, pk), _technology(request, technology_pk)
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
    demand, technology = _demand(request, pk), _technology(request, technology_pk)
    decision = get_object_or_404(
        Decision.objects.visible_to(request.user).filter(release__isnull=False), demand=demand, technology=technology
    )
    initial = {
        "verdict": decision.verdict,
        "reason": decision.reason,
        "words": decision.words,
        "seen_version": decision.version,
    }
    form = CorrectionForm(request.POST if request.method == "POST" else kept_forms.take(request), initial=initial)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.correct(demand, technology, by=request.user, **form.cleaned_data)
            messages.success(request, _("판단을 정정하고 기업에 알렸습니다."))
            return redirect("candidate", pk=pk, technology_pk=technology_pk)
        except services.Refusal as refusal:
            form.add_error(None, str(refusal))
            now_seen(form, "seen_version", _version_now(demand, technology))
            status = 409
    context = {"demand": demand, "technology": technology, "decision": decision, "form": form}
    return render(request, "triage/correct.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def decide_many(request: HttpRequest, pk: int) -> HttpResponse:
    """First shows what will change, then changes it; what was refused is listed with its reason.

    Read as a page, as after a change of language on it, it leads back to the demand.
    """
    demand = _demand(request, pk)
    if request.method != "POST":
        return redirect("demand_detail", pk=pk)
    form = DecisionForm(request.POST, auto_id="bulk_%s")
    chosen = presenters.chosen_candidates(request.POST, queries.candidates(demand, request.user))
    if not chosen:
        messages.error(request, _("판단할 기술을 하나 이상 골라 주십시오."))
        return redirect("demand_detail", pk=pk)
    if not form.is_valid():
        context = _demand_context(request, demand, form) | {"ticked": {c.technology.pk for c, _seen in chosen}}
        return render(request, "triage/demand_detail.html", context, status=422)
    if "confirm" not in request.POST:
        return render(request, "triage/decide_many.html", {"demand": demand, "form": form, "chosen": chosen})
    values = {name: form.cleaned_data[name] for name in ("verdict", "reason", "words")}
    seen = [(c.technology, seen_version) for c, seen_version in chosen]
    summary = services.decide_many(demand, seen, by=request.user, **values)
    return render(request, "triage/decided_many.html", {"demand": demand, "summary": summary})


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    demand = _demand(request, pk)
    form = ReleaseForm(request.POST if request.method == "POST" else kept_forms.take(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.release(
                    demand,
                    message=form.cleaned_data["message"],
                    seen=presenters.seen_decisions(request.POST),
                    by=request.user,
                )
                messages.success(request, _("기업에 추천했습니다. 담당자들에게 메일로 알렸습니다."))
                return redirect("demand_detail", pk=pk)
            except services.Refusal as refusal:
                form.add_error(None, str(refusal))
                status = 409
    context = {"demand": demand, "form": form, "decisions": services.waiting_for_release(demand)}
    return render(request, "triage/release.html", context, status=status)


# --- finding by hand --------------------------------------------------------------------------------------------------


@require_safe
def find_technology(request: HttpRequest, pk: int) -> HttpResponse:
    demand = _demand(request, pk)
    form = FindForm(request.GET if "q" in request.GET else None)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = None
    if words:
        page = Paginator(search(request.user, words, demand.direction), 10).get_page(request.GET.get("page"))
    ranked = {c.technology.pk: c for c in queries.candidates(demand, request.user)}
    context = {"demand": demand, "form": form, "page_obj": page, "ranked": ranked, "words": words}
    return render(request, "triage/find.html", context)


@require_POST
def pick(request: HttpRequest, pk: int, technology_pk: int) -> HttpResponse:
    demand = _demand(request, pk)
    technologies = Technology.objects.visible_to(request.user).published().filter(direction=demand.direction)
    technology = get_object_or_404(technologies, pk=technology_pk)
    try:
        services.pick_by_hand(demand, technology, by=request.user)
    except services.Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("demand_detail", pk=pk)
    messages.success(request, _("%(number)s을(를) 직접 찾은 기술로 더했습니다.") % {"number": technology.number})
    return redirect("candidate", pk=pk, technology_pk=technology_pk)
