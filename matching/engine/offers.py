"""Offers made ready for comparison: centred vectors, hubness, and postings of their terms."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.prepared import Signals
from matching.engine.settings import LEXICAL_CHANNELS, Settings
from matching.engine.space import Population, centred, centred_demand
from matching.engine.terms import TermSet

_BLOCK = 512
"""Offers compared at once, which bounds the memory for float64 vectors and products."""


class Postings:
    """Which offers hold a term, and what sharing it is worth there."""

    def __init__(self, sets: Sequence[TermSet], worths: Sequence[NDArray[np.float64]]) -> None:
        ids = np.concatenate([s.ids for s in sets]) if sets else np.empty(0, dtype=np.uint64)
        rows = np.repeat(np.arange(len(sets)), [len(s) for s in sets])
        order = np.argsort(ids, kind="stable")
        self.ids, starts = np.unique(ids[order], return_index=True)
        self.starts = np.append(starts, len(ids))
        self.rows = rows[order].astype(np.int32)
        self.worths = np.concatenate(worths)[order] if sets else np.empty(0)
        self.size = len(sets)

    def sums(self, terms: TermSet) -> NDArray[np.float64]:
        """For each offer the sum over the shared terms, always in the order of the terms' ids."""
        places = np.searchsorted(self.ids, terms.ids)
        inside = places < len(self.ids)
        found = places[inside][self.ids[places[inside]] == terms.ids[inside]]
        if not len(found):
            return np.zeros(self.size)
        picked = np.concatenate([np.arange(self.starts[place], self.starts[place + 1]) for place in found])
        sums = np.bincount(self.rows[picked], weights=self.worths[picked], minlength=self.size)
        return sums.astype(np.float64)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Raw values of one demand against n offers, before any standardisation.

    `whole`, `sentences` (n,): cosines of centred vectors, the second as the mean over the demand's sentences of the
    best sentence of the offer. `lexical` (n, channels): see `OfferIndex`. `components` (n, CHANNELS): what is ranked.
    """

    whole: NDArray[np.float64]
    sentences: NDArray[np.float64]
    lexical: NDArray[np.float64]
    components: NDArray[np.float64]


class OfferIndex:
    """A row of an answer depends on that offer, the demand and the population alone, never on the other offers.

    The worth of a shared term is its weight × idf inside the offer's language. A word channel's raw value is the
    square root of  (worth of the shared terms) / (worth of all of the offer's terms) ** length_power:  the second
    shared word says less than the first.
    """

    def __init__(self, offers: Sequence[Signals], population: Population, settings: Settings) -> None:
        self.population, self.settings = population, settings
        self.languages = np.array([offer.language for offer in offers], dtype=object)
        means = population.offer_means
        wholes = [centred(offer.whole[None], means.mean(offer.language)) for offer in offers]
        sentences = [centred(offer.sentences, means.mean(offer.language)) for offer in offers]
        self._whole = _stacked(wholes, population.dimensions)
        self._sentences = _stacked(sentences, population.dimensions)
        self._starts = np.concatenate([[0], np.cumsum([len(rows) for rows in sentences], dtype=np.int64)])
        self._hubs = self._hubness()
        self._postings = [self._posted(channel, offers) for channel in LEXICAL_CHANNELS]

    def __len__(self) -> int:
        return len(self.languages)

    def compare(self, demand: Signals) -> Comparison:
        vectors = centred_demand(demand, self.population.demand_means)
        whole, best = self._similarities(vectors.whole[None], vectors.sentences)
        sentences = best.mean(axis=1) if len(vectors.sentences) else whole[:, 0]
        sums = [
            postings.sums(getattr(demand, channel))
            for channel, postings in zip(LEXICAL_CHANNELS, self._postings, strict=True)
        ]
        lexical = np.sqrt(np.stack(sums, axis=1))
        share = self.settings.sentence_share
        semantic = (1 - share) * (2 * whole[:, 0] - self._hubs[:, 0]) + share * (2 * sentences - self._hubs[:, 1])
        return Comparison(whole[:, 0], sentences, lexical, np.column_stack([semantic, lexical]))

    def _similarities(
        self, wholes: NDArray[np.float64], sentences: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Of centred demand vectors (w, d) and (s, d): (n, w) cosines with the offers' whole texts, and (n, s) cosines
        with the best of each offer's sentences, 0 for an offer without sentences.

        In float64: there the order of summation, which depends on the shape, moves nothing above 1e-12.
        """
        products = np.empty((len(self), len(wholes)))
        best = np.zeros((len(self), len(sentences)))
        for start in range(0, len(self), _BLOCK):
            stop = min(start + _BLOCK, len(self))
            products[start:stop] = self._whole[start:stop].astype(np.float64) @ wholes.T
            first, last = self._starts[start], self._starts[stop]
            filled = start + np.flatnonzero(np.diff(self._starts[start : stop + 1]))
            if len(filled):
                block = self._sentences[first:last].astype(np.float64) @ sentences.T
                best[filled] = np.maximum.reduceat(block, self._starts[filled] - first, axis=0)
        return products, best

    def _hubness(self) -> NDArray[np.float64]:
        """(n, 2): mean similarity to the nearest reference demands, by whole texts and by sentences.

        Cross-domain similarity local scaling (Conneau et al. 2018, "Word translation without parallel data"). Its
        demand-side term is equal for all offers of a language and would vanish in standardisation: it is left out.
        """
        demands = [demand for demand in self.population.demands if len(demand.sentences)]
        hubs = np.zeros((len(self), 2))
        if not demands or not len(self):
            return hubs
        lengths = np.array([len(demand.sentences) for demand in demands])
        starts = np.cumsum(lengths) - lengths
        whole, best = self._similarities(
            np.stack([demand.whole for demand in demands]), np.concatenate([demand.sentences for demand in demands])
        )
        nearest = min(self.settings.hub_neighbours, len(demands))
        hubs[:, 0] = _mean_of_largest(whole, nearest)
        hubs[:, 1] = _mean_of_largest(np.add.reduceat(best, starts, axis=1) / lengths, nearest)
        return hubs

    def _posted(self, channel: str, offers: Sequence[Signals]) -> Postings:
        sets: list[TermSet] = [getattr(offer, channel) for offer in offers]
        worths = [
            terms.weights * self.population.idf(channel, offer.language, terms.ids)
            for offer, terms in zip(offers, sets, strict=True)
        ]
        power = self.settings.length_power
        return Postings(sets, [worth / max(1.0, float(np.sum(worth))) ** power for worth in worths])


def _stacked(rows: list[NDArray[np.float64]], dimensions: int) -> NDArray[np.float32]:
    joined = np.concatenate(rows) if rows else np.empty((0, dimensions))
    return joined.astype(np.float32)


def _mean_of_largest(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    return np.asarray(np.sort(values, axis=1)[:, -count:].mean(axis=1))
