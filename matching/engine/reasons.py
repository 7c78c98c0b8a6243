"""Why a pair was proposed and what speaks against it: codes and quotations, never sentences for the screen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matching.engine.documents import LANGUAGES, MINIMUM_LETTERS, Document
from matching.engine.prepared import Prepared
from matching.engine.shared_terms import SharedTerm, shared_figures, shared_terms
from matching.engine.space import Population, centred
from matching.engine.specifications import contradictions

CautionCode = Literal[
    "specification_conflict", "stage_far", "ipr_differs", "text_too_short", "machine_text", "language_unsupported"
]
MAXIMUM_SENTENCE_PAIRS = 3
# Below this cosine of centred vectors two sentences are about different things.
MINIMUM_SENTENCE_SIMILARITY = 0.2
STAGE_DISTANCE = 3
_STAGE_NUMBER = re.compile(r"(\d+)\D*$")


@dataclass(frozen=True)
class SentencePair:
    """`similarity`: cosine of the centred vectors, at most 1."""

    demand: str
    offer: str
    demand_language: str
    offer_language: str
    similarity: float

    def to_dict(self) -> dict[str, object]:
        return {
            "demand": self.demand,
            "offer": self.offer,
            "demand_language": self.demand_language,
            "offer_language": self.offer_language,
            "similarity": round(self.similarity, 4),
        }


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


def explain(demand: Prepared, offer: Prepared, population: Population) -> Reasons:
    """A function of the two documents and the population."""

    def idf(channel: str, ids: NDArray[np.uint64]) -> NDArray[np.float64]:
        return population.idf(channel, offer.document.language, ids)

    wanted, offered = demand.document, offer.document
    return Reasons(
        sentence_pairs=tuple(sentence_pairs(demand, offer, population)),
        terms=tuple(shared_terms(wanted, offered, idf)),
        figures=tuple(shared_figures(wanted.text, offered.text)),
        fields=tuple(field for field in wanted.fields if field in offered.fields),
        cautions=tuple(cautions(wanted, offered)),
    )


def sentence_pairs(demand: Prepared, offer: Prepared, population: Population) -> list[SentencePair]:
    """The most similar pairs first, no sentence twice."""
    left = centred(demand.signals.sentences, population.demand_means.mean(demand.document.language))
    right = centred(offer.signals.sentences, population.offer_means.mean(offer.document.language))
    similarities = left @ right.T
    pairs: list[SentencePair] = []
    while similarities.size and len(pairs) < MAXIMUM_SENTENCE_PAIRS:
        row, column = np.unravel_index(int(np.argmax(similarities)), similarities.shape)
        if similarities[row, column] < MINIMUM_SENTENCE_SIMILARITY:
            break
        pairs.append(
            SentencePair(
                demand=demand.sentence_texts[row],
                offer=offer.sentence_texts[column],
                demand_language=demand.document.language,
                offer_language=offer.document.language,
                similarity=min(1.0, float(similarities[row, column])),
            )
        )
        similarities[row, :] = similarities[:, column] = -1.0
    return pairs


def cautions(demand: Document, offer: Document) -> list[Caution]:
    found = [Caution("specification_conflict", c.to_dict()) for c in contradictions(demand.text, offer.text)]
    stages = _stage_number(demand.stage), _stage_number(offer.stage)
    if stages[0] is not None and stages[1] is not None and abs(stages[0] - stages[1]) >= STAGE_DISTANCE:
        found.append(Caution("stage_far", {"demand": demand.stage, "offer": offer.stage}))
    if demand.ipr and offer.ipr and demand.ipr != offer.ipr:
        found.append(Caution("ipr_differs", {"demand": demand.ipr, "offer": offer.ipr}))
    for side, document in (("demand", demand), ("offer", offer)):
        found.extend(Caution(code, {"side": side}) for code in document_problems(document))
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
