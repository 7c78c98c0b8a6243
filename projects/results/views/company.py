"""A company's own projects, and what came of them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cooperation_portal.files.services import path_of
from cooperation_portal.network.acting import check_company
from projects.funded import presenters
from projects.funded.models import Project
from projects.funded.permissions import CompanyNames
from projects.results import queries
from projects.results.models import ResultPicture, ResultSheet

PAGE_SIZE = 20


@require_safe
def my_projects(request: HttpRequest) -> HttpResponse:
    company = check_company(request)
    projects = Project.objects.visible_to(request.user).current().of_companies([company]).with_details()
    page = Paginator(projects, PAGE_SIZE).get_page(request.GET.get("page"))
    results = ResultSheet.objects.visible_to(request.user).filter(project__in=[project.pk for project in page])
    context = {
        "company": company,
        "page_obj": page,
        "rows": presenters.shown(page, CompanyNames(request.user, company), company),
        "with_result": set(results.filter(state="final").values_list("project_id", flat=True)),
    }
    return render(request, "projects/my_projects.html", context)


@require_safe
def my_project(request: HttpRequest, pk: int) -> HttpResponse:
    company = check_company(request)
    mine = Project.objects.visible_to(request.user).current().of_companies([company])
    project = get_object_or_404(mine.with_details(), pk=pk)
    result = queries.result_of(project, request.user)
    (view,) = presenters.shown([project], CompanyNames(request.user, company), company)
    context = {"project": project, "view": view, "result": result if result and result.is_final else None}
    return render(request, "projects/my_project.html", context)


@require_safe
def result_picture(request: HttpRequest, pk: int, picture_pk: int) -> FileResponse:
    """The picture itself, to whoever may read the result that it belongs to."""
    pictures = ResultPicture.objects.visible_to(request.user).filter(result__project=pk)
    picture = get_object_or_404(pictures.select_related("file"), pk=picture_pk)
    stored = picture.file
    try:
        content = path_of(stored).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(content, content_type=stored.content_type, filename=stored.original_name)
