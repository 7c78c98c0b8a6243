"""A company writes a demand down, step by step, and files it. Each step is saved in the draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cooperation_portal.accounts import kept_forms
from cooperation_portal.network import acting
from cooperation_portal.network.models import Company
from cooperation_portal.shared.conflicts import EditedMeanwhile, now_seen
from matching.catalogue.models import Technology
from matching.demands import presenters, services
from matching.demands.forms.metrics import metric_formset
from matching.demands.forms.parts import Part
from matching.demands.forms.steps import STEP_FORMS, FirstStep, StepForm
from matching.demands.missing import missing_of, worth_adding
from matching.demands.models import Demand, Step
from matching.demands.queries import latest_drafts, prompting_technology
from matching.demands.views.lookups import own_demand


@require_http_methods(["GET", "HEAD", "POST"])
def new_demand(request: HttpRequest) -> HttpResponse:
    """The first step; the draft comes into being when it is saved."""
    company = acting.check_company(request)
    technology = _technology(request)
    form = FirstStep(
        _first_data(request, company, technology),
        user=request.user,
        initial={"company": company.pk, "technology": technology.pk if technology else None},
    )
    if request.method != "POST":
        return _first_page(request, form, company, technology)
    if not form.is_valid():
        return _first_page(request, form, company, technology, status=422)
    values = form.values()
    if values["company"] not in (None, company):
        form.add_error(
            None,
            _("그사이 이용하는 기업이 ‘%(name)s’ 쪽으로 바뀌었습니다. 이 기업의 수요가 맞으면 다시 저장해 주십시오.")
            % {"name": company},
        )
        now_seen(form, "company", company.pk)
        return _first_page(request, form, company, technology, status=409)
    demand = services.add_demand(by=request.user, **values | {"company": company})
    kept_forms.forget(request)
    return _onward(request, demand, Step.WHAT)


def _technology(request: HttpRequest) -> Technology | None:
    """The one at which the person thought of the demand: `?technology=…`, and then in the form.

    A link to one that cannot be seen leads nowhere; a form is not lost because of it.
    """
    sent = request.method == "POST"
    chosen = request.POST.get("technology", "") if sent else request.GET.get("technology", "")
    if not chosen:
        return None
    number = int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0
    found = Technology.objects.visible_to(request.user).published().with_texts().filter(pk=number).first()
    if found is None and not sent:
        raise Http404
    if found is None:
        messages.warning(request, _("고르신 기술은 지금 볼 수 없어 수요에 함께 적지 않았습니다."))
    return found


def _first_data(request: HttpRequest, company: Company, technology: Technology | None) -> QueryDict | None:
    """Text that was brought back is for the company and the technology that the page shows now."""
    given = kept_forms.sent_or_kept(request)
    if given is None:
        return None
    data = given.copy()
    data["technology"] = str(technology.pk) if technology else ""
    if request.method != "POST":
        data["company"] = str(company.pk)
    return data


def _first_page(
    request: HttpRequest, form: FirstStep, company: Company, technology: Technology | None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "company": company,
        "technology": technology,
        "step": Step.WHAT,
        "steps": presenters.filing_steps(Step.WHAT),
        "drafts": latest_drafts(company, request.user),
    }
    return render(request, "demands/filing.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def demand_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of a draft; of a demand that was filed, the same page corrects it."""
    demand = own_demand(request, pk)
    if step not in Step.values:
        raise Http404
    if not demand.may_be_edited:
        messages.info(request, _("끝난 수요는 고칠 수 없습니다."))
        return redirect("my_demand", pk=pk)
    if step == Step.CONFIRM:
        return _confirm_page(request, demand) if demand.is_draft else redirect("my_demand", pk=pk)
    kind = STEP_FORMS[step]
    data = kept_forms.sent_or_kept(request)
    metrics = metric_formset(data, demand) if step == Step.PROBLEM else None
    if data is None and "missing" in request.GET:
        form = kind(kind.initial_of(demand), demand=demand)
        form.point_out_missing(demand)
    else:
        form = kind(data, demand=demand, initial=kind.initial_of(demand))
    if request.method != "POST":
        return _step_page(request, demand, form, metrics)
    if not form.is_valid() or (metrics is not None and not metrics.is_valid()):
        return _step_page(request, demand, form, metrics, status=422)
    values = form.values() | ({"metrics": metrics.filled()} if metrics is not None else {})
    try:
        saved = services.change_demand(
            demand, by=request.user, edit_version=form.cleaned_data["edit_version"] or 0, **values
        )
    except EditedMeanwhile as conflict:
        now_seen(form, "edit_version", conflict.current.edit_version)
        return _step_page(request, demand, form, metrics, conflict=conflict.current, status=409)
    except services.TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("my_demand", pk=pk)
    kept_forms.forget(request)
    return _onward(request, saved, Step(step))


def _onward(request: HttpRequest, demand: Demand, step: Step) -> HttpResponse:
    """Where the button that was pressed leads; without one, to the next step."""
    go = request.POST.get("go", "")
    if go in Step.values:
        return redirect("demand_step", pk=demand.pk, step=go)
    following = presenters.step_after(step, demand)
    if go == "later" or following is None:
        kept = _("임시 저장했습니다. 언제든지 이어서 쓰실 수 있습니다.")
        messages.success(request, kept if demand.is_draft else _("고친 내용을 저장했습니다."))
        return redirect("my_demand", pk=demand.pk)
    return redirect("demand_step", pk=demand.pk, step=following)


def _step_page(
    request: HttpRequest,
    demand: Demand,
    form: StepForm,
    metrics: Any,
    conflict: Demand | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "demand": demand,
        "company": demand.company,
        "acting_company": acting.company_of(request),
        "form": form,
        "metrics": metrics,
        "conflict": conflict,
        "step": form.step,
        "steps": presenters.filing_steps(form.step, demand),
        "is_last": presenters.step_after(form.step, demand) is None,
    }
    return render(request, "demands/filing.html", context, status=status)


def _confirm_page(
    request: HttpRequest, demand: Demand, changed: bool = False, lacks: bool = False, status: int = 200
) -> HttpResponse:
    """`changed`: somebody saved it since the page was shown; `lacks`: it was to be filed and is not complete."""
    context = {
        "demand": demand,
        "company": demand.company,
        "acting_company": acting.company_of(request),
        "missing": missing_of(demand),
        "worth_adding": worth_adding(demand),
        "prompting": prompting_technology(demand, request.user),
        "changed": changed,
        "lacks": lacks,
        "steps": presenters.filing_steps(Step.CONFIRM, demand),
    }
    return render(request, "demands/confirm.html", context, status=status)


@require_POST
def submit_demand(request: HttpRequest, pk: int) -> HttpResponse:
    demand = own_demand(request, pk)
    seen = Part(request.POST)
    version = seen.cleaned_data["edit_version"] or 0 if seen.is_valid() else 0
    try:
        services.submit_demand(demand, by=request.user, edit_version=version)
    except services.Incomplete:
        return _confirm_page(request, own_demand(request, pk), lacks=True, status=422)
    except EditedMeanwhile:
        return _confirm_page(request, own_demand(request, pk), changed=True, status=409)
    except services.TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("my_demand", pk=pk)
    messages.success(
        request, _("%(number)s번으로 접수했습니다. 접수 확인 메일을 보내 드렸습니다.") % {"number": demand.number}
    )
    return redirect("my_demand", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def discard_demand(request: HttpRequest, pk: int) -> HttpResponse:
    demand = own_demand(request, pk)
    if request.method == "POST":
        try:
            services.discard_draft(demand, by=request.user)
            messages.success(request, _("초안을 버렸습니다."))
        except services.TransitionRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("my_demands")
    context = {
        "heading": _("초안 버리기"),
        "text": _("‘%(title)s’ 초안을 버립니다. 목록에서 사라지며 되살릴 수 없습니다.") % {"title": demand.name},
        "submit_label": _("버리기"),
        "cancel_url": reverse("my_demand", args=[pk]),
        "danger": True,
    }
    return render(request, "components/confirm_page.html", context)
