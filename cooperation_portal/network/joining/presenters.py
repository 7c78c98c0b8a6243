"""Companies and requests as pages read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cooperation_portal.network.models import Company, JoinRequest
from cooperation_portal.shared.identifiers import format_business_number
from cooperation_portal.taxonomy.models import Industry

_DESCRIBED = ("name", "name_en", "company_class", "size", "industry", "products", "city", "established", "website")


@dataclass(frozen=True)
class Fact:
    label: str
    content: Any


def facts_of(company: Company) -> list[Fact]:
    """All that its own people read of a company."""
    if company.business_number:
        number = Fact(_("사업자등록번호"), format_business_number(company.business_number))
    else:
        number = Fact(_("현지 등록번호"), company.local_registration_number)
    return [number, *_facts(company, ("name", "name_en", "site_country", *_DESCRIBED[2:]))]


def described(join: JoinRequest) -> list[Fact]:
    """What the person wrote of a company abroad."""
    if not join.details:
        return []
    company = Company(**{name: value for name, value in join.details.items() if name != "industry"})
    company.industry = Industry.objects.filter(code=join.details.get("industry", "")).first()
    return _facts(company, _DESCRIBED)


def _facts(company: Company, names: Iterable[str]) -> list[Fact]:
    shown = {"company_class": company.get_company_class_display(), "size": company.get_size_display()}
    return [
        Fact(str(Company._meta.get_field(name).verbose_name), shown.get(name, getattr(company, name)))  # type: ignore[union-attr]
        for name in names
    ]


def request_tabs(*, decided: bool) -> list[dict[str, Any]]:
    url = reverse("join_request_list")
    return [
        {"label": _("확인 대기"), "url": url, "current": not decided},
        {"label": _("처리한 신청"), "url": f"{url}?state=decided", "current": decided},
    ]
