from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation_portal.accounts import kept_forms
from cooperation_portal.exchange.exports import respond
from cooperation_portal.exchange.sheets import sheet_of
from cooperation_portal.network import queries
from cooperation_portal.network.filters import CompanyFilter
from cooperation_portal.network.forms.company import CompanyForm
from cooperation_portal.network.models import Company
from cooperation_portal.network.permissions import check_keeps_directory, check_reads_directory
from cooperation_portal.network.presenters import COMPANIES
from cooperation_portal.network.services import company as services
from cooperation_portal.network.views import records


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
    check_reads_directory(request.user)
    company = _company(request, pk)
    return records.detail_page(request, COMPANIES, company, people=queries.people_counted(company))


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
    form = CompanyForm(kept_forms.sent_or_kept(request))

    def save() -> Company:
        return services.add_company(by=request.user, **form.values())

    return records.entry_page(request, COMPANIES, form, save)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_company(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    company = _company(request, pk)
    form = CompanyForm(kept_forms.sent_or_kept(request), company=company)

    def save() -> Company:
        return services.change_company(company, by=request.user, edit_version=form.seen_version, **form.values())

    return records.entry_page(request, COMPANIES, form, save, record=company)


@require_http_methods(["GET", "HEAD", "POST"])
def retire_company(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.retire_page(request, COMPANIES, _company(request, pk))


@require_POST
def restore_company(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.restore(request, COMPANIES, _company(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def company_doubles(request: HttpRequest) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.doubles_page(request, COMPANIES, queries.companies_named)


@require_http_methods(["GET", "HEAD", "POST"])
def merge_companies(request: HttpRequest, pk: int, other_pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.merge_page(request, COMPANIES, pk, other_pk)
