"""Adding, changing and retiring institutions and companies, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cooperation_portal.network import related
from cooperation_portal.network.models import Company, Institution, InstitutionAlias
from cooperation_portal.network.services import company as companies
from cooperation_portal.network.services import institution as institutions
from cooperation_portal.network.services.records import restore, retire
from cooperation_portal.network.services.refusals import NumberTaken, Refusal
from cooperation_portal.network.signals import company_changed, institution_changed
from cooperation_portal.shared.conflicts import EditedMeanwhile
from cooperation_portal.taxonomy.models import Country
from tests.people import make_company, make_institution, valid_business_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Iterator[list[Any]]:
    """Primary keys that the signals named, one entry for each time."""
    heard: list[Any] = []

    def hear(sender: Any, **named: Any) -> None:
        heard.append(named.get("institutions") or named.get("companies"))

    institution_changed.connect(hear)
    company_changed.connect(hear)
    yield heard
    institution_changed.disconnect(hear)
    company_changed.disconnect(hear)


@pytest.fixture
def hindered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each institution and company has two open demands and one note that stands in nobody's way."""
    demands = related.Related("접수된 수요", lambda record, user: 2, lambda record, user: "/demands/", hinders=True)
    notes = related.Related("메모", lambda record, user: 1, lambda record, user: "")
    monkeypatch.setattr(related, "_RELATED", {Institution: [demands, notes], Company: [demands, notes]})


def values(**changed: Any) -> dict[str, Any]:
    written = {
        "name_ko": "예니세이 연구소",
        "name_original": "Енисейский институт",
        "original_language": "ru",
        "name_en": "Yenisei Institute",
        "kind": "research_institute",
        "country": Country.objects.get(code="RU"),
    }
    return written | changed


def alias(name: str, kind: str = "other", language: str = "ru") -> dict[str, str]:
    return {"name": name, "kind": kind, "language": language}


def names(institution: Any) -> set[tuple[str, str, str]]:
    return set(institution.aliases.values_list("kind", "name", "language"))


# --- institutions -----------------------------------------------------------------------------------------------------


def test_an_institution_comes_with_its_other_names(content_admin: Any, told: list[Any]) -> None:
    made = institutions.add_institution(by=content_admin, aliases=[alias("ЕИ", "abbreviation")], **values())
    assert names(made) == {("abbreviation", "ЕИ", "ru")}
    assert told == [[made.pk]]


def test_only_what_differs_of_the_other_names_is_written(content_admin: Any) -> None:
    made = institutions.add_institution(by=content_admin, aliases=[alias("А"), alias("Б"), alias("В")], **values())
    kept = made.aliases.get(name="А").pk
    institutions.change_institution(
        made, by=content_admin, edit_version=1, aliases=[alias("А"), alias("Б", "former"), alias("Г")], **values()
    )
    assert names(made) == {("other", "А", "ru"), ("former", "Б", "ru"), ("other", "Г", "ru")}
    assert made.aliases.get(name="А").pk == kept
    history = InstitutionAlias.events.rel.related_model.objects.filter(institution_id=made.pk, pgh_obj_id=kept)
    assert [event.pgh_label for event in history] == ["insert"]


def test_a_name_that_changed_stays_as_a_former_name(content_admin: Any) -> None:
    made = institutions.add_institution(by=content_admin, **values())
    institutions.change_institution(
        made,
        by=content_admin,
        edit_version=1,
        aliases=[],
        keep_former=True,
        **values(name_original="Сибирский институт", name_ko="시베리아 연구소"),
    )
    assert names(made) == {("former", "Енисейский институт", "ru"), ("former", "예니세이 연구소", "ko")}


def test_a_slip_of_the_pen_does_not_stay(content_admin: Any) -> None:
    made = institutions.add_institution(by=content_admin, **values(name_en="Yenisei Insitute"))
    institutions.change_institution(made, by=content_admin, edit_version=1, aliases=[], **values())
    assert names(made) == set()


def test_whoever_saves_second_is_told(content_admin: Any) -> None:
    made = institutions.add_institution(by=content_admin, **values())
    institutions.change_institution(made, by=content_admin, edit_version=1, aliases=[], **values(city_ko="페름"))
    with pytest.raises(EditedMeanwhile) as conflict:
        institutions.change_institution(made, by=content_admin, edit_version=1, aliases=[], **values(city_ko="카잔"))
    assert conflict.value.current.city_ko == "페름"


def test_only_a_change_of_names_is_told_to_others(content_admin: Any, told: list[Any]) -> None:
    made = institutions.add_institution(by=content_admin, **values())
    told.clear()
    institutions.change_institution(made, by=content_admin, edit_version=1, aliases=[], **values(city_ko="페름"))
    assert told == []
    institutions.change_institution(made, by=content_admin, edit_version=2, aliases=[alias("ЕИ")], **values())
    institutions.change_institution(made, by=content_admin, edit_version=3, aliases=[], **values(name_en="Y"))
    assert told == [[made.pk], [made.pk]]


def test_a_reference_that_was_taken_in_this_moment_is_refused(content_admin: Any) -> None:
    institutions.add_institution(by=content_admin, **values(source_reference="R-1"))
    with pytest.raises(NumberTaken):
        institutions.add_institution(by=content_admin, **values(source_reference="R-1"))
    other = institutions.add_institution(by=content_admin, **values())
    with pytest.raises(NumberTaken):
        institutions.change_institution(
            other, by=content_admin, edit_version=1, aliases=[], **values(source_reference="R-1")
        )


# --- companies --------------------------------------------------------------------------------------------------------


def test_a_company_gets_a_code_that_nobody_has(content_admin: Any) -> None:
    facts = {"site_country": Country.objects.get(code="KR"), "company_class": "sme", "size": "small"}
    made = [
        companies.add_company(
            by=content_admin, name=f"기업 {n}", business_number=valid_business_number(70 + n), **facts
        )
        for n in range(3)
    ]
    assert len({company.code for company in made}) == 3 and all(company.code for company in made)


def test_a_company_is_changed_by_one_at_a_time(content_admin: Any, told: list[Any]) -> None:
    company = make_company("㈜가람")
    companies.change_company(company, by=content_admin, edit_version=1, city="창원")
    assert told == []
    with pytest.raises(EditedMeanwhile):
        companies.change_company(company, by=content_admin, edit_version=1, name="㈜나루")
    companies.change_company(company, by=content_admin, edit_version=2, name="㈜나루")
    assert told == [[company.pk]]


def test_a_business_number_that_was_taken_in_this_moment_is_refused(content_admin: Any) -> None:
    one, other = make_company(), make_company()
    with pytest.raises(NumberTaken):
        companies.change_company(other, by=content_admin, edit_version=1, business_number=one.business_number)


# --- out of use -------------------------------------------------------------------------------------------------------

BOTH_KINDS = pytest.mark.parametrize("make", [make_institution, make_company], ids=["institution", "company"])


@BOTH_KINDS
def test_what_is_out_of_use_comes_back(content_admin: Any, make: Any) -> None:
    record = make()
    retire(record, by=content_admin)
    assert retire(record, by=content_admin).edit_version == 2  # a second press changes nothing
    assert not type(record).objects.current().filter(pk=record.pk).exists()
    restore(record, by=content_admin)
    assert type(record).objects.current().filter(pk=record.pk).exists()


@pytest.mark.usefixtures("hindered")
@BOTH_KINDS
def test_what_is_in_use_cannot_be_retired(content_admin: Any, make: Any) -> None:
    record = make()
    with pytest.raises(Refusal, match="접수된 수요 2건"):
        retire(record, by=content_admin)
    record.refresh_from_db()
    assert record.retired_on is None


@BOTH_KINDS
def test_what_was_merged_is_changed_no_more(content_admin: Any, make: Any) -> None:
    record, survivor = make(), make()
    type(record).objects.filter(pk=record.pk).update(merged_into=survivor, retired_on="2026-01-02")
    for service in (retire, restore):
        with pytest.raises(Refusal, match="합쳐져"):
            service(record, by=content_admin)
