from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation_portal.accounts import kept_forms
from cooperation_portal.exchange.exports import respond
from cooperation_portal.exchange.sheets import sheet_of
from cooperation_portal.network import queries
from cooperation_portal.network.filters import InstitutionFilter
from cooperation_portal.network.forms.institution import InstitutionForm, alias_formset
from cooperation_portal.network.models import Institution
from cooperation_portal.network.permissions import check_keeps_directory, check_reads_directory
from cooperation_portal.network.presenters import INSTITUTIONS
from cooperation_portal.network.services import institution as services
from cooperation_portal.network.views import records


@require_safe
def institution_list(request: HttpRequest) -> HttpResponse:
    check_reads_directory(request.user)
    institutions = Institution.objects.visible_to(request.user).select_related("country")
    return records.list_page(request, INSTITUTIONS, InstitutionFilter(request.GET, queryset=institutions))


@require_safe
def institution_export(request: HttpRequest) -> HttpResponse:
    check_reads_directory(request.user)
    filtered = InstitutionFilter(request.GET, queryset=Institution.objects.visible_to(request.user))
    return respond(request, sheet_of("institutions"), filtered.qs, "institutions")


@require_safe
def institution_detail(request: HttpRequest, pk: int) -> HttpResponse:
    check_reads_directory(request.user)
    institution = _institution(request, pk)
    return records.detail_page(request, INSTITUTIONS, institution, aliases=list(institution.aliases.all()))


@require_safe
def institution_history(request: HttpRequest, pk: int) -> HttpResponse:
    check_reads_directory(request.user)
    institution = _institution(request, pk)
    return records.history_page(request, INSTITUTIONS, institution, queries.institution_history(institution))


def _institution(request: HttpRequest, pk: int) -> Institution:
    institutions = Institution.objects.visible_to(request.user).select_related("country", "merged_into")
    return get_object_or_404(institutions, pk=pk)


# --- writing ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def add_institution(request: HttpRequest) -> HttpResponse:
    check_keeps_directory(request.user)
    data = kept_forms.sent_or_kept(request)
    form, aliases = InstitutionForm(data), alias_formset(data)

    def save() -> Institution:
        return services.add_institution(by=request.user, aliases=_aliases(form, aliases), **form.values())

    return records.entry_page(request, INSTITUTIONS, form, save, aliases=aliases)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_institution(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    institution = _institution(request, pk)
    data = kept_forms.sent_or_kept(request)
    form, aliases = InstitutionForm(data, institution=institution), alias_formset(data, institution)

    def save() -> Institution:
        written = _aliases(form, aliases)
        seen = form.seen_version
        return services.change_institution(
            institution, by=request.user, edit_version=seen, aliases=written, **form.values()
        )

    return records.entry_page(request, INSTITUTIONS, form, save, record=institution, aliases=aliases)


def _aliases(form: InstitutionForm, aliases: Any) -> list[dict[str, Any]]:
    filled: list[dict[str, Any]] = aliases.filled(form.cleaned_data["original_language"])
    return filled


@require_http_methods(["GET", "HEAD", "POST"])
def retire_institution(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.retire_page(request, INSTITUTIONS, _institution(request, pk))


@require_POST
def restore_institution(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.restore(request, INSTITUTIONS, _institution(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def institution_doubles(request: HttpRequest) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.doubles_page(request, INSTITUTIONS, queries.institutions_named)


@require_http_methods(["GET", "HEAD", "POST"])
def merge_institutions(request: HttpRequest, pk: int, other_pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.merge_page(request, INSTITUTIONS, pk, other_pk)
