from __future__ import annotations

from typing import Any

from cooperation_portal.network.models import Company, CompanyNotDouble, Institution, InstitutionNotDouble

_MARKS: dict[type, Any] = {Institution: InstitutionNotDouble, Company: CompanyNotDouble}


def mark_as_different(first: Any, second: Any, *, by: Any) -> None:
    """The pair is not shown as doubles again. Done twice, it does nothing."""
    one, other = sorted((first.pk, second.pk))
    _MARKS[type(first)].objects.get_or_create(first_id=one, second_id=other, defaults={"decided_by": by})
