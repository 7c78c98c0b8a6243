"""Learns the projection of demands' vectors from the practice topics: `make train`.

usage: python -m matching.training.train [--check]

The loss is that of a softmax over all practice offers: each demand gives its right offers, by their gain, as much of
the probability as it can. A ridge holds the matrix near zero. Five-fold cross-validation by topic shows what is gained
on topics that were not learned from; `--check` prints that and writes nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from matching.engine.encoders import Encoder, UniversalSentenceEncoder
from matching.engine.evaluation import Topic, measure, read_topics
from matching.engine.prepared import Prepared, prepare
from matching.engine.projection import projected, write_projection
from matching.engine.reference import Reference
from matching.engine.settings import DEFAULT
from matching.engine.space import LanguageMeans, Population, centred

TOPICS_FILE = Path(__file__).with_name("topics.jsonl")
FOLDS = 5
RIDGE = 0.03
SHARPNESS = 12.0
"""How many times a cosine counts in the softmax."""
ITERATIONS = 80

Matrix = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Practice:
    """`demands` (n, d), `offers` (m, d): centred unit vectors. `grades` (n, m): 3, 2 or, for all others, 0."""

    topics: Sequence[Topic]
    keys: tuple[str, ...]
    languages: NDArray[np.str_]
    demands: Matrix
    offers: Matrix
    grades: Matrix

    def part(self, chosen: NDArray[np.bool_]) -> Practice:
        """The chosen topics with their own offers alone."""
        owners = {topic.key for topic, taken in zip(self.topics, chosen, strict=True) if taken}
        mine = np.array([key.partition(":")[0] in owners for key in self.keys])
        return Practice(
            [topic for topic in self.topics if topic.key in owners],
            tuple(key for key, taken in zip(self.keys, mine, strict=True) if taken),
            self.languages[mine],
            self.demands[chosen],
            self.offers[mine],
            self.grades[np.ix_(chosen, mine)],
        )


def practice(topics: Sequence[Topic], encoder: Encoder) -> Practice:
    demands = prepare([topic.demand for topic in topics], encoder)
    offers = prepare([document for topic in topics for document in topic.pool], encoder)
    return practice_of(topics, demands, offers, encoder)


def practice_of(
    topics: Sequence[Topic], demands: Sequence[Prepared], offers: Sequence[Prepared], encoder: Encoder
) -> Practice:
    """From texts that are made ready already: `demands` in the order of the topics, `offers` of their pools."""
    population = Population.of(Reference.build(offers, demands, encoder), DEFAULT)
    keys = tuple(offer.key for offer in offers)
    place = {key: column for column, key in enumerate(keys)}
    grades = np.zeros((len(demands), len(offers)))
    for row, topic in enumerate(topics):
        for key, grade in topic.grades.items():
            grades[row, place[key]] = grade
    return Practice(
        topics,
        keys,
        np.array([offer.document.language for offer in offers]),
        _centred(demands, population.demand_means),
        _centred(offers, population.offer_means),
        grades,
    )


def _centred(documents: Sequence[Prepared], means: LanguageMeans) -> Matrix:
    rows = [centred(d.signals.whole[None], means.mean(d.document.language))[0] for d in documents]
    return np.stack(rows)


def learned_matrix(known: Practice) -> Matrix:
    """A of `v + v A`; the problem is convex, so there is one answer."""
    size = known.demands.shape[1]
    gains = np.where(known.grades > 0, 2.0**known.grades - 1, 0.0)
    wanted = gains / np.maximum(gains.sum(axis=1, keepdims=True), 1e-9)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        matrix = flat.reshape(size, size)
        logits = SHARPNESS * (known.demands + known.demands @ matrix) @ known.offers.T
        logits -= logits.max(axis=1, keepdims=True)
        chances = np.exp(logits)
        chances /= chances.sum(axis=1, keepdims=True)
        value = -(wanted * np.log(chances + 1e-12)).sum() / len(wanted) + RIDGE * (matrix**2).sum()
        slope = SHARPNESS * known.demands.T @ ((chances - wanted) @ known.offers) / len(wanted)
        return float(value), (slope + 2 * RIDGE * matrix).ravel()

    found = minimize(loss, np.zeros(size * size), jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS})
    return np.asarray(found.x).reshape(size, size)


def cross_validated(known: Practice) -> dict[str, dict[str, object]]:
    """Figures of the whole-text similarity alone, without and with a projection that never saw the topic."""
    folds = np.random.default_rng(0).integers(0, FOLDS, len(known.topics))
    plain = known.demands @ known.offers.T
    turned = np.empty_like(plain)
    for fold in range(FOLDS):
        matrix = learned_matrix(known.part(folds != fold))
        turned[folds == fold] = projected(known.demands[folds == fold], matrix) @ known.offers.T
    return {"without": _figures(known, plain), "with": _figures(known, turned)}


def _figures(known: Practice, similarity: Matrix) -> dict[str, object]:
    hubs = np.sort(similarity, axis=0)[-DEFAULT.hub_neighbours :].mean(axis=0)
    scores = _standardised(2 * similarity - hubs, known.languages)
    rankings = {
        topic.key: [known.keys[place] for place in np.argsort(-scores[row], kind="stable")]
        for row, topic in enumerate(known.topics)
    }
    return measure(known.topics, rankings)


def _standardised(values: Matrix, languages: NDArray[np.str_]) -> Matrix:
    out = np.empty_like(values)
    for language in np.unique(languages):
        mine = values[:, languages == language]
        spread = np.maximum(mine.std(axis=1, keepdims=True), 0.05)
        out[:, languages == language] = (mine - mine.mean(axis=1, keepdims=True)) / spread
    return out


def main(arguments: Sequence[str]) -> None:
    encoder = UniversalSentenceEncoder()
    known = practice(read_topics(TOPICS_FILE), encoder)
    for name, figures in cross_validated(known).items():
        told = "  ".join(f"{key} {figures[key]}" for key in ("ndcg@10", "recall@10", "precision@1", "hard_pairs_right"))
        sys.stdout.write(f"{name:8} {told}\n")
    if "--check" not in arguments:
        write_projection(learned_matrix(known), encoder.key)


if __name__ == "__main__":
    main(sys.argv[1:])
