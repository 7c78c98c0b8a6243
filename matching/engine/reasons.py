"""Why a pair was proposed and what speaks against it: codes and quotations, never sentences for the screen."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matching.engine.documents import LANGUAGES, MINIMUM_LETTERS, Document
from matching.engine.evidence import Evidence, SentencePair, concept_gains
from matching.engine.glossary import Glossary
from matching.engine.prepared import Prepared
from matching.engine.settings import Settings
from matching.engine.shared_terms import SharedTerm, shared_figures, shared_terms
from matching.engine.space import CentredDemand, Population
from matching.engine.specifications import Named, contradictions, quantities
from matching.engine.surfaces import Surfaces

CautionCode = Literal[
    "specification_conflict", "stage_far", "ipr_differs", "text_too_short", "machine_text", "language_unsupported"
]
STAGE_DISTANCE = 3
_REMEMBERED_TEXTS = 8
_STAGE_NUMBER = re.compile(r"(\d+)\D*$")


@dataclass(frozen=True)
class Caution:
    """`data` by code: specification_conflict {quantity, bound, demand, offer}; stage_far, ipr_differs {demand, offer};
    the others {side: "demand" | "offer"}."""

    code: CautionCode
    data: Mapping[str, object]

    def to_dict(self) -> dict[str, object]:
        return {"code": self.code, "data": dict(self.data)}


@dataclass(frozen=True)
class Reasons:
    sentence_pairs: tuple[SentencePair, ...]
    terms: tuple[SharedTerm, ...]
    figures: tuple[SharedTerm, ...]
    fields: tuple[str, ...]
    cautions: tuple[Caution, ...]

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "sentence_pairs": [pair.to_dict() for pair in self.sentence_pairs],
            "terms": [term.to_dict() for term in self.terms],
            "figures": [figure.to_dict() for figure in self.figures],
            "fields": list(self.fields),
            "cautions": [caution.to_dict() for caution in self.cautions],
        }


class Explainer:
    """Reasons of pairs; safe to share between threads.

    What depends on one text alone is found once for the texts that were asked for last, so that many offers for one
    demand, or many demands for one offer, cost little more than the other side.
    """

    def __init__(self, population: Population, glossary: Glossary, settings: Settings) -> None:
        self.population, self.glossary, self.settings = population, glossary, settings
        self._sides = lru_cache(maxsize=_REMEMBERED_TEXTS)(self._side)

    def reasons(self, demand: Prepared, offer: Prepared) -> Reasons:
        """A function of the two documents, the population, the glossary and the settings."""
        wanted, offered = self._sides(demand), self._sides(offer)
        language = offer.document.language

        def idf(channel: str, ids: NDArray[np.uint64]) -> NDArray[np.float64]:
            return self.population.idf(channel, language, ids)

        evidence = Evidence.of(
            wanted.as_demand,
            offer,
            self.population.offer_means.mean(language),
            concept_gains(wanted.surfaces, offered.surfaces, (demand.sentence_texts, offer.sentence_texts), idf),
            self.settings,
        )
        return Reasons(
            sentence_pairs=tuple(_sentence_pairs(demand, offer, evidence)),
            terms=tuple(shared_terms(wanted.surfaces, offered.surfaces, idf)),
            figures=tuple(shared_figures(wanted.surfaces, offered.surfaces)),
            fields=tuple(field for field in demand.document.fields if field in offer.document.fields),
            cautions=tuple(_cautions(wanted, offered)),
        )

    def _side(self, prepared: Prepared) -> "_Side":
        return _Side(prepared, self.population, Surfaces(prepared.document, self.glossary))


@dataclass(frozen=True, eq=False)
class _Side:
    prepared: Prepared
    population: Population
    surfaces: Surfaces

    @cached_property
    def as_demand(self) -> CentredDemand:
        return self.population.centred(self.prepared.signals)

    @cached_property
    def quantities(self) -> Named:
        return quantities(self.surfaces.text)

    @cached_property
    def problems(self) -> "list[CautionCode]":
        return document_problems(self.prepared.document)


def _sentence_pairs(demand: Prepared, offer: Prepared, evidence: Evidence) -> Iterator[SentencePair]:
    for row, column in evidence.pairs():
        yield SentencePair(
            demand=demand.sentence_texts[row],
            offer=offer.sentence_texts[column],
            demand_language=demand.document.language,
            offer_language=offer.document.language,
            similarity=min(1.0, float(evidence.similarities[row, column])),
        )


def _cautions(wanted: _Side, offered: _Side) -> list[Caution]:
    demand, offer = wanted.prepared.document, offered.prepared.document
    found = [
        Caution("specification_conflict", c.to_dict()) for c in contradictions(wanted.quantities, offered.quantities)
    ]
    stages = _stage_number(demand.stage), _stage_number(offer.stage)
    if stages[0] is not None and stages[1] is not None and abs(stages[0] - stages[1]) >= STAGE_DISTANCE:
        found.append(Caution("stage_far", {"demand": demand.stage, "offer": offer.stage}))
    if demand.ipr and offer.ipr and demand.ipr != offer.ipr:
        found.append(Caution("ipr_differs", {"demand": demand.ipr, "offer": offer.ipr}))
    for name, side in (("demand", wanted), ("offer", offered)):
        found.extend(Caution(code, {"side": name}) for code in side.problems)
    return found


def document_problems(document: Document) -> list[CautionCode]:
    """What makes any score of this document doubtful, whatever it is compared with."""
    problems: list[CautionCode] = []
    if document.letters < MINIMUM_LETTERS:
        problems.append("text_too_short")
    if document.machine_text:
        problems.append("machine_text")
    if document.language not in LANGUAGES:
        problems.append("language_unsupported")
    return problems


def _stage_number(stage: str | None) -> int | None:
    match = _STAGE_NUMBER.search(stage or "")
    return int(match.group(1)) if match else None
