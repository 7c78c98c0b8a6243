"""Demands that officers write down for companies."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cooperation_portal.accounts import kept_forms
from cooperation_portal.shared.conflicts import EditedMeanwhile, now_seen
from matching.demands import services
from matching.demands.forms.metrics import metric_formset
from matching.demands.forms.whole import DemandForm
from matching.demands.models import Demand
from matching.demands.permissions import check_writes_demands


@require_http_methods(["GET", "HEAD", "POST"])
def add_demand(request: HttpRequest) -> HttpResponse:
    check_writes_demands(request.user)
    data = kept_forms.sent_or_kept(request)
    form = DemandForm(data, user=request.user)
    metrics = metric_formset(data)
    if request.method == "POST" and form.is_valid() and metrics.is_valid():
        demand = services.add_demand(
            by=request.user,
            metrics=metrics.filled(),
            submit=True,
            submission=form.cleaned_data["submission"],
            **form.values(),
        )
        kept_forms.forget(request)
        messages.success(
            request, _("%(number)s번으로 접수했습니다. 점수를 계산하고 있습니다.") % {"number": demand.number}
        )
        return redirect("demand_detail", pk=demand.pk)
    return _form_page(request, form, metrics)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_demand(request: HttpRequest, pk: int) -> HttpResponse:
    check_writes_demands(request.user)
    demand = get_object_or_404(Demand.objects.visible_to(request.user).with_details(), pk=pk)
    data = kept_forms.sent_or_kept(request)
    form = DemandForm(data, user=request.user, demand=demand, initial=DemandForm.initial_of(demand))
    metrics = metric_formset(data, demand)
    if request.method == "POST" and form.is_valid() and metrics.is_valid():
        seen = form.cleaned_data["edit_version"] or 0
        try:
            services.change_demand(
                demand, by=request.user, edit_version=seen, metrics=metrics.filled(), **form.values()
            )
        except EditedMeanwhile as conflict:
            return _form_page(request, form, metrics, demand, conflict=conflict.current, status=409)
        except services.TransitionRefused as refusal:
            form.add_error(None, str(refusal))
            return _form_page(request, form, metrics, demand)
        kept_forms.forget(request)
        messages.success(request, _("고친 내용을 저장했습니다."))
        return redirect("demand_detail", pk=demand.pk)
    return _form_page(request, form, metrics, demand)


def _form_page(
    request: HttpRequest,
    form: DemandForm,
    metrics: Any,
    demand: Demand | None = None,
    conflict: Demand | None = None,
    status: int = 200,
) -> HttpResponse:
    """With a conflict, what stands now is shown beside what was typed, and the next save replaces it knowingly."""
    if conflict is not None:
        now_seen(form, "edit_version", conflict.edit_version)
    wrong = request.method == "POST" and not (form.is_valid() and metrics.is_valid()) and conflict is None
    context = {"form": form, "metrics": metrics, "demand": demand, "conflict": conflict}
    return render(request, "demands/demand_form.html", context, status=422 if wrong else status)
