"""The register as a spreadsheet: what comes in, what is refused, and that what went out comes back the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cooperation_portal.exchange.sheets import Arriving, Row, RowState, read_cells, sheet_of
from experts.models import Expert
from experts.sheets import ExpertSheet, ExpertSheetWithoutContacts
from tests.people import make_expert, make_institution

pytestmark = pytest.mark.django_db
SHEET = ExpertSheet()
CELLS: dict[str, Any] = {
    "source_reference": "JP-0031",
    "direction": "유치",
    "name_ko": "가와니시 마사토",
    "original_language": "일본어",
    "country": "일본",
    "availability": "협의 후 가능",
}


def arrive(*lines: dict[str, Any], arriving: Arriving | None = None) -> list[Row]:
    """As an import treats the lines of a file: cleaned one by one, compared, then checked together."""
    rows = [read_cells(SHEET, number, CELLS | line) for number, line in enumerate(lines, start=2)]
    standing = SHEET.present({row.key for row in rows} - {""})
    for row in rows:
        if row.problems:
            row.state = RowState.WRONG
        elif row.key not in standing:
            row.state = RowState.NEW
        else:
            same = all(standing[row.key][name] == value for name, value in row.values.items())
            row.state = RowState.SAME if same else RowState.CHANGED
    SHEET.check([row for row in rows if row.state in (RowState.NEW, RowState.CHANGED)], arriving or Arriving(), None)
    return rows


def store(*lines: dict[str, Any]) -> list[Row]:
    rows = arrive(*lines)
    assert [row.problems for row in rows if row.problems] == []
    SHEET.store([row for row in rows if row.state != RowState.SAME], by=None)
    return rows


def problems(**cells: Any) -> list[tuple[str, str]]:
    (row,) = arrive(cells)
    return [(problem.column, problem.code) for problem in row.problems]


def test_the_sheet_is_registered_after_institutions_and_before_demands() -> None:
    assert sheet_of("experts").order == 40
    assert isinstance(sheet_of("experts"), ExpertSheet)
    assert not isinstance(sheet_of("experts"), ExpertSheetWithoutContacts)


@pytest.mark.parametrize(("person", "may"), [("officer", False), ("content_admin", True), ("member", False)])
def test_who_may_bring_experts_in(request: Any, person: str, may: bool) -> None:
    user = request.getfixturevalue(person)
    assert (SHEET.may_add(user), SHEET.may_change(user)) == (may, may)


FULL: dict[str, Any] = {
    "name_original": "川西 雅人", "name_latin": "Kawanishi Masato", "city": "사카이", "institution": "JP-I-1",
    "employer_name": "금형 제조업체", "employer_kind": "기업", "position": "부장", "career_years": 41,
    "fields": "0201; 0103", "specialities": "사출 금형의 변형", "career_summary": "41년", "languages": "영어, 일본어",
    "needs_interpreter": "예", "guidance_modes": "원격 지도, 현장 지도", "available_from": date(2027, 3, 2),
    "availability_note": "겨울은 어렵습니다.", "email": "kawanishi@expert.example", "phone": "+81-72-000-0001",
    "consented_on": "2026-04-01", "source_network": "명부", "retired_on": None,
}  # fmt: skip


def test_a_full_line_is_stored_as_it_was_written() -> None:
    institution = make_institution("JP", "ja", "堺研究所", source_reference="JP-I-1")
    (row,) = store(FULL)
    expert = Expert.objects.get()
    assert row.state == RowState.NEW
    assert (expert.name_ko, expert.name_original, expert.country.code) == ("가와니시 마사토", "川西 雅人", "JP")
    assert expert.institution == institution
    assert (expert.career_years, expert.needs_interpreter) == (41, True)
    assert (expert.languages, expert.guidance_modes) == (["ja", "en"], ["on_site", "remote"])
    assert (expert.available_from, expert.consented_on) == (date(2027, 3, 2), date(2026, 4, 1))
    assert sorted(expert.fields.values_list("code", flat=True)) == ["0103", "0201"]


def test_the_same_line_again_is_the_same_however_its_lists_are_ordered() -> None:
    make_institution("JP", "ja", "堺研究所", source_reference="JP-I-1")
    store(FULL)
    turned = {"fields": "0103, 0201", "languages": "일본어;영어", "guidance_modes": "현장 지도\n원격 지도"}
    assert [row.state for row in arrive(FULL | turned)] == [RowState.SAME]


def test_what_goes_out_comes_back_the_same() -> None:
    make_institution("JP", "ja", "堺研究所", source_reference="JP-I-1")
    store(FULL)
    (values,) = SHEET.rows_of(Expert.objects.all())
    shown = {column.name: column.prepared().show(values[column.name]) for column in SHEET.columns}
    row = read_cells(SHEET, 2, shown)
    assert row.problems == []
    assert row.values == values


def test_every_column_has_an_example_or_none_that_reads_without_a_fault() -> None:
    examples = {column.name: column.example for column in SHEET.columns if column.example}
    row = read_cells(SHEET, 2, CELLS | examples)
    SHEET.check([row], Arriving(), None)
    assert row.problems == []


def test_a_changed_line_changes_only_the_columns_of_the_file() -> None:
    expert = make_expert(source_reference="JP-0031", phone="+81-72-000-0001", fields=["0201"])
    rows = [read_cells(SHEET, 2, {"source_reference": "JP-0031", "city": "사카이"})]
    rows[0].state = RowState.CHANGED
    SHEET.check(rows, Arriving(), None)
    assert rows[0].problems == []
    SHEET.store(rows, by=None)
    stands = Expert.objects.get()
    assert (stands.pk, stands.city, stands.phone, stands.edit_version) == (expert.pk, "사카이", "+81-72-000-0001", 2)
    assert list(stands.fields.values_list("code", flat=True)) == ["0201"]


def test_what_the_file_brings_must_go_together_with_what_stands() -> None:
    make_expert(source_reference="JP-0031", availability="now")
    row = read_cells(SHEET, 2, {"source_reference": "JP-0031", "available_from": "2027-03-02"})
    row.state = RowState.CHANGED
    SHEET.check([row], Arriving(), None)
    assert [(problem.column, problem.code) for problem in row.problems] == [("available_from", "not_needed")]


def test_an_institution_without_a_number_is_not_taken_away_by_an_empty_cell() -> None:
    institution = make_institution()
    make_expert(source_reference="JP-0031", institution=institution)
    store({"city": "사카이", "institution": ""})
    assert Expert.objects.get().institution == institution


def test_an_institution_with_a_number_is() -> None:
    make_expert(source_reference="JP-0031", institution=make_institution(source_reference="RU-1"))
    store({"institution": ""})
    assert Expert.objects.get().institution is None


def test_an_institution_may_come_in_the_same_import() -> None:
    assert problems(institution="JP-I-9") == [("institution", "unknown_reference")]
    key = sheet_of("institutions").key({"source_reference": "JP-I-9"})
    (row,) = arrive({"institution": "JP-I-9"}, arriving=Arriving({"institutions": {key}}))
    assert row.problems == []
    institution = make_institution("JP", "ja", "新研究所", source_reference="JP-I-9")
    SHEET.store([row], by=None)
    assert Expert.objects.get().institution == institution


def test_a_merged_institution_leads_to_the_one_that_stayed() -> None:
    stayed = make_institution("JP", "ja", "新研究所")
    make_institution("JP", "ja", "旧", source_reference="JP-I-1", merged_into=stayed, retired_on=timezone.localdate())
    store({"institution": "JP-I-1"})
    assert Expert.objects.get().institution == stayed


TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"source_reference": ""}, [("source_reference", "required")]),
        ({"source_reference": 31}, [("source_reference", "code_is_number")]),
        ({"name_ko": ""}, [("name_ko", "required")]),
        ({"name_ko": "가" * 81}, [("name_ko", "too_long")]),
        ({"direction": "초청"}, [("direction", "unknown_choice")]),
        ({"direction": "파견"}, [("country", "direction")]),
        ({"country": "대한민국"}, [("country", "direction")]),
        ({"country": "일본국"}, [("country", "unknown_choice")]),
        ({"career_years": 81}, [("career_years", "out_of_range")]),
        ({"career_years": "사십"}, [("career_years", "not_a_number")]),
        ({"fields": 201}, [("fields", "code_is_number")]),
        ({"fields": "02"}, [("fields", "unknown_choice")]),
        ({"fields": "0101,0102,0103,0104,0201,0202"}, [("fields", "too_many")]),
        ({"languages": "일어"}, [("languages", "unknown_choice")]),
        ({"availability": ""}, [("availability", "required")]),
        ({"availability": "바로 가능", "available_from": "2027-03-02"}, [("available_from", "not_needed")]),
        ({"available_from": 46083}, [("available_from", "date_is_number")]),
        ({"consented_on": TOMORROW}, [("consented_on", "in_future")]),
        ({"retired_on": TOMORROW}, [("retired_on", "in_future")]),
        ({"email": "가와니시"}, [("email", "email")]),
        ({"phone": 81720000001}, [("phone", "code_is_number")]),
        ({"phone": "집"}, [("phone", "phone")]),
        ({"specialities": "번호 800101-1234567"}, [("specialities", "resident_number")]),
        ({"source_network": "800101-1234567", "phone": "800101-1234567"}, [("source_network", "resident_number"), ("phone", "resident_number")]),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_said_by_column(cells: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert sorted(problems(**cells)) == sorted(found)


def test_a_resident_number_is_not_repeated_in_the_message() -> None:
    (row,) = arrive({"specialities": "번호 800101-1234567"})
    assert "1234567" not in row.problems[0].text


def test_many_lines_take_few_statements(django_assert_max_num_queries: Any) -> None:
    make_institution("JP", "ja", "堺研究所", source_reference="JP-I-1")
    lines = [FULL | {"source_reference": f"JP-{number:04}"} for number in range(300)]
    store(*lines[:150])
    rows = arrive(*(line | {"city": "오사카"} for line in lines))
    assert [row.state for row in rows] == [RowState.CHANGED] * 150 + [RowState.NEW] * 150
    with django_assert_max_num_queries(20):
        SHEET.check(rows, Arriving(), None)
        SHEET.store(rows, by=None)
    assert Expert.objects.filter(city="오사카").count() == 300
    assert {row.state for row in arrive(*(line | {"city": "오사카"} for line in lines))} == {RowState.SAME}


def test_a_line_can_retire_an_expert() -> None:
    make_expert(source_reference="JP-0031")
    store({"retired_on": "2026-03-02"})
    assert not Expert.objects.current().exists()


def test_contacts_are_no_columns_of_what_officers_take() -> None:
    make_expert(email="kawanishi@expert.example", phone="+81-72-000-0001")
    (values,) = ExpertSheetWithoutContacts().rows_of(Expert.objects.all())
    assert "name_ko" in values
    assert not {"email", "phone"} & values.keys()
