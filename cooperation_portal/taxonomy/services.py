"""Loading the vocabularies that the portal ships."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from cooperation_portal.taxonomy.models import Country, Industry, Programme, Region, TechnologyField, Term

DATA = Path(__file__).parent / "data"


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def _add_missing(model: type[Term], rows: dict[str, Any], **extra: Any) -> dict[str, Any]:
    """Adds codes that are not there yet. Rows that exist keep what the office made of them."""
    for position, (code, row) in enumerate(rows.items()):
        fields = {name: value(row, code) for name, value in extra.items()}
        model.objects.get_or_create(
            code=code, defaults={"name_ko": row["ko"], "name_en": row["en"], "position": position, **fields}
        )
    return {term.code: term for term in model.objects.all()}


@transaction.atomic
def load_taxonomy() -> None:
    """Safe to run again: after an upgrade it only adds what is new."""
    fields = _read("technology_fields.toml")
    _add_missing(TechnologyField, {code: row for code, row in fields.items() if len(code) == 2})
    parents = {term.code: term for term in TechnologyField.objects.filter(parent__isnull=True)}
    children = {code: row for code, row in fields.items() if len(code) == 4}
    _add_missing(TechnologyField, children, parent=lambda row, code: parents[code[:2]])
    _add_missing(Industry, _read("industries.toml"))
    world = _read("countries.toml")
    regions = _add_missing(Region, world["regions"])
    countries = _add_missing(
        Country,
        world["countries"],
        region=lambda row, code: regions[row["region"]],
        short_ko=lambda row, code: row.get("short", ""),
        is_partner=lambda row, code: row.get("partner", False),
    )
    known = set(Programme.objects.values_list("code", flat=True))
    for code, row in _read("programmes.toml").items():
        if code not in known:
            programme = Programme.objects.create(code=code, name_ko=row["ko"], name_en=row["en"])
            programme.countries.set(countries[country] for country in row["countries"])
