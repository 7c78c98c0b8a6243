"""Bad rows of projects and results are refused by the database itself, whatever path they take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from cooperation_portal.taxonomy.models import Country
from projects.funded.models import Participation, ProjectTitle
from projects.results.models import MarketStep
from tests.people import make_company, make_figure, make_institution, make_project, make_result

pytestmark = pytest.mark.django_db


def change(make: Callable[[], Any], **values: Any) -> Callable[[], Any]:
    """Writes values past forms, services and checks."""

    def write() -> None:
        row = make()
        type(row)._default_manager.filter(pk=row.pk).update(**values)

    return write


def party(**values: Any) -> Any:
    who = values or {"company": make_company()}
    return Participation.objects.create(**{"project": make_project(), "role": "participant"} | who)


def twice(**values: Any) -> Callable[[], Any]:
    """One party of a project in one role, two times."""

    def write() -> None:
        project = make_project()
        for _ in range(2):
            Participation.objects.create(project=project, role="participant", **values)

    return write


def abroad() -> Any:
    return Country.objects.get(code="RU")


def title(**values: Any) -> Any:
    return ProjectTitle.objects.create(**{"project": make_project(), "title": "다른 이름"} | values)


def result() -> Any:
    return make_result(make_project())


def figure(**values: Any) -> Any:
    return make_figure(make_project(), **values)


def step(**values: Any) -> Any:
    place = values or {"country": abroad()}
    return MarketStep.objects.create(**{"result": result(), "stage": "agreed"} | place)


def two_leads() -> None:
    project = make_project()
    for _ in range(2):
        Participation.objects.create(project=project, role="lead", company=make_company())


def same_title_twice() -> None:
    project = make_project()
    title(project=project), title(project=project)


BAD: dict[str, Callable[[], Any]] = {
    "project_type_is_known": change(make_project, project_type="long"),
    "project_case_is_known": change(make_project, case="3"),
    "project_origin_is_known": change(make_project, origin="old"),
    "project_status_is_known": change(make_project, status="lost"),
    "project_name_disclosure_is_known": change(make_project, name_disclosure="loud"),
    "project_ends_after_it_starts": change(make_project, starts_on=date(2025, 5, 1), ends_on=date(2025, 4, 30)),
    "project_has_a_title": change(make_project, title=""),
    "project_year_is_sensible": change(make_project, year=25),
    "project_months_are_sensible": change(make_project, months=0),
    "stopped_project_says_why": change(make_project, status="stopped"),
    "one_project_for_each_reference": lambda: [make_project(source_reference="R1") for _ in range(2)],
    "one_project_for_each_serial": lambda: [make_project(serial="단기형-②") for _ in range(2)],
    "one_row_for_each_project_title": same_title_twice,
    "project_alias_has_a_title": change(title, title=""),
    "party_role_is_known": change(party, role="guest"),
    "participation_names_one_party": change(party, company=None),
    "only_a_name_brings_its_country": lambda: party(other_name="ООО Завод"),
    "one_lead_for_each_project": two_leads,
    "one_role_for_each_company": lambda: twice(company=make_company())(),
    "one_role_for_each_institution": lambda: twice(institution=make_institution())(),
    "one_role_for_each_other_name": lambda: twice(other_name="ООО Завод", other_country=abroad())(),
    "result_maturity_is_known": change(result, maturity="ripe"),
    "result_outcome_is_known": change(result, outcome="glory"),
    "result_state_is_known": change(lambda: make_result(make_project(), final=True), state="lost"),
    "failure_says_why": change(result, outcome="failure"),
    "final_result_says_what_and_how": change(result, state="final"),
    "figure_kind_is_known": change(figure, kind="joy"),
    "figure_qualifier_is_known": change(figure, qualifier="perhaps"),
    "figure_currency_is_known": change(figure, currency="XXX"),
    "figure_precision_is_known": change(figure, as_of_precision="week"),
    "figure_effect_is_known": change(figure, effect="hoped"),
    "figure_period_ends_after_it_starts": change(figure, period_from=date(2025, 2, 1), period_to=date(2025, 1, 1)),
    "figure_has_a_currency_or_a_unit": change(figure, unit="건"),
    "only_other_figures_are_labelled": change(figure, label="이름"),
    "only_what_has_not_come_lacks_an_amount": change(figure, amount=None),
    "figure_is_not_negative": change(figure, amount=-1),
    "figure_is_quoted_from_somewhere": change(figure, source=""),
    "disputed_figure_says_why": change(figure, disputed=True),
    "market_stage_is_known": change(step, stage="dreamt of"),
    "market_step_is_in_one_place": change(step, area="유럽"),
}


def constraints() -> set[str]:
    ours = [model for model in apps.get_models() if model.__module__.startswith("projects.")]
    found = [constraint for model in ours for constraint in model._meta.constraints]
    return {constraint.name for constraint in found if isinstance(constraint, CheckConstraint | UniqueConstraint)}


def test_every_constraint_has_a_row_that_it_refuses() -> None:
    assert constraints() == set(BAD)


@pytest.mark.parametrize("name", BAD)
def test_bad_row_is_refused(name: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BAD[name]()
    assert refused.value.__cause__ is not None
    assert refused.value.__cause__.diag.constraint_name == name


def test_projects_without_serial_and_reference_do_not_collide() -> None:
    assert make_project().pk != make_project().pk


def test_one_company_may_have_two_roles() -> None:
    project, company = make_project(), make_company()
    for role in ("lead", "participant"):
        Participation.objects.create(project=project, role=role, company=company)
    assert project.participations.count() == 2
