from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from cooperation_portal.network.models import Company, new_company_code
from cooperation_portal.network.services.bulk import put
from cooperation_portal.network.services.records import lock_to_change, write
from cooperation_portal.network.services.refusals import one_number_each
from cooperation_portal.network.signals import company_changed
from cooperation_portal.shared.updates import update_many

NAMES = ("name", "name_en")
AT_ONCE = 1000


@transaction.atomic
def add_company(*, by: Any, **values: Any) -> Company:
    """Raises NumberTaken."""
    with one_number_each():
        company = Company.objects.create(**values)
    _tell([company.pk], by)
    return company


@transaction.atomic
def change_company(company: Company, *, by: Any, edit_version: int, **values: Any) -> Company:
    """Raises EditedMeanwhile when `edit_version` is not the one that stands, Refusal for what was merged."""
    locked = lock_to_change(company, edit_version)
    renamed = any(name in values and values[name] != getattr(locked, name) for name in NAMES)
    write(locked, values)
    if renamed:
        _tell([locked.pk], by)
    return locked


# --- many at once -----------------------------------------------------------------------------------------------------


@transaction.atomic
def add_companies(arrivals: Sequence[Mapping[str, Any]], *, by: Any) -> list[Company]:
    """Raises NumberTaken."""
    codes = _unused_codes(len(arrivals))
    companies = [Company(**values, code=code) for values, code in zip(arrivals, codes, strict=True)]
    with one_number_each():
        made = Company.objects.bulk_create(companies, AT_ONCE)
    _tell([company.pk for company in made], by)
    return made


@transaction.atomic
def change_companies(arrivals: Mapping[int, Mapping[str, Any]], *, by: Any) -> None:
    """By primary key, each with what it is to have. What was merged is left alone. Raises NumberTaken."""
    renamed: list[int] = []
    keys = sorted(arrivals)
    for start in range(0, len(keys), AT_ONCE):
        locked = Company.objects.select_for_update().filter(merged_into__isnull=True)
        batch = list(locked.filter(pk__in=keys[start : start + AT_ONCE]).order_by("pk"))
        written: set[str] = set()
        for company in batch:
            changed = put(company, arrivals[company.pk])
            renamed += [company.pk] if changed.intersection(NAMES) else []
            written |= changed
        with one_number_each():
            update_many(batch, sorted(written | {"edit_version"}))
    _tell(renamed, by)


def _unused_codes(count: int) -> list[str]:
    """Drawn by lot, so among many two may fall together, or on one that is there."""
    codes: set[str] = set()
    while len(codes) < count:
        drawn = {new_company_code() for _place in range(count - len(codes))}
        codes |= drawn - set(_taken(drawn))
    return list(codes)


def _taken(codes: Iterable[str]) -> Iterable[str]:
    return Company.objects.filter(code__in=codes).values_list("code", flat=True)


def _tell(companies: list[int], by: Any) -> None:
    if companies:
        company_changed.send(sender=Company, companies=companies, by=by)
