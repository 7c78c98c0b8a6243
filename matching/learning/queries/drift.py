"""Whether what was measured still speaks of what is used: encoder, formula, glossary and the catalogue's languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count

from matching.catalogue.models import Technology
from matching.engine.reference import Reference as EngineReference
from matching.engine.settings import FORMULA_VERSION
from matching.learning.models import Judgement, WeightSet
from matching.learning.queries.inforce import active_weights, glossary_version
from matching.scoring.encoders import encoder
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
    # Share of each language by direction, where it is known.
    languages: dict[str, dict[str, int]]


def drift_warnings() -> list[Warning]:
    newest = Match.objects.order_by("-pk").values_list("encoder", "engine_version").first()
    basis = _basis(active_weights())
    found = []
    if newest is not None and basis is not None:
        made_by, version = newest
        if basis.encoder != made_by:
            found.append(Warning("encoder", basis.encoder, made_by))
        if formula_of(basis.engine_version) != formula_of(version):
            found.append(Warning("formula", formula_of(basis.engine_version), formula_of(version)))
        if basis.glossary != (glossary := glossary_version()):
            found.append(Warning("glossary", basis.glossary, glossary))
    return [*found, *_moved_languages(basis.languages if basis else {})]


def _basis(active: WeightSet | None) -> _Basis | None:
    """What the weights in use rest on; without any, what most of the latest judgements were made from."""
    if active is not None:
        languages = active.figures.get("languages", {})
        return _Basis(active.encoder, active.engine_version, active.glossary_version, languages)
    latest: Any = Judgement.objects.standing().exclude(encoder="").order_by("-pk")
    engines = list(latest.values_list("encoder", "engine_version")[:_LATEST_JUDGEMENTS])
    if not engines:
        return None
    made_by, version = max(set(engines), key=lambda one: (engines.count(one), one))
    return _Basis(made_by, version, glossary_of(version), {})


def formula_of(version: str) -> str:
    """The part that is raised by hand: the rest of a version changes with every taken weight."""
    return version.partition("-")[0]


def glossary_of(version: str) -> str:
    return version.rpartition("-")[2]


def is_outdated(weights: WeightSet) -> bool:
    """Whether they were fitted to scores of another encoder, formula or glossary than those in use."""
    fitted_to = (weights.encoder, formula_of(weights.engine_version), weights.glossary_version)
    return fitted_to != (encoder().key, FORMULA_VERSION, glossary_version())


def languages_now() -> dict[str, dict[str, int]]:
    """How many published technologies each language has, by direction."""
    found: dict[str, dict[str, int]] = {}
    rows = Technology.objects.filter(status="published").values("direction", "original_language").order_by()
    for row in rows.annotate(count=Count("pk")):
        found.setdefault(row["direction"], {})[row["original_language"]] = row["count"]
    return found


def _moved_languages(calibrated: dict[str, dict[str, int]]) -> list[Warning]:
    """Since the weights in use were calibrated; without any, since the reference was made that scores rest on."""
    current = languages_now()
    found = []
    for direction, counts in (calibrated or _languages_of_references()).items():
        before, now = _shares(counts), _shares(current.get(direction, {}))
        for language in sorted(set(before) | set(now)) if before else ():
            then, today = before.get(language, 0.0), now.get(language, 0.0)
            if abs(today - then) > LANGUAGE_SHIFT:
                found.append(Warning("languages", f"{language} {then:.0f} %", f"{language} {today:.0f} %"))
    return found


def _languages_of_references() -> dict[str, dict[str, int]]:
    rows = Reference.objects.filter(is_active=True).defer("data").order_by("direction")
    return {row.direction: _built_from(row.pk, row.version) for row in rows}


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
