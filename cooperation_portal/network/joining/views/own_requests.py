"""A person's own requests to act for a company."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cooperation_portal.accounts import kept_forms
from cooperation_portal.network.acting import choose
from cooperation_portal.network.joining import queries
from cooperation_portal.network.joining.forms.company import CompanyDetailsForm
from cooperation_portal.network.joining.forms.numbers import NumbersForm
from cooperation_portal.network.joining.permissions import check_joins
from cooperation_portal.network.joining.services import requests
from cooperation_portal.network.joining.services.refusals import JoinRefused
from cooperation_portal.network.joining.views.answers import done, status_of
from cooperation_portal.network.models import JoinRequest, JoinState


@require_http_methods(["GET", "HEAD", "POST"])
def join_company(request: HttpRequest) -> HttpResponse:
    check_joins(request.user)
    data = kept_forms.sent_or_kept(request)
    form = NumbersForm(data)
    if request.method == "POST" and form.is_valid():
        try:
            join = requests.ask_to_join(by=request.user, **form.numbers())
        except JoinRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            kept_forms.forget(request)
            return _lead_on(request, join)
    context = {"form": form, "joins": queries.requests_of(request.user)[:20]}
    return render(request, "network/joining/join.html", context, status=status_of(request, form))


def _lead_on(request: HttpRequest, join: JoinRequest) -> HttpResponse:
    """To what the person does next, with words for what has happened."""
    if join.state == JoinState.DETAILS:
        return redirect("join_details", pk=join.pk)
    told = {
        JoinState.WITH_OWNER.value: _("신청했습니다. 기업 대표 담당자의 승인을 기다립니다."),
        JoinState.WITH_OFFICER.value: _("신청했습니다. 사업담당자의 확인을 기다립니다."),
        JoinState.APPROVED.value: _("기업을 등록했습니다. 이제 이 기업의 대표 담당자로 이용하실 수 있습니다."),
    }
    messages.success(request, told.get(join.state, _("신청했습니다.")))
    return redirect("company_home" if join.state == JoinState.APPROVED else "join_company")


def _own_join(request: HttpRequest, pk: int) -> JoinRequest:
    mine = JoinRequest.objects.visible_to(request.user).filter(user=request.user.pk)
    return get_object_or_404(mine.select_related("site_country"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def join_details(request: HttpRequest, pk: int) -> HttpResponse:
    join = _own_join(request, pk)
    if join.state != JoinState.DETAILS:
        return redirect("join_company")
    data = kept_forms.sent_or_kept(request)
    form = CompanyDetailsForm(data)
    if request.method == "POST" and form.is_valid():
        try:
            join = requests.describe_company(join, by=request.user, **form.facts())
        except JoinRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("join_company")
        kept_forms.forget(request)
        if join.state == JoinState.APPROVED and join.company is not None:
            choose(request, join.company)
        elif join.company is not None:
            messages.info(request, _("그사이 같은 번호의 기업이 등록되어, 적으신 기업 정보는 저장하지 않았습니다."))
        return _lead_on(request, join)
    status = status_of(request, form)
    return render(request, "network/joining/details.html", {"form": form, "join": join}, status=status)


@require_POST
def withdraw_join(request: HttpRequest, pk: int) -> HttpResponse:
    join = _own_join(request, pk)
    words = _("신청을 철회했습니다.")
    return done(
        request,
        lambda: requests.withdraw(join, by=request.user),
        words,
        afterwards="join_company",
        refused="join_company",
    )
