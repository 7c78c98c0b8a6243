"""The invented experts of the sample data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from cooperation_portal.network.models import Institution
from cooperation_portal.taxonomy.models import Country
from experts import services
from experts.models import Expert

FILE = Path(__file__).parent / "sample" / "experts.toml"


def add_experts(by: Any, institutions: Mapping[str, Institution]) -> list[Expert]:
    """`institutions` are those of the sample, by their key."""
    countries = {country.code: country for country in Country.objects.all()}
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["expert"]
    return services.add_experts([_values(row, institutions, countries) for row in rows], by=by)


def _values(
    row: dict[str, Any], institutions: Mapping[str, Institution], countries: Mapping[str, Country]
) -> dict[str, Any]:
    today = timezone.localdate()
    key, agreed, free = row.pop("key"), row.pop("consented_days_ago", None), row.pop("available_in_days", None)
    return row | {
        "source_reference": f"sample:{key}",
        "country": countries[row["country"]],
        "institution": institutions[row["institution"]] if "institution" in row else None,
        "consented_on": today - timedelta(days=agreed) if agreed is not None else None,
        "available_from": today + timedelta(days=free) if free is not None else None,
    }
