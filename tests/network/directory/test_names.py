"""Names are compared without what is written differently for one and the same organisation."""

from __future__ import annotations

import pytest
from django.db import connection

from cooperation_portal.network.names import language_of, name_key, search_words

SAME = [
    (
        "㈜동백정공",
        "동백정공",
        "동백정공(주)",
        "주식회사 동백정공",
        "주식회사동백정공",
        "동백 정공㈜",
        "（주）동백정공",
    ),
    ("Dongbaek Co., Ltd.", "DONGBAEK", "dongbaek co ltd", "Dongbaek Corporation", "Ｄｏｎｇｂａｅｋ"),
    ("ООО «Волхов»", "Волхов", "волхов, АО", "ПАО Волхов"),
    ("株式会社東芝", "東芝", "東芝㈱", "(株)東芝"),
    ("华为技术有限公司", "华为技术", "华为技术股份有限公司"),
    ("재단법인 한국연구원", "(재)한국연구원", "한국 연구원"),
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_one_organisation_has_one_key(spellings: tuple[str, ...]) -> None:
    assert len({name_key(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("동백정공", "동백정밀"), ("Институт физики", "Институт химии"), ("Codex", "dex"), ("АОЗТ Нева", "Нева")],
)
def test_two_organisations_have_two_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_a_corporate_form_alone_is_no_name() -> None:
    assert name_key("주식회사") == name_key("Co., Ltd.") == ""


@pytest.mark.django_db
def test_the_database_has_the_same_rule() -> None:
    names = [
        *(spelling for spellings in SAME for spelling in spellings),
        "Юго-Западный государственный университет (ЮЗГУ)",
        "ФГБОУ ВО «Камский политех»",
        "フラウンホーファー研究所",
        "Fraunhofer-Institut für Lasertechnik ILT",
        "École polytechnique №1",
        "A_B.C/D & E",
        "한국생산기술연구원\t(KITECH)",
        "É́lan ½ ① ㎏",
        "主식회사",
        "",
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, name_key(name) FROM unnest(%s) AS name", [names])
        assert dict(cursor.fetchall()) == {name: name_key(name) for name in names}


def test_words_to_look_for_are_without_the_form() -> None:
    assert search_words("㈜동백 정공") == ["동백", "정공"]
    assert search_words("주식회사") == ["주식회사"]  # who looks for the form alone gets what was asked for
    assert len(search_words("가 " * 50)) == 8


@pytest.mark.parametrize(
    ("name", "original", "language"),
    [
        ("한국생기원", "ru", "ko"),
        ("ЕНИИМП", "ru", "ru"),
        ("トヨタ", "ja", "ja"),
        ("東京大学", "ja", "ja"),
        ("清华大学", "zh", "zh"),
        ("清华大学", "ru", "zh"),
        ("YRIMP", "ru", "en"),
    ],
)
def test_the_language_of_a_name_is_told_from_its_letters(name: str, original: str, language: str) -> None:
    assert language_of(name, original) == language
