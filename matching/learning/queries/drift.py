"""Whether what was measured still speaks of what is used: encoder, formula, glossary and the catalogue's languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count

from matching.catalogue.models import Technology
from matching.engine.reference import Reference as EngineReference
from matching.learning.models import Judgement, WeightSet
from matching.learning.queries.inforce import active_weights, glossary_version
from matching.scoring.models import Match, Reference

# In points of a hundred.
LANGUAGE_SHIFT = 10.0
_LATEST_JUDGEMENTS = 200


@dataclass(frozen=True)
class Warning:
    """`code`: encoder, formula, glossary or languages."""

    code: str
    before: str
    now: str


@dataclass(frozen=True)
class _Basis:
    encoder: str
    engine_version: str
    glossary: str


def drift_warnings() -> list[Warning]:
    newest = Match.objects.order_by("-pk").values_list("encoder", "engine_version").first()
    basis = _basis(active_weights())
    found = []
    if newest is not None and basis is not None:
        encoder, version = newest
        if basis.encoder != encoder:
            found.append(Warning("encoder", basis.encoder, encoder))
        if formula_of(basis.engine_version) != formula_of(version):
            found.append(Warning("formula", formula_of(basis.engine_version), formula_of(version)))
        if basis.glossary and basis.glossary != (glossary := glossary_version()):
            found.append(Warning("glossary", basis.glossary, glossary))
    return [*found, *_moved_languages()]


def _basis(active: WeightSet | None) -> _Basis | None:
    """What the weights in use rest on; without any, what most of the latest judgements were made from."""
    if active is not None:
        return _Basis(active.encoder, active.engine_version, active.glossary_version)
    latest: Any = Judgement.objects.standing().exclude(encoder="").order_by("-pk")
    made_by = list(latest.values_list("encoder", "engine_version")[:_LATEST_JUDGEMENTS])
    if not made_by:
        return None
    encoder, version = max(set(made_by), key=lambda one: (made_by.count(one), one))
    return _Basis(encoder, version, "")


def formula_of(version: str) -> str:
    """The part that is raised by hand: the rest of a version changes with every taken weight."""
    return version.partition("-")[0]


def _moved_languages() -> list[Warning]:
    current: dict[str, dict[str, int]] = {}
    rows = Technology.objects.filter(status="published").values("direction", "original_language").order_by()
    for row in rows.annotate(count=Count("pk")):
        current.setdefault(row["direction"], {})[row["original_language"]] = row["count"]
    found = []
    for reference in Reference.objects.filter(is_active=True).defer("data").order_by("direction"):
        before, now = (
            _shares(_built_from(reference.pk, reference.version)),
            _shares(current.get(reference.direction, {})),
        )
        for language in sorted(set(before) | set(now)) if before else ():
            then, today = before.get(language, 0.0), now.get(language, 0.0)
            if abs(today - then) > LANGUAGE_SHIFT:
                found.append(Warning("languages", f"{language} {then:.0f} %", f"{language} {today:.0f} %"))
    return found


@lru_cache(maxsize=8)
def _languages_of(key: int, version: str) -> tuple[tuple[str, int], ...]:
    data = Reference.objects.values_list("data", flat=True).get(pk=key)
    return tuple(EngineReference.from_bytes(bytes(data)).offer_counts.items())


def _built_from(key: int, version: str) -> dict[str, int]:
    try:
        return dict(_languages_of(key, version))
    except ValueError:  # written by an engine that stored references otherwise; a renewed one is on its way
        return {}


def _shares(counts: dict[str, int]) -> dict[str, float]:
    total = sum(counts.values())
    return {language: 100 * count / total for language, count in counts.items()} if total else {}
