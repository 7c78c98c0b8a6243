"""Funded projects and their results as a spreadsheet, in and out: one line a project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from cooperation_portal.exchange.sheets import Arriving, Row, RowState, Sheet, Values
from cooperation_portal.shared.partial_dates import read_partial_date
from cooperation_portal.taxonomy.models import Country, Programme, TechnologyField
from projects.funded import services as funded
from projects.funded.models import PartyRole, Project
from projects.funded.permissions import keeps_projects
from projects.results import services as results
from projects.results.columns import COLUMNS, FIGURES
from projects.results.line_checks import check_lines, references_of
from projects.results.lines import DAYS, OWN, RESULT, RESULT_COLUMNS, figure_names, read, standing, triple
from projects.results.references import References, parties_in


class ProjectSheet(Sheet):
    name = "projects"
    label = gettext_lazy("과제와 성과")
    order = 60
    columns = COLUMNS
    key_help = gettext_lazy(
        "출처 번호가 같으면 같은 과제입니다. 출처 번호가 없으면 사업·사업 연도·과제 번호로 찾습니다."
    )
    about = gettext_lazy("지원한 과제와 참여기관, 해외·국내 매출 같은 성과를 한 줄에 한 과제씩 적습니다.")
    url_name = "project_list"

    def may_add(self, user: Any) -> bool:
        return keeps_projects(user)

    def may_change(self, user: Any) -> bool:
        return keeps_projects(user)

    def key(self, values: Values) -> str:
        if values.get("source_reference"):
            return str(values["source_reference"])
        parts = [values.get(name) for name in ("year", "programme", "serial")]
        return triple(*parts) if all(parts) else ""

    def present(self, keys: set[str]) -> dict[str, Values]:
        return {key: one.values for key, one in standing(keys).items()}

    def lock(self, keys: set[str]) -> None:
        found = [one.project.pk for one in standing(keys).values()]
        list(Project.objects.select_for_update().filter(pk__in=found).order_by("pk").values_list("pk"))

    def rows_of(self, records: QuerySet[Any]) -> Iterator[Values]:
        return (one.values for one in read(records))

    def check(self, rows: Sequence[Row], arriving: Arriving, user: Any) -> None:
        check_lines(rows, arriving)

    def store(self, rows: Sequence[Row], *, by: Any) -> None:
        references, stored = references_of(rows), _Stored()
        new = [row for row in rows if row.state == RowState.NEW]
        added = funded.add_projects([stored.project(row.values, references) for row in new], by=by)
        written = {
            project.pk: stored.result(row.values, set(row.values)) for project, row in zip(added, new, strict=True)
        }
        changed = [row for row in rows if row.state == RowState.CHANGED]
        before = standing({row.key for row in changed})
        changes = {}
        for row in changed:
            now = before[row.key]
            differs = {name for name, value in row.values.items() if value != now.values[name]}
            changes[now.project.pk] = stored.project({name: row.values[name] for name in differs}, references)
            if differs & RESULT_COLUMNS:
                written[now.project.pk] = stored.result(now.values | row.values, differs)
        funded.change_projects({pk: values for pk, values in changes.items() if values}, by=by)
        results.write_results({pk: values for pk, values in written.items() if values}, by=by)


# --- as the services take it ------------------------------------------------------------------------------------------


class _Stored:
    def __init__(self) -> None:
        self._programmes = dict(Programme.objects.values_list("code", "pk"))
        self._countries = dict(Country.objects.values_list("code", "pk"))
        self._fields = dict(TechnologyField.objects.values_list("code", "pk"))

    def project(self, values: Values, references: References) -> dict[str, Any]:
        taken = {name: values[name] for name in OWN if name in values}
        taken |= {name: date.fromisoformat(day) if (day := values[name]) else None for name in DAYS if name in values}
        if "programme" in values:
            taken["programme_id"] = self._programmes[values["programme"]]
        if "partner_country" in values:
            taken["partner_country_id"] = self._countries[values["partner_country"]]
        if "field" in values:
            taken["field_id"] = self._fields.get(values["field"])
        if "company" in values:
            company = references.company(values["company"])
            taken["company_id"] = company and company.pk
        if "technology" in values:
            technology = references.technology(values["technology"])
            taken["technology_id"] = technology and technology.pk
        if "titles" in values:
            taken["titles"] = [{"title": line} for line in values["titles"].splitlines()]
        roles = [role for role in PartyRole.values if role in values]
        if roles:
            taken["parties"] = {
                role: [found for party in parties_in(values[role]) if (found := references.party(party))]
                for role in roles
            }
        return taken

    @staticmethod
    def result(whole: Values, named: set[str]) -> dict[str, Any]:
        """Only what `named` has columns of; a figure as a whole where one of its columns is named."""
        taken: dict[str, Any] = {name: whole[name] for name in RESULT if name in named}
        figures = {kind: _stored_figure(whole, kind) for kind in FIGURES if named.intersection(figure_names(kind))}
        return taken | ({"figures": figures} if figures else {})


def _stored_figure(whole: Mapping[str, Any], kind: str) -> dict[str, Any] | None:
    if whole.get(kind) is None:
        return None
    as_of = read_partial_date(whole[f"{kind}_as_of"])
    return {
        "amount": Decimal(whole[kind]),
        "currency": FIGURES[kind] or whole[f"{kind}_currency"],
        "qualifier": whole[f"{kind}_qualifier"],
        "as_of": as_of.first,
        "as_of_precision": as_of.precision,
        "source": whole[f"{kind}_source"],
        "as_quoted": whole[f"{kind}_quoted"],
    }
