"""What calibrations propose, side by side with what is used, and which of it an administrator takes into use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cooperation_portal.accounts import kept_forms
from cooperation_portal.audit.timeline import entries, told
from cooperation_portal.shared.conflicts import EditedMeanwhile, now_seen
from matching.learning import presenters, services
from matching.learning.calibration import MINIMUM_DECISIONS, MINIMUM_DEMANDS
from matching.learning.forms import ReasonForm
from matching.learning.models import WeightSet
from matching.learning.permissions import check_keeps_matching, check_reads_quality, keeps_matching
from matching.learning.queries.calibrating import current_weights
from matching.learning.queries.drift import is_outdated
from matching.learning.queries.progress import scoring_progress
from matching.learning.vocabulary import CHANNEL_LABELS

PAGE_SIZE = 20


@require_safe
def weight_sets(request: HttpRequest) -> HttpResponse:
    check_reads_quality(request.user)
    found = WeightSet.objects.visible_to(request.user).select_related("changed_by")
    context = {
        "page_obj": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "current": [(CHANNEL_LABELS.get(name, name), weight) for name, weight in current_weights().items()],
        "scoring": scoring_progress(),
        "minimum_decisions": MINIMUM_DECISIONS,
        "minimum_demands": MINIMUM_DEMANDS,
    }
    return render(request, "learning/weight_sets.html", context)


def _weights(request: HttpRequest, pk: int) -> WeightSet:
    return get_object_or_404(WeightSet.objects.visible_to(request.user).select_related("changed_by"), pk=pk)


@require_safe
def weight_set(request: HttpRequest, pk: int) -> HttpResponse:
    check_reads_quality(request.user)
    found = _weights(request, pk)
    context = {
        "weights": found,
        "weight_rows": presenters.weight_rows(found),
        "comparison": presenters.comparison_rows(found),
        "better": presenters.is_better(found),
        "outdated": is_outdated(found),
        "thresholds": presenters.threshold_rows(found),
        "scoring": scoring_progress(),
        "keeps": keeps_matching(request.user),
        "events": told(entries((WeightSet, {"pgh_obj_id": found.pk}))),
    }
    return render(request, "learning/weight_set.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(
        request,
        pk,
        services.activate_weights,
        done=_("%(number)s을(를) 사용합니다. 점수를 새로 계산합니다."),
        heading=_("점수 비중 사용"),
        text=_("점수를 이 비중으로 다시 계산합니다. 지금까지의 판단은 그때의 점수를 그대로 지닙니다."),
        submit_label=_("사용하기"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(
        request,
        pk,
        services.return_to_shipped_weights,
        done=_("%(number)s의 사용을 멈추고 기본 비중으로 돌아갑니다. 점수를 새로 계산합니다."),
        heading=_("기본 비중으로 돌아가기"),
        text=_("포털이 처음부터 가지고 있던 비중으로 점수를 다시 계산합니다."),
        submit_label=_("기본 비중으로 돌아가기"),
    )


def _change(request: HttpRequest, pk: int, change: Callable[..., Any], *, done: str, **page: str) -> HttpResponse:
    check_keeps_matching(request.user)
    found = _weights(request, pk)
    data = request.POST if request.method == "POST" else kept_forms.take(request)
    form = ReasonForm(data, initial={"edit_version": found.edit_version})
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            change(found, by=request.user, **form.values)
            kept_forms.forget(request)
            messages.success(request, done % {"number": found.number})
            return redirect("weight_set", pk=pk)
        except EditedMeanwhile as conflict:
            state = conflict.current.get_state_display()
            form.add_error(None, _("그사이 상태가 ‘%(state)s’(으)로 바뀌었습니다.") % {"state": state})
            now_seen(form, "edit_version", conflict.current.edit_version)
            status = 409
    context = {"form": form, "cancel_url": reverse("weight_set", kwargs={"pk": pk}), **page}
    return render(request, "learning/confirm.html", context, status=status)
