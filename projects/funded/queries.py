"""What pages of projects show, in a fixed number of queries."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from projects.funded.models import Participation, PartyRole, Project, ProjectQuerySet, ProjectStatus, ProjectTitle

MOST_WORDS = 8


def containing(projects: ProjectQuerySet, words: str) -> ProjectQuerySet:
    """Projects whose number, serial, titles or parties contain every word. For those who read full names."""
    for word in words.split()[:MOST_WORDS]:
        title = ProjectTitle.objects.filter(project=OuterRef("pk"), title__icontains=word)
        party = Participation.objects.filter(_is_party(word), project=OuterRef("pk"))
        found = Q(title__icontains=word) | Q(serial__icontains=word) | Q(source_reference__iexact=word)
        found |= Q(company__name__icontains=word) | Q(company__code__iexact=word) | Q(Exists(title)) | Q(Exists(party))
        projects = projects.filter(found | _is_numbered("pk", "P-", word))
    return projects


def _is_party(word: str) -> Q:
    found = Q(company__name__icontains=word) | Q(company__code__iexact=word) | Q(other_name__icontains=word)
    found |= Q(institution__name_ko__icontains=word) | Q(institution__name_original__icontains=word)
    return found | _is_numbered("institution", "I-", word)


def _is_numbered(field: str, prefix: str, word: str) -> Q:
    """`P-00012`, and for projects 12 as well."""
    number = word.upper().removeprefix(prefix)
    meant = number.isdecimal() and len(number) <= 9 and (field == "pk" or number != word.upper())
    return Q(**{field: int(number)}) if meant else Q(pk__in=[])


def counts_by_status(projects: ProjectQuerySet) -> dict[str, int]:
    counts = dict(projects.order_by().values_list("status").annotate(n=Count("pk")))
    return {status.value: counts.get(status.value, 0) for status in ProjectStatus}


def years(projects: ProjectQuerySet) -> list[int]:
    return list(projects.order_by("-year").values_list("year", flat=True).distinct())


def missing_of(project: Project) -> list[str]:
    """What a project still lacks; works on a project with its details."""
    roles = {party.role for party in project.participations.all()}
    lacking: list[tuple[Any, str]] = [
        (not project.serial, _("과제 번호")),
        (not project.case, _("Case")),
        (project.field_id is None, _("기술분야")),
        (project.technology_id is None, _("원천기술")),
        (project.starts_on is None, _("시작일")),
        (project.budget_krw is None, _("정부출연금")),
        (PartyRole.LEAD not in roles, _("주관기관")),
    ]
    return [name for lacks, name in lacking if lacks]
