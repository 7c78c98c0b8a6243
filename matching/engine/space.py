"""What a population of offers and demands says about language and rarity: vector means, idf, sample demands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.engine.encoders import Vectors
from matching.engine.exact import whole_numbers
from matching.engine.prepared import Signals
from matching.engine.projection import projected, projection_of
from matching.engine.reference import Reference
from matching.engine.settings import Settings
from matching.engine.terms import TermFrequencies

UNSEEN_OFFERS = 20
"""Offers that are imagined beside the known ones, so that in a nearly empty catalogue no word seems common."""


@dataclass(frozen=True, eq=False)
class LanguageMeans:
    """Vector sums of each language; `mean` shrinks a small language towards the mean of all texts."""

    dimensions: int
    counts: Mapping[str, int]
    sums: Mapping[str, NDArray[np.float64]]
    shrinkage: float

    @cached_property
    def _overall(self) -> NDArray[np.float64]:
        means = [self.sums[language] / self.counts[language] for language in sorted(self.counts)]
        return np.asarray(np.mean(means, axis=0)) if means else np.zeros(self.dimensions)

    def mean(self, language: str) -> NDArray[np.float64]:
        """(sum + k m) / (n + k), where m is the mean over languages and k the shrinkage; zero without any text.

        m weighs languages equally, so that a catalogue of one language does not become the measure of all.
        """
        if language not in self.counts:
            return self._overall
        total = self.sums[language] + self.shrinkage * self._overall
        return np.asarray(total / (self.counts[language] + self.shrinkage))


def centred(vectors: Vectors | NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows minus the mean at unit length; a row of zeros (a text without content) stays zero."""
    rows = np.asarray(vectors, dtype=np.float64)
    shifted = np.where(rows.any(axis=1, keepdims=True), rows - mean, 0.0)
    lengths = np.linalg.norm(shifted, axis=1, keepdims=True)
    return np.divide(shifted, lengths, out=np.zeros_like(shifted), where=lengths > 1e-9)


NEED_WEIGHT = 6
"""How many times as much as another the sentence counts that says what is wanted. A whole number: see `exact`."""


def sentence_weights(demand: Signals) -> NDArray[np.float64]:
    weights = np.ones(len(demand.sentences))
    weights[demand.need : demand.need + 1] = NEED_WEIGHT
    return weights


@dataclass(frozen=True, eq=False)
class CentredDemand:
    """`whole` (d,) and `sentences` (n, d) in whole numbers: see `exact`. `weights` (n,): what a sentence counts."""

    whole: NDArray[np.float32]
    sentences: NDArray[np.float32]
    weights: NDArray[np.float64]


def centred_demand(
    demand: Signals, means: LanguageMeans, projection: NDArray[np.float64] | None = None
) -> CentredDemand:
    mean = means.mean(demand.language)
    whole = projected(centred(demand.whole[None], mean), projection)
    sentences = projected(centred(demand.sentences.reshape(-1, means.dimensions), mean), projection)
    return CentredDemand(whole_numbers(whole)[0], whole_numbers(sentences), sentence_weights(demand))


@dataclass(frozen=True, eq=False)
class Population:
    """Statistics that every comparison needs. `frequencies[channel][language]` counts the offers' terms."""

    dimensions: int
    offer_means: LanguageMeans
    demand_means: LanguageMeans
    frequencies: Mapping[str, Mapping[str, TermFrequencies]]
    demands: Sequence[CentredDemand]
    shrinkage: float
    projection: NDArray[np.float64] | None = None
    _tables: dict[tuple[str, str], "_IdfTable"] = field(default_factory=dict)

    @classmethod
    def of(cls, reference: Reference, settings: Settings) -> "Population":
        return cls.with_projection(reference, settings, projection_of(reference.encoder_key))

    @classmethod
    def with_projection(
        cls, reference: Reference, settings: Settings, projection: NDArray[np.float64] | None
    ) -> "Population":
        """With another projection than the shipped one, or with none: for measuring."""
        dimensions, k = reference.dimensions, settings.shrinkage
        demand_means = LanguageMeans(dimensions, reference.demand_counts, reference.demand_sums, k)
        return cls(
            dimensions=dimensions,
            offer_means=LanguageMeans(dimensions, reference.offer_counts, reference.offer_sums, k),
            demand_means=demand_means,
            frequencies=reference.frequencies,
            demands=[centred_demand(demand, demand_means, projection) for demand in reference.demands],
            shrinkage=k,
            projection=projection,
        )

    def centred(self, demand: Signals) -> CentredDemand:
        return centred_demand(demand, self.demand_means, self.projection)

    def idf(self, channel: str, language: str, ids: NDArray[np.uint64]) -> NDArray[np.float64]:
        """ln((n + k + 1) / (df + k df' / (n' + UNSEEN_OFFERS))) with n, df of the language, n', df' of all languages, k
        the shrinkage.

        A term that no list names counts as occurring once in each language. Above zero, and the same for every term
        while there are no offers.
        """
        table = self._table(channel, language)
        values = np.full(len(ids), table.unlisted)
        if len(table.ids):
            places = np.minimum(np.searchsorted(table.ids, ids), len(table.ids) - 1)
            found = table.ids[places] == ids
            values[found] = table.values[places[found]]
        return values

    def _table(self, channel: str, language: str) -> "_IdfTable":
        known = self._tables.get((channel, language))
        if known is None:
            known = self._tables[channel, language] = self._made_table(channel, language)
        return known

    def _made_table(self, channel: str, language: str) -> "_IdfTable":
        by_language = self.frequencies[channel]
        listed = [by_language[one].ids for one in sorted(by_language)]
        ids = np.unique(np.concatenate(listed)) if listed else np.empty(0, dtype=np.uint64)
        everywhere = np.sum([by_language[one].counts_of(ids) for one in sorted(by_language)], axis=0)
        own = by_language.get(language)
        occurrences = own.counts_of(ids) if own else np.zeros(len(ids))
        total = sum(frequencies.documents for frequencies in by_language.values())
        documents = own.documents if own else 0
        unlisted = np.array([1.0 if own else 0.0])
        everyone = total + UNSEEN_OFFERS
        return _IdfTable(
            ids=ids,
            values=self._rarity(documents, occurrences, everywhere / everyone),
            unlisted=float(self._rarity(documents, unlisted, np.array([max(len(by_language), 1) / everyone]))[0]),
        )

    def _rarity(
        self, documents: int, occurrences: NDArray[np.float64], share: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        among = documents + self.shrinkage
        return np.log((among + 1) / np.minimum(occurrences + self.shrinkage * share, among))


@dataclass(frozen=True, eq=False)
class _IdfTable:
    ids: NDArray[np.uint64]
    values: NDArray[np.float64]
    unlisted: float
