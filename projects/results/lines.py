"""Projects and their results as lines of a spreadsheet, read from the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from cooperation_portal.exchange.sheets import Values
from projects.funded.models import PartyRole, Project
from projects.results.columns import COLUMNS, FIGURES
from projects.results.models import HEADINGS, ResultFigure
from projects.results.references import company_reference, party_reference, technology_reference

_READ_AT_ONCE = 500
_BETWEEN = " · "
DAYS = ("starts_on", "ends_on")
OWN = (
    "source_reference", "year", "serial", "title", "project_type", "case", "origin", "field_as_quoted", "months",
    "budget_krw", "private_cash_krw", "private_in_kind_krw", "pays_royalty", "already_developed", "status",
    "stop_reason", "name_disclosure", "issue_notes",
)  # fmt: skip
RESULT = ("maturity", "outcome", "outcome_reason", *HEADINGS)
_FIGURE = ("", "_currency", "_qualifier", "_as_of", "_source", "_quoted")


def figure_names(kind: str) -> list[str]:
    """Names of the columns of one figure; `[0]` is the amount."""
    return [f"{kind}{ending}" for ending in _FIGURE if not (FIGURES[kind] and ending == "_currency")]


RESULT_COLUMNS = frozenset(RESULT).union(*(figure_names(kind) for kind in FIGURES))


def triple(year: Any, programme: Any, serial: Any) -> str:
    """What tells a project that has no source reference."""
    return _BETWEEN.join((str(year), str(programme), str(serial)))


@dataclass
class Standing:
    """A project as it is, as a line and with what a line does not say."""

    project: Project
    values: Values
    is_final: bool = False
    untold: set[str] = field(default_factory=set)  # kinds whose figures the columns of one line cannot tell


def standing(keys: set[str]) -> dict[str, Standing]:
    """By key, whether the key is a source reference or made of year, programme and serial."""
    by_reference = read(Project.objects.filter(source_reference__in=keys - {""}))
    found = {one.project.source_reference: one for one in by_reference}
    triples = {key: key.split(_BETWEEN, 2) for key in keys - found.keys() if key.count(_BETWEEN) >= 2}
    serials = {parts[2] for parts in triples.values()}
    for one in read(Project.objects.filter(serial__in=serials) if serials else Project.objects.none()):
        key = triple(one.project.year, one.project.programme.code, one.project.serial)
        if key in triples:
            found[key] = one
    return found


def read(projects: QuerySet[Any]) -> Iterator[Standing]:
    detailed = projects.with_details().prefetch_related("result__figures")  # type: ignore[attr-defined]
    for project in detailed.iterator(_READ_AT_ONCE):
        result = getattr(project, "result", None)
        values = _own_values(project) | {name: getattr(result, name, "") for name in RESULT}
        untold = set()
        for kind, currency in FIGURES.items():
            counted = [figure for figure in (result.figures.all() if result else []) if _counts(figure, kind)]
            told = [figure for figure in counted if currency in ("", figure.currency)]
            untold |= {kind} if len(counted) > 1 or told != counted else set()
            values |= _figure_values(kind, max(told, key=lambda one: (one.as_of, one.pk), default=None))
        in_order = {column.name: values[column.name] for column in COLUMNS}
        yield Standing(project, in_order, bool(result and result.is_final), untold)


def _counts(figure: ResultFigure, kind: str) -> bool:
    return figure.kind == kind and bool(figure.currency) and not figure.is_left_out


def _own_values(project: Project) -> Values:
    values = {name: getattr(project, name) for name in OWN}
    values |= {name: day.isoformat() if (day := getattr(project, name)) else None for name in DAYS}
    by_role: dict[str, list[str]] = {role: [] for role in PartyRole.values}
    for party in project.participations.all():
        by_role[party.role].append(party_reference(party))
    return (
        values
        | {role: "; ".join(sorted(parties)) for role, parties in by_role.items()}
        | {
            "titles": "\n".join(title.title for title in project.titles.all()),
            "programme": project.programme.code,
            "partner_country": project.partner_country.code,
            "company": company_reference(project.company),
            "technology": technology_reference(project.technology) if project.technology else "",
            "field": project.field.code if project.field else "",
        }
    )


def _figure_values(kind: str, figure: ResultFigure | None) -> Values:
    if figure is None or figure.amount is None:
        return dict.fromkeys(figure_names(kind), "") | {kind: None}
    values = (
        f"{figure.amount.normalize():f}", figure.currency, figure.qualifier, figure.as_of_shown, figure.source,
        figure.as_quoted,
    )  # fmt: skip
    named = {f"{kind}{ending}": value for ending, value in zip(_FIGURE, values, strict=True)}
    return {name: named[name] for name in figure_names(kind)}
