"""What a company sees of its demands, and what it answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cooperation_portal.accounts import kept_forms
from cooperation_portal.network import acting
from cooperation_portal.shared.conflicts import now_seen
from matching.demands.models import Demand
from matching.demands.presenters import step_to_continue
from matching.demands.queries import prompting_technology
from matching.demands.views.lookups import own_demand
from matching.scoring.queries import scoring_state
from matching.triage import presenters, services
from matching.triage.filters import MyDemandsFilter
from matching.triage.forms import AnswerForm, WithdrawForm
from matching.triage.queries import company as queries

PAGE_SIZE = 20


@require_safe
def my_demands(request: HttpRequest) -> HttpResponse:
    company = acting.check_company(request)
    demands = queries.demands_of(company, request.user)
    filtered = MyDemandsFilter(request.GET, queryset=demands)
    ordered = filtered.qs if request.GET.get("sort") else filtered.qs.order_by("-changed_at", "-pk")
    page = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "company": company,
        "filter": filtered,
        "page_obj": page,
        "tiles": presenters.state_tiles(
            queries.counts_by_state(demands), reverse("my_demands"), request.GET.get("state", "")
        ),
    }
    return render(request, "demands/my_demands.html", context)


@require_safe
def my_demand(request: HttpRequest, pk: int) -> HttpResponse:
    demand = own_demand(request, pk)
    recommendations = queries.recommendations(demand, request.user)
    wanted = list(demand.fields.all())
    context = {
        "demand": demand,
        "company": demand.company,
        "acting_company": acting.company_of(request),
        "steps": presenters.state_steps(demand),
        "officer": queries.officer_of(demand),
        "prompting": prompting_technology(demand, request.user),
        "continue_at": step_to_continue(demand) if demand.is_draft else "",
        "recommendations": [
            {
                "of": one,
                "owner": presenters.owner_name(one.technology, request.user),
                "agreement": presenters.Agreement(one.match, one.technology, wanted) if one.match else None,
            }
            for one in recommendations
        ],
        "unanswered": sum(1 for one in recommendations if one.answer is None),
        "taken_back": queries.taken_back(demand, request.user),
        **_comparing(demand),
    }
    return render(request, "demands/my_demand.html", context)


def _comparing(demand: Demand) -> dict[str, Any]:
    """Nothing for a demand that nobody compares with anything: a draft, or one that has ended."""
    if not demand.is_open:
        return {"comparing": None}
    return {"comparing": presenters.comparing(scoring_state(demand), queries.technologies_compared(demand))}


@require_safe
def my_demand_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the comparison is. The page is not opened again when it ends: an answer may be half written on it."""
    demand = own_demand(request, pk)
    return render(request, "demands/_comparing.html", {"demand": demand, **_comparing(demand)})


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_demand(request: HttpRequest, pk: int) -> HttpResponse:
    demand = own_demand(request, pk)
    form = WithdrawForm(kept_forms.sent_or_kept(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_demand(demand, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("%(number)s번 수요를 철회했습니다.") % {"number": demand.number})
        except services.Refusal as refusal:
            messages.error(request, str(refusal))
        kept_forms.forget(request)
        return redirect("my_demand", pk=pk)
    if not demand.is_open:
        messages.info(request, _("철회할 수 없는 수요입니다."))
        return redirect("my_demand", pk=pk)
    context = {
        "heading": _("수요 철회"),
        "text": _(
            "‘%(title)s’ 수요(%(number)s)를 철회합니다. 더 이상 검토하지 않으며, "
            "다시 접수하려면 새로 작성하셔야 합니다. 지금까지 받은 추천과 답변은 그대로 볼 수 있습니다."
        )
        % {"number": demand.number, "title": demand.title},
        "submit_label": _("철회하기"),
        "cancel_url": reverse("my_demand", args=[pk]),
        "danger": True,
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "components/confirm_page.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_recommendation(request: HttpRequest, pk: int, technology_pk: int) -> HttpResponse:
    demand = own_demand(request, pk)
    recommended = queries.recommendations(demand, request.user)
    shown = next((one for one in recommended if one.technology.pk == technology_pk), None)
    if shown is None:
        raise Http404
    if not demand.is_open:
        messages.info(request, _("끝난 수요의 추천에는 답하실 수 없습니다."))
        return redirect("my_demand", pk=pk)
    data = kept_forms.sent_or_kept(request)
    form = AnswerForm(data, initial=_initial(shown))
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.answer(shown.decision, by=request.user, **form.cleaned_data)
            kept_forms.forget(request)
            messages.success(request, _("답해 주셔서 고맙습니다. 담당자에게 전했습니다."))
            return redirect("my_demand", pk=pk)
        except services.AnsweredMeanwhile as conflict:
            form.add_error(None, str(conflict))
            now_seen(form, "seen_version", conflict.current.version if conflict.current else 0)
            status = 409
        except services.Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("my_demand", pk=pk)
    context = {"demand": demand, "technology": shown.technology, "decision": shown.decision, "form": form}
    return render(request, "demands/answer.html", context, status=status)


def _initial(shown: queries.Recommendation) -> dict[str, Any]:
    answer = shown.answer
    if answer is None:
        return {"seen_version": 0}
    return {
        "interest": answer.interest,
        "reason": answer.reason,
        "words": answer.words,
        "seen_version": answer.version,
    }
