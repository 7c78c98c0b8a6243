"""The directory of institutions and companies, which content admins keep and officers read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from tests.contracts.listings import Listing
from tests.contracts.rows import FORM, OK, POSTS, READS, REDIRECT, REFUSES_INPUT, Making, Policy, Row
from tests.contracts.world import CONTENT_ADMIN, OFFICER
from tests.people import make_company, make_institution, make_user

if TYPE_CHECKING:
    from tests.contracts.world import World

DIRECTORY_READERS = Policy(
    "Officers and content administrators read the directory of institutions and companies; to companies it is closed.",
    frozenset({OFFICER, CONTENT_ADMIN}),
)
DIRECTORY_KEEPERS = Policy(
    "Content administrators keep the directory; officers only read it, whether or not the record exists.",
    frozenset({CONTENT_ADMIN}),
)


def build(world: World) -> SimpleNamespace:
    """Doubles of an institution and of company A, a retired one of each, and pairs that were called different."""
    from cooperation_portal.network.services.doubles import mark_as_different
    from cooperation_portal.network.services.records import retire

    admin = world.people[CONTENT_ADMIN]
    institutions = [make_institution(name=f"Завод №{number}", name_ko=f"{number}공장") for number in range(3)]
    twin = make_institution(name=world.public.owner.name_original, name_ko=world.public.owner.name_ko)
    companies = [make_company(f"{number}번 기업") for number in range(3)]
    company_twin = make_company(world.company.name)
    for records in (institutions, companies):
        mark_as_different(records[0], records[1], by=admin)
        mark_as_different(records[1], records[2], by=admin)
    retire(institutions[2], by=admin)
    retire(companies[2], by=admin)
    return SimpleNamespace(
        twin=twin, company_twin=company_twin, retired_institution=institutions[2], retired_company=companies[2]
    )


def _institution(world: World) -> dict[str, Any]:
    return {"pk": world.public.owner_id}


def _company(world: World) -> dict[str, Any]:
    return {"pk": world.company.pk}


def _retired(name: str) -> Making:
    return lambda world: {"pk": getattr(world.areas["directory"], name).pk}


def _pair(world: World) -> dict[str, Any]:
    return {"pk": world.public.owner_id, "other_pk": world.areas["directory"].twin.pk}


def _company_pair(world: World) -> dict[str, Any]:
    return {"pk": world.company.pk, "other_pk": world.areas["directory"].company_twin.pk}


def _named(pair: Making) -> Making:
    return lambda world: dict(zip(("first", "second"), pair(world).values(), strict=True))


def _merge(pair: Making, **changed: Any) -> Making:
    def make(world: World) -> dict[str, Any]:
        chosen = {"survivor": pair(world)["pk"], "first_version": 1, "second_version": 1, "reason": "같은 곳입니다."}
        return chosen | {"business_number": "first", "name_en": "first"} | changed

    return make


def _institution_form(**changed: Any) -> Making:
    def make(world: World) -> dict[str, Any]:
        written = {
            "name_ko": "볼호프 비정질합금",
            "name_original": "Волховские аморфные сплавы",
            "original_language": "ru",
            "kind": "company",
            "country": world.public.country_id,
            "edit_version": world.public.owner.edit_version,
            "aliases-TOTAL_FORMS": 0,
            "aliases-INITIAL_FORMS": 0,
        }
        return written | changed

    return make


def _company_form(**changed: Any) -> Making:
    def make(world: World) -> dict[str, Any]:
        from tests.people import valid_business_number

        written = {
            "name": "들꽃기계",
            "business_number": valid_business_number(650_001),
            "site_country": world.company.site_country_id,
            "company_class": "sme",
            "size": "small",
            "edit_version": world.company.edit_version,
        }
        return written | changed

    return make


_PREVIEW = {"POST": OK}

ROWS: tuple[Row, ...] = (
    Row("institution_list", DIRECTORY_READERS, READS),
    Row("institution_export", DIRECTORY_READERS, READS, export=True),
    Row("institution_detail", DIRECTORY_READERS, READS, _institution),
    Row("institution_history", DIRECTORY_READERS, READS, _institution, personal_data=True),
    Row("add_institution", DIRECTORY_KEEPERS, FORM, data=_institution_form(), writes=True),
    Row(
        "add_institution",
        DIRECTORY_KEEPERS,
        READS | REFUSES_INPUT,
        data=_institution_form(name_original="Институт металлов", name_ko="시험 금속연구소"),
        case="as there is one",
    ),
    Row("edit_institution", DIRECTORY_KEEPERS, FORM, _institution, _institution_form(), writes=True),
    Row(
        "edit_institution",
        DIRECTORY_KEEPERS,
        READS | REFUSES_INPUT,
        _institution,
        _institution_form(edit_version=0),
        case="old page",
    ),
    Row("retire_institution", DIRECTORY_KEEPERS, FORM, _retired("twin"), writes=True),
    Row("restore_institution", DIRECTORY_KEEPERS, POSTS, _retired("retired_institution"), writes=True),
    Row("institution_doubles", DIRECTORY_KEEPERS, FORM, data=_named(_pair), writes=True),
    Row("merge_institutions", DIRECTORY_KEEPERS, READS | _PREVIEW, _pair, _merge(_pair), case="preview"),
    Row(
        "merge_institutions",
        DIRECTORY_KEEPERS,
        READS | {"POST": REDIRECT},
        _pair,
        _merge(_pair, confirm="1"),
        case="confirmed",
        writes=True,
    ),
    Row(
        "merge_institutions",
        DIRECTORY_KEEPERS,
        READS | REFUSES_INPUT,
        _pair,
        _merge(_pair, survivor="", confirm="1"),
        case="nothing chosen",
    ),
    Row("company_list", DIRECTORY_READERS, READS),
    Row("company_export", DIRECTORY_READERS, READS, export=True),
    Row("company_detail", DIRECTORY_READERS, READS, _company),
    Row("company_history", DIRECTORY_READERS, READS, _company, personal_data=True),
    Row("add_company", DIRECTORY_KEEPERS, FORM, data=_company_form(), writes=True),
    Row("add_company", DIRECTORY_KEEPERS, READS | REFUSES_INPUT, data=_company_form(name=""), case="without a name"),
    Row("edit_company", DIRECTORY_KEEPERS, FORM, _company, _company_form(), writes=True),
    Row(
        "edit_company",
        DIRECTORY_KEEPERS,
        READS | REFUSES_INPUT,
        _company,
        _company_form(edit_version=0),
        case="old page",
    ),
    Row("retire_company", DIRECTORY_KEEPERS, FORM, _retired("company_twin"), writes=True),
    Row("restore_company", DIRECTORY_KEEPERS, POSTS, _retired("retired_company"), writes=True),
    Row("company_doubles", DIRECTORY_KEEPERS, FORM, data=_named(_company_pair), writes=True),
    Row("merge_companies", DIRECTORY_KEEPERS, READS | _PREVIEW, _company_pair, _merge(_company_pair), case="preview"),
    Row(
        "merge_companies",
        DIRECTORY_KEEPERS,
        READS | {"POST": REDIRECT},
        _company_pair,
        _merge(_company_pair, confirm="1"),
        case="confirmed",
        writes=True,
    ),
    Row(
        "merge_companies",
        DIRECTORY_KEEPERS,
        READS | REFUSES_INPUT,
        _company_pair,
        _merge(_company_pair, reason=""),
        case="two numbers without a reason",
    ),
)


# --- lists ------------------------------------------------------------------------------------------------------------


def _institutions(count: int, **fields: Any) -> list[Any]:
    from cooperation_portal.network.models import InstitutionAlias

    made = [make_institution(name=f"Институт {number}", name_ko=f"기관 {number}", **fields) for number in range(count)]
    for institution in made:
        InstitutionAlias.objects.create(institution=institution, kind="other", name="Завод", language="ru")
    return made


def institution_list(count: int) -> tuple[Any, str]:
    _institutions(count)
    return make_user(role=CONTENT_ADMIN), reverse("institution_list")


def institution_list_searched(count: int) -> tuple[Any, str]:
    _institutions(count)
    return make_user(role=OFFICER), reverse("institution_list") + "?q=Завод&missing=any&state=all"


def institution_export(count: int) -> tuple[Any, str]:
    _institutions(count)
    return make_user(role=OFFICER), reverse("institution_export")


def institution_detail(count: int) -> tuple[Any, str]:
    from cooperation_portal.network.models import Institution, InstitutionAlias

    institution = make_institution()
    for number, merged in enumerate(_institutions(count)):
        InstitutionAlias.objects.create(institution=institution, kind="former", name=f"Завод {number}", language="ru")
        Institution.objects.filter(pk=merged.pk).update(merged_into=institution, retired_on="2026-01-02")
    return make_user(role=OFFICER), reverse("institution_detail", kwargs={"pk": institution.pk})


def institution_history(count: int) -> tuple[Any, str]:
    institution = make_institution()
    for number in range(count):
        institution.city_ko = f"도시 {number}"
        institution.save()
    return make_user(role=OFFICER), reverse("institution_history", kwargs={"pk": institution.pk})


def edit_institution(count: int) -> tuple[Any, str]:
    from cooperation_portal.network.models import InstitutionAlias

    institution = make_institution()
    for number in range(count):
        InstitutionAlias.objects.create(institution=institution, kind="former", name=f"Завод {number}", language="ru")
    return make_user(role=CONTENT_ADMIN), reverse("edit_institution", kwargs={"pk": institution.pk})


def institution_doubles(count: int) -> tuple[Any, str]:
    _institutions(count + 1, website="https://one.example")
    return make_user(role=CONTENT_ADMIN), reverse("institution_doubles")


def institution_to_merge(count: int) -> tuple[Any, str]:
    institution = make_institution(website="https://one.example")
    _institutions(count, website="https://one.example")
    return make_user(role=CONTENT_ADMIN), reverse("institution_doubles") + f"?record={institution.pk}&q=Завод"


def merge_institutions(count: int) -> tuple[Any, str]:
    from tests.people import make_technology

    one, other = make_institution(), make_institution(name="Другой")
    for number in range(count):
        make_technology(f"Технология {number}", owner=one)
    return make_user(role=CONTENT_ADMIN), reverse("merge_institutions", kwargs={"pk": one.pk, "other_pk": other.pk})


def company_list(count: int) -> tuple[Any, str]:
    for number in range(count):
        make_company(f"기업 {number}")
    return make_user(role=CONTENT_ADMIN), reverse("company_list")


def company_export(count: int) -> tuple[Any, str]:
    for number in range(count):
        make_company(f"기업 {number}")
    return make_user(role=OFFICER), reverse("company_export")


def company_detail(count: int) -> tuple[Any, str]:
    from tests.people import make_member

    company = make_company()
    for _number in range(count):
        make_member(company)
    return make_user(role=OFFICER), reverse("company_detail", kwargs={"pk": company.pk})


def company_doubles(count: int) -> tuple[Any, str]:
    for number in range(count + 1):
        make_company(f"기업 {number}", website="https://one.example")
    return make_user(role=CONTENT_ADMIN), reverse("company_doubles")


LISTINGS: tuple[Listing, ...] = (
    Listing(institution_list, 11),
    Listing(institution_list_searched, 11),
    Listing(institution_export, 9),
    Listing(institution_detail, 11),
    Listing(institution_history, 11),
    Listing(edit_institution, 8),
    Listing(institution_doubles, 6),
    Listing(institution_to_merge, 10),
    Listing(merge_institutions, 16),
    Listing(company_list, 12),
    Listing(company_export, 9),
    Listing(company_detail, 12),
    Listing(company_doubles, 6),
)
