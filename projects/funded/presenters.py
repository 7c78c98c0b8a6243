"""Records as pages show them to one reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cooperation_portal.network.models import Company
from cooperation_portal.taxonomy.models import Country
from projects.funded.models import PartyRole, Project, ProjectStatus
from projects.funded.permissions import CompanyNames

_TONES = {"running": "info", "completed": "success", "stopped": "danger"}
_ROLE_ORDER = list(PartyRole.values)


def status_tiles(counts: Mapping[str, int], url: str, current: str) -> list[dict[str, Any]]:
    return [
        {
            "label": ProjectStatus(status).label,
            "count": count,
            "url": f"{url}?status={status}",
            "tone": _TONES[status],
            "current": status == current,
        }
        for status, count in counts.items()
    ]


@dataclass(frozen=True)
class Party:
    role: str
    name: str
    country: Country | None
    note: str
    amount_krw: int | None
    company_id: int | None
    institution_id: int | None


@dataclass(frozen=True)
class ProjectView:
    """A project with its companies named as the reader may read them."""

    project: Project
    company: str
    parties: tuple[Party, ...]
    leads: bool  # the reader's company leads it
    role: str  # what the reader's company does in it


def shown(projects: Iterable[Project], names: CompanyNames, own: Company | None = None) -> list[ProjectView]:
    return [_shown(project, names, own) for project in projects]


def _shown(project: Project, names: CompanyNames, own: Company | None) -> ProjectView:
    everybody = sorted(project.participations.all(), key=lambda party: (_ROLE_ORDER.index(party.role), party.pk))
    parties = tuple(
        Party(
            str(party.get_role_display()),
            names.of(project, party.company) if party.company else party.name,
            party.country,
            party.note,
            party.amount_krw,
            party.company_id,
            party.institution_id,
        )
        for party in everybody
    )
    mine = [str(party.get_role_display()) for party in everybody if own and party.company_id == own.pk]
    return ProjectView(
        project,
        names.of(project, project.company),
        parties,
        leads=own is not None and project.company_id == own.pk,
        role=", ".join(mine),
    )
