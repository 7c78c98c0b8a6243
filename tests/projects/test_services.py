"""What changing projects and results does, and what it refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from cooperation_portal.shared.conflicts import EditedMeanwhile
from cooperation_portal.taxonomy.models import Country
from projects.funded.models import PartyRole, Project, last_day
from projects.funded.services import (
    change_project,
    change_projects,
    restore_project,
    retire_project,
)
from projects.results import queries, services
from projects.results.models import ResultFigure, ResultSheet
from tests.people import make_company, make_figure, make_institution, make_member, make_project, make_result, make_user

pytestmark = pytest.mark.django_db


def change(project: Any, **values: Any) -> Project:
    return change_project(project, by=None, edit_version=project.edit_version, **values)


# --- projects ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "months"), [("field_support", 6), ("localisation", 12), ("source", 24)])
def test_months_follow_the_type_where_they_are_left_empty(kind: str, months: int) -> None:
    assert make_project(project_type=kind, months=None).months == months


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2025, 6, 1), date(2026, 5, 31), 12),
        (date(2025, 11, 16), date(2026, 11, 15), 12),
        (date(2025, 1, 31), date(2025, 7, 30), 6),
        (date(2025, 5, 1), date(2025, 5, 3), 1),
    ],
)
def test_months_follow_two_days_that_are_given(first: date, last: date, months: int) -> None:
    project = make_project(project_type="field_support", starts_on=first, ends_on=last, months=None)
    assert (project.months, project.ends_on) == (months, last)


def test_months_that_were_agreed_stay_whatever_the_type() -> None:
    assert make_project(project_type="source", months=18).months == 18


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2025, 5, 1), 6, date(2025, 10, 31)),
        (date(2025, 1, 1), 12, date(2025, 12, 31)),
        (date(2025, 3, 15), 24, date(2027, 3, 14)),
        (date(2025, 12, 1), 1, date(2025, 12, 31)),
        (date(2024, 8, 31), 6, date(2025, 2, 27)),
    ],
)
def test_last_day_follows_from_the_first_and_the_months(first: date, months: int, last: date) -> None:
    assert last_day(first, months) == last
    assert make_project(starts_on=first, months=months).ends_on == last


def test_last_day_moves_with_the_months_unless_it_was_given() -> None:
    follows = make_project(starts_on=date(2025, 5, 1))
    assert change(follows, months=8).ends_on == date(2025, 12, 31)
    given = make_project(starts_on=date(2025, 5, 1), ends_on=date(2025, 11, 15))
    assert change(given, months=8).ends_on == date(2025, 11, 15)
    assert change(Project.objects.get(pk=given.pk), ends_on=None).ends_on == date(2025, 12, 31)


def test_a_form_that_is_sent_twice_makes_one_project() -> None:
    once = uuid4()
    assert make_project(submission=once) == make_project(submission=once)
    assert Project.objects.count() == 1


def test_second_editor_is_told_of_the_first() -> None:
    project = make_project()
    change(project, title="먼저 고친 이름")
    with pytest.raises(EditedMeanwhile) as told:
        change(project, title="나중에 고친 이름")
    assert told.value.current.title == "먼저 고친 이름"
    assert Project.objects.get().title == "먼저 고친 이름"


def test_serial_is_text_that_follows_from_nothing() -> None:
    later = make_project(serial="현지화형-⑨", project_type="localisation")
    earlier = make_project(serial="07", project_type="field_support")
    assert [project.label for project in (later, earlier)] == ["현지화형-⑨", "07"]
    unnumbered = make_project()
    assert unnumbered.label == unnumbered.number


@pytest.mark.parametrize(
    ("country", "case", "label"),
    [("RU", "1", "러→한"), ("RU", "2", "한→러"), ("UA", "1", "우→한"), ("CN", "2", "한→중"), ("RU", "", "")],
)
def test_direction_is_made_from_the_country_and_the_case(country: str, case: str, label: str) -> None:
    for kind in ("field_support", "localisation", "source"):
        assert make_project(country=country, case=case, project_type=kind).direction == label


def parties_of(project: Project) -> list[tuple[Any, ...]]:
    rows = project.participations.order_by("role", "pk")
    return [(row.role, row.name, row.country.code if row.country else "", row.amount_krw, row.note) for row in rows]


def test_parties_are_companies_institutions_or_names_with_a_country() -> None:
    company, institution = make_company("㈜가람정밀"), make_institution("RU", name_ko="금속연구소")
    kazakhstan = Country.objects.get(code="KZ")
    project = make_project(
        parties={
            "lead": [{"institution_id": institution.pk}],
            "participant": [{"company_id": company.pk, "amount_krw": 5_000_000, "note": "시험"}],
            "commissioned": [{"other_name": "ТОО Завод", "other_country_id": kazakhstan.pk}],
        }
    )
    assert parties_of(project) == [
        ("commissioned", "ТОО Завод", "KZ", None, ""),
        ("lead", "금속연구소", "RU", None, ""),
        ("participant", "㈜가람정밀", "KR", 5_000_000, "시험"),
    ]


def test_only_named_roles_change_and_what_is_not_said_anew_stays() -> None:
    one, other = make_company("㈜하나"), make_company("㈜둘")
    project = make_project(
        parties={
            "lead": [{"company_id": one.pk}],
            "participant": [{"company_id": one.pk, "amount_krw": 7, "note": "가"}],
        }
    )
    change_projects(
        {project.pk: {"parties": {"participant": [{"company_id": one.pk}, {"company_id": other.pk}]}}}, by=None
    )
    assert parties_of(project) == [
        ("lead", "㈜하나", "KR", None, ""),
        ("participant", "㈜하나", "KR", 7, "가"),
        ("participant", "㈜둘", "KR", None, ""),
    ]


def test_saving_what_stands_already_writes_no_history_of_parts() -> None:
    company = make_company()
    parts: dict[str, Any] = {
        "titles": [{"title": "다른 이름", "found_in": "본문"}],
        "parties": {role: [] for role in PartyRole.values}
        | {"lead": [{"company_id": company.pk, "note": "", "amount_krw": 3}]},
    }
    project = make_project(**parts)
    before = len(queries.history(project))
    change(project, **parts)
    assert len(queries.history(project)) == before


def test_titles_are_replaced_and_keep_where_they_were_found() -> None:
    project = make_project(titles=[{"title": "가", "found_in": "표"}, {"title": "나", "found_in": ""}])
    change(project, titles=[{"title": "가"}, {"title": "다"}])
    assert list(project.titles.values_list("title", "found_in")) == [("가", "표"), ("다", "")]


def test_retired_project_leaves_the_company_and_comes_back() -> None:
    company = make_company()
    member = make_member(company)
    project = make_project(company)
    retire_project(project, by=None)
    retire_project(project, by=None)
    assert not Project.objects.visible_to(member).exists()
    assert Project.objects.retired().get() == project
    restore_project(project, by=None)
    assert Project.objects.visible_to(member).get() == project


# --- who sees which project ---------------------------------------------------------------------------------------------


def test_companies_see_what_they_lead_or_take_part_in(officer: Any, content_admin: Any, system_admin: Any) -> None:
    lead, partner, stranger = make_company(), make_company(), make_company()
    project = make_project(lead, parties={"participant": [{"company_id": partner.pk}]})
    make_project()
    assert [Project.objects.visible_to(make_member(one)).count() for one in (lead, partner, stranger)] == [1, 1, 0]
    assert [Project.objects.visible_to(person).count() for person in (officer, content_admin)] == [2, 2]
    assert not Project.objects.visible_to(system_admin).exists()
    assert Project.objects.visible_to(make_member(partner)).get() == project


def test_company_reads_a_result_once_it_is_final() -> None:
    company = make_company()
    member, outsider = make_member(company), make_member(make_company())
    project = make_project(company)
    make_figure(project)
    assert not ResultSheet.objects.visible_to(member).exists()
    result = services.save_result(
        project, by=None, edit_version=1, steps=[], content="시작품을 만들었다.", outcome="success"
    )
    services.finalise(result, by=make_user(), edit_version=2)
    assert ResultSheet.objects.visible_to(member).get() == result
    assert ResultFigure.objects.visible_to(member).count() == 1
    assert not ResultFigure.objects.visible_to(outsider).exists()
    services.reopen(result, by=None)
    assert not ResultFigure.objects.visible_to(member).exists()


# --- results ----------------------------------------------------------------------------------------------------------


def test_result_is_final_only_with_what_was_done_and_how_it_went() -> None:
    result = make_result(make_project(), outcome="")
    with pytest.raises(services.NotFinalisable, match="사업화 결과"):
        services.finalise(result, by=make_user(), edit_version=1)
    result = services.save_result(result.project, by=None, edit_version=1, steps=[], outcome="success")
    assert services.finalise(result, by=make_user(), edit_version=2).is_final


def test_result_that_changed_since_it_was_read_is_not_made_final() -> None:
    result = make_result(make_project())
    services.save_result(result.project, by=None, edit_version=1, steps=[], content="그사이 바뀐 내용")
    with pytest.raises(EditedMeanwhile):
        services.finalise(result, by=make_user(), edit_version=1)


def test_final_result_is_changed_by_nobody() -> None:
    project = make_project()
    figure = make_figure(project)
    services.save_result(project, by=None, edit_version=1, steps=[], content="내용", outcome="success")
    services.finalise(project.result, by=make_user(), edit_version=2)
    for refused in (
        lambda: services.save_result(project, by=None, edit_version=3, steps=[], content="x"),
        lambda: make_figure(project, 1),
        lambda: services.change_figure(figure, by=None, edit_version=1, amount=1),
        lambda: services.remove_figure(figure, by=None),
        lambda: services.write_results({project.pk: {"content": "x"}}, by=None),
    ):
        with pytest.raises(services.ResultIsFinal):
            refused()
    assert ResultFigure.objects.get().amount == 660_000


def test_second_editor_of_a_result_is_told_of_the_first() -> None:
    project = make_project()
    make_result(project, content="먼저")
    with pytest.raises(EditedMeanwhile):
        services.save_result(project, by=None, edit_version=0, steps=[], content="나중")
    assert ResultSheet.objects.get().content == "먼저"


def test_figure_that_is_sent_twice_is_one() -> None:
    project = make_project()
    assert make_figure(project) == make_figure(project)
    make_figure(project, disputed=True, dispute_note="다른 쪽에는 66억불")
    assert ResultFigure.objects.count() == 2


# --- sums -------------------------------------------------------------------------------------------------------------


def sums(user: Any) -> tuple[list[tuple[str, str, Decimal, int]], int]:
    found, left_out = queries.totals(Project.objects.visible_to(user), user)
    return [(one.kind, one.currency, one.amount, one.count) for one in found], left_out


def test_sums_keep_currencies_apart_and_leave_out_what_is_not_sure(officer: Any) -> None:
    one, other = make_project(), make_project()
    make_figure(one, 660_000)
    make_figure(other, 40_000)
    make_figure(one, 6_600_000_000, as_quoted="66억불", disputed=True, dispute_note="66만불이라는 쪽도 있음")
    make_figure(one, 9_000, effect="expected")
    make_figure(one, 100, "EUR")
    make_figure(one, 800_000_000, "KRW", kind="sales_domestic", as_quoted="국내 매출 8억")
    make_figure(one, 12, "", unit="명", kind="jobs", as_quoted="12명 고용")
    make_figure(other, None, "KRW", kind="savings", effect="not_yet", as_quoted="아직 없음")
    assert sums(officer) == (
        [
            ("sales_overseas", "EUR", Decimal(100), 1),
            ("sales_overseas", "USD", Decimal(700_000), 2),
            ("sales_domestic", "KRW", Decimal(800_000_000), 1),
        ],
        2,
    )


def test_sums_of_a_filtered_list_are_those_of_its_projects(officer: Any) -> None:
    make_figure(make_project(year=2024), 1)
    make_figure(make_project(year=2025), 10)
    found, _left_out = queries.totals(Project.objects.visible_to(officer).filter(year=2025), officer)
    assert [one.amount for one in found] == [Decimal(10)]


def test_heat_map_counts_by_the_documents_own_groups() -> None:
    make_project(field="0104", project_type="field_support")
    make_project(field="0102", project_type="source")
    make_project(field="0704", field_as_quoted="공정분야", project_type="field_support")
    make_project(field="0201", field_as_quoted="공정분야", project_type="field_support")
    heat = queries.heat_map(Project.objects.get_queryset())
    assert [(row.field, [cell.count for cell in row.cells], row.count) for row in heat.rows] == [
        ("공정분야", [2, 0, 0], 2),
        ("금속소재", [1, 0, 1], 2),
    ]
    assert heat.totals == (3, 0, 1)
    assert [cell.level for cell in heat.rows[0].cells] == [4, 0, 0]
    assert [cell.level for cell in heat.rows[1].cells] == [2, 0, 2]


# --- how a figure is told ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "66만 달러"),
        ({"qualifier": "about"}, "약 66만 달러"),
        ({"qualifier": "nearly"}, "66만 달러에 육박"),
        (
            {"qualifier": "at_least", "amount": 100, "currency": "", "unit": "종/년", "kind": "other", "label": "품종"},
            "100종/년 이상",
        ),
        ({"amount": 800_000_000, "currency": "KRW", "qualifier": "around"}, "8억원 정도"),
        ({"amount": None, "effect": "not_yet"}, ""),
    ],
)
def test_figure_is_told_with_its_qualifier(values: dict[str, Any], words: str) -> None:
    assert make_figure(make_project(), **values).in_words == words
