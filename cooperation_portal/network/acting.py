"""For which company a person acts now. One person may act for several; the choice lives in the session."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cooperation_portal.network.models import Company

_KEY = "acting_for"


def companies_of(user: Any) -> list[Company]:
    """The companies of a person's current memberships, by name. Staff act for none, so nothing is asked for them."""
    if not user.is_authenticated or user.roles:
        return []
    return list(Company.objects.of_member(user).order_by("name", "pk"))


def company_of(request: HttpRequest) -> Company | None:
    """The chosen company, or the first; None for who acts for none. Asked once for each request."""
    if not hasattr(request, "_acting_companies"):
        request._acting_companies = companies_of(request.user)  # type: ignore[attr-defined]
    mine: list[Company] = request._acting_companies  # type: ignore[attr-defined]
    chosen = request.session.get(_KEY)
    return next((company for company in mine if company.pk == chosen), mine[0] if mine else None)


def companies_to_choose(request: HttpRequest) -> list[Company]:
    company_of(request)
    return request._acting_companies  # type: ignore[attr-defined]


def choose(request: HttpRequest, company: Company) -> None:
    """`company` must be one of the person's own."""
    request.session[_KEY] = company.pk


def check_company(request: HttpRequest) -> Company:
    """The company that the person acts for; raises PermissionDenied for who acts for none."""
    company = company_of(request)
    if company is None:
        raise PermissionDenied(_("기업 회원만 볼 수 있는 화면입니다. 먼저 소속 기업을 등록해 주십시오."))
    return company
