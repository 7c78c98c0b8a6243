"""What the register of companies and institutions is told of projects."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import Company, Institution
from cooperation_portal.network.related import Related, register
from projects.funded.models import Project, ProjectQuerySet, ProjectStatus
from projects.funded.queries import containing


def _found(user: Any, word: str, **facts: str) -> ProjectQuerySet:
    """What the list at `_list` shows."""
    return containing(Project.objects.visible_to(user).current().filter(**facts), word)


def _list(word: str, **facts: str) -> str:
    return f"{reverse('project_list')}?{urlencode({'q': word, **facts})}"


def tell() -> None:
    """A company cannot be retired while a project of it is running."""
    running = ProjectStatus.RUNNING.value
    register(
        Company,
        Related(
            _("과제"),
            lambda company, user: _found(user, company.code).count(),
            lambda company, user: _list(company.code),
        ),
    )
    register(
        Company,
        Related(
            _("진행 중인 과제"),
            lambda company, user: _found(user, company.code, status=running).count(),
            lambda company, user: _list(company.code, status=running),
            hinders=True,
        ),
    )
    register(
        Institution,
        Related(
            _("참여한 과제"),
            lambda institution, user: _found(user, institution.number).count(),
            lambda institution, user: _list(institution.number),
        ),
    )
