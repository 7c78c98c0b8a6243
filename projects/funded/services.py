"""What changes projects. Many are written in as few statements as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation_portal.shared.conflicts import EditedMeanwhile
from projects.funded.models import DEFAULT_MONTHS, Participation, Project, ProjectTitle, last_day, months_between

Values = Mapping[str, Any]
"""By name of the model's field. `titles` are mappings with title and found_in; `parties` are lists by role of mappings
with company_id, institution_id or other_name and other_country_id, and, where they are known, amount_krw and note."""
_BATCH = 500
_WHO = ("company_id", "institution_id", "other_name", "other_country_id")
_WHAT = ("amount_krw", "note")


@transaction.atomic
def add_project(*, by: Any, submission: UUID | None = None, **values: Any) -> Project:
    """The same `submission`, as from a form that was sent twice, gives the project of the first time."""
    known = Project.objects.filter(submission=submission).first() if submission else None
    return known or add_projects([{**values, "submission": submission}], by=by)[0]


@transaction.atomic
def add_projects(rows: Sequence[Values], *, by: Any) -> list[Project]:
    """Raises IntegrityError for a reference or a serial that is taken."""
    projects = []
    for row in rows:
        project = Project()
        _take(project, row)
        projects.append(project)
    Project.objects.bulk_create(projects, batch_size=_BATCH)
    _write_parts({project.pk: row for project, row in zip(projects, rows, strict=True)})
    return projects


@transaction.atomic
def change_project(project: Project, *, by: Any, edit_version: int, **values: Any) -> Project:
    """Raises EditedMeanwhile when `edit_version` is not the one that stands."""
    locked = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if locked.edit_version != edit_version:
        raise EditedMeanwhile(locked, _("그사이 다른 사람이 이 과제를 고쳤습니다."))
    return change_projects({locked.pk: values}, by=by)[0]


@transaction.atomic
def change_projects(changes: Mapping[int, Values], *, by: Any) -> list[Project]:
    """By primary key, what is to stand; what is not named stays."""
    projects = list(Project.objects.select_for_update(of=("self",)).filter(pk__in=changes).order_by("pk"))
    touched, now = {"edit_version", "changed_at", "months", "ends_on"}, timezone.now()
    for project in projects:
        touched |= _take(project, changes[project.pk])
        project.edit_version += 1
        project.changed_at = now
    Project.objects.bulk_update(projects, sorted(touched), batch_size=_BATCH)
    _write_parts(changes)
    return projects


def retire_project(project: Project, *, by: Any) -> None:
    """Twice is once: the first day stays."""
    Project.objects.filter(pk=project.pk, retired_on__isnull=True).update(retired_on=timezone.localdate())


def restore_project(project: Project, *, by: Any) -> None:
    Project.objects.filter(pk=project.pk, retired_on__isnull=False).update(retired_on=None)


def _take(project: Project, values: Values) -> set[str]:
    """Months left empty follow from two days, else from the type; a last day left empty from both. Names taken."""
    follows = project.ends_on is None or project.ends_on == _last_day_of(project)
    own = {name: value for name, value in values.items() if name not in ("titles", "parties")}
    for name, value in own.items():
        setattr(project, name, value)
    if project.months is None:
        first, last = project.starts_on, values.get("ends_on")
        project.months = months_between(first, last) if first and last else DEFAULT_MONTHS[project.project_type]
    if values.get("ends_on") is None and (follows or "ends_on" in values):
        project.ends_on = _last_day_of(project)
    return set(own)


def _last_day_of(project: Project) -> Any:
    return last_day(project.starts_on, project.months) if project.starts_on and project.months else None


# --- parts: only what differs is written, since people would read a history of nothing --------------------------------


def _write_parts(changes: Mapping[int, Values]) -> None:
    _write_titles({pk: values["titles"] for pk, values in changes.items() if "titles" in values})
    _write_parties({pk: values["parties"] for pk, values in changes.items() if "parties" in values})


def _write_titles(wanted: Mapping[int, Sequence[Mapping[str, str]]]) -> None:
    """A title that comes without the place where it was found keeps the place that is known."""
    standing = {(row.project_id, row.title): row for row in ProjectTitle.objects.filter(project__in=wanted)}
    target = {(pk, title["title"]): title for pk, titles in wanted.items() for title in titles}
    _delete(ProjectTitle, [row.pk for key, row in standing.items() if key not in target])
    ProjectTitle.objects.bulk_create(
        (ProjectTitle(project_id=key[0], **title) for key, title in target.items() if key not in standing),
        batch_size=_BATCH,
    )
    moved = [row for key, row in standing.items() if target.get(key, {}).get("found_in", row.found_in) != row.found_in]
    for row in moved:
        row.found_in = target[row.project_id, row.title]["found_in"]
    ProjectTitle.objects.bulk_update(moved, ["found_in"], batch_size=_BATCH)


def _write_parties(wanted: Mapping[int, Mapping[str, Sequence[Values]]]) -> None:
    """Roles that are not named keep their parties; a party that stays keeps what is not said anew of it."""
    rows = Participation.objects.filter(project__in=wanted)
    standing = {_key_of(row): row for row in rows if row.role in wanted[row.project_id]}
    target: dict[tuple[Any, ...], Values] = {
        (pk, role, *(party.get(name) or ("" if name == "other_name" else None) for name in _WHO)): party
        for pk, roles in wanted.items()
        for role, parties in roles.items()
        for party in parties
    }
    _delete(Participation, [row.pk for key, row in standing.items() if key not in target])
    Participation.objects.bulk_create(
        (
            Participation(project_id=key[0], role=key[1], **dict(party))
            for key, party in target.items()
            if key not in standing
        ),
        batch_size=_BATCH,
    )
    changed = []
    for key, row in standing.items():
        said = {name: target[key][name] for name in _WHAT if name in target.get(key, {})}
        if any(getattr(row, name) != value for name, value in said.items()):
            for name, value in said.items():
                setattr(row, name, value)
            changed.append(row)
    Participation.objects.bulk_update(changed, _WHAT, batch_size=_BATCH)


def _key_of(row: Participation) -> tuple[Any, ...]:
    return (row.project_id, row.role, *(getattr(row, name) for name in _WHO))


def _delete(model: Any, keys: Sequence[int]) -> None:
    if keys:
        model.objects.filter(pk__in=keys).delete()
