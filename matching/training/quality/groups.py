"""Topics with their own pool, and what an engine that never learned from them makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.engine.documents import Document
from matching.engine.encoders import Encoder
from matching.engine.evaluation import Topic, topic_figures
from matching.engine.prepared import CacheKey, Prepared, StoredVectors, prepare
from matching.engine.projection import projection_of
from matching.engine.ranking import Engine
from matching.engine.reference import Reference
from matching.engine.relevance import Relevance
from matching.engine.settings import DEFAULT, Settings
from matching.engine.space import Population
from matching.training.train import Matrix, learned_matrix, practice_of

GROUPS = 6


class Remembered:
    """Vectors of the texts of one run."""

    def __init__(self) -> None:
        self._vectors: dict[CacheKey, StoredVectors] = {}

    def get_many(self, keys: Sequence[CacheKey]) -> Mapping[CacheKey, StoredVectors]:
        return {key: self._vectors[key] for key in keys if key in self._vectors}

    def put_many(self, vectors: Mapping[CacheKey, StoredVectors]) -> None:
        self._vectors.update(vectors)


@dataclass(frozen=True)
class Variant:
    """An engine with or without a part of the formula."""

    settings: Settings = DEFAULT
    projection: bool = True
    need: bool = True
    hubness: bool = True
    centring: bool = True


@dataclass(frozen=True, eq=False)
class Ranking:
    """The whole pool, best first."""

    topic: Topic
    keys: tuple[str, ...]
    languages: tuple[str, ...]
    evidence: NDArray[np.float64]
    words: tuple[Relevance, ...]

    @cached_property
    def figures(self) -> dict[str, float]:
        figures = topic_figures(self.topic, self.keys)
        korean = [language == "ko" for language in self.languages]
        return figures | {"korean_share": float(np.mean(korean[:10]) - np.mean(korean))}


@dataclass(frozen=True, eq=False)
class Group:
    """`offers`: the pool. `projection`: learned without these topics."""

    topics: Sequence[Topic]
    demands: Sequence[Prepared]
    offers: Sequence[Prepared]
    encoder: Encoder
    projection: Matrix | None

    @cached_property
    def reference(self) -> Reference:
        return Reference.build(self.offers, self.demands, self.encoder)

    @cached_property
    def full_engine(self) -> Engine:
        return self.engine(Variant())

    def engine(self, variant: Variant) -> Engine:
        reference = self.reference
        if not variant.need:
            reference = replace(reference, demands=[replace(demand, need=-1) for demand in reference.demands])
        nothing: dict[str, dict[str, object]] = {}
        if not variant.centring:
            nothing = {name: {} for name in ("offer_counts", "offer_sums", "demand_counts", "demand_sums")}
        projection = self.projection if variant.projection else None
        population = Population.with_projection(replace(reference, **nothing), variant.settings, projection)  # type: ignore[arg-type]
        if not variant.hubness:
            population = replace(population, demands=[])
        return Engine(self.encoder, reference, variant.settings, population=population)

    def rankings(self, variant: Variant | None = None) -> Iterator[Ranking]:
        chosen = variant or Variant()
        engine = self.full_engine if chosen == Variant() else self.engine(chosen)
        return ranked(engine, self.topics, self.demands_of(chosen), self.offers)

    def demands_of(self, variant: Variant) -> Sequence[Prepared]:
        return self.demands if variant.need else [_without_need(demand) for demand in self.demands]

    def rankings_of(self, demands: Sequence[Prepared], topics: Sequence[Topic] | None = None) -> Iterator[Ranking]:
        """Of other demands in place of the topics' own, or of topics of their own; the reference stays."""
        return ranked(self.full_engine, topics or self.topics, demands, self.offers)


def _without_need(demand: Prepared) -> Prepared:
    return replace(demand, signals=replace(demand.signals, need=-1))


def ranked(
    engine: Engine, topics: Sequence[Topic], demands: Sequence[Prepared], offers: Sequence[Prepared]
) -> Iterator[Ranking]:
    catalogue = engine.catalogue(offers)
    for topic, demand in zip(topics, demands, strict=True):
        scores = engine.score(demand, catalogue)
        order = np.lexsort((np.array(scores.keys), -scores.total))
        yield Ranking(
            topic,
            tuple(scores.keys[row] for row in order),
            tuple(scores.languages[row] for row in order),
            scores.evidence[order],
            tuple(scores.relevance[row] for row in order),
        )


def read_unanswered(path: Path) -> list[Topic]:
    """Demands that nothing answers, as topics without offers."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return [Topic(row["id"], Document(language="ko", key=row["id"], **row["demand_ko"]), (), {}) for row in rows]


def drawn_groups(topics: int) -> NDArray[np.int64]:
    """The number of each topic's group."""
    return np.random.default_rng(1).permutation(topics) % GROUPS


def practice_groups(topics: Sequence[Topic], encoder: Encoder, cache: Remembered) -> list[Group]:
    """Groups drawn by lot, always the same ones; each with a projection learned from the topics of the others."""
    demands, offers = prepared_topics(topics, encoder, cache)
    drawn = drawn_groups(len(topics))
    groups = []
    for number in range(GROUPS):
        mine, others = (_part(topics, demands, offers, chosen) for chosen in (drawn == number, drawn != number))
        groups.append(Group(*mine, encoder, learned_matrix(practice_of(*others, encoder))))
    return groups


def _part(
    topics: Sequence[Topic], demands: Sequence[Prepared], offers: Sequence[Prepared], chosen: NDArray[np.bool_]
) -> tuple[list[Topic], list[Prepared], list[Prepared]]:
    places = np.flatnonzero(chosen).tolist()
    taken = [topics[place] for place in places]
    keys = {document.key for topic in taken for document in topic.pool}
    return taken, [demands[place] for place in places], [offer for offer in offers if offer.key in keys]


def one_group(
    topics: Sequence[Topic], encoder: Encoder, cache: Remembered, distractors: Sequence[Document] = ()
) -> Group:
    """All topics at once, with the shipped projection; `distractors` stand in the pool beside the topics' own."""
    demands, offers = prepared_topics(topics, encoder, cache)
    offers = offers + prepare(distractors, encoder, cache)
    return Group(topics, demands, offers, encoder, projection_of(encoder.key))


def prepared_topics(
    topics: Sequence[Topic], encoder: Encoder, cache: Remembered
) -> tuple[list[Prepared], list[Prepared]]:
    demands = prepare([topic.demand for topic in topics], encoder, cache)
    return demands, prepare([document for topic in topics for document in topic.pool], encoder, cache)
