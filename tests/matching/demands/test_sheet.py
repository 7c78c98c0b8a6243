"""An office's list of demands as a spreadsheet: what is read, what is refused with which words, what is stored."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cooperation_portal.exchange.sheets import Arriving, Row, RowState, read_cells, sheet_of
from cooperation_portal.work.models import Work
from matching.demands.models import Demand, DemandStatus
from matching.demands.services import content_hash, move_demand
from tests.matching.demands.conftest import PROBLEM
from tests.people import make_company, make_demand, valid_business_number

pytestmark = pytest.mark.django_db
NEW_COMPANY = valid_business_number(888_001)


@pytest.fixture
def cells(company: Any) -> dict[str, Any]:
    return {
        "source_reference": "2026-001",
        "business_number": company.business_number,
        "kind": "애로기술",
        "purpose": "",
        "title": "저온 질화 기술",
        "problem": PROBLEM,
        "fields": "0103",
        "wanted_stage": "",
        "status": "접수",
        "submitted_on": date(2026, 3, 2),
        "metrics": "두께|이하|0.05|mm\n경도 | 이상 | 1,100",
    }


def read(user: Any, *lines: dict[str, Any], arriving: Arriving | None = None) -> list[Row]:
    """As the import does it: cells, then what is there, then the check."""
    sheet = sheet_of("demands")
    rows = [read_cells(sheet, number, line) for number, line in enumerate(lines, start=2)]
    right = [row for row in rows if not row.problems]
    present = sheet.present({row.key for row in right if row.key})
    for row in right:
        row.state = RowState.CHANGED if row.key in present else RowState.NEW
    sheet.check(right, arriving or Arriving(), user)
    return rows


def differing(row: Row) -> set[str]:
    present = sheet_of("demands").present({row.key})[row.key]
    return {name for name, value in row.values.items() if (value or None) != (present[name] or None)}


def store(user: Any, *lines: dict[str, Any]) -> None:
    rows = read(user, *lines)
    assert [problem for row in rows for problem in row.problems] == []
    sheet_of("demands").store(rows, by=user)


def told(rows: list[Row]) -> list[tuple[str, str]]:
    return [(problem.column, problem.code) for row in rows for problem in row.problems]


# --- storing ----------------------------------------------------------------------------------------------------------


def test_a_row_becomes_a_demand(officer: Any, company: Any, cells: dict[str, Any]) -> None:
    store(officer, cells)
    demand = Demand.objects.get()
    assert (demand.company, demand.kind, demand.purpose, demand.language) == (
        company,
        "difficulty",
        "use_technology",
        "ko",
    )
    assert (demand.status, demand.created_by, demand.source_reference) == ("submitted", officer, "2026-001")
    assert timezone.localdate(demand.submitted_at) == date(2026, 3, 2)
    assert [metric.in_words for metric in demand.metrics.all()] == ["두께 0.05 mm 이하", "경도 1100 이상"]
    assert [field.code for field in demand.fields.all()] == ["0103"]
    assert demand.content_hash == content_hash(Demand.objects.with_details().get())
    assert Work.objects.filter(kind="score_demand", subject=str(demand.pk), queue="batch").exists()


def test_what_has_ended_is_kept_as_ended_and_not_scored(officer: Any, cells: dict[str, Any]) -> None:
    store(
        officer,
        cells | {"status": "종료", "problem": "짧은 옛 기록"},
        cells | {"source_reference": "b", "status": "추천 완료"},
    )
    states = dict(Demand.objects.values_list("source_reference", "status"))
    assert states == {"2026-001": "closed", "b": "submitted"}
    assert Work.objects.filter(kind="score_demand").count() == 1


def test_the_same_file_again_changes_nothing(officer: Any, cells: dict[str, Any]) -> None:
    store(officer, cells)
    [row] = read(officer, cells)
    assert (row.state, row.problems, differing(row)) == (RowState.CHANGED, [], set())
    move_demand(Demand.objects.get(), to=DemandStatus.IN_REVIEW, by=officer)
    [row] = read(officer, cells)
    assert differing(row) == set(), "how far the work is, is not told by a file"
    move_demand(Demand.objects.get(), to=DemandStatus.CLOSED, by=officer)
    [row] = read(officer, cells)
    assert (row.problems, differing(row)) == ([], set())


def test_a_changed_row_changes_what_it_names_and_is_scored_again(
    officer: Any, colleague: Any, cells: dict[str, Any]
) -> None:
    store(officer, cells | {"target_product": "감속기"})
    before = Demand.objects.get()
    store(colleague, {"source_reference": "2026-001", "title": "고온 질화 기술", "metrics": "", "fields": "0104, 0103"})
    after = Demand.objects.get()
    assert (after.title, after.problem, after.target_product, after.kind) == (
        "고온 질화 기술",
        PROBLEM,
        "감속기",
        "difficulty",
    )
    assert (after.edited_by, after.edit_version, after.content_version) == (
        colleague,
        before.edit_version + 1,
        before.content_version + 1,
    )
    assert not after.metrics.exists() and [field.code for field in after.fields.all()] == ["0103", "0104"]
    assert after.content_hash == content_hash(Demand.objects.with_details().get())


def test_parts_that_stay_the_same_leave_no_history(officer: Any, cells: dict[str, Any]) -> None:
    store(officer, cells)
    metrics = list(Demand.objects.get().metrics.values_list("pk", flat=True))
    store(officer, cells | {"title": "고온 질화 기술"})
    assert list(Demand.objects.get().metrics.values_list("pk", flat=True)) == metrics


def test_many_rows_take_as_many_statements_as_few(officer: Any, cells: dict[str, Any]) -> None:
    sheet = sheet_of("demands")

    def statements(count: int) -> int:
        rows = read(officer, *(cells | {"source_reference": f"{count}-{number}"} for number in range(count)))
        with CaptureQueriesContext(connection) as captured:
            sheet.store(rows, by=officer)
        return len(captured)

    assert statements(3) == statements(40)
    assert Demand.objects.count() == 43


def test_a_demand_that_was_filed_here_goes_out_and_comes_back_by_its_number(officer: Any) -> None:
    metric = {"name": "두께", "qualifier": "at_most", "value": Decimal("0.05"), "unit": "mm"}
    demand = make_demand(metrics=[metric], wanted_cooperation=["license"], wanted_by=date(2030, 1, 31))
    sheet = sheet_of("demands")
    [values] = sheet.rows_of(Demand.objects.all())
    out = {column.name: column.show(values[column.name]) for column in sheet.columns}
    assert (out["number"], out["metrics"], out["status"]) == (demand.number, "두께 | 이하 | 0.05 | mm", "접수")
    assert (out["wanted_cooperation"], out["wanted_by"]) == ("기술이전·라이선스", date(2030, 1, 31))
    [row] = read(officer, out)
    assert (row.problems, row.state, differing(row)) == ([], RowState.CHANGED, set())
    sheet.store(read(officer, {"number": demand.number.lower(), "title": "고친 제목입니다"}), by=officer)
    assert Demand.objects.get().title == "고친 제목입니다"


def test_companies_are_found_by_number_by_code_and_in_the_same_import(
    officer: Any, company: Any, cells: dict[str, Any]
) -> None:
    store(officer, cells | {"business_number": "", "company_code": company.code})
    assert Demand.objects.get().company == company
    arriving = Arriving({"companies": {NEW_COMPANY}})
    row = cells | {"source_reference": "b", "business_number": NEW_COMPANY}
    assert told(read(officer, row, arriving=arriving)) == []
    assert told(read(officer, row)) == [("business_number", "unknown_company")]


def test_a_company_that_was_merged_leads_to_the_one_that_is_left(
    officer: Any, company: Any, cells: dict[str, Any]
) -> None:
    survivor = make_company("㈜합친회사")
    type(company).objects.filter(pk=company.pk).update(merged_into=survivor, retired_on=timezone.localdate())
    store(officer, cells)
    assert Demand.objects.get().company == survivor


# --- refusing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"source_reference": ""}, ("source_reference", "required")),
        ({"source_reference": 12}, ("source_reference", "code_is_number")),
        ({"number": "D-99999"}, ("number", "unknown_number")),
        ({"business_number": ""}, ("business_number", "required")),
        ({"business_number": "123-45-67890"}, ("business_number", "business_number")),
        ({"business_number": "", "company_code": "X-1"}, ("company_code", "unknown_company")),
        ({"company_code": "X-1"}, ("company_code", "two_companies")),
        ({"title": ""}, ("title", "required")),
        ({"title": "질화"}, ("title", "too_short")),
        ({"problem": "짧다"}, ("problem", "too_short")),
        ({"problem": "가" * 20_001}, ("problem", "too_long")),
        ({"kind": "부탁"}, ("kind", "unknown_choice")),
        ({"fields": "0101, 0103, 0104"}, ("fields", "too_many")),
        ({"fields": "9999"}, ("fields", "unknown_choice")),
        ({"status": "작성 중"}, ("status", "unknown_choice")),
        ({"submitted_on": timezone.localdate() + timedelta(days=2)}, ("submitted_on", "future")),
        ({"submitted_on": 46000}, ("submitted_on", "date_is_number")),
        ({"wanted_by": date(2020, 1, 1)}, ("wanted_by", "order")),
        ({"metrics": "두께 0.05 mm"}, ("metrics", "metric")),
        ({"metrics": "두께 | 이하 | 얇게 | mm"}, ("metrics", "metric")),
        ({"metrics": "두께 | 비슷 | 1 | mm"}, ("metrics", "metric")),
        ({"metrics": "두께 | 이하 | 1e400"}, ("metrics", "metric")),
        ({"metrics": "\n".join(["두께 | 이하 | 1 | mm"] * 21)}, ("metrics", "too_many")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_beside_its_cell(
    officer: Any, cells: dict[str, Any], change: dict[str, Any], problem: tuple[str, str]
) -> None:
    assert told(read(officer, cells | change)) == [problem]


def test_a_line_of_figures_that_is_wrong_is_named(officer: Any, cells: dict[str, Any]) -> None:
    [row] = read(officer, cells | {"metrics": "두께 | 이하 | 1 | mm\n경도 1100"})
    assert row.problems[0].text.startswith("2번째 줄")


def test_a_demand_does_not_change_its_company_by_a_file(officer: Any, cells: dict[str, Any]) -> None:
    store(officer, cells)
    other = make_company("㈜다른회사")
    assert told(read(officer, cells | {"business_number": other.business_number})) == [
        ("business_number", "other_company")
    ]


def test_what_has_ended_is_not_changed_nor_opened_again(officer: Any, cells: dict[str, Any]) -> None:
    store(officer, cells | {"status": "종료"})
    assert told(read(officer, cells | {"title": "새로운 제목"})) == [("", "ended")]
    assert told(read(officer, cells | {"status": "접수"})) == []
    store(officer, cells | {"status": "접수"})
    assert Demand.objects.get().status == "closed"


def test_a_number_of_the_office_belongs_to_one_demand(officer: Any, cells: dict[str, Any]) -> None:
    store(officer, cells)
    other = make_demand()
    assert told(read(officer, {"number": other.number, "source_reference": "2026-001"})) == [
        ("source_reference", "taken")
    ]
    twice = [{"number": one.number, "source_reference": "n"} for one in (other, make_demand())]
    assert told(read(officer, *twice)) == [("source_reference", "duplicate")] * 2


def test_drafts_of_companies_are_neither_found_nor_sent_out(officer: Any, company: Any, member: Any) -> None:
    draft = make_demand(company, submit=False, by=member)
    assert sheet_of("demands").present({draft.number}) == {}
    assert ("number", "unknown_number") in told(read(officer, {"number": draft.number, "title": "남의 초안"}))


def test_officers_and_content_administrators_bring_demands_in(
    officer: Any, content_admin: Any, system_admin: Any, member: Any
) -> None:
    sheet = sheet_of("demands")
    may = [
        sheet.may_add(person) and sheet.may_change(person) for person in (officer, content_admin, system_admin, member)
    ]
    assert may == [True, True, False, False]
