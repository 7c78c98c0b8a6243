from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cooperation_portal.network.acting import companies_to_choose, company_of
from cooperation_portal.network.models import Company


@dataclass(frozen=True)
class Acting:
    """For whom the reader acts, and for whom else the reader could."""

    company: Company | None = None
    choices: tuple[Company, ...] = ()


def acting(request: HttpRequest) -> dict[str, Any]:
    """Asked only by pages that show it; for guests and staff without a query."""
    return {"acting": SimpleLazyObject(lambda: _acting(request))}


def _acting(request: HttpRequest) -> Acting:
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return Acting()
    return Acting(company_of(request), tuple(companies_to_choose(request)))
