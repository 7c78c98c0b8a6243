"""Projects and results as a spreadsheet: what comes out goes in again, and what is wrong is said line by line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cooperation_portal.exchange.sheets import Arriving, Row, RowState, read_cells, sheet_of
from projects.funded.models import Project
from projects.funded.services import retire_project
from projects.results import services
from projects.results.models import ResultFigure, ResultSheet
from tests.people import (
    make_company,
    make_figure,
    make_institution,
    make_project,
    make_result,
    make_technology,
    make_user,
)

pytestmark = pytest.mark.django_db
NOTHING = Arriving()


def sheet() -> Any:
    return sheet_of("projects")


def lines(*cells: dict[str, Any], arriving: Arriving = NOTHING) -> list[Row]:
    """Rows as an import has them after checking, their state with it."""
    columns = {column.name: column.prepared() for column in sheet().columns}
    rows = [read_cells(sheet(), number, one, columns) for number, one in enumerate(cells, start=2)]
    known = sheet().present({row.key for row in rows} - {""})
    for row in rows:
        row.state = RowState.CHANGED if row.key in known else RowState.NEW
    right = [row for row in rows if not row.problems]
    sheet().check(right, arriving, None)
    for row in right:
        if row.key in known and all(known[row.key][name] == value for name, value in row.values.items()):
            row.state = RowState.SAME
    return rows


def store(rows: Sequence[Row]) -> None:
    """As an import does: checked once more with what the check left, then written."""
    assert [problem.text for row in rows for problem in row.problems] == []
    sheet().check(rows, NOTHING, None)
    assert [problem.text for row in rows for problem in row.problems] == []
    sheet().store([row for row in rows if row.state in (RowState.NEW, RowState.CHANGED)], by=make_user())


def exported() -> list[dict[str, Any]]:
    """Cells of every project as an export writes them."""
    values = sheet().rows_of(Project.objects.order_by("pk"))
    return [{column.name: column.show(one[column.name]) for column in sheet().columns} for one in values]


def cells(**changes: Any) -> dict[str, Any]:
    return {
        "programme": "한·러 기술협력사업",
        "year": 2025,
        "serial": "단기형-②",
        "title": "중주파 자극 신호 설계",
        "project_type": "단기형",
        "partner_country": "러시아",
    } | changes


def problems(row: Row) -> set[tuple[str, str]]:
    return {(problem.column, problem.code) for problem in row.problems}


@pytest.fixture
def rich() -> Project:
    """A project with something in every column."""
    lead, other = make_institution("RU", source_reference="RU-007"), make_company("㈜가람정밀")
    project = make_project(
        make_company("㈜동백정공"),
        "전자기 교반 노즐",
        source_reference="2025-07",
        serial="현지화형-⑨",
        project_type="localisation",
        case="2",
        starts_on=date(2025, 5, 1),
        technology=make_technology(source_reference="RU-T-01"),
        field_as_quoted="공정분야",
        private_cash_krw=1_000_000,
        private_in_kind_krw=2_000_000,
        pays_royalty=True,
        already_developed=True,
        status="stopped",
        stop_reason="기업 사정",
        name_disclosure="code",
        origin="continued",
        issue_notes="위탁연구 계약이 늦었다.",
        titles=[{"title": "교반 노즐 개발", "found_in": "본문"}, {"title": "노즐"}],
        parties={
            "lead": [{"institution_id": lead.pk}],
            "participant": [{"company_id": other.pk, "amount_krw": 3}],
            "commissioned": [{"other_name": "ТОО Завод", "other_country_id": lead.country_id}],
        },
    )
    texts = {"content": "가", "innovation": "나", "completeness": "다", "applicability": "라"}
    make_result(project, maturity="prototype", outcome="failure", outcome_reason="수요처가 없었다.", **texts)
    make_figure(project, 660_000, qualifier="about")
    make_figure(project, 800_000_000, "KRW", kind="sales_domestic", as_quoted="국내 매출 8억", as_of_precision="year")
    return project


# --- out and in again -------------------------------------------------------------------------------------------------


def test_what_is_exported_is_the_same_when_it_comes_back(rich: Project) -> None:
    make_project()
    make_project(serial="07", year=2024)
    rows = lines(*(one for one in exported() if one["serial"]))
    assert [problem.text for row in rows for problem in row.problems] == []
    assert [row.state for row in rows] == [RowState.SAME, RowState.SAME]


def test_every_column_has_something_in_the_rich_line(rich: Project) -> None:
    (only,) = exported()
    assert [name for name, cell in only.items() if cell is None] == []


def test_what_was_deleted_comes_back_from_its_export(rich: Project) -> None:
    before = exported()
    rich.delete()
    store(lines(*before))
    assert exported() == before


# --- coming in --------------------------------------------------------------------------------------------------------


def test_new_line_becomes_a_project_with_its_result() -> None:
    company = make_company()
    commissioned = make_institution("RU", source_reference="RU-007")
    line = cells(
        company=company.business_number,
        case="Case I",
        starts_on="2025.5.1",
        budget_krw="7,000만",
        lead=company.code,
        commissioned="RU-007; ТОО Завод (KZ)",
        titles="EMS 신호\nEMS 신호",
        sales_overseas="66만",
        sales_overseas_currency="미국 달러",
        sales_overseas_as_of="2025-12",
        sales_overseas_source="성과보고서",
        sales_overseas_quoted="해외 매출 66만불",
        sales_domestic=800_000_000,
        sales_domestic_qualifier="약",
        sales_domestic_as_of=2025,
        sales_domestic_source="성과보고서",
        sales_domestic_quoted="국내 매출 8억",
        outcome="진행",
    )
    store(lines(line))
    project = Project.objects.get()
    assert (project.serial, project.project_type, project.case) == ("단기형-②", "field_support", "1")
    assert (project.months, str(project.ends_on), project.budget_krw) == (6, "2025-10-31", 70_000_000)
    assert (project.status, project.name_disclosure, project.origin) == ("running", "masked", "new")
    assert {(p.role, p.name) for p in project.participations.all()} == {
        ("lead", company.name),
        ("commissioned", commissioned.name_ko),
        ("commissioned", "ТОО Завод"),
    }
    assert [title.title for title in project.titles.all()] == ["EMS 신호"]
    figures = {figure.kind: figure for figure in ResultFigure.objects.all()}
    overseas, domestic = figures["sales_overseas"], figures["sales_domestic"]
    assert (overseas.amount, overseas.currency, overseas.as_of_shown) == (Decimal(660_000), "USD", "2025-12")
    assert (domestic.amount, domestic.currency, domestic.as_of_shown) == (Decimal(800_000_000), "KRW", "2025")
    assert (overseas.qualifier, domestic.qualifier, project.result.outcome) == ("exact", "about", "ongoing")


def test_project_without_a_reference_is_known_by_programme_year_and_serial(rich: Project) -> None:
    line = {"programme": "P-RU", "year": 2025, "serial": "현지화형-⑨", "budget_krw": "9,000만"}
    (row,) = lines(line)
    assert (row.state, problems(row)) == (RowState.CHANGED, set())
    store([row])
    rich.refresh_from_db()
    assert (rich.budget_krw, rich.source_reference, rich.title) == (90_000_000, "2025-07", "전자기 교반 노즐")


def test_only_the_columns_of_the_file_are_changed(rich: Project) -> None:
    before = exported()[0]
    store(lines({"source_reference": "2025-07", "participant": "", "sales_domestic": "9억"}))
    after = exported()[0]
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"participant", "sales_domestic"}
    assert rich.participations.get(role="lead").name and not rich.participations.filter(role="participant").exists()


def test_empty_months_and_status_leave_what_stands(rich: Project) -> None:
    (row,) = lines({"source_reference": "2025-07", "months": None, "status": "", "ends_on": ""})
    assert (row.state, problems(row)) == (RowState.SAME, set())


def test_amount_that_is_emptied_takes_the_figure_away(rich: Project) -> None:
    names = ("", "_currency", "_qualifier", "_as_of", "_source", "_quoted")
    store(lines({"source_reference": "2025-07", **{f"sales_overseas{name}": "" for name in names}}))
    assert [figure.kind for figure in ResultFigure.objects.all()] == ["sales_domestic"]


def test_references_may_come_in_the_same_import() -> None:
    arriving = Arriving(
        {
            "companies": {sheet_of("companies").key({"business_number": "1248100998"})},
            "institutions": {sheet_of("institutions").key({"source_reference": "NEW-1"})},
            "technologies": {sheet_of("technologies").key({"source_reference": "NEW-T"})},
        }
    )
    line = cells(company="124-81-00998", technology="NEW-T", commissioned="NEW-1")
    (known,) = lines(line, arriving=arriving)
    (unknown,) = lines(line)
    assert problems(known) == set()
    assert problems(unknown) == {(name, "unknown_reference") for name in ("company", "technology", "commissioned")}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"title": ""}, ("title", "required")),
        ({"serial": 7003004}, ("serial", "code_is_number")),
        ({"year": "이천"}, ("year", "not_a_number")),
        ({"year": 25}, ("year", "out_of_range")),
        ({"project_type": "장기형"}, ("project_type", "unknown_choice")),
        ({"partner_country": "KR"}, ("partner_country", "unknown_choice")),
        ({"starts_on": 45778}, ("starts_on", "date_is_number")),
        ({"starts_on": "2025-05-01", "ends_on": "2025-04-01"}, ("ends_on", "order")),
        ({"status": "중단"}, ("stop_reason", "required")),
        ({"status": "중단", "stop_reason": ""}, ("stop_reason", "required")),
        ({"months": 0}, ("months", "out_of_range")),
        ({"budget_krw": "팔억"}, ("budget_krw", "amount")),
        ({"budget_krw": "66만불"}, ("budget_krw", "currency")),
        ({"budget_krw": "0.5"}, ("budget_krw", "not_whole")),
        ({"company": "999-99-99999"}, ("company", "unknown_reference")),
        ({"lead": "아무 데나"}, ("lead", "unknown_reference")),
        ({"lead": "가 (RU); 나 (RU)"}, ("lead", "too_many")),
        ({"outcome": "실패"}, ("outcome_reason", "required")),
        ({"sales_overseas": "66만불"}, ("sales_overseas", "currency")),
        ({"sales_overseas": 1, "sales_overseas_currency": "USD"}, ("sales_overseas", "required")),
        ({"sales_domestic_source": "보고서", "sales_domestic": ""}, ("sales_domestic", "required")),
        (
            {"sales_domestic": 1, "sales_domestic_as_of": "작년", "sales_domestic_source": "가", "sales_domestic_quoted": "나"},
            ("sales_domestic_as_of", "not_a_date"),
        ),
        (
            {"sales_domestic": 1, "sales_domestic_as_of": "2099", "sales_domestic_source": "가", "sales_domestic_quoted": "나"},
            ("sales_domestic_as_of", "in_future"),
        ),
    ],
)  # fmt: skip
def test_bad_cell_is_said_with_its_column(change: dict[str, Any], wrong: tuple[str, str]) -> None:
    company = make_company()
    (row,) = lines(cells(company=company.business_number) | change)
    column, code = wrong
    # What a file has no column for is said of the line as a whole.
    assert (column if column in (cells(company="") | change) else "", code) in problems(row)
    assert all(problem.text for problem in row.problems)


def test_one_serial_twice_in_a_file_or_with_the_database_is_said() -> None:
    company = make_company().business_number
    make_project(serial="단기형-①")
    rows = lines(
        cells(source_reference="A", company=company),
        cells(source_reference="B", company=company),
        cells(source_reference="C", company=company, serial="단기형-①"),
    )
    assert [problems(row) for row in rows] == [set(), {("serial", "taken")}, {("serial", "taken")}]


def test_final_results_and_retired_projects_are_not_changed_by_a_file(rich: Project) -> None:
    services.finalise(rich.result, by=make_user(), edit_version=1)
    same, result, project = (
        lines({"source_reference": "2025-07", **change})[0]
        for change in ({"content": "가"}, {"content": "새 내용"}, {"budget_krw": 1})
    )
    assert (problems(same), problems(result), problems(project)) == (set(), {("content", "final")}, set())
    store([project])
    retire_project(rich, by=None)
    (row,) = lines({"source_reference": "2025-07", "budget_krw": 2})
    assert problems(row) == {("", "retired")}


def test_one_of_several_figures_is_changed_on_its_page_only(rich: Project) -> None:
    make_figure(rich, 700_000, as_quoted="해외 매출 70만불", as_of=date(2025, 12, 31))
    assert exported()[0]["sales_overseas"] == 700_000
    (row,) = lines({"source_reference": "2025-07", "sales_overseas": "80만"})
    assert problems(row) == {("sales_overseas", "several")}


def test_disputed_and_expected_figures_do_not_leave_in_a_file(rich: Project) -> None:
    ResultFigure.objects.filter(kind="sales_overseas").update(disputed=True, dispute_note="66억불일 수 있음")
    ResultFigure.objects.filter(kind="sales_domestic").update(effect="expected")
    assert {exported()[0][kind] for kind in ("sales_overseas", "sales_domestic")} == {None}


def test_domestic_sales_in_another_currency_are_left_alone(rich: Project) -> None:
    ResultFigure.objects.filter(kind="sales_domestic").update(currency="USD")
    assert exported()[0]["sales_domestic"] is None
    (row,) = lines({"source_reference": "2025-07", "sales_domestic": "9억"})
    assert ("sales_domestic", "several") in problems(row)


# --- many at once -----------------------------------------------------------------------------------------------------


def counted(count: int) -> tuple[int, int]:
    """Questions for checking and storing as many new lines."""
    company = make_company().business_number
    made = [
        cells(
            company=company, serial=f"{count}-{number}", commissioned="ТОО (KZ)", titles="가", sales_domestic=number,
            sales_domestic_as_of="2025", sales_domestic_source="가", sales_domestic_quoted="나",
        )
        for number in range(count)
    ]  # fmt: skip
    with CaptureQueriesContext(connection) as checking:
        rows = lines(*made)
    with CaptureQueriesContext(connection) as storing:
        store(rows)
    return len(checking), len(storing)


def test_many_lines_ask_as_often_as_few() -> None:
    assert counted(2) == counted(40)
    assert Project.objects.count() == ResultSheet.objects.count() == 42


def test_only_content_administrators_bring_projects_in(officer: Any, content_admin: Any, member: Any) -> None:
    rights = [(sheet().may_add(one), sheet().may_change(one)) for one in (officer, content_admin, member)]
    assert rights == [(False, False), (True, True), (False, False)]
