"""The register of funded projects, for the staff."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cooperation_portal.audit.timeline import told
from cooperation_portal.exchange import exports
from projects.funded import presenters
from projects.funded.filters import ProjectFilter
from projects.funded.models import Project
from projects.funded.permissions import CompanyNames, check_reads_projects, keeps_projects
from projects.funded.queries import counts_by_status
from projects.funded.queries import missing_of as missing_of_project
from projects.results import queries
from projects.results.sheets import ProjectSheet
from projects.results.views.lookups import project_to_read

PAGE_SIZE = 25


def _filtered(request: HttpRequest) -> ProjectFilter:
    check_reads_projects(request.user)
    return ProjectFilter(request.GET, queryset=Project.objects.visible_to(request.user))


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    filtered = _filtered(request)
    page = Paginator(filtered.qs.with_details(), PAGE_SIZE).get_page(request.GET.get("page"))
    sums, left_out = queries.totals(filtered.qs, request.user)
    context = {
        "filter": filtered,
        "page_obj": page,
        "rows": presenters.shown(page, CompanyNames(request.user)),
        "tiles": presenters.status_tiles(
            counts_by_status(Project.objects.visible_to(request.user).current()),
            reverse("project_list"),
            request.GET.get("status", ""),
        ),
        "budget": queries.budget(filtered.qs),
        "sums": sums,
        "left_out": left_out,
        "heat": queries.heat_map(filtered.qs),
        "keeps": keeps_projects(request.user),
    }
    return render(request, "projects/project_list.html", context)


@require_safe
def project_export(request: HttpRequest) -> HttpResponse:
    return exports.respond(request, ProjectSheet(), _filtered(request).qs, "projects")


@require_safe
def project_detail(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_to_read(request, pk)
    result = queries.result_of(project, request.user)
    (view,) = presenters.shown([project], CompanyNames(request.user))
    context = {
        "project": project,
        "view": view,
        "result": result,
        "missing": missing_of_project(project) + queries.missing_of(result),
        "keeps": keeps_projects(request.user),
    }
    return render(request, "projects/project_detail.html", context)


@require_safe
def project_history(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_to_read(request, pk)
    context = {"project": project, "events": told(queries.history(project))}
    return render(request, "projects/project_history.html", context)
