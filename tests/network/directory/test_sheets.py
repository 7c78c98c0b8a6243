"""Institutions and companies as files: what comes out goes in again, and what is wrong is said beside its cell."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cooperation_portal.exchange.sheets import Arriving, Row, RowState, Sheet, Values, read_cells, sheet_of
from cooperation_portal.network.models import Company, Institution, InstitutionAlias
from cooperation_portal.network.services.refusals import NumberTaken
from cooperation_portal.network.signals import company_changed, institution_changed
from cooperation_portal.taxonomy.models import Country, Industry
from tests.people import make_company, make_institution, valid_business_number

pytestmark = pytest.mark.django_db

INSTITUTION = {
    "source_reference": "RU-1",
    "kind": "연구기관",
    "country": "러시아",
    "name_ko": "예니세이 연구소",
    "name_original": "Енисейский институт",
    "original_language": "러시아어",
}
NUMBER = valid_business_number(640_001)
COMPANY = {"business_number": NUMBER, "name": "㈜들꽃", "company_class": "중소기업", "size": "소기업"}


def institutions() -> Sheet:
    return sheet_of("institutions")


def companies() -> Sheet:
    return sheet_of("companies")


def read(sheet: Sheet, *lines: dict[str, Any], user: Any = None) -> list[Row]:
    """As the import reads a file: cells, then state, then what the sheet checks."""
    columns = {column.name: column.prepared() for column in sheet.columns}
    rows = [read_cells(sheet, number, cells, columns) for number, cells in enumerate(lines, start=2)]
    present = sheet.present({row.key for row in rows if row.key})
    for row in rows:
        row.state = RowState.CHANGED if row.key in present else RowState.NEW
    right = [row for row in rows if not row.problems]
    sheet.check(right, Arriving(), user)
    for row in right:
        if row.key in present and all(present[row.key].get(name) == value for name, value in row.values.items()):
            row.state = RowState.SAME
    return rows


def states(rows: list[Row]) -> list[str]:
    return [str(row.state) for row in rows]


def wrong(sheet: Sheet, **cells: Any) -> set[tuple[str, str]]:
    return {(problem.column, problem.code) for row in read(sheet, cells) for problem in row.problems}


def store(sheet: Sheet, *lines: dict[str, Any], by: Any = None) -> None:
    rows = read(sheet, *lines)
    assert [problem for row in rows for problem in row.problems] == []
    sheet.store([row for row in rows if row.state != RowState.SAME], by=by)


def cells_of(sheet: Sheet, values: Values) -> dict[str, Any]:
    return {column.name: column.show(values[column.name]) for column in sheet.columns}


# --- there and back ---------------------------------------------------------------------------------------------------


def test_institutions_that_come_out_go_in_as_the_same() -> None:
    institution = make_institution(name="東京金属研究所", country="JP", language="ja", name_en="Tokyo Metals Co., Ltd.")
    Institution.objects.filter(pk=institution.pk).update(source_reference="0042", website="https://t.example/")
    for kind, name, language in (
        ("former", "旧研究所", "ja"),
        ("former", "Old, Ltd.", "en"),
        ("other", "도쿄연", "ko"),
    ):
        InstitutionAlias.objects.create(institution=institution, kind=kind, name=name, language=language)
    make_institution(name="Без номера")
    exported = list(institutions().rows_of(Institution.objects.all()))
    rows = read(institutions(), *(cells_of(institutions(), values) for values in exported))
    assert states(rows) == ["same", "same"] and not any(row.problems for row in rows)


def test_companies_that_come_out_go_in_as_the_same() -> None:
    vietnam = Country.objects.get(code="VN")
    make_company("㈜들꽃", industry=Industry.objects.first(), established=2004, website="https://d.example")
    make_company("노을", business_number="", site_country=vietnam, local_registration_number="0077-1")
    make_company("나루", site_country=vietnam, local_registration_number="88")
    exported = list(companies().rows_of(Company.objects.all()))
    rows = read(companies(), *(cells_of(companies(), values) for values in exported))
    assert states(rows) == ["same", "same", "same"] and not any(row.problems for row in rows)


# --- institutions -----------------------------------------------------------------------------------------------------


def test_new_and_changed_institutions_are_told_apart() -> None:
    store(institutions(), INSTITUTION, INSTITUTION | {"source_reference": "", "name_original": "ООО «Вега»"})
    rows = read(
        institutions(),
        INSTITUTION,
        INSTITUTION | {"city_ko": "페름"},
        INSTITUTION | {"source_reference": "RU-2"},
        INSTITUTION | {"source_reference": "", "name_original": "ВЕГА"},  # known by country and name
        INSTITUTION | {"source_reference": "", "name_original": "Вега", "country": "일본"},
    )
    assert states(rows) == ["same", "changed", "new", "changed", "new"]


def test_an_institution_is_stored_with_its_names(content_admin: Any) -> None:
    names = {"former_names": "Старый завод; 옛 공장\nСтарый завод", "abbreviations": "ЕИ", "website": "e.example"}
    store(institutions(), INSTITUTION | names, by=content_admin)
    made = Institution.objects.get()
    assert (made.kind, made.country.code, made.website) == ("research_institute", "RU", "https://e.example")
    assert set(made.aliases.values_list("kind", "name", "language")) == {
        ("former", "Старый завод", "ru"),
        ("former", "옛 공장", "ko"),
        ("abbreviation", "ЕИ", "ru"),
    }


def test_only_the_columns_of_the_file_are_changed() -> None:
    store(institutions(), INSTITUTION | {"city_ko": "페름", "former_names": "Завод А", "abbreviations": "ЕИ"})
    made = Institution.objects.get()
    store(institutions(), INSTITUTION | {"name_en": "Yenisei", "former_names": "Завод Б"})
    made.refresh_from_db()
    assert (made.city_ko, made.name_en, made.edit_version) == ("페름", "Yenisei", 2)
    assert set(made.aliases.values_list("kind", "name")) == {("former", "Завод Б"), ("abbreviation", "ЕИ")}
    store(institutions(), INSTITUTION | {"former_names": ""})
    assert set(made.aliases.values_list("kind", flat=True)) == {"abbreviation"}


def test_a_name_may_change_its_kind() -> None:
    store(institutions(), INSTITUTION | {"other_names": "Завод"})
    store(institutions(), INSTITUTION | {"former_names": "Завод", "other_names": ""})
    assert list(InstitutionAlias.objects.values_list("kind", "name")) == [("former", "Завод")]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"source_reference": 42}, {("source_reference", "code_is_number")}),
        ({"country": "아틀란티스"}, {("country", "unknown_choice")}),
        ({"country": "RU"}, set()),
        ({"kind": ""}, {("kind", "required")}),
        ({"name_ko": None}, {("name_ko", "required")}),
        ({"name_ko": "가" * 201}, {("name_ko", "too_long")}),
        ({"website": "not an address"}, {("website", "not_an_address")}),
        ({"former_names": "가" * 201}, {("former_names", "too_long")}),
        ({"original_language": "라틴어"}, {("original_language", "unknown_choice")}),
    ],
)
def test_what_is_wrong_with_an_institution(changed: dict[str, Any], said: set[tuple[str, str]]) -> None:
    assert wrong(institutions(), **INSTITUTION | changed) == said


def test_what_was_merged_is_left_as_it_is() -> None:
    """The same file again changes nothing; a change would be lost, so it is refused."""
    store(institutions(), INSTITUTION)
    other, survivor = Institution.objects.get(), make_institution(name="Другой")
    Institution.objects.filter(pk=other.pk).update(merged_into=survivor, retired_on="2026-01-02")
    assert states(read(institutions(), INSTITUTION)) == ["same"]
    changed = INSTITUTION | {"name_en": "New"}
    assert wrong(institutions(), **changed) == {("source_reference", "merged")}
    institutions().store([Row(2, {"name_en": "New"}, key="#RU-1", state=RowState.CHANGED)], by=None)
    other.refresh_from_db()
    assert other.name_en == ""


# --- companies --------------------------------------------------------------------------------------------------------


def test_a_company_is_stored_with_a_code_of_its_own(content_admin: Any) -> None:
    industry = Industry.objects.first()
    assert industry is not None
    store(companies(), COMPANY | {"industry": industry.code, "established": "2004"}, by=content_admin)
    made = Company.objects.get()
    assert (made.business_number, made.site_country.code, made.industry, made.established) == (
        NUMBER,
        "KR",
        industry,
        2004,
    )
    assert made.code.startswith("C-")


def test_companies_abroad_are_known_by_country_and_number() -> None:
    abroad = COMPANY | {"business_number": "", "site_country": "베트남", "local_registration_number": "0077"}
    store(companies(), abroad)
    elsewhere, without_zeros = abroad | {"site_country": "러시아"}, abroad | {"local_registration_number": "77"}
    assert states(read(companies(), abroad, elsewhere, without_zeros)) == ["same", "new", "new"]
    assert states(read(companies(), abroad | {"city": "하노이"})) == ["changed"]


def test_a_company_with_both_numbers_is_known_by_either() -> None:
    vietnam = Country.objects.get(code="VN")
    company = make_company("나루", site_country=vietnam, local_registration_number="88")
    local = {"site_country": "베트남", "local_registration_number": "88", "name": "나루 하노이"}
    facts = COMPANY | local
    del facts["business_number"]  # the file has no such column
    store(companies(), facts)
    company.refresh_from_db()
    assert (company.name, Company.objects.count()) == ("나루 하노이", 1)
    assert wrong(companies(), **COMPANY | local | {"business_number": ""}) == {("business_number", "number_is_known")}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"business_number": "124-81-00999"}, {("business_number", "business_number")}),
        ({"business_number": ""}, {("business_number", "required")}),
        ({"business_number": "", "local_registration_number": "7"}, {("business_number", "required")}),
        ({"local_registration_number": 77}, {("local_registration_number", "code_is_number")}),
        ({"established": "2999"}, {("established", "out_of_range")}),
        ({"established": "2100"}, {("established", "future")}),
        ({"code": "C-1"}, {("code", "code_of_new")}),
        ({"industry": "없는 업종"}, {("industry", "unknown_choice")}),
        ({"size": None}, {("size", "required")}),
    ],
)
def test_what_is_wrong_with_a_company(changed: dict[str, Any], said: set[tuple[str, str]]) -> None:
    assert wrong(companies(), **COMPANY | changed) == said


def test_a_code_never_changes() -> None:
    store(companies(), COMPANY)
    code = Company.objects.get().code
    assert states(read(companies(), COMPANY | {"code": code}, COMPANY | {"code": ""})) == ["same", "same"]
    assert wrong(companies(), **COMPANY | {"code": "C-OTHER"}) == {("code", "other_code")}


def test_a_local_number_belongs_to_one_company() -> None:
    vietnam = Country.objects.get(code="VN")
    make_company("노을", business_number="", site_country=vietnam, local_registration_number="77")
    taken = {"site_country": "VN", "local_registration_number": "77"}
    assert wrong(companies(), **COMPANY | taken) == {("local_registration_number", "taken")}
    free = {"site_country": "VN", "local_registration_number": "78"}
    other = valid_business_number(640_002)
    rows = read(companies(), COMPANY | free, COMPANY | free | {"business_number": other})
    assert {problem.code for row in rows for problem in row.problems} == {"twice"}


def test_a_number_of_what_was_merged_leads_to_what_was() -> None:
    store(companies(), COMPANY)
    other, survivor = Company.objects.get(), make_company("㈜나루")
    Company.objects.filter(pk=other.pk).update(merged_into=survivor, retired_on="2026-01-02")
    assert states(read(companies(), COMPANY)) == ["same"]
    assert wrong(companies(), **COMPANY | {"city": "창원"}) == {("business_number", "merged")}


def test_an_open_company_comes_before_one_that_was_merged() -> None:
    store(companies(), COMPANY)
    other = Company.objects.get()
    Company.objects.filter(pk=other.pk).update(merged_into=make_company("㈜나루"), retired_on="2026-01-02")
    again = make_company("다시", business_number=NUMBER)
    store(companies(), COMPANY | {"city": "창원"})
    again.refresh_from_db()
    assert again.city == "창원"


# --- rights, signals, races -------------------------------------------------------------------------------------------


def test_who_may_bring_what(officer: Any, content_admin: Any, member: Any) -> None:
    rights = {
        name: [
            (sheet_of(name).may_add(user), sheet_of(name).may_change(user)) for user in (content_admin, officer, member)
        ]
        for name in ("institutions", "companies")
    }
    assert rights == {
        "institutions": [(True, True), (False, False), (False, False)],
        "companies": [(True, True), (True, False), (False, False)],
    }


def test_those_above_are_told_once_of_many() -> None:
    heard: list[int] = []

    def hear(sender: Any, **named: Any) -> None:
        heard.append(len(named.get("institutions") or named["companies"]))

    for signal in (institution_changed, company_changed):
        signal.connect(hear)
    try:
        store(institutions(), *(INSTITUTION | {"source_reference": f"R-{n}"} for n in range(3)))
        store(companies(), *(COMPANY | {"business_number": valid_business_number(640_010 + n)} for n in range(4)))
        store(institutions(), *(INSTITUTION | {"source_reference": f"R-{n}", "city_ko": "페름"} for n in range(3)))
        store(institutions(), *(INSTITUTION | {"source_reference": f"R-{n}", "name_en": "Y"} for n in range(2)))
    finally:
        for signal in (institution_changed, company_changed):
            signal.disconnect(hear)
    assert heard == [3, 4, 2]


def test_a_number_that_was_taken_since_the_check_stops_everything() -> None:
    rows = read(institutions(), INSTITUTION, INSTITUTION | {"source_reference": "RU-2"})
    make_institution(name="Другой", source_reference="RU-2")
    institutions().store(rows[:1], by=None)
    institutions().store(rows[1:], by=None)  # known by now: changed, not added twice
    assert Institution.objects.count() == 2
    companies_now = read(companies(), COMPANY)
    companies_now[0].key = "elsewhere"
    make_company("먼저", business_number=NUMBER)
    with pytest.raises(NumberTaken):
        companies().store(companies_now, by=None)


@pytest.mark.parametrize("name", ["institutions", "companies"])
def test_many_rows_are_not_many_questions(name: str) -> None:
    sheet = sheet_of(name)

    def lines(count: int, **more: Any) -> list[dict[str, Any]]:
        if name == "institutions":
            return [
                INSTITUTION | {"source_reference": f"R-{n}", "other_names": f"Завод {n}"} | more for n in range(count)
            ]
        return [COMPANY | {"business_number": valid_business_number(641_000 + n)} | more for n in range(count)]

    def asked(count: int) -> list[int]:
        found = []
        further = {"country": "일본"} if name == "institutions" else {"size": "중기업"}
        for more in ({}, {"website": "w.example"}, {"name_en": "New", **further}):
            with CaptureQueriesContext(connection) as captured:
                store(sheet, *lines(count, **more))
            found.append(len(captured))
        return found

    few = asked(3)
    InstitutionAlias.objects.all().delete()
    Institution.objects.all().delete()
    Company.objects.all().delete()
    assert asked(60) == few
