"""What lines of a spreadsheet of projects refer to, looked up for many lines at once.

A company is written as its business number, its code or `RU:현지번호`; an institution and a technology as its source
number. A party of which the portal has no record is written as `이름 (RU)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from cooperation_portal.exchange.sheets import Arriving, sheet_of
from cooperation_portal.network.models import Company, Institution
from cooperation_portal.shared.identifiers import business_number_digits, is_business_number
from cooperation_portal.taxonomy.models import Country
from matching.catalogue.models import Technology
from projects.funded.models import Participation

PARTY_SEPARATOR = re.compile(r"\s*[;\n]\s*")
_LOCAL = re.compile(r"^(?P<country>[A-Z]{2}):(?P<number>.+)$")
_NAMED = re.compile(r"^(?P<name>.+?)\s*\((?P<country>[A-Z]{2})\)$")
_OWN_NUMBER = re.compile(r"^(?P<kind>[IT])-(?P<pk>[0-9]{1,9})$")


def parties_in(cell: str) -> list[str]:
    return list(dict.fromkeys(part for part in PARTY_SEPARATOR.split(cell) if part))


def company_reference(company: Company) -> str:
    return company.business_number or company.code


def institution_reference(institution: Institution) -> str:
    return institution.source_reference or institution.number


def technology_reference(technology: Technology) -> str:
    return technology.source_reference or technology.number


def party_reference(party: Participation) -> str:
    if party.company:
        return company_reference(party.company)
    if party.institution:
        return institution_reference(party.institution)
    return f"{party.other_name} ({party.other_country.code})" if party.other_country else party.other_name


class References:
    """Records by what a cell says. A record that was merged stands for the one that it went into."""

    def __init__(self, companies: Iterable[str], parties: Iterable[str], technologies: Iterable[str]) -> None:
        parties = set(parties)
        self._companies = _companies(set(companies) | parties)
        self._institutions = _institutions(parties)
        self._technologies = _technologies(set(technologies))
        self._countries = dict(Country.objects.values_list("code", "pk"))

    def company(self, text: str) -> Company | None:
        return self._companies.get(_folded(text))

    def institution(self, text: str) -> Institution | None:
        return self._institutions.get(text)

    def technology(self, text: str) -> Technology | None:
        return self._technologies.get(text)

    def party(self, text: str) -> dict[str, Any] | None:
        """As the services take it; None for what is neither there nor a name with its country."""
        if company := self.company(text):
            return {"company_id": company.pk}
        if institution := self.institution(text):
            return {"institution_id": institution.pk}
        named = _NAMED.match(text)
        if named and named["country"] in self._countries:
            return {"other_name": named["name"], "other_country_id": self._countries[named["country"]]}
        return None

    def as_stored(self, text: str) -> str:
        """A party as an export writes it, so that two spellings of one reference are the same."""
        company, institution = self.company(text), self.institution(text)
        if company:
            return company_reference(company)
        return institution_reference(institution) if institution else text


def company_arrives(text: str, arriving: Arriving) -> bool:
    local = _LOCAL.match(text)
    digits = business_number_digits(text)
    values = {"business_number": "" if local else digits, "site_country": "", "local_registration_number": ""}
    if local:
        values |= {"site_country": local["country"], "local_registration_number": local["number"]}
    return arriving.has("companies", sheet_of("companies").key(values))


def institution_arrives(text: str, arriving: Arriving) -> bool:
    return arriving.has("institutions", sheet_of("institutions").key({"source_reference": text}))


def technology_arrives(text: str, arriving: Arriving) -> bool:
    return arriving.has("technologies", sheet_of("technologies").key({"source_reference": text}))


def _folded(text: str) -> str:
    digits = business_number_digits(text)
    return digits if is_business_number(digits) else text


def _companies(texts: set[str]) -> dict[str, Company]:
    folded = {_folded(text) for text in texts}
    local = [found for found in map(_LOCAL.match, texts) if found]
    found: dict[str, Company] = {}
    everything = Company.objects.select_related("merged_into", "site_country")
    for company in everything.filter(local_registration_number__in={one["number"] for one in local}):
        found[f"{company.site_country.code}:{company.local_registration_number}"] = company.merged_into or company
    for company in everything.filter(code__in=folded):
        found[company.code] = company.merged_into or company
    for company in everything.filter(business_number__in=folded - {""}).order_by("-merged_into_id"):
        found[company.business_number] = company.merged_into or company
    return found


def _institutions(texts: set[str]) -> dict[str, Institution]:
    found = Institution.objects.select_related("merged_into").filter(source_reference__in=texts - {""})
    by_reference = {one.source_reference: one.merged_into or one for one in found}
    own = {text: int(mark["pk"]) for text in texts if (mark := _OWN_NUMBER.match(text)) and mark["kind"] == "I"}
    by_number = Institution.objects.select_related("merged_into").in_bulk(own.values())
    return {
        text: by_number[pk].merged_into or by_number[pk] for text, pk in own.items() if pk in by_number
    } | by_reference


def _technologies(texts: set[str]) -> dict[str, Technology]:
    by_reference = {one.source_reference: one for one in Technology.objects.filter(source_reference__in=texts - {""})}
    own = {text: int(mark["pk"]) for text in texts if (mark := _OWN_NUMBER.match(text)) and mark["kind"] == "T"}
    by_number = Technology.objects.in_bulk(own.values())
    return {text: by_number[pk] for text, pk in own.items() if pk in by_number} | by_reference
