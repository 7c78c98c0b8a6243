from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation_portal.accounts import kept_forms
from cooperation_portal.exchange import exports
from cooperation_portal.shared.conflicts import EditedMeanwhile, now_seen
from experts import presenters, queries, services
from experts.filters import ExpertFilter
from experts.forms import ExpertForm, NewExpertForm
from experts.models import Expert
from experts.permissions import check_keeps_experts, check_sees_experts, keeps_experts, takes_contacts_away
from experts.sheets import ExpertSheet, ExpertSheetWithoutContacts

PAGE_SIZE = 25


# --- looking ----------------------------------------------------------------------------------------------------------


def _filtered(request: HttpRequest) -> ExpertFilter:
    check_sees_experts(request.user)
    return ExpertFilter(request.GET, queryset=Expert.objects.visible_to(request.user), request=request)


@require_safe
def expert_list(request: HttpRequest) -> HttpResponse:
    filtered = _filtered(request)
    counts = queries.counts(Expert.objects.visible_to(request.user).current())
    context = {
        "filter": filtered,
        "page_obj": Paginator(filtered.qs.with_details(), PAGE_SIZE).get_page(request.GET.get("page")),
        "tiles": presenters.tiles(counts, reverse("expert_list"), request.GET),
        "keeps": keeps_experts(request.user),
    }
    return render(request, "experts/expert_list.html", context)


@require_safe
def expert_export(request: HttpRequest) -> HttpResponse:
    sheet = ExpertSheet() if takes_contacts_away(request.user) else ExpertSheetWithoutContacts()
    return exports.respond(request, sheet, _filtered(request).qs, "experts")


def _expert(request: HttpRequest, pk: int) -> Expert:
    check_sees_experts(request.user)
    return get_object_or_404(Expert.objects.visible_to(request.user).with_details(), pk=pk)


@require_safe
def expert_detail(request: HttpRequest, pk: int) -> HttpResponse:
    expert = _expert(request, pk)
    context = {"expert": expert, "missing": presenters.missing(expert), "keeps": keeps_experts(request.user)}
    return render(request, "experts/expert_detail.html", context)


@require_safe
def expert_history(request: HttpRequest, pk: int) -> HttpResponse:
    expert = _expert(request, pk)
    return render(
        request,
        "experts/expert_history.html",
        {"expert": expert, "events": presenters.timeline(queries.history(expert))},
    )


# --- keeping ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def add_expert(request: HttpRequest) -> HttpResponse:
    check_keeps_experts(request.user)
    data = kept_forms.sent_or_kept(request)
    form = NewExpertForm(data, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, status=422 if request.method == "POST" else 200)
    alike = [] if form.cleaned_data["is_another"] else _alike(request, form)
    if alike:
        form.ask_whether_another()
        return _form_page(request, form, status=409, alike=alike)
    expert = services.add_expert(by=request.user, **form.values())
    kept_forms.forget(request)
    messages.success(request, _("%(number)s(으)로 등록했습니다.") % {"number": expert.number})
    return redirect("expert_detail", pk=expert.pk)


def _alike(request: HttpRequest, form: NewExpertForm) -> list[Expert]:
    written = form.cleaned_data
    return queries.likely_doubles(
        Expert.objects.visible_to(request.user),
        names=[written["name_ko"], written["name_original"], written["name_latin"]],
        country=written["country"],
        email=written["email"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit_expert(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_experts(request.user)
    expert = _expert(request, pk)
    data = kept_forms.sent_or_kept(request)
    form = ExpertForm(data, user=request.user, instance=expert)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, expert, status=422 if request.method == "POST" else 200)
    seen = form.cleaned_data["edit_version"] or 0
    try:
        services.change_expert(expert, by=request.user, edit_version=seen, **form.values())
    except EditedMeanwhile as conflict:
        now_seen(form, "edit_version", conflict.current.edit_version)
        return _form_page(request, form, expert, status=409, conflict=conflict.current)
    kept_forms.forget(request)
    messages.success(request, _("고친 내용을 저장했습니다."))
    return redirect("expert_detail", pk=pk)


def _form_page(
    request: HttpRequest, form: ExpertForm, expert: Expert | None = None, *, status: int, **more: Any
) -> HttpResponse:
    context = {"form": form, "expert": expert, "missing": presenters.missing(expert) if expert else [], **more}
    return render(request, "experts/expert_form.html", context, status=status)


@require_POST
def retire_expert(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_experts(request.user)
    services.retire_expert(_expert(request, pk), by=request.user)
    messages.success(request, _("사용을 중지했습니다. 목록에는 나오지 않고 기록은 남습니다."))
    return redirect("expert_detail", pk=pk)


@require_POST
def restore_expert(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_experts(request.user)
    services.restore_expert(_expert(request, pk), by=request.user)
    messages.success(request, _("다시 사용합니다."))
    return redirect("expert_detail", pk=pk)
