from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation_portal.accounts import kept_forms
from cooperation_portal.shared.conflicts import EditedMeanwhile, now_seen
from projects.funded import presenters, services
from projects.funded.fields import reading_of
from projects.funded.forms.parts import party_formset, title_formset
from projects.funded.forms.project import ProjectForm
from projects.funded.models import Project
from projects.funded.permissions import CompanyNames, check_keeps_projects
from projects.funded.queries import missing_of


@require_http_methods(["GET", "HEAD", "POST"])
def add_project(request: HttpRequest) -> HttpResponse:
    check_keeps_projects(request.user)
    data = kept_forms.sent_or_kept(request)
    forms = _Forms(request, data)
    if request.method != "POST" or not forms.are_valid():
        return _form_page(request, forms, status=422 if request.method == "POST" else 200)
    submission = forms.project.cleaned_data["submission"]
    project = services.add_project(by=request.user, submission=submission, **forms.values())
    kept_forms.forget(request)
    messages.success(request, _("%(number)s(으)로 등록했습니다.") % {"number": project.number})
    return redirect("project_detail", pk=project.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_project(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_projects(request.user)
    project = get_object_or_404(Project.objects.visible_to(request.user).current().with_details(), pk=pk)
    missing = missing_of(project)
    data = kept_forms.sent_or_kept(request)
    forms = _Forms(request, data, project)
    if request.method != "POST" or not forms.are_valid():
        status = 422 if request.method == "POST" else 200
        return _form_page(request, forms, status=status, project=project, missing=missing)
    seen = forms.project.cleaned_data["edit_version"] or 0
    try:
        services.change_project(project, by=request.user, edit_version=seen, **forms.values())
    except EditedMeanwhile as conflict:
        now_seen(forms.project, "edit_version", conflict.current.edit_version)
        current = Project.objects.visible_to(request.user).with_details().get(pk=pk)
        (view,) = presenters.shown([current], CompanyNames(request.user))
        return _form_page(request, forms, status=409, project=current, conflict=view)
    kept_forms.forget(request)
    messages.success(request, _("고친 내용을 저장했습니다."))
    return redirect("project_detail", pk=pk)


class _Forms:
    """A project, who takes part in it and its other titles, on one page."""

    def __init__(self, request: HttpRequest, data: Any, project: Project | None = None) -> None:
        self.parties = party_formset(data, user=request.user, project=project)
        self.titles = title_formset(data, project=project)
        self.project = ProjectForm(data, user=request.user, instance=project)

    def are_valid(self) -> bool:
        """Asks all of them, so that everything wrong is said at once."""
        return self.project.is_valid() & self.parties.is_valid() & self.titles.is_valid()

    def values(self) -> dict[str, Any]:
        return self.project.values() | {"parties": self.parties.by_role(), "titles": self.titles.filled()}


def _form_page(request: HttpRequest, forms: _Forms, *, status: int, **more: Any) -> HttpResponse:
    context = {"form": forms.project, "parties": forms.parties, "titles": forms.titles, **more}
    return render(request, "projects/project_form.html", context, status=status)


@require_POST
def retire_project(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_projects(request.user)
    project = get_object_or_404(Project.objects.visible_to(request.user).current(), pk=pk)
    services.retire_project(project, by=request.user)
    messages.success(request, _("사용을 중지했습니다. 목록과 합계에서 빠지고 기록은 남습니다."))
    return redirect("project_detail", pk=pk)


@require_POST
def restore_project(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeps_projects(request.user)
    project = get_object_or_404(Project.objects.visible_to(request.user).retired(), pk=pk)
    services.restore_project(project, by=request.user)
    messages.success(request, _("다시 사용합니다."))
    return redirect("project_detail", pk=pk)


@require_safe
def amount_reading(request: HttpRequest) -> HttpResponse:
    """How an amount is read while it is typed, for the one field that asks."""
    check_keeps_projects(request.user)
    text = str(next(iter(request.GET.values()), ""))
    return render(request, "projects/widgets/amount_reading.html", {"reading": reading_of(text[:80])})
