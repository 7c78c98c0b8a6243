"""Offers made ready for comparison: centred vectors, hubness, and postings of their terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.exact import SCALE
from matching.engine.index import TextIndex
from matching.engine.prepared import Signals
from matching.engine.settings import LEXICAL_CHANNELS, Settings
from matching.engine.space import CentredDemand, Population

_COMPARED_ROWS = 2_048
"""Sentences of offers that are multiplied at once: with as many columns the products stay in a processor's cache."""
_COMPARED_COLUMNS = 256
"""Sentences of demands that are multiplied at once."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Raw values of n pairs, before any standardisation.

    `whole`, `sentences` (n,): cosines of centred vectors, the second as the weighted mean over the demand's sentences
    of the best sentence of the offer. `lexical` (n, channels): see `OfferIndex`. `components` (n, CHANNELS): what is
    ranked.
    """

    whole: NDArray[np.float64]
    sentences: NDArray[np.float64]
    lexical: NDArray[np.float64]
    components: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        whole: NDArray[np.float64],
        sentences: NDArray[np.float64],
        hubs: NDArray[np.float64],
        sums: Sequence[NDArray[np.float64]],
        settings: Settings,
    ) -> Comparison:
        """`sums`: for each word channel the worth of the shared terms."""
        components = np.empty((len(whole), 1 + len(sums)))
        share = settings.sentence_share
        components[:, 0] = (1 - share) * (2 * whole - hubs[:, 0]) + share * (2 * sentences - hubs[:, 1])
        for column, (shared, power) in enumerate(zip(sums, settings.word_powers, strict=True), start=1):
            components[:, column] = np.sqrt(shared) if power == 0.5 else shared**power
        return cls(whole, sentences, components[:, 1:], components)

    def at(self, rows: NDArray[np.int64]) -> Comparison:
        components = self.components[rows]
        return Comparison(self.whole[rows], self.sentences[rows], components[:, 1:], components)


class OfferIndex:
    """A row of an answer depends on that offer, the demand and the population alone, never on the other offers, and
    does so to the last bit: vectors are multiplied in whole numbers, and everything else is done offer by offer.

    The worth of a shared term is the product of its weights in both texts × idf inside the offer's language. A word
    channel's raw value is  (worth of the shared terms) / (worth of all of the offer's terms) ** length power,  and its
    square root where the second shared word says less than the first: see `Settings`.
    """

    def __init__(self, texts: TextIndex, settings: Settings) -> None:
        """`texts` have a column `hubs`: see `hubness`."""
        self.texts, self.settings = texts, settings

    @classmethod
    def of(cls, offers: Sequence[Signals], population: Population, settings: Settings) -> OfferIndex:
        def worth(
            channel: str, language: str, ids: NDArray[np.uint64], weights: NDArray[np.float64]
        ) -> NDArray[np.float64]:
            return weights * population.idf(channel, language, ids)

        texts = TextIndex.of(offers, population.offer_means, worth, settings.length_powers)
        return cls(texts.with_columns(hubs=_hubness(texts, population, settings)), settings)

    @classmethod
    def load(cls, folder: Path, settings: Settings, about: Mapping[str, str]) -> OfferIndex:
        """Raises ValueError for a folder that does not hold an index of just this."""
        return cls(TextIndex.load(folder, about), settings)

    @classmethod
    def joined(cls, parts: Sequence[OfferIndex]) -> OfferIndex:
        return cls(TextIndex.joined([part.texts for part in parts]), parts[0].settings)

    def kept(self, keep: NDArray[np.bool_]) -> OfferIndex:
        return OfferIndex(self.texts.kept(keep), self.settings)

    def with_columns(self, **columns: NDArray[Any]) -> OfferIndex:
        return OfferIndex(self.texts.with_columns(**columns), self.settings)

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def languages(self) -> NDArray[np.object_]:
        return np.array(self.texts.languages, dtype=object)[self.texts.codes]

    def compare(self, demand: Signals, population: Population) -> Comparison:
        (comparison,) = self.compare_many([demand], population)
        return comparison

    def compare_many(self, demands: Sequence[Signals], population: Population) -> Iterator[Comparison]:
        """In the order of the demands; several at once are much cheaper than one after another."""
        for group in _groups(demands):
            wanted = Wanted([population.centred(demand) for demand in group])
            similar = np.empty((2, len(group), len(self)))
            for start, stop, whole, sentences in similarities(self.texts, wanted):
                similar[0, :, start:stop], similar[1, :, start:stop] = whole.T, sentences.T
            for place, demand in enumerate(group):
                sums = [
                    postings.sums(getattr(demand, channel))
                    for channel, postings in zip(LEXICAL_CHANNELS, self.texts.postings, strict=True)
                ]
                hubs = self.texts.columns["hubs"]
                yield Comparison.of(similar[0, place], similar[1, place], hubs, sums, self.settings)


class Wanted:
    """Demands side by side, as columns of one product. Those with equally many sentences stand together: the first
    sentence of each, then the second of each, so that their sums need no small steps."""

    def __init__(self, demands: Sequence[CentredDemand]) -> None:
        self.whole = np.stack([demand.whole for demand in demands])
        lengths = np.array([len(demand.sentences) for demand in demands])
        self.groups = [(int(length), np.flatnonzero(lengths == length)) for length in np.unique(lengths)]
        rows = [
            demands[member].sentences[place]
            for length, members in self.groups
            for place in range(length)
            for member in members.tolist()
        ]
        self.sentences = np.stack(rows) if rows else np.empty((0, self.whole.shape[1]), np.float32)
        self.weights = [np.stack([demands[m].weights for m in members.tolist()]) for _length, members in self.groups]


def similarities(
    texts: TextIndex, wanted: Wanted
) -> Iterator[tuple[int, int, NDArray[np.float64], NDArray[np.float64]]]:
    """Block by block of the texts: first, behind the last, and (texts, demands) cosines of the whole texts and means
    over a demand's sentences of the best sentence of the text. Both are the whole texts' for a demand without
    sentences; the best of a text without sentences is 0."""
    start = 0
    space = np.empty(0, np.float32)
    while start < len(texts):
        reach = int(np.searchsorted(texts.starts, texts.starts[start] + _COMPARED_ROWS, side="right")) - 1
        stop = min(max(reach, start + 1), start + _COMPARED_ROWS, len(texts))
        whole = (texts.whole[start:stop] @ wanted.whole.T).astype(np.float64) / SCALE
        needed = int(texts.starts[stop] - texts.starts[start]) * len(wanted.sentences)
        if len(space) < needed:
            space = np.empty(needed, np.float32)  # fresh memory for each block would cost more than the products
        best = _best(texts, start, stop, wanted, space[:needed])
        yield start, stop, whole, _sentence_means(best, whole, wanted)
        start = stop


def _best(texts: TextIndex, start: int, stop: int, wanted: Wanted, space: NDArray[np.float32]) -> NDArray[np.float32]:
    """(texts, sentences of the demands): products with the best sentence of each text.

    First sentences are taken, then all second ones compared with them, and so on: long rows that lie in memory one
    after another, where `maximum.reduceat` would go through columns.
    """
    first, last = int(texts.starts[start]), int(texts.starts[stop])
    columns = len(wanted.sentences)
    best = np.zeros((stop - start, columns), dtype=np.float32)
    if first == last or not columns:
        return best
    products = np.matmul(texts.sentences[first:last], wanted.sentences.T, out=space.reshape(-1, columns))
    lengths = np.diff(texts.starts[start : stop + 1])
    longest_first = np.argsort(-lengths, kind="stable")[: np.count_nonzero(lengths)]
    places = texts.starts[start:stop][longest_first] - first
    found = products[places]
    for sentence in range(1, int(lengths.max())):
        reaching = np.count_nonzero(lengths > sentence)
        np.maximum(found[:reaching], products[places[:reaching] + sentence], out=found[:reaching])
    best[longest_first] = found
    return best


def _sentence_means(best: NDArray[np.float32], whole: NDArray[np.float64], wanted: Wanted) -> NDArray[np.float64]:
    means, column = np.empty_like(whole), 0
    for (length, members), weights in zip(wanted.groups, wanted.weights, strict=True):
        if length == 0:
            means[:, members] = whole[:, members]
            continue
        total = np.zeros((len(whole), len(members)))
        for place in range(length):
            total += best[:, column : column + len(members)] * weights[:, place]
            column += len(members)
        means[:, members] = total / (weights.sum(axis=1) * SCALE)
    return means


def _groups(demands: Sequence[Signals]) -> Iterator[Sequence[Signals]]:
    first, columns = 0, 0
    for place, demand in enumerate(demands):
        if place > first and columns + len(demand.sentences) > _COMPARED_COLUMNS:
            yield demands[first:place]
            first, columns = place, 0
        columns += len(demand.sentences)
    if first < len(demands):
        yield demands[first:]


def _hubness(texts: TextIndex, population: Population, settings: Settings) -> NDArray[np.float64]:
    """(n, 2): mean similarity to the nearest reference demands, by whole texts and by sentences.

    Cross-domain similarity local scaling (Conneau et al. 2018, "Word translation without parallel data"). Its
    demand-side term is equal for all offers of a language and would vanish in standardisation: it is left out.
    """
    hubs = np.zeros((len(texts), 2))
    demands = [demand for demand in population.demands if len(demand.sentences)]
    if not demands:
        return hubs
    nearest = min(settings.hub_neighbours, len(demands))
    for start, stop, whole, sentences in similarities(texts, Wanted(demands)):
        hubs[start:stop, 0] = _mean_of_largest(whole, nearest)
        hubs[start:stop, 1] = _mean_of_largest(sentences, nearest)
    return hubs


def _mean_of_largest(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Added one by one, the smallest first, so that the sum does not depend on the number of rows."""
    place = values.shape[1] - count
    largest = np.sort(np.partition(values, place, axis=1)[:, place:], axis=1)
    total = np.zeros(len(values))
    for column in range(count):
        total += largest[:, column]
    return total / count
