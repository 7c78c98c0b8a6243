"""Records that may be one are found, whoever was called different is not shown again."""

from __future__ import annotations

from typing import Any

import pytest

from cooperation_portal.network.doubles import companies_like, doubles, institutions_like, like_record
from cooperation_portal.network.models import Company, Institution, InstitutionAlias, InstitutionNotDouble
from cooperation_portal.network.services.doubles import mark_as_different
from cooperation_portal.taxonomy.models import Country
from tests.people import make_company, make_institution

pytestmark = pytest.mark.django_db


def found(model: Any) -> dict[tuple[int, int], tuple[str, ...]]:
    return {(first, second): reasons for first, second, reasons in doubles(model)}


def institution(name: str, **fields: Any) -> Any:
    fields.setdefault("name_ko", f"기관 {Institution.objects.count()}{name[:3]}")
    return make_institution(name=name, **fields)


def test_the_same_name_in_another_form_is_found() -> None:
    one, other = institution("ООО «Волховские сплавы»"), institution("ВОЛХОВСКИЕ СПЛАВЫ")
    institution("Институт химии силикатов")
    assert found(Institution) == {(one.pk, other.pk): ("name",)}


def test_an_alias_is_a_name() -> None:
    one, other = institution("Институт металлов и сплавов"), institution("Красноярский завод")
    InstitutionAlias.objects.create(institution=one, kind="former", name="АО Красноярский завод", language="ru")
    assert found(Institution)[one.pk, other.pk] == ("name",)


def test_one_name_in_two_countries_is_two_institutions() -> None:
    institution("Institute of Metals", name_en="Institute of Metals")
    make_institution(country="JP", language="ja", name="金属研究所", name_en="Institute of Metals", name_ko="도쿄 금속")
    assert found(Institution) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Енисейский институт металлургических процессов", "Енисейский институт металлургических процесов"),
        ("Анисейский институт металлургических процессов", "Енисейский институт металлургических процессов"),
        ("한국생산기술연구원", "한국생산기술연구소"),
    ],
    ids=["near the end", "at the start", "last letter"],
)
def test_a_mistyped_name_is_found(one: str, other: str) -> None:
    first, second = institution(one, name_ko="가"), institution(other, name_ko="나")
    for number in range(5):  # neighbours in the alphabet on both sides
        institution(f"{chr(ord('А') + 5 * number)}{number} завод {number}", name_ko=f"{number}공장{number}")
    assert found(Institution)[first.pk, second.pk] == ("near",)


def test_the_same_website_is_found_however_it_is_written() -> None:
    one = institution("Завод А", website="https://www.zavod.example/ru/about")
    other = institution("Комбинат Б", website="http://zavod.example:8080")
    institution("Фабрика В")  # without any: nothing is no likeness
    institution("Фирма Г")
    assert found(Institution) == {(one.pk, other.pk): ("site",)}


def test_the_more_speaks_for_it_the_higher_it_stands() -> None:
    weak = institution("Завод А", website="https://a.example"), institution("Комбинат", website="https://a.example")
    strong = institution("Вега", website="https://b.example"), institution("ООО Вега", website="https://b.example")
    assert [pair[:2] for pair in doubles(Institution)] == [
        tuple(sorted(record.pk for record in pair)) for pair in (strong, weak)
    ]


def test_what_was_called_different_is_not_shown_again(content_admin: Any) -> None:
    one, other = institution("ООО Вега"), institution("Вега")
    mark_as_different(other, one, by=content_admin)
    mark_as_different(one, other, by=content_admin)
    assert found(Institution) == {}
    assert like_record(Institution.objects.all(), one) == []
    assert InstitutionNotDouble.objects.get().decided_by == content_admin


def test_what_was_merged_is_not_a_double_any_more() -> None:
    one, other = institution("ООО Вега"), institution("Вега")
    Institution.objects.filter(pk=other.pk).update(merged_into=one, retired_on="2026-01-02")
    assert found(Institution) == {}


def test_many_of_one_name_are_not_shown_each_with_each() -> None:
    for number in range(12):
        institution("Вега", name_ko=f"{chr(ord('가') + 588 * number)}{number}")
    assert 11 <= len(found(Institution)) <= 33


def test_companies_are_compared_by_name_site_and_number() -> None:
    vietnam = Country.objects.get(code="VN")
    named = make_company("㈜한들기계"), make_company("한들기계 주식회사")
    numbered = (
        make_company("노을하노이", business_number="", site_country=vietnam, local_registration_number="0100-109-106"),
        make_company("바다베트남", business_number="", site_country=vietnam, local_registration_number="100109106"),
    )
    sited = make_company("들꽃", website="https://s.example"), make_company("억새풀", website="https://s.example/kr")
    assert found(Company) == {
        tuple(record.pk for record in named): ("name",),
        tuple(record.pk for record in numbered): ("number",),
        tuple(record.pk for record in sited): ("site",),
    }


def test_a_new_one_is_held_against_what_is_there() -> None:
    russia = Country.objects.get(code="RU")
    there = institution("ООО «Волховские сплавы»", website="https://volkhov.example")
    everything = Institution.objects.all()

    def like(*names: str, website: str = "", own: int | None = None) -> list[tuple[Any, tuple[str, ...]]]:
        facts = institutions_like(everything, names=names, country=russia, website=website, own=own)
        return [(likeness.record, likeness.reasons) for likeness in facts]

    assert like("Волховские сплавы") == [(there, ("name",))]
    assert like("Волховские сплавы завод") == [(there, ("near",))]
    assert like("Другое", "", website="http://www.volkhov.example/x") == [(there, ("site",))]
    assert like("Волховские сплавы", own=there.pk) == []
    assert like("", "") == []
    assert institutions_like(Institution.objects.none(), names=["Волховские сплавы"], country=russia) == []


def test_a_new_company_is_held_against_numbers_too() -> None:
    vietnam = Country.objects.get(code="VN")
    there = make_company("노을", business_number="", site_country=vietnam, local_registration_number="A-77 12")
    like = companies_like(Company.objects.all(), names=["전혀 다름"], country=vietnam, numbers=["a7712", ""])
    assert [(likeness.record, likeness.reasons) for likeness in like] == [(there, ("number",))]
