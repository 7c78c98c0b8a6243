"""Entering what came of a project, for content administrators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation_portal.accounts import kept_forms
from cooperation_portal.shared.conflicts import EditedMeanwhile, now_seen
from projects.funded import presenters
from projects.funded.models import Project
from projects.funded.permissions import CompanyNames
from projects.results import queries, services
from projects.results.forms import FigureForm, PictureForm, ResultForm, step_formset
from projects.results.models import ResultFigure, ResultPicture, ResultSheet, ResultState
from projects.results.views.lookups import project_to_keep, result_to_keep


@require_http_methods(["GET", "HEAD", "POST"])
def edit_result(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_to_keep(request, pk)
    result = queries.result_of(project, request.user)
    data = kept_forms.sent_or_kept(request)
    steps = step_formset(data, result)
    form = ResultForm(data, instance=result)
    valid = request.method == "POST" and form.is_valid() & steps.is_valid()
    if not valid:
        status = 422 if request.method == "POST" else 200
        return _result_page(request, project, form, steps, status=status)
    seen = form.cleaned_data["edit_version"] or 0
    try:
        services.save_result(project, by=request.user, edit_version=seen, steps=steps.filled(), **form.values())
    except EditedMeanwhile as conflict:
        now_seen(form, "edit_version", conflict.current.edit_version)
        current = queries.result_of(project, request.user)
        return _result_page(request, project, form, steps, status=409, conflict=current)
    except services.ResultIsFinal as refusal:
        form.add_error(None, str(refusal))
        return _result_page(request, project, form, steps, status=409)
    kept_forms.forget(request)
    messages.success(request, _("성과를 저장했습니다."))
    return redirect("add_figure" if "figures" in request.POST else "project_detail", pk=pk)


def _result_page(
    request: HttpRequest, project: Project, form: ResultForm, steps: Any, *, status: int, conflict: Any = None
) -> HttpResponse:
    """Read anew, since the form has written into the record that it was given."""
    result = queries.result_of(project, request.user)
    context = {"project": project, "result": result, "form": form, "steps": steps, "conflict": conflict}
    return render(
        request, "projects/result_form.html", context | {"missing": queries.missing_of(result)}, status=status
    )


@require_safe
def result_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the lead company reads once the result is final."""
    project = project_to_keep(request, pk)
    result = queries.result_of(project, request.user)
    (view,) = presenters.shown([project], CompanyNames(request.user), own=project.company)
    context = {"project": project, "result": result, "view": view}
    return render(request, "projects/result_preview.html", context)


@require_POST
def finalise_result(request: HttpRequest, pk: int) -> HttpResponse:
    result = result_to_keep(request, pk)
    seen = request.POST.get("edit_version", "")
    version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    try:
        services.finalise(result, by=request.user, edit_version=version)
        messages.success(request, _("성과를 확정했습니다. 이제 기업이 볼 수 있습니다."))
    except (services.NotFinalisable, EditedMeanwhile) as refusal:
        messages.error(request, str(refusal))
    return redirect("project_detail", pk=pk)


@require_POST
def reopen_result(request: HttpRequest, pk: int) -> HttpResponse:
    services.reopen(result_to_keep(request, pk), by=request.user)
    messages.success(request, _("성과를 다시 열었습니다. 확정할 때까지 기업에는 보이지 않습니다."))
    return redirect("project_detail", pk=pk)


# --- figures ----------------------------------------------------------------------------------------------------------


def _figure(request: HttpRequest, pk: int, figure_pk: int) -> tuple[Project, ResultFigure]:
    project = project_to_keep(request, pk)
    figures = ResultFigure.objects.visible_to(request.user).filter(result__project=project)
    return project, get_object_or_404(figures.select_related("result__project"), pk=figure_pk)


@require_http_methods(["GET", "HEAD", "POST"])
def add_figure(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_to_keep(request, pk)
    data = kept_forms.sent_or_kept(request)
    form = FigureForm(data)
    if request.method != "POST" or not form.is_valid():
        return _figure_page(request, project, form, status=422 if request.method == "POST" else 200)
    try:
        figure = services.add_figure(project, by=request.user, **form.values())
    except services.ResultIsFinal as refusal:
        form.add_error(None, str(refusal))
        return _figure_page(request, project, form, status=409)
    kept_forms.forget(request)
    _tell_how_it_was_read(request, figure)
    return redirect("add_figure" if "another" in request.POST else "project_detail", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_figure(request: HttpRequest, pk: int, figure_pk: int) -> HttpResponse:
    project, figure = _figure(request, pk, figure_pk)
    data = kept_forms.sent_or_kept(request)
    form = FigureForm(data, instance=figure)
    if request.method != "POST" or not form.is_valid():
        return _figure_page(request, project, form, figure, status=422 if request.method == "POST" else 200)
    seen = form.cleaned_data["edit_version"] or 0
    try:
        figure = services.change_figure(figure, by=request.user, edit_version=seen, **form.values())
    except EditedMeanwhile as conflict:
        now_seen(form, "edit_version", conflict.current.edit_version)
        return _figure_page(request, project, form, figure, status=409, conflict=conflict.current)
    except services.ResultIsFinal as refusal:
        form.add_error(None, str(refusal))
        return _figure_page(request, project, form, figure, status=409)
    kept_forms.forget(request)
    _tell_how_it_was_read(request, figure)
    return redirect("project_detail", pk=pk)


def _figure_page(
    request: HttpRequest,
    project: Project,
    form: FigureForm,
    figure: ResultFigure | None = None,
    *,
    status: int,
    conflict: ResultFigure | None = None,
) -> HttpResponse:
    final = _is_final(request, project)
    context = {"project": project, "form": form, "figure": figure, "conflict": conflict, "is_final": final}
    return render(request, "projects/figure_form.html", context, status=status)


def _is_final(request: HttpRequest, project: Project) -> bool:
    return ResultSheet.objects.visible_to(request.user).filter(project=project, state=ResultState.FINAL).exists()


def _tell_how_it_was_read(request: HttpRequest, figure: ResultFigure) -> None:
    read = figure.in_digits or figure.in_words or str(figure.get_effect_display())
    text = _("수치를 저장했습니다. ‘%(quoted)s’을(를) %(read)s(으)로 읽었습니다.")
    messages.success(request, text % {"quoted": figure.as_quoted, "read": read})


@require_POST
def remove_figure(request: HttpRequest, pk: int, figure_pk: int) -> HttpResponse:
    _project, figure = _figure(request, pk, figure_pk)
    try:
        services.remove_figure(figure, by=request.user)
        messages.success(request, _("수치를 뺐습니다. 이력에는 남습니다."))
    except services.ResultIsFinal as refusal:
        messages.error(request, str(refusal))
    return redirect("project_detail", pk=pk)


# --- pictures ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def add_result_picture(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_to_keep(request, pk)
    form = PictureForm(request.POST, request.FILES) if request.method == "POST" else PictureForm()
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["picture"]
        try:
            services.add_picture(
                project, by=request.user, file=sent, name=sent.name, caption=form.cleaned_data["caption"]
            )
        except ValidationError as wrong:
            form.add_error("picture", wrong)
        except services.ResultIsFinal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("그림을 더했습니다."))
            return redirect("project_detail", pk=pk)
    context = {"project": project, "form": form, "is_final": _is_final(request, project)}
    return render(request, "projects/picture_form.html", context, status=status)


@require_POST
def remove_result_picture(request: HttpRequest, pk: int, picture_pk: int) -> HttpResponse:
    project = project_to_keep(request, pk)
    pictures = ResultPicture.objects.visible_to(request.user).filter(result__project=project)
    picture = get_object_or_404(pictures.select_related("result__project", "file"), pk=picture_pk)
    try:
        services.remove_picture(picture, by=request.user)
        messages.success(request, _("그림을 뺐습니다."))
    except services.ResultIsFinal as refusal:
        messages.error(request, str(refusal))
    return redirect("project_detail", pk=pk)
