"""The company that a person acts for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation_portal.accounts import kept_forms
from cooperation_portal.network.acting import choose, company_of
from cooperation_portal.network.joining import presenters, queries
from cooperation_portal.network.joining.forms.company import OwnFactsForm
from cooperation_portal.network.joining.forms.people import ChooseForm
from cooperation_portal.network.joining.permissions import check_joins, check_owned_company, owns
from cooperation_portal.network.joining.services import facts
from cooperation_portal.network.joining.views.answers import status_of
from cooperation_portal.network.models import Invitation, JoinRequest, JoinState
from cooperation_portal.shared.conflicts import EditedMeanwhile, now_seen


@require_safe
def company_home(request: HttpRequest) -> HttpResponse:
    """Who acts for no company yet is led to where one is joined."""
    company = company_of(request)
    if company is None:
        check_joins(request.user)
        return redirect("join_company")
    is_owner = owns(request.user, company)
    joins = JoinRequest.objects.visible_to(request.user).filter(company=company, state=JoinState.WITH_OWNER)
    sent = Invitation.objects.visible_to(request.user).filter(
        company=company, accepted_at__isnull=True, revoked_at__isnull=True
    )
    people = queries.people_of(company)
    context = {
        "company": company,
        "facts": presenters.facts_of(company),
        "is_owner": is_owner,
        "is_last_owner": is_owner and sum(person.role == "owner" and person.user.is_active for person in people) == 1,
        "people": people,
        "joins": joins.select_related("user").order_by("created_at", "pk") if is_owner else [],
        "invitations": sent.select_related("invited_by") if is_owner else [],
        "now": timezone.now(),
    }
    return render(request, "network/joining/company.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_own_company(request: HttpRequest) -> HttpResponse:
    company = check_owned_company(request)
    data = kept_forms.sent_or_kept(request)
    form = OwnFactsForm(data, initial=OwnFactsForm.initial_of(company))
    conflict = None
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["edit_version"] or 0
        try:
            facts.change_own_facts(company, by=request.user, edit_version=seen, **form.facts())
        except EditedMeanwhile as edited:
            conflict = edited.current
            now_seen(form, "edit_version", conflict.edit_version)
        else:
            kept_forms.forget(request)
            messages.success(request, _("기업 정보를 저장했습니다."))
            return redirect("company_home")
    context: dict[str, Any] = {"form": form, "company": company, "conflict": conflict}
    if conflict is not None:
        context["facts"] = presenters.facts_of(conflict)
    status = 409 if conflict else status_of(request, form)
    return render(request, "network/joining/company_form.html", context, status=status)


@require_POST
def choose_company(request: HttpRequest) -> HttpResponse:
    form = ChooseForm(request.POST, user=request.user)
    if not form.is_valid():
        raise Http404
    company = form.cleaned_data["company"]
    choose(request, company)
    messages.success(request, _("이제 ‘%(name)s’ 담당자로 이용하십니다.") % {"name": company.name})
    return redirect("company_home")
