from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation_portal.accounts import kept_forms
from cooperation_portal.exchange.exports import respond
from cooperation_portal.exchange.sheets import sheet_of
from cooperation_portal.network import queries
from cooperation_portal.network.doubles import Likeness, companies_like
from cooperation_portal.network.filters import CompanyFilter
from cooperation_portal.network.forms.company import CompanyForm
from cooperation_portal.network.missing import missing_of
from cooperation_portal.network.models import Company
from cooperation_portal.network.permissions import check_keeps_directory, check_reads_directory, keeps_directory
from cooperation_portal.network.presenters import COMPANIES, told_likenesses
from cooperation_portal.network.related import belongings
from cooperation_portal.network.services import company as services
from cooperation_portal.network.services.refusals import Refusal
from cooperation_portal.network.views import records
from cooperation_portal.shared.conflicts import EditedMeanwhile, now_seen


@require_safe
def company_list(request: HttpRequest) -> HttpResponse:
    check_reads_directory(request.user)
    companies = Company.objects.visible_to(request.user).select_related("site_country")
    return records.list_page(request, COMPANIES, CompanyFilter(request.GET, queryset=companies))


@require_safe
def company_export(request: HttpRequest) -> HttpResponse:
    check_reads_directory(request.user)
    filtered = CompanyFilter(request.GET, queryset=Company.objects.visible_to(request.user))
    return respond(request, sheet_of("companies"), filtered.qs, "companies")


@require_safe
def company_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was merged leads to the one that is left."""
    check_reads_directory(request.user)
    company = _company(request, pk)
    if company.merged_into_id is not None:
        return redirect("company_detail", pk=company.merged_into_id)
    context = {
        "register": COMPANIES,
        "record": company,
        "people": queries.people_counted(company),
        "missing": missing_of(company),
        "belongings": belongings(company, request.user),
        "merged": list(company.merged.all()),
        "keeps": keeps_directory(request.user),
    }
    return render(request, "network/directory/company_detail.html", context)


@require_safe
def company_history(request: HttpRequest, pk: int) -> HttpResponse:
    check_reads_directory(request.user)
    company = _company(request, pk)
    return records.history_page(request, COMPANIES, company, queries.company_history(company))


def _company(request: HttpRequest, pk: int) -> Company:
    companies = Company.objects.visible_to(request.user).select_related("site_country", "industry", "merged_into")
    return get_object_or_404(companies, pk=pk)


# --- writing ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def add_company(request: HttpRequest) -> HttpResponse:
    check_keeps_directory(request.user)
    sent = request.method == "POST"
    form = CompanyForm(request.POST if sent else kept_forms.take(request))
    if not sent or not form.is_valid():
        return _form_page(request, form, status=422 if sent else 200)
    alike = companies_like(Company.objects.visible_to(request.user), **form.facts)
    if form.must_see(alike):
        return _form_page(request, form, alike=alike, status=422)
    try:
        company = services.add_company(by=request.user, **form.values())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, status=409)
    return _saved(request, company)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_company(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    company = _company(request, pk)
    if company.merged_into_id is not None:
        return redirect("company_detail", pk=company.merged_into_id)
    sent = request.method == "POST"
    form = CompanyForm(request.POST if sent else kept_forms.take(request), company=company)
    if not sent or not form.is_valid():
        return _form_page(request, form, company, status=422 if sent else 200)
    if form.is_named_anew:
        alike = companies_like(Company.objects.visible_to(request.user), **form.facts, own=company.pk)
        if form.must_see(alike):
            return _form_page(request, form, company, alike=alike, status=422)
    try:
        seen = form.cleaned_data["edit_version"] or 0
        services.change_company(company, by=request.user, edit_version=seen, **form.values())
    except EditedMeanwhile as conflict:
        now_seen(form, "edit_version", conflict.current.edit_version)
        return _form_page(request, form, company, conflict=_company(request, pk), status=409)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, company, status=409)
    return _saved(request, company)


def _saved(request: HttpRequest, company: Company) -> HttpResponse:
    kept_forms.forget(request)
    messages.success(request, _("저장했습니다."))
    return redirect("company_detail", pk=company.pk)


def _form_page(
    request: HttpRequest,
    form: CompanyForm,
    company: Company | None = None,
    *,
    alike: list[Likeness] | None = None,
    conflict: Company | None = None,
    status: int,
) -> HttpResponse:
    """With `alike` the next press saves; with a conflict it replaces knowingly what is shown beside the form."""
    context = {
        "register": COMPANIES,
        "form": form,
        "record": company,
        "missing": missing_of(company) if company else [],
        "alike": told_likenesses(alike or []),
        "conflict": conflict,
    }
    return render(request, "network/directory/company_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def retire_company(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.retire_page(request, COMPANIES, _company(request, pk), services.retire_company)


@require_POST
def restore_company(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.restore(request, COMPANIES, _company(request, pk), services.restore_company)


@require_http_methods(["GET", "HEAD", "POST"])
def company_doubles(request: HttpRequest) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.doubles_page(request, COMPANIES, queries.companies_named)


@require_http_methods(["GET", "HEAD", "POST"])
def merge_companies(request: HttpRequest, pk: int, other_pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.merge_page(request, COMPANIES, pk, other_pk)
