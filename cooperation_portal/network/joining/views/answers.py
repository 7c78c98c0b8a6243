"""How pages of joining answer to a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cooperation_portal.network.joining.forms.people import DecideForm
from cooperation_portal.network.joining.services import requests
from cooperation_portal.network.joining.services.refusals import JoinRefused
from cooperation_portal.network.models import JoinRequest


def status_of(request: HttpRequest, form: Form) -> int:
    return 422 if request.method == "POST" and form.errors else 200


def done(
    request: HttpRequest, action: Callable[[], Any], words: str, *, afterwards: str, refused: str = "company_home"
) -> HttpResponse:
    """Done, or said why not; either way a page that shows how things stand."""
    try:
        action()
    except JoinRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(refused)
    messages.success(request, words)
    return redirect(afterwards)


def decision_page(request: HttpRequest, join: JoinRequest, template: str, afterwards: str, **more: Any) -> HttpResponse:
    """Who decides reads the request and lets the person in or not."""
    form = DecideForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["decision"] == "approve":
                requests.approve(join, by=request.user)
                messages.success(request, _("%(name)s 님을 담당자로 등록했습니다.") % {"name": join.user})
            else:
                requests.refuse(join, by=request.user, reason=form.cleaned_data["reason"])
                messages.success(request, _("신청을 거절하고 사유를 메일로 알렸습니다."))
            return redirect(afterwards)
        except JoinRefused as refusal:
            form.add_error(None, str(refusal))
            status = 409
            join.refresh_from_db()
    elif request.method == "POST":
        status = 422
    return render(request, template, {"form": form, "join": join, **more}, status=status)
