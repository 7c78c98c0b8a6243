"""The invented funded projects and what came of them, beside the rest of the sample data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from cooperation_portal.network.models import Company, Institution
from cooperation_portal.shared.amounts import read_amount
from cooperation_portal.shared.partial_dates import read_partial_date
from cooperation_portal.taxonomy.models import Country, Programme, TechnologyField
from matching.catalogue.models import Technology
from projects.funded.models import Project
from projects.funded.services import add_project
from projects.results.services import add_figure, finalise, save_result

FILE = Path(__file__).parent / "sample" / "projects.toml"
_RESULT = ("content", "innovation", "completeness", "applicability", "maturity", "outcome", "outcome_reason")


@transaction.atomic
def add_projects(by: Any, companies: Mapping[str, Company]) -> list[Project]:
    """Expects the sample's institutions and technologies to be there; `companies` are by their key in the sample."""
    rows: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["project"]
    institutions = {one.source_reference: one for one in Institution.objects.exclude(source_reference="")}
    added = []
    for row in rows:
        project = _project(row, companies, institutions, by=by)
        if "result" in row:
            _result(project, row["result"], by=by)
        added.append(project)
    return added


def _project(
    row: dict[str, Any], companies: Mapping[str, Company], institutions: Mapping[str, Institution], *, by: Any
) -> Project:
    return add_project(
        by=by,
        programme=Programme.objects.get(code=row["programme"]),
        year=row["year"],
        serial=row["serial"],
        title=row["title"],
        titles=[{"title": title, "found_in": found_in} for title, found_in in row.get("titles", [])],
        project_type=row["project_type"],
        case=row["case"],
        origin=row.get("origin", "new"),
        partner_country=Country.objects.get(code=row["country"]),
        company=companies[row["company"]],
        technology=Technology.objects.get(source_reference=f"sample:{row['technology']}"),
        field=TechnologyField.objects.get(code=row["field"]),
        field_as_quoted=row["field_as_quoted"],
        starts_on=date.fromisoformat(row["starts_on"]),
        budget_krw=_won(row, "budget"),
        private_cash_krw=_won(row, "private_cash"),
        private_in_kind_krw=_won(row, "private_in_kind"),
        pays_royalty=row.get("royalty", False),
        already_developed=row.get("already_developed", False),
        status=row["status"],
        stop_reason=row.get("stop_reason", ""),
        issue_notes=row.get("issue_notes", ""),
        parties=_parties(row, companies, institutions),
    )


def _won(row: dict[str, Any], name: str) -> int | None:
    return int(read_amount(row[name])) if name in row else None


def _parties(
    row: dict[str, Any], companies: Mapping[str, Company], institutions: Mapping[str, Institution]
) -> dict[str, list[dict[str, Any]]]:
    def at(key: str) -> dict[str, Any]:
        return {"institution_id": institutions[f"sample:{key}"].pk}

    participants = [row["company"], *row.get("participants", [])]
    parties: dict[str, list[dict[str, Any]]] = {
        "lead": [at(row["lead"])],
        "participant": [{"company_id": companies[key].pk} for key in participants],
        "commissioned": [at(key) for key in row.get("commissioned", [])],
    }
    for other in row.get("other", []):
        country = Country.objects.get(code=other["country"])
        party = {"other_name": other["name"], "other_country_id": country.pk, "note": other.get("note", "")}
        parties[other["role"]].append(party)
    return parties


def _result(project: Project, row: dict[str, Any], *, by: Any) -> None:
    steps = [
        {
            "country_id": Country.objects.get(code=step["country"]).pk if "country" in step else None,
            "area": step.get("area", ""),
            "stage": step["stage"],
            "note": step.get("note", ""),
        }
        for step in row.get("steps", [])
    ]
    texts = {name: row[name].strip() for name in _RESULT if name in row}
    result = save_result(project, by=by, edit_version=0, steps=steps, **texts)
    for figure in row.get("figure", []):
        add_figure(project, by=by, **_figure(figure))
    if row.get("final"):
        finalise(result, by=by, edit_version=result.edit_version)


def _figure(row: dict[str, Any]) -> dict[str, Any]:
    as_of = read_partial_date(row["as_of"])
    days = {name: date.fromisoformat(row[name]) for name in ("period_from", "period_to") if name in row}
    plain = {name: value for name, value in row.items() if name not in ("amount", "as_of", *days)}
    amount = read_amount(row["amount"]) if "amount" in row else None
    return plain | days | {"amount": amount, "as_of": as_of.first, "as_of_precision": as_of.precision}
