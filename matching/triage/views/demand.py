"""One demand: its page, its scoring, its history, who takes care of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cooperation_portal.audit.timeline import told
from matching.demands.models import Demand
from matching.demands.queries import prompting_technology
from matching.learning.services import remember_list
from matching.scoring.queries import scoring_state
from matching.scoring.services import request_score
from matching.triage import services
from matching.triage.forms import AssignForm, DecisionForm
from matching.triage.queries import officers as queries
from matching.triage.views.lookups import demand_for

CANDIDATES_PER_PAGE = 20


@require_safe
def demand_detail(request: HttpRequest, pk: int) -> HttpResponse:
    demand = demand_for(request, pk)
    return render(request, "triage/demand_detail.html", demand_context(request, demand))


def demand_context(request: HttpRequest, demand: Demand, form: DecisionForm | None = None) -> dict[str, Any]:
    in_charge = queries.current_assignments().filter(demand=demand).first()
    # Read before the list: a score that is stored between the two is asked for again instead of being missed.
    scoring = scoring_state(demand)
    candidates = queries.candidates(demand, request.user)
    shown = remember_list(demand, [c.match for c in candidates if c.match])
    page = Paginator(candidates, CANDIDATES_PER_PAGE).get_page(request.GET.get("page"))
    return {
        "demand": demand,
        "page_obj": page,
        "in_charge": in_charge.officer if in_charge else None,
        "assign_form": AssignForm(initial={"officer": in_charge.officer_id if in_charge else None}),
        "candidates": candidates,
        "scoring": scoring,
        "form": form or DecisionForm(auto_id="bulk_%s", initial={"shown": shown}),
        "to_release": sum(
            1 for c in candidates if c.decision and c.decision.verdict == "suitable" and not c.decision.release_id
        ),
        "undecided": sum(1 for c in candidates if not c.decision),
        "answers": Counter(c.decision.answer.interest for c in candidates if c.decision and c.decision.answered),
        "prompting": prompting_technology(demand, request.user),
        "releases": list(demand.releases.select_related("released_by")),
    }


@require_safe
def scoring_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress bar of a demand's page; once the list is there, the page is asked to show it."""
    demand = demand_for(request, pk)
    state = scoring_state(demand)
    response = render(request, "triage/_scoring.html", {"demand": demand, "scoring": state})
    if not state.is_moving:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def rescore(request: HttpRequest, pk: int) -> HttpResponse:
    demand = demand_for(request, pk)
    request_score(demand, by=request.user)
    messages.success(request, _("점수를 다시 계산합니다."))
    return redirect("demand_detail", pk=pk)


@require_safe
def demand_history(request: HttpRequest, pk: int) -> HttpResponse:
    demand = demand_for(request, pk)
    return render(
        request,
        "triage/demand_history.html",
        {"demand": demand, "events": told(queries.history(demand))},
    )


@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    demand = demand_for(request, pk)
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
