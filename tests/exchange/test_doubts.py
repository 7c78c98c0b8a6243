"""Rows that are right and yet probably there already: shown before they are stored, and not refused."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from cooperation_portal.exchange.models import ImportRow
from cooperation_portal.network.models import Company, Institution
from tests.exchange.conftest import counts, file_of, problems
from tests.exchange.spreadsheets import xlsx
from tests.people import make_company, make_institution, valid_business_number

REAL_SHEETS = True
pytestmark = pytest.mark.django_db

COMPANY = ["사업자등록번호", "기업명", "기업 구분", "기업 규모"]
INSTITUTION = ["출처 번호", "기관 유형", "국가", "기관명", "기관명(원어)", "원어"]


def company(serial: int, name: str) -> list[str]:
    return [valid_business_number(serial), name, "중소기업", "소기업"]


def institution(number: str, name: str, country: str = "러시아") -> list[str]:
    return [number, "연구기관", country, "금속연구소", name, "러시아어"]


def doubts(run, sheet: str) -> dict[int, list[str]]:
    rows = ImportRow.objects.filter(file=file_of(run, sheet)).exclude(doubts=[])
    return {row.number: [one["code"] for one in row.doubts] for row in rows}


def test_a_company_of_a_known_name_with_another_number_is_shown_and_stored(upload, stored):
    make_company("주식회사 동백정공")
    run = upload({"companies": xlsx([COMPANY, company(700, "㈜동백 정공"), company(701, "㈜다른정밀")])})
    assert (counts(run, "companies"), doubts(run, "companies")) == ((2, 0, 0, 0), {2: ["known_alike"]})
    assert file_of(run, "companies").doubtful_count == 1
    stored(run)
    assert (run.state, Company.objects.count()) == ("done", 3)


def test_the_same_company_again_is_no_doubt(upload, stored):
    content = xlsx([COMPANY, company(700, "㈜동백정공")])
    stored(upload({"companies": content}))
    assert doubts(upload({"companies": content}), "companies") == {}


def test_two_rows_of_one_name_with_different_numbers_are_shown(upload):
    run = upload({"companies": xlsx([COMPANY, company(700, "㈜동백정공"), company(701, "(주)동백정공")])})
    assert (doubts(run, "companies"), problems(run, "companies")) == ({3: ["alike"]}, set())


def test_institutions_are_alike_within_a_country(upload):
    make_institution(name="ООО «Институт металлов»", source_reference="RU-1")
    rows = [institution("RU-2", "Институт металлов"), institution("KZ-1", "Институт металлов", "카자흐스탄")]
    run = upload({"institutions": xlsx([INSTITUTION, *rows])})
    assert doubts(run, "institutions") == {2: ["known_alike"]}
    assert "RU-1" in ImportRow.objects.get(number=2).doubts[0]["text"]


def test_a_person_is_led_to_the_rows_in_doubt(client, upload, content_admin):
    make_company("㈜동백정공")
    run = upload({"companies": xlsx([COMPANY, company(700, "㈜동백정공")])})
    client.force_login(content_admin)
    page = client.get(reverse("import_detail", kwargs={"pk": run.pk}), {"state": "doubtful"}).content.decode()
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "1행이 있습니다" in told and "살펴볼 행" in told and "이름이 같은 자료가 이미 있습니다: ㈜동백정공" in told


TECHNOLOGY = ["출처 번호", "보유기관명(원어)", "국가", "원문 언어", "기술분야", "기술명(원문)", "내용(원문)"]


def technology(owner: str) -> list[str]:
    return ["RU-T-1", owner, "러시아", "러시아어", "0103", "Технология", "Плазменное азотирование стали."]


@pytest.mark.parametrize("owner", ["Институт металлов", "ООО «Институт  металлов»"])
def test_a_technology_names_the_owner_that_arrives_with_a_number_in_the_same_import(upload, stored, owner):
    """However the name is written, as long as it is the same name."""
    files = {
        "institutions": xlsx([INSTITUTION, institution("RU-1", "Институт металлов")]),
        "technologies": xlsx([TECHNOLOGY, technology(owner)]),
    }
    run = upload(files)
    assert problems(run, "technologies") == set()
    assert stored(run).state == "done"
    assert Institution.objects.get().technologies.get().source_reference == "RU-T-1"
