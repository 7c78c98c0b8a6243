"""What a reader sees of a technology, and who may read it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from matching.catalogue.models import HideableField
from tests.people import make_technology, make_user

pytestmark = pytest.mark.django_db

HIDEABLE = {
    "stage": "개발 단계",
    "ipr_status": "지식재산권",
    "year": "개발 연도",
    "partner_sought": "찾는 협력 상대",
    "specification": "사양",
    "advantages": "장점",
}


def facts(client: Any, technology: Any) -> dict[str, str]:
    """The list of facts of the page: term to shown text."""
    html = client.get(f"/technologies/{technology.pk}/").content.decode()
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", html, re.S)
    return {term.strip(): " ".join(re.sub(r"<[^>]+>", " ", shown).split()) for term, shown in pairs}


@pytest.fixture
def client(client: Any, officer: Any) -> Any:
    client.force_login(officer)
    return client


def full_technology(**fields: Any) -> Any:
    values: dict[str, Any] = {
        "stage": "market", "ipr_status": "granted", "ipr_notes": "러시아 특허 1건", "year": 2021, "partner_sought": "기어 제조사",
    }  # fmt: skip
    technology = make_technology(**values | fields)
    technology.texts.filter(language="ru").update(specification="1100 HV", advantages="Без деформации")
    return technology


def test_values_are_shown(client: Any) -> None:
    shown = facts(client, full_technology())
    assert shown["개발 단계"] == "시장 출시(상용화)"
    assert shown["지식재산권"] == "등록 러시아 특허 1건"
    assert (shown["개발 연도"], shown["찾는 협력 상대"]) == ("2021", "기어 제조사")
    assert (shown["사양"], shown["장점"]) == ("1100 HV", "Без деформации")


def test_hidden_values_say_so_and_are_nowhere_on_the_page(client: Any) -> None:
    technology = full_technology(hidden=HideableField.values)
    shown = facts(client, technology)
    assert {term: shown[term] for term in HIDEABLE.values()} == dict.fromkeys(HIDEABLE.values(), "비공개")
    html = client.get(f"/technologies/{technology.pk}/").content.decode()
    for secret in ("시장 출시", "러시아 특허 1건", "2021", "기어 제조사", "1100 HV</", "Без деформации"):
        assert secret not in html


def test_missing_values_are_not_hidden_values(client: Any) -> None:
    shown = facts(client, make_technology())
    assert {term: shown[term] for term in HIDEABLE.values()} == dict.fromkeys(HIDEABLE.values(), "자료 없음")


def test_hidden_and_missing_at_once_is_hidden(client: Any) -> None:
    assert facts(client, make_technology(hidden=["year"]))["개발 연도"] == "비공개"


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        ("officer", {"public", "members", "staff", "draft", "retired"}),
        ("content_admin", {"public", "members", "staff", "draft", "retired"}),
        ("member", {"public", "members"}),
        ("nobody", {"public"}),
        ("anonymous", {"public"}),
        ("system_admin", {"public"}),
    ],
)
def test_who_may_read_what(client: Any, request: Any, reader: str, seen: set[str]) -> None:
    technologies = {level: make_technology(disclosure=level) for level in ("public", "members", "staff")}
    technologies |= {status: make_technology(disclosure="public", status=status) for status in ("draft", "retired")}
    client.logout()
    if reader != "anonymous":
        client.force_login(make_user("무소속") if reader == "nobody" else request.getfixturevalue(reader))
    answers = {name: client.get(f"/technologies/{t.pk}/").status_code for name, t in technologies.items()}
    assert answers == {name: 200 if name in seen else 404 for name in technologies}
    listed = {t.pk for t in client.get("/technologies/").context["page_obj"]}
    assert listed == {technologies[name].pk for name in seen}


def test_translation_made_from_an_older_original_is_marked(client: Any) -> None:
    from matching.catalogue.services import change_technology

    technology = make_technology()
    change_technology(technology, by=None, texts={"ru": {"origin": "source", "title": "Новое", "body": "Новый текст"}})
    assert "원문 변경됨" in client.get("/technologies/").content.decode()


def test_the_public_reads_the_summary_first_and_then_the_original(client: Any) -> None:
    technology = make_technology(disclosure="public")
    technology.texts.filter(language="ko").update(origin="machine")
    client.logout()
    html = client.get(f"/technologies/{technology.pk}/").content.decode()
    korean, original = html.index(technology.korean.body), html.index(technology.original.body)
    assert korean < original
    assert html.index("기계 번역") < korean
    assert f'lang="ru">{technology.original.body}' in html
    for words in ("시험 금속연구소", "Институт металлов", "이 기술에 관심이 있으시면"):
        assert words in html


def test_without_korean_the_page_says_so(client: Any) -> None:
    technology = make_technology(korean=None, disclosure="public")
    assert "국문 요약이 아직 없습니다." in client.get(f"/technologies/{technology.pk}/").content.decode()


def test_related_technologies_are_of_the_same_field_and_readable(client: Any) -> None:
    technology = make_technology(disclosure="public", field="0103")
    near = make_technology("Близкая", disclosure="public", field="0103")
    same_field = make_technology("Той же области", disclosure="public", field="0101")
    make_technology("Другая область", disclosure="public", field="0201")
    make_technology("Скрытая", disclosure="staff", field="0103")
    make_technology("Черновик", disclosure="public", field="0103", status="draft")
    client.logout()
    shown = client.get(f"/technologies/{technology.pk}/").context["related"]
    assert [card.technology for card in shown] == [near, same_field]


def test_who_acts_for_no_company_yet_is_led_to_where_one_is_registered(client: Any) -> None:
    technology = make_technology(disclosure="public")
    client.force_login(make_user("임가람", email="garam@example.com"))
    answer = client.get(f"/technologies/{technology.pk}/").content.decode()
    assert f'href="{reverse("join_company")}"' in answer and reverse("new_demand") not in answer
