"""The invented sample data: who and what there is. It stores no match; the worker makes them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from cooperation_portal.accounts.models import Grant, Role, User
from cooperation_portal.home.sample_experts import add_experts
from cooperation_portal.home.sample_pages import add_announcements
from cooperation_portal.home.sample_pictures import add_pictures
from cooperation_portal.home.sample_projects import add_projects
from cooperation_portal.network.models import Company, Institution, InstitutionAlias, Membership, MembershipRole
from cooperation_portal.taxonomy.models import Country, TechnologyField
from matching.catalogue.models import HideableField, Technology, TechnologyStatus, TextOrigin
from matching.catalogue.services import add_technology
from matching.demands.models import Demand, DemandStatus
from matching.demands.services import add_demand, move_demand
from matching.scoring.services import renew_references
from matching.triage.models import ReasonCategory, Verdict
from matching.triage.services import assign, decide, release

FOLDER = Path(__file__).parent / "sample"
LANGUAGES = ("ru", "ja", "zh", "en", "ko")

# One account for each role, and one more company: address, name, role, companies that the person acts for.
ACCOUNTS: tuple[tuple[str, str, Role | None, tuple[str, ...]], ...] = (
    ("officer@portal.example", "한서윤", Role.OFFICER, ()),
    ("officer2@portal.example", "문태호", Role.OFFICER, ()),
    ("admin@portal.example", "오하린", Role.CONTENT_ADMIN, ()),
    ("system@portal.example", "배진욱", Role.SYSTEM_ADMIN, ()),
    ("company@portal.example", "곽미래", None, ("dongbaek",)),
    ("company2@portal.example", "여준서", None, ("onnurim", "hanmoe")),
)

_HIDDEN_NAMES = {"ipr": HideableField.IPR.value, "ipr_status": HideableField.IPR.value}


def is_loaded() -> bool:
    return User.objects.filter(email=ACCOUNTS[0][0]).exists()


@transaction.atomic
def load(password: str) -> None:
    """Everything or nothing. Expects the taxonomy to be there and the sample not to be."""
    people = _accounts(password)
    institutions = _institutions()
    companies = _companies()
    _memberships(people, companies)
    for language in LANGUAGES:
        for row in _read(f"technologies_{language}.toml", "technology"):
            _technology(row, institutions, companies, by=people["admin@portal.example"])
    officer = people["officer@portal.example"]
    for number, row in enumerate(_read("demands.toml", "demand")):
        demand = _demand(row, institutions, companies, by=officer, age=3 * number % 47)
        if demand.status == DemandStatus.IN_REVIEW or number % 3 == 0:
            assign(demand, officer=officer, by=officer)
        elif number % 7 == 1:
            assign(demand, officer=people["officer2@portal.example"], by=people["officer2@portal.example"])
    _recommend("d-001", "ru-001", by=officer)
    admin = people["admin@portal.example"]
    add_pictures(admin)
    add_experts(admin, institutions)
    add_projects(admin, companies)
    add_announcements(admin)
    renew_references()


def _recommend(demand_key: str, technology_key: str, *, by: User) -> None:
    """One recommendation that waits for the company's answer; its reasons come once the worker has scored it."""
    demand = Demand.objects.get(source_reference=f"sample:{demand_key}")
    technology = Technology.objects.get(source_reference=f"sample:{technology_key}")
    words = "침지식이라 용탕을 함께 젓고, 요구하신 노즐 수명에 가깝습니다."
    decision = decide(
        demand, technology, verdict=Verdict.SUITABLE, reason=ReasonCategory.SOLVES, words=words, seen_version=0, by=by
    )
    message = "슬래그 제거와 용탕 순환을 한 번에 하는 기술입니다. 살펴보시고 관심이 있는지 알려 주십시오."
    release(demand, message=message, seen={decision.pk: decision.version}, by=by)


def _read(name: str, kind: str) -> Iterable[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))[kind]
    return rows


def _accounts(password: str) -> dict[str, User]:
    people = {}
    for email, name, role, _keys in ACCOUNTS:
        person = User.objects.create_user(email, password, name=name)
        EmailAddress.objects.create(user=person, email=email, primary=True, verified=True)
        if role:
            Grant.objects.create(user=person, role=role, reason="견본 자료")
        people[email] = person
    return people


def _memberships(people: dict[str, User], companies: dict[str, Company]) -> None:
    for email, _name, _role, keys in ACCOUNTS:
        for key in keys:
            Membership.objects.create(user=people[email], company=companies[key], role=MembershipRole.OWNER)


def _institutions() -> dict[str, Institution]:
    countries = {country.code: country for country in Country.objects.all()}
    found = {}
    for row in _read("institutions.toml", "institution"):
        aliases = row.pop("aliases", [])
        key, country = row.pop("key"), countries[row.pop("country")]
        found[key] = Institution.objects.create(country=country, source_reference=f"sample:{key}", **row)
        InstitutionAlias.objects.bulk_create(InstitutionAlias(institution=found[key], **alias) for alias in aliases)
    return found


def _companies() -> dict[str, Company]:
    countries = {country.code: country for country in Country.objects.all()}
    found = {}
    for row in _read("companies.toml", "company"):
        found[row["key"]] = Company.objects.create(
            code=row["code"],
            name=row["name"],
            name_en=row.get("name_en", ""),
            business_number=row.get("business_number", ""),
            local_registration_number=row.get("local_registration_number", ""),
            site_country=countries[row["site_country"]],
            company_class=row["company_class"],
            size=row["size"],
            established=row.get("established"),
            city=row.get("city_ko", ""),
            website=row.get("website", ""),
            products=row.get("industry_ko", ""),
        )
    return found


def _technology(
    row: dict[str, Any], institutions: dict[str, Institution], companies: dict[str, Company], *, by: User
) -> Technology:
    original = {
        "origin": TextOrigin.SOURCE,
        "title": row["title"].strip(),
        "body": row["body"].strip(),
        "advantages": row.get("advantages", "").strip(),
        "specification": row.get("specification", "").strip(),
    }
    texts = {row["original_language"]: original}
    if row.get("title_ko") and row["original_language"] != "ko":
        texts["ko"] = {"origin": row["ko_origin"], "title": row["title_ko"].strip(), "body": row["body_ko"].strip()}
    return add_technology(
        by=by,
        texts=texts,
        owner=institutions[row["owner"]] if row.get("owner") else None,
        owner_company=companies[row["owner_company"]] if row.get("owner_company") else None,
        country=Country.objects.get(code=row["country"]),
        field=TechnologyField.objects.get(code=row["field"]),
        original_language=row["original_language"],
        direction=row["direction"],
        stage=row.get("stage", ""),
        ipr_status=row.get("ipr", ""),
        ipr_notes=row.get("ipr_notes_ko", ""),
        year=row.get("year"),
        is_appropriate=row.get("appropriate", False),
        cooperation=row.get("cooperation", []),
        partner_sought=row.get("partner_sought_ko", ""),
        valid_until=date.fromisoformat(row["valid_until"]) if row.get("valid_until") else None,
        disclosure=row["disclosure"],
        hidden=[_HIDDEN_NAMES.get(name, name) for name in row.get("hidden", [])],
        status=TechnologyStatus.PUBLISHED,
        source_reference=f"sample:{row['key']}",
    )


def _demand(
    row: dict[str, Any], institutions: dict[str, Institution], companies: dict[str, Company], *, by: User, age: int
) -> Demand:
    fields = TechnologyField.objects.filter(code__in=row["fields"])
    demand = add_demand(
        by=by,
        fields=fields,
        metrics=[metric | {"value": Decimal(metric["value"])} for metric in row.get("metrics", [])],
        company=companies[row["company"]] if row.get("company") else None,
        institution=institutions[row["institution"]] if row.get("institution") else None,
        kind=row["kind"],
        purpose=row["purpose"],
        direction=row["direction"],
        language=row["language"],
        title=row["title"].strip(),
        problem=row["problem"].strip(),
        target_product=row.get("target_product", ""),
        confidentiality=row["confidentiality"],
        source_reference=f"sample:{row['key']}",
    )
    wanted = DemandStatus(row["status"])
    if wanted != DemandStatus.DRAFT:
        demand = move_demand(demand, to=DemandStatus.SUBMITTED, by=by)
        Demand.objects.filter(pk=demand.pk).update(submitted_at=timezone.now() - timedelta(days=age, hours=age % 5))
    if wanted == DemandStatus.IN_REVIEW:
        demand = move_demand(demand, to=DemandStatus.IN_REVIEW, by=by)
    return demand
