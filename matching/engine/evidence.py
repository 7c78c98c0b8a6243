"""Which sentences of an offer a score rests on: those without which it would fall most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.exact import SCALE, whole_numbers
from matching.engine.glossary.words import normal
from matching.engine.prepared import Prepared
from matching.engine.settings import Settings
from matching.engine.shared_terms import Idf
from matching.engine.space import CentredDemand, centred
from matching.engine.surfaces import Surfaces
from matching.engine.terms import term_id

MAXIMUM_SENTENCE_PAIRS = 3
# Below this cosine of centred vectors two sentences are about different things, unless they share a concept.
MINIMUM_SENTENCE_SIMILARITY = 0.2
# By how much the raw values of a language's offers differ for one demand; see `Moments`, which needs the demand's terms
# and the whole sample to say it of a single demand.
_SEMANTIC_DEVIATION, _CONCEPTS_DEVIATION = 0.2, 1.4
# Losses are compared to this many digits, and by place where they are equal.
_DIGITS = 6


@dataclass(frozen=True)
class SentencePair:
    """`similarity`: cosine of the centred vectors as the score takes them, at most 1."""

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


@dataclass(frozen=True, eq=False)
class Evidence:
    """`losses` (n,): how much the rank score would fall without a sentence of the offer, in a unit that all of a pair
    share. (m, n) for the demand's and the offer's sentences: `similarities`, cosines; `gains`, what the one owes to the
    other in that unit; `concepts`, the part of it that is shared concepts."""

    losses: NDArray[np.float64]
    similarities: NDArray[np.float64]
    gains: NDArray[np.float64]
    concepts: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        demand: CentredDemand,
        offer: Prepared,
        mean: NDArray[np.float64],
        concepts: NDArray[np.float64],
        settings: Settings,
    ) -> "Evidence":
        """`mean`: of the offers' language. `concepts`: see `concept_gains`."""
        rows = whole_numbers(centred(offer.signals.sentences, mean))
        similarities = (demand.sentences @ rows.T).astype(np.float64) / SCALE
        semantic = settings.semantic_weight / _SEMANTIC_DEVIATION * 2
        concepts = settings.concepts_weight / _CONCEPTS_DEVIATION * concepts
        share = settings.sentence_share
        gains = semantic * share * _gains(similarities, demand.weights) + concepts
        losses = semantic * (1 - share) * _whole_losses(demand, offer, mean) + gains.sum(axis=0)
        return cls(np.round(losses, _DIGITS), similarities, gains, concepts)

    def pairs(self) -> list[tuple[int, int]]:
        """Sentences of the demand and the offer, none twice, the one that carries most first.

        Beside it stands the demand's sentence that owes most to it; the nearest where none does.
        """
        found: list[tuple[int, int]] = []
        free = np.ones(len(self.similarities), dtype=bool)
        for column in np.argsort(-self.losses, kind="stable"):
            if not free.any() or len(found) == MAXIMUM_SENTENCE_PAIRS or self.losses[column] <= 0:
                break
            speaks = free & (
                (self.similarities[:, column] >= MINIMUM_SENTENCE_SIMILARITY) | (self.concepts[:, column] > 0)
            )
            if speaks.any():
                gains = np.where(speaks, self.gains[:, column], 0.0)
                row = int(np.argmax(gains if gains.any() else np.where(speaks, self.similarities[:, column], -2.0)))
                found.append((row, int(column)))
                free[row] = False
        return found


def _gains(similarities: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    gains = np.zeros_like(similarities)
    if not similarities.size:
        return gains
    best = similarities.argmax(axis=1)
    rows = np.arange(len(best))
    others = similarities.copy()
    others[rows, best] = -1.0
    second = others.max(axis=1) if similarities.shape[1] > 1 else np.zeros(len(best))
    gains[rows, best] = weights * (similarities[rows, best] - second) / weights.sum()
    return gains


def _whole_losses(demand: CentredDemand, offer: Prepared, mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """As if a text's vector were the sum of its sentences' by the roots of their lengths: encoding it again without
    each of them would take a thousand times as long."""
    whole, sentences = offer.signals.whole.astype(np.float64), offer.signals.sentences.astype(np.float64)
    lengths = np.sqrt([len(text) for text in offer.sentence_texts])
    rest = whole - (lengths / max(lengths.sum(), 1.0))[:, None] * sentences
    sizes = np.linalg.norm(rest, axis=1, keepdims=True)
    rest *= np.divide(np.linalg.norm(whole), sizes, out=np.zeros_like(sizes), where=sizes > 1e-9)
    rows = whole_numbers(centred(np.vstack([whole, rest]), mean))
    similarities = (rows @ demand.whole).astype(np.float64) / SCALE
    return np.asarray(similarities[0] - similarities[1:])


def concept_gains(
    demand: Surfaces, offer: Surfaces, sentences: tuple[Sequence[str], Sequence[str]], idf: Idf
) -> NDArray[np.float64]:
    """For the demand's `sentences` and the offer's (m, n): the worth of the concepts that of the offer's only this one
    speaks of. A concept is counted at the first of the demand's sentences that speaks of it most."""
    gains = np.zeros((len(sentences[0]), len(sentences[1])))
    shared = sorted(demand.concept_weights.keys() & offer.concept_weights.keys())
    if not shared or not gains.size:
        return gains
    wanted, held = _held(demand, sentences[0], shared), _held(offer, sentences[1], shared)
    values = idf("concepts", np.array([term_id(key) for key in shared], dtype=np.uint64))
    for key, value in zip(shared, values, strict=True):
        ordered = np.sort(held[key])
        only = ordered[-1] - (ordered[-2] if len(ordered) > 1 else 0.0)
        gains[int(wanted[key].argmax()), int(held[key].argmax())] += demand.concept_weights[key] * only * value
    return gains


def _held(text: Surfaces, sentences: Sequence[str], keys: Sequence[str]) -> Mapping[str, NDArray[np.float64]]:
    """By concept what it counts in each sentence."""
    texts = [normal(sentence) for sentence in sentences]
    held = {key: np.zeros(len(texts)) for key in keys}
    for surface, weights in text.concept_surfaces.items():
        concerned = weights.keys() & held.keys()
        if concerned:
            where = np.array([surface in one for one in texts])
            for key in concerned:
                held[key] = np.maximum(held[key], where * weights[key])
    return held
