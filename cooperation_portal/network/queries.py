"""What the directory of institutions and companies shows."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from cooperation_portal.audit.timeline import Entry, entries
from cooperation_portal.network.models import (
    Company,
    CompanyNotDouble,
    CompanyQuerySet,
    Institution,
    InstitutionAlias,
    InstitutionNotDouble,
    InstitutionQuerySet,
    Membership,
    MembershipRole,
)
from cooperation_portal.network.names import search_words
from cooperation_portal.shared.identifiers import business_number_digits

_INSTITUTION_NUMBER = re.compile(r"i-(?P<key>[0-9]{1,9})")

# --- search -----------------------------------------------------------------------------------------------------------


def institutions_named(institutions: InstitutionQuerySet, words: str) -> InstitutionQuerySet:
    """Those that have every word in a name that they or one merged into them go by, their place or a number."""
    for word in search_words(words):
        alias = InstitutionAlias.objects.filter(institution=OuterRef("pk"), name__icontains=word)
        number = _INSTITUTION_NUMBER.fullmatch(word)
        institutions = institutions.filter(
            Q(pk=number["key"] if number else None)
            | Q(name_ko__icontains=word)
            | Q(name_original__icontains=word)
            | Q(name_en__icontains=word)
            | Q(city_ko__icontains=word)
            | Q(city_original__icontains=word)
            | Q(source_reference__icontains=word)
            | Q(Exists(alias))
        )
    return institutions


def companies_named(companies: CompanyQuerySet, words: str) -> CompanyQuerySet:
    """Those that have every word in a name, number, code, product or place, or in a name of one merged into them."""
    for word in search_words(words):
        merged = Company.objects.filter(merged_into=OuterRef("pk"))
        found = (
            Q(name__icontains=word)
            | Q(name_en__icontains=word)
            | Q(code__icontains=word)
            | Q(local_registration_number__icontains=word)
            | Q(products__icontains=word)
            | Q(city__icontains=word)
            | Q(Exists(merged.filter(Q(name__icontains=word) | Q(name_en__icontains=word))))
        )
        digits = business_number_digits(word)
        if digits.isdecimal():
            number = Q(business_number__contains=digits)
            found |= number | Q(Exists(merged.filter(number)))
        companies = companies.filter(found)
    return companies


# --- numbers that two records may not share ---------------------------------------------------------------------------


def institution_with_reference(reference: str, besides: Institution | None) -> Institution | None:
    holders = Institution.objects.filter(source_reference=reference)
    return next((holder for holder in holders if besides is None or holder.pk != besides.pk), None)


def company_with_number(besides: Company | None, **number: Any) -> Company | None:
    """What was merged keeps the number that it had, and does not stand in the way."""
    holders = Company.objects.filter(**number, merged_into__isnull=True)
    return next((holder for holder in holders if besides is None or holder.pk != besides.pk), None)


# --- one record -------------------------------------------------------------------------------------------------------


def people_counted(company: Company) -> dict[str, int]:
    """How many act for the company now, by role; who they are is the company's own affair."""
    current = Membership.objects.current().filter(company=company)
    return current.aggregate(
        owners=Count("pk", filter=Q(role=MembershipRole.OWNER)),
        members=Count("pk", filter=Q(role=MembershipRole.MEMBER)),
    )


def institution_history(institution: Institution) -> list[Entry]:
    return entries(
        (Institution, {"pgh_obj_id": institution.pk}),
        (Institution, {"merged_into_id": institution.pk}),
        (InstitutionAlias, {"institution_id": institution.pk}),
        *_not_doubles(InstitutionNotDouble, institution),
    )


def company_history(company: Company) -> list[Entry]:
    """Of the record; who acts for the company is told to the company."""
    return entries(
        (Company, {"pgh_obj_id": company.pk}),
        (Company, {"merged_into_id": company.pk}),
        *_not_doubles(CompanyNotDouble, company),
    )


def _not_doubles(model: Any, record: Any) -> list[tuple[Any, dict[str, Any]]]:
    return [(model, {"first_id": record.pk}), (model, {"second_id": record.pk})]
