"""문의: anybody asks, officers and content admins answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cooperation_portal.accounts import kept_forms
from cooperation_portal.pages import queries, services
from cooperation_portal.pages.filters import InquiryFilter
from cooperation_portal.pages.forms import AnswerForm, InquiryForm
from cooperation_portal.pages.models import Inquiry
from cooperation_portal.pages.permissions import check_answers_inquiries
from cooperation_portal.shared.client_address import client_address

PAGE_SIZE = 25


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def inquiry(request: HttpRequest) -> HttpResponse:
    """Asks; below the form stand one's own inquiries with their answers."""
    person = request.user if request.user.is_authenticated else None
    initial = {"name": person.name, "email": person.email} if person else {}
    data = kept_forms.sent_or_kept(request)
    form = InquiryForm(data, initial=initial)
    status = 200
    if request.method == "POST":
        if form.is_by_a_program:  # told what people are told, so that it learns nothing
            return _thank(request)
        status = 422
        if form.is_valid():
            if services.may_ask(client_address(request)):
                services.ask(by=person, **form.values())
                kept_forms.forget(request)
                return _thank(request)
            form.add_error(
                None,
                _("한 시간에 보낼 수 있는 문의 수를 넘었습니다. 한 시간 뒤에 다시 보내시거나 전화로 문의해 주십시오."),
            )
            status = 429
    page_obj = Paginator(queries.inquiries_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "pages/inquiry.html", {"form": form, "page_obj": page_obj}, status=status)


def _thank(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("문의를 접수했습니다. 적어 주신 이메일로 답변을 보내 드리겠습니다."))
    return redirect("inquiry")


@require_safe
def inquiry_list(request: HttpRequest) -> HttpResponse:
    check_answers_inquiries(request.user)
    inquiries = Inquiry.objects.visible_to(request.user).select_related("answered_by")
    filtered = InquiryFilter(request.GET, queryset=inquiries)
    page_obj = Paginator(filtered.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"filter": filtered, "page_obj": page_obj, "waiting": queries.waiting_inquiries()}
    return render(request, "pages/inquiry_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_inquiry(request: HttpRequest, pk: int) -> HttpResponse:
    check_answers_inquiries(request.user)
    found = get_object_or_404(Inquiry.objects.visible_to(request.user).select_related("answered_by"), pk=pk)
    data = kept_forms.sent_or_kept(request)
    form = AnswerForm(data)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.answer(found, text=form.cleaned_data["text"], by=request.user)
            except services.Refusal as refusal:
                form.add_error(None, str(refusal))
                found.refresh_from_db()
                status = 409
            else:
                kept_forms.forget(request)
                messages.success(request, _("답변을 보냈습니다."))
                return redirect("inquiry_list")
    context: dict[str, Any] = {"inquiry": found, "form": form}
    return render(request, "pages/answer_inquiry.html", context, status=status)
