from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation_portal.accounts import kept_forms
from cooperation_portal.exchange.exports import respond
from cooperation_portal.exchange.sheets import sheet_of
from cooperation_portal.network import queries
from cooperation_portal.network.doubles import Likeness, institutions_like
from cooperation_portal.network.filters import InstitutionFilter
from cooperation_portal.network.forms.institution import InstitutionForm, alias_formset
from cooperation_portal.network.missing import missing_of
from cooperation_portal.network.models import Institution
from cooperation_portal.network.permissions import check_keeps_directory, check_reads_directory, keeps_directory
from cooperation_portal.network.presenters import INSTITUTIONS, told_likenesses
from cooperation_portal.network.related import belongings
from cooperation_portal.network.services import institution as services
from cooperation_portal.network.services.refusals import Refusal
from cooperation_portal.network.views import records
from cooperation_portal.shared.conflicts import EditedMeanwhile, now_seen


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
    """What was merged leads to the one that is left."""
    check_reads_directory(request.user)
    institution = _institution(request, pk)
    if institution.merged_into_id is not None:
        return redirect("institution_detail", pk=institution.merged_into_id)
    context = {
        "register": INSTITUTIONS,
        "record": institution,
        "aliases": list(institution.aliases.all()),
        "missing": missing_of(institution),
        "belongings": belongings(institution, request.user),
        "merged": list(institution.merged.all()),
        "keeps": keeps_directory(request.user),
    }
    return render(request, "network/directory/institution_detail.html", context)


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
    sent = request.method == "POST"
    data = request.POST if sent else kept_forms.take(request)
    form, aliases = InstitutionForm(data), alias_formset(data)
    if not sent or not (form.is_valid() and aliases.is_valid()):
        return _form_page(request, form, aliases, status=422 if sent else 200)
    alike = institutions_like(Institution.objects.visible_to(request.user), **form.facts)
    if form.must_see(alike):
        return _form_page(request, form, aliases, alike=alike, status=422)
    try:
        institution = services.add_institution(by=request.user, aliases=_aliases(form, aliases), **form.values())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, aliases, status=409)
    return _saved(request, institution)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_institution(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    institution = _institution(request, pk)
    if institution.merged_into_id is not None:
        return redirect("institution_detail", pk=institution.merged_into_id)
    sent = request.method == "POST"
    data = request.POST if sent else kept_forms.take(request)
    form, aliases = InstitutionForm(data, institution=institution), alias_formset(data, institution)
    if not sent or not (form.is_valid() and aliases.is_valid()):
        return _form_page(request, form, aliases, institution, status=422 if sent else 200)
    if form.is_named_anew:
        alike = institutions_like(Institution.objects.visible_to(request.user), **form.facts, own=institution.pk)
        if form.must_see(alike):
            return _form_page(request, form, aliases, institution, alike=alike, status=422)
    try:
        seen = form.cleaned_data["edit_version"] or 0
        written = _aliases(form, aliases)
        services.change_institution(institution, by=request.user, edit_version=seen, aliases=written, **form.values())
    except EditedMeanwhile as conflict:
        now_seen(form, "edit_version", conflict.current.edit_version)
        return _form_page(request, form, aliases, institution, conflict=_institution(request, pk), status=409)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, aliases, institution, status=409)
    return _saved(request, institution)


def _aliases(form: InstitutionForm, aliases: Any) -> list[dict[str, Any]]:
    filled: list[dict[str, Any]] = aliases.filled(form.cleaned_data["original_language"])
    return filled


def _saved(request: HttpRequest, institution: Institution) -> HttpResponse:
    kept_forms.forget(request)
    messages.success(request, _("저장했습니다."))
    return redirect("institution_detail", pk=institution.pk)


def _form_page(
    request: HttpRequest,
    form: InstitutionForm,
    aliases: Any,
    institution: Institution | None = None,
    *,
    alike: list[Likeness] | None = None,
    conflict: Institution | None = None,
    status: int,
) -> HttpResponse:
    """With `alike` the next press saves; with a conflict it replaces knowingly what is shown beside the form."""
    context = {
        "register": INSTITUTIONS,
        "form": form,
        "aliases": aliases,
        "record": institution,
        "missing": missing_of(institution) if institution else [],
        "alike": told_likenesses(alike or []),
        "conflict": conflict,
    }
    return render(request, "network/directory/institution_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def retire_institution(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.retire_page(request, INSTITUTIONS, _institution(request, pk), services.retire_institution)


@require_POST
def restore_institution(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.restore(request, INSTITUTIONS, _institution(request, pk), services.restore_institution)


@require_http_methods(["GET", "HEAD", "POST"])
def institution_doubles(request: HttpRequest) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.doubles_page(request, INSTITUTIONS, queries.institutions_named)


@require_http_methods(["GET", "HEAD", "POST"])
def merge_institutions(request: HttpRequest, pk: int, other_pk: int) -> HttpResponse:
    check_keeps_directory(request.user)
    return records.merge_page(request, INSTITUTIONS, pk, other_pk)
