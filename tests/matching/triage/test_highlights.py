"""What a pair has in common stands out in both texts of the officer's page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from cooperation_portal.shared.highlights import Highlights
from matching.catalogue.models import TechnologyText
from matching.demands.models import Demand
from matching.scoring.models import Match
from tests.matching.triage.test_company_pages import rank

TERM = '<mark class="cp-term">{}</mark>'


def marked(text: str, *terms: str) -> list[str]:
    return re.findall(r"<mark[^>]*>(.*?)</mark>", Highlights(terms).in_text(text))


@pytest.mark.parametrize(
    ("text", "terms", "found"),
    [
        ("저온 플라즈마 질화", ["플라즈마", "플라즈마 질화"], ["플라즈마 질화"]),
        ("ПЛАЗМЕННОЕ азотирование", ["плазменное"], ["ПЛАЗМЕННОЕ"]),
        ("Plasma nitriding of PLASMA", ["plasma"], ["Plasma", "PLASMA"]),
        ("AI는 contain과 다르다", ["AI"], ["AI"]),
        ("плазма и плазматрон", ["плазма"], ["плазма"]),
        ("气体渗碳热处理", ["热处理", "渗碳"], ["渗碳", "热处理"]),
        ("0.05 mm 이하", ["0.05 mm"], ["0.05 mm"]),
        ("10.05 mm, 0.5 mm와 5 mm", ["5 mm"], ["5 mm"]),
        ("C++ (v.2)", ["C++", "(v.2)"], ["C++", "(v.2)"]),
        ("아무것도 없다", ["", " "], []),
    ],
)
def test_terms_are_found_as_people_read_them(text: str, terms: list[str], found: list[str]) -> None:
    assert marked(text, *terms) == found


def test_nothing_of_a_text_becomes_markup() -> None:
    shown = Highlights(["<b>", "script"], ['<img src="x">']).in_text('<b>굵게</b> <script>&amp; <img src="x">')
    tags = set(re.findall(r"<[^>]*>", shown))
    assert tags <= {'<mark class="cp-term">', "</mark>", '<span class="cp-evidence">', "</span>",
                    '<span class="cp-evidence__number">'}  # fmt: skip
    assert "&amp;amp;" in shown and TERM.format("&lt;b&gt;") in shown


def test_passages_are_numbered_and_hold_their_terms() -> None:
    shown = Highlights(["질화"], ["둘째 문장, 질화.", "첫째  문장입니다."]).in_text(
        "첫째\n문장입니다. 둘째 문장, 질화. 질화"
    )
    assert shown == (
        '<span class="cp-evidence"><span class="cp-evidence__number">근거 2</span> 첫째\n문장입니다.</span> '
        '<span class="cp-evidence"><span class="cp-evidence__number">근거 1</span> 둘째 문장, '
        f"{TERM.format('질화')}.</span> {TERM.format('질화')}"
    )


def test_field_inside_a_longer_passage_is_marked_as_a_whole() -> None:
    passage = Highlights(passages=["자동차 변속기용 기어 경도 1,000 HV 이상"])
    assert "근거 1" in passage.in_text("자동차 변속기용 기어")
    assert passage.in_text("경도") == "경도"


@pytest.mark.django_db
def test_page_shows_reasons_where_they_stand(client: Any, officer: Any, demand: Any, technology: Any) -> None:
    Demand.objects.filter(pk=demand.pk).update(problem="변형 없이 질화하고 싶습니다. 플라즈마도 좋습니다.")
    TechnologyText.objects.filter(technology=technology, language="ru").update(
        body="Установка проста. ПЛАЗМА греет деталь."
    )
    rank(demand, [technology])
    language = {"demand_language": "ko", "offer_language": "ru"}
    pairs = [
        {"demand": "플라즈마도 좋습니다.", "offer": "ПЛАЗМА греет деталь.", "similarity": 0.61, **language},
        {"demand": "변형 없이 질화하고 싶습니다.", "offer": "Установка проста.", "similarity": 0.11, **language},
    ]
    terms = [
        {"channel": "concepts", "demand": "플라즈마", "offer": "плазма", "worth": 9.0, "is_wider": True},
        {"channel": "readings", "demand": "변형", "offer": "変形", "worth": 1.0},
    ]
    figures = [{"channel": "figures", "demand": "3 mm", "offer": "3 мм", "worth": 0.7}]
    Match.objects.update(
        reasons={"sentence_pairs": pairs, "terms": terms, "figures": figures, "fields": [], "cautions": []}
    )
    client.force_login(officer)
    page = client.get(reverse("candidate", args=[demand.pk, technology.pk])).content.decode()
    evidence = '<span class="cp-evidence"><span class="cp-evidence__number">근거 {}</span> {}</span>'
    assert evidence.format(1, TERM.format("플라즈마") + "도 좋습니다.") in page
    assert evidence.format(2, TERM.format("변형") + " 없이 질화하고 싶습니다.") in page
    assert evidence.format(1, TERM.format("ПЛАЗМА") + " греет деталь.") in page
    said = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "용어집 플라즈마 ↔ плазма (넓은 뜻)" in said
    assert "한자어 변형 ↔ 変形" in said and "기호·수치 3 mm ↔ 3 мм" in said
    assert "러시아어 · 유사도 0.61" in said and "러시아어 · 뜻은 멀지만 같은 용어가 있음" in said and "0.11" not in said
