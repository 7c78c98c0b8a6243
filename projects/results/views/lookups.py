"""What every page of projects begins with: may the person be here, and is the record there for this person?"""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from projects.funded.models import Project
from projects.funded.permissions import check_keeps_projects, check_reads_projects
from projects.results.models import ResultSheet


def project_to_read(request: HttpRequest, pk: int) -> Project:
    check_reads_projects(request.user)
    return get_object_or_404(Project.objects.visible_to(request.user).with_details(), pk=pk)


def project_to_keep(request: HttpRequest, pk: int) -> Project:
    """One that is in use; what was retired is brought back first."""
    check_keeps_projects(request.user)
    return get_object_or_404(Project.objects.visible_to(request.user).current().with_details(), pk=pk)


def result_to_keep(request: HttpRequest, pk: int) -> ResultSheet:
    check_keeps_projects(request.user)
    projects = Project.objects.visible_to(request.user).current()
    return get_object_or_404(ResultSheet.objects.visible_to(request.user).filter(project__in=projects), project=pk)
