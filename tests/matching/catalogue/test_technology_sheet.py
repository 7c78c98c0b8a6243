"""Technologies by spreadsheet: what is new, what changes, what is wrong, and that each is told where it is."""

from __future__ import annotations

from typing import Any

import pytest

from cooperation_portal.exchange.sheets import Arriving, Row, RowState
from matching.catalogue.models import Technology
from matching.catalogue.sheets import TechnologySheet
from tests.people import make_company, make_institution, make_technology

pytestmark = pytest.mark.django_db
SHEET = TechnologySheet()
BODY = "Плазменное азотирование повышает твёрдость поверхности стали до 1100 HV."


def row_of(**changed: Any) -> Row:
    values = {
        "source_reference": "RU-1",
        "owner_reference": "I-1",
        "country": "RU",
        "original_language": "ru",
        "field": "0103",
        "title": "Азотирование",
        "body": BODY,
        "title_ko": "질화",
        "body_ko": "강을 단단하게 합니다.",
        "status": "published",
    }
    values |= changed
    kept = {name: value for name, value in values.items() if value is not None}
    return Row(2, kept, SHEET.key(kept), RowState.NEW)


def problems(row: Row, arriving: Arriving | None = None, by: Any = None) -> list[tuple[str, str]]:
    SHEET.check([row], arriving or Arriving(), by)
    return [(problem.column, problem.code) for problem in row.problems]


def test_a_new_technology_comes_with_its_owner_and_texts() -> None:
    owner = make_institution(source_reference="I-1")
    row = row_of()
    assert problems(row) == []
    SHEET.store([row], by=None)
    technology = Technology.objects.get(source_reference="RU-1")
    assert (technology.owner, technology.status, technology.direction) == (owner, "published", "inbound")
    assert {text.language: text.origin for text in technology.texts.all()} == {"ru": "source", "ko": "human"}
    assert technology.content_hash


def test_what_was_stored_reads_back_as_the_same() -> None:
    make_institution(source_reference="I-1")
    row = row_of(valid_until="2030-01-31", cooperation=["license"], year=2020)
    problems(row)
    SHEET.store([row], by=None)
    present = SHEET.present({"RU-1"})["RU-1"]
    assert {name: present[name] for name in row.values} == row.values


def test_a_change_touches_only_the_columns_that_are_there() -> None:
    technology = make_technology(source_reference="RU-1", year=2019, stage="market")
    before = technology.content_version
    row = Row(2, {"source_reference": "RU-1", "year": 2021}, "RU-1", RowState.CHANGED)
    assert problems(row) == []
    SHEET.store([row], by=None)
    technology.refresh_from_db()
    assert (technology.year, technology.stage, technology.content_version) == (2021, "market", before)
    assert {text.language: text.is_stale for text in technology.texts.all()} == {"ru": False, "ko": False}


def test_a_changed_original_makes_the_translation_stale_and_asks_for_scores() -> None:
    technology = make_technology(source_reference="RU-1")
    before = technology.content_version
    row = Row(2, {"source_reference": "RU-1", "body": BODY + " Новое."}, "RU-1", RowState.CHANGED)
    SHEET.store([row], by=None)
    technology.refresh_from_db()
    assert technology.content_version == before + 1
    assert technology.texts.get(language="ko").is_stale


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"owner_reference": "I-9"}, ("owner_reference", "unknown_owner")),
        ({"owner_reference": "", "owner_name": "Нет такого"}, ("owner_name", "unknown_owner")),
        ({"owner_reference": ""}, ("owner_reference", "required")),
        ({"owner_reference": None}, ("", "owner_missing")),
        ({"owner_business_number": "1248100998"}, ("owner_business_number", "two_owners")),
        ({"year": 2999}, ("year", "future")),
        ({"year": 2020, "valid_until": "2019-01-01"}, ("valid_until", "order")),
        ({"title_ko": ""}, ("title_ko", "required")),
        ({"original_language": "ko"}, ("title_ko", "twice")),
    ],
)
def test_what_one_cell_alone_does_not_show_is_told_at_its_column(
    changed: dict[str, Any], wrong: tuple[str, str]
) -> None:
    make_institution(source_reference="I-1")
    assert problems(row_of(**changed)) == [wrong]


def test_an_owner_may_come_with_the_same_import() -> None:
    assert problems(row_of(), Arriving({"institutions": {"#I-1"}})) == []
    assert problems(row_of(owner_reference="", owner_business_number="1248100998"), Arriving()) == [
        ("owner_business_number", "unknown_owner")
    ]


def test_a_korean_company_is_found_by_its_number() -> None:
    company = make_company(business_number="1248100998")
    row = row_of(owner_reference="", owner_business_number="1248100998", country="KR", direction="outbound")
    assert problems(row) == []
    SHEET.store([row], by=None)
    assert Technology.objects.get().owner_company == company


def test_a_merged_owner_leads_to_the_one_that_stayed() -> None:
    stayed = make_institution(source_reference="I-2")
    make_institution(source_reference="I-1", merged_into=stayed, retired_on="2026-01-01")
    row = row_of()
    assert problems(row) == []
    SHEET.store([row], by=None)
    assert Technology.objects.get().owner == stayed


def test_many_are_stored_in_few_statements(django_assert_max_num_queries: Any) -> None:
    make_institution(source_reference="I-1")
    rows = [row_of(source_reference=f"RU-{number}") for number in range(300)]
    SHEET.check(rows, Arriving(), None)
    with django_assert_max_num_queries(30):
        SHEET.store(rows, by=None)
    assert Technology.objects.count() == 300
