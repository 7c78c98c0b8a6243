"""What the engine works with now: the shipped settings and glossary with what an administrator took into use."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from matching.engine.glossary import Concept, shipped_concepts, shipped_version, version_of
from matching.engine.settings import CHANNELS, DEFAULT, Settings, engine_version
from matching.learning.models import GlossaryProposal, GlossaryTerm, WeightSet, WeightState
from matching.scoring.inforce import InForce


def active_weights() -> WeightSet | None:
    return WeightSet.objects.filter(state=WeightState.ACTIVE).first()


def settings_in_force() -> Settings:
    active = active_weights()
    return settings_of(active) if active else DEFAULT


def settings_of(chosen: WeightSet) -> Settings:
    settings = with_weights(DEFAULT, {name: float(weight) for name, weight in chosen.weights.items()})
    if not chosen.thresholds:
        return settings
    falling = sorted(chosen.thresholds.items(), key=lambda entry: -entry[1])
    return replace(settings, thresholds=tuple((word, float(bound)) for word, bound in falling))


def in_force() -> InForce:
    """What newly made lists are made with."""
    return InForce(settings_in_force(), glossary_version())


def version_in_force() -> str:
    return in_force().version


def with_weights(settings: Settings, weights: dict[str, float]) -> Settings:
    """A channel that the engine does not know any more is passed over; one that came later keeps its own weight."""
    known: dict[str, Any] = {f"{name}_weight": weights[name] for name in CHANNELS if name in weights}
    return replace(settings, **known)


def channel_weights(settings: Settings) -> dict[str, float]:
    return dict(zip(CHANNELS, settings.weights, strict=True))


def weights_of(version: str) -> dict[str, float]:
    """By channel, what an engine of this version sums up with; empty where no weights that are known make it."""
    glossary = version.rpartition("-")[2]
    if engine_version(DEFAULT, glossary) == version:
        return channel_weights(DEFAULT)
    for chosen in WeightSet.objects.exclude(state=WeightState.PROPOSED).order_by("-pk"):
        settings = settings_of(chosen)
        if engine_version(settings, glossary) == version:
            return channel_weights(settings)
    return {}


# --- glossary ---------------------------------------------------------------------------------------------------------


def accepted_concepts() -> list[Concept]:
    """The shipped concepts with what was accepted, always in the same order."""
    return _with_rows(GlossaryTerm.objects.filter(retired_on__isnull=True))


def _with_rows(rows: QuerySet[GlossaryTerm]) -> list[Concept]:
    terms: dict[str, dict[str, list[str]]] = {}
    for row in rows.order_by("pk"):
        terms.setdefault(row.concept, {}).setdefault(row.language, []).append(row.term)
    known = {concept.key for concept in shipped_concepts()}
    merged = [_with_terms(concept, terms.get(concept.key, {})) for concept in shipped_concepts()]
    new = GlossaryProposal.objects.filter(is_new=True, concept__in=set(terms) - known)
    merged += [
        _with_terms(Concept(row.concept, row.field, row.broader, {}), terms[row.concept]) for row in new.order_by("pk")
    ]
    return merged


def _with_terms(concept: Concept, added: dict[str, list[str]]) -> Concept:
    if not added:
        return concept
    languages = {**concept.terms, **{language: () for language in added if language not in concept.terms}}
    joined = {
        language: tuple(dict.fromkeys((*terms, *added.get(language, ())))) for language, terms in languages.items()
    }
    return Concept(concept.key, concept.field, concept.broader, joined)


def glossary_version() -> str:
    """As the engine's glossary tells it, without making one ready to recognise."""
    rows = GlossaryTerm.objects.filter(retired_on__isnull=True).order_by("pk")
    accepted = tuple(rows.values_list("pk", flat=True))
    return _version_with(accepted) if accepted else shipped_version()


@lru_cache(maxsize=8)
def _version_with(accepted: tuple[int, ...]) -> str:
    """Every piece of work asks; a row only ever goes out of use, so its number stands for its words."""
    return version_of(_with_rows(GlossaryTerm.objects.filter(pk__in=accepted)))
