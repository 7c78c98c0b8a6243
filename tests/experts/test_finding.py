"""Filters, order, counts and files of the register."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest

from tests.people import make_expert, make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Any, officer: Any) -> Any:
    client.force_login(officer)
    return client


@pytest.fixture
def experts(db: None) -> dict[str, Any]:
    return {
        "mould": make_expert(
            "모리와키 겐고", name_original="森脇 賢吾", name_latin="Moriwaki Kengo", career_years=52,
            availability="now", employer_name="사출 금형 제작사", fields=["0201"],
        ),
        "coat": make_expert(
            "빅토르 셀랴닌", country="RU", original_language="ru", name_original="Селянин Виктор", career_years=39,
            languages=["ru", "en"], guidance_modes=["on_site", "remote"], fields=["0103", "0203"],
            specialities="플라즈마 질화 조건을 정합니다.", institution=make_institution(name_ko="카마 대학교"),
        ),
        "sent": make_expert(
            "표영택", country="KR", direction="dispatched", original_language="ko", career_years=None,
            languages=["ko", "en"], availability="not_now", fields=["0704"], specialities="공정 배치를 고칩니다.",
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"mould", "coat", "sent"}),
        ("q=금형", {"mould"}),
        ("q=賢吾", {"mould"}),
        ("q=moriwaki", {"mould"}),
        ("q=질화", {"coat"}),
        ("q=селянин", {"coat"}),
        ("q=카마", {"coat"}),
        ("q=질화 빅토르", {"coat"}),
        ("q=질화 금형", set()),
        ("q=%00", {"mould", "coat", "sent"}),
        ("field=02", {"mould", "coat"}),
        ("field=0203", {"coat"}),
        ("field=99", {"mould", "coat", "sent"}),
        ("country=KR", {"sent"}),
        ("direction=dispatched", {"sent"}),
        ("language=en", {"coat", "sent"}),
        ("language=ja", {"mould"}),
        ("availability=now", {"mould"}),
        ("mode=remote", {"coat"}),
        ("career=39", {"mould", "coat"}),
        ("career=40", {"mould"}),
        ("career=0", {"mould", "coat"}),
        ("career=마흔", {"mould", "coat", "sent"}),
        ("language=en&career=30&field=01", {"coat"}),
        ("state=retired", set()),
    ],
)
def test_filters(reader: Any, experts: dict[str, Any], query: str, found: set[str]) -> None:
    response = reader.get(f"/experts/?{quote(query, safe='=&%')}")
    assert response.status_code == 200
    assert {expert.pk for expert in response.context["page_obj"]} == {experts[name].pk for name in found}


def test_a_number_finds_its_expert(reader: Any, experts: dict[str, Any]) -> None:
    for words in (experts["coat"].number, experts["coat"].number.lower()):
        assert [row.pk for row in reader.get("/experts/", {"q": words}).context["page_obj"]] == [experts["coat"].pk]


def test_only_countries_that_have_experts_are_offered(reader: Any, experts: dict[str, Any]) -> None:
    form = reader.get("/experts/").context["filter"].form
    assert {country.code for country in form.fields["country"].queryset} == {"JP", "RU", "KR"}


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("career", ["coat", "mould", "sent"]),
        ("-career", ["mould", "coat", "sent"]),
        ("name", ["mould", "coat", "sent"]),
        ("-name", ["sent", "coat", "mould"]),
        ("country", ["sent", "coat", "mould"]),
    ],
)
def test_order_with_what_is_unknown_last(reader: Any, experts: dict[str, Any], sort: str, order: list[str]) -> None:
    page = reader.get("/experts/", {"sort": sort}).context["page_obj"]
    assert [expert.pk for expert in page] == [experts[name].pk for name in order]


def test_tiles_count_those_in_use(reader: Any, experts: dict[str, Any]) -> None:
    from experts.services import retire_expert

    def tiles() -> dict[str, int]:
        return {str(tile["label"]): tile["count"] for tile in reader.get("/experts/").context["tiles"]}

    assert tiles() == {"유치": 2, "파견": 1, "바로 가능": 1, "협의 후 가능": 1}
    retire_expert(experts["mould"], by=None)
    assert tiles() == {"유치": 1, "파견": 1, "바로 가능": 0, "협의 후 가능": 1}


def test_long_lists_come_in_pages_that_keep_the_search(reader: Any) -> None:
    for number in range(27):
        make_expert(f"전문가 {number:02}")
    first, second = (reader.get(f"/experts/?direction=invited&sort=name&page={page}") for page in (1, 2))
    assert [expert.name_ko for expert in second.context["page_obj"]] == ["전문가 25", "전문가 26"]
    assert "direction=invited&amp;sort=name&amp;page=2" in first.content.decode()


# --- files ------------------------------------------------------------------------------------------------------------


def file(client: Any, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/experts/export/?format=csv{query}")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


CONTACTS = {"이메일": "kawanishi@expert.example", "전화번호": "+81-72-000-0001"}


def test_officers_take_no_contacts_away(reader: Any) -> None:
    make_expert(email=CONTACTS["이메일"], phone=CONTACTS["전화번호"], consented_on=date(2026, 4, 1))
    (row,) = file(reader)
    assert row["이름(한글 표기)"] == "가와니시 마사토"
    assert not CONTACTS.keys() & row.keys()
    assert not [cell for cell in row.values() if "kawanishi" in cell or "000-0001" in cell]


def test_content_administrators_take_everything(client: Any, content_admin: Any) -> None:
    make_expert(email=CONTACTS["이메일"], phone=CONTACTS["전화번호"], fields=["0201", "0103"])
    client.force_login(content_admin)
    (row,) = file(client)
    assert row["이메일"] == CONTACTS["이메일"]
    assert row["전화번호"].lstrip("'\t") == CONTACTS["전화번호"]
    assert row["기술분야"] == "열처리·표면경화, 금형·사출·성형"
    assert (row["거주 국가"], row["경력 연수"], row["사용 언어"]) == ("일본", "41", "일본어")


def test_the_file_holds_what_the_list_shows(reader: Any, experts: dict[str, Any]) -> None:
    assert [row["이름(한글 표기)"] for row in file(reader, "&country=RU")] == ["빅토르 셀랴닌"]
    assert len(file(reader)) == 3


def test_a_workbook_without_contacts_for_officers(reader: Any) -> None:
    from openpyxl import load_workbook

    make_expert(email=CONTACTS["이메일"])
    response = reader.get("/experts/export/?format=xlsx")
    cells = [cell for row in load_workbook(io.BytesIO(response.content)).worksheets[0].values for cell in row if cell]
    assert "가와니시 마사토" in cells
    assert "이메일" not in cells and CONTACTS["이메일"] not in cells


@pytest.mark.parametrize("stranger", ["member", "system_admin"])
def test_nobody_else_takes_a_file(client: Any, request: Any, stranger: str) -> None:
    make_expert()
    client.force_login(request.getfixturevalue(stranger))
    assert client.get("/experts/export/?format=csv").status_code == 403
