"""Demands made ready for comparison with one offer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.engine.exact import SCALE
from matching.engine.index import TextIndex
from matching.engine.moments import Moments, contributions
from matching.engine.offers import Comparison, OfferIndex
from matching.engine.prepared import Signals
from matching.engine.settings import CHANNELS, Settings
from matching.engine.space import NEED_WEIGHT, Population
from matching.engine.terms import TermSet

_PARTS = ("means", "deviations", "centres", "spreads")


class DemandIndex:
    """The other side of `OfferIndex`: the same numbers for the same pair, to the last bit.

    Each demand's moments are columns of `texts`, a row for each language; so is `needs`, the place of its sentence
    that says what is wanted.
    """

    def __init__(self, texts: TextIndex, moment_languages: tuple[str, ...], settings: Settings) -> None:
        self.texts, self.moment_languages, self.settings = texts, moment_languages, settings

    @classmethod
    def of(
        cls, demands: Sequence[Signals], moments: Sequence[Moments], population: Population, settings: Settings
    ) -> DemandIndex:
        """`moments[i]` are those of `demands[i]`, all of one reference."""

        def worth(
            _channel: str, _language: str, _ids: NDArray[np.uint64], weights: NDArray[np.float64]
        ) -> NDArray[np.float64]:
            return weights

        means, projection = population.demand_means, population.projection
        texts = TextIndex.of(demands, means, worth, projection=projection)
        languages = moments[0].languages if moments else ()
        shapes = {"spreads": (0, 1)}
        columns = {
            name: np.stack([getattr(one, name) for one in moments])
            if moments
            else np.empty(shapes.get(name, (0, 1, len(CHANNELS))))
            for name in _PARTS
        }
        columns["needs"] = np.array([demand.need for demand in demands], dtype=np.int64)
        return cls(texts.with_columns(**columns), languages, settings)

    @classmethod
    def joined(cls, parts: Sequence[DemandIndex]) -> DemandIndex:
        return cls(TextIndex.joined([p.texts for p in parts]), parts[0].moment_languages, parts[0].settings)

    def kept(self, keep: NDArray[np.bool_]) -> DemandIndex:
        return DemandIndex(self.texts.kept(keep), self.moment_languages, self.settings)

    def __len__(self) -> int:
        return len(self.texts)

    def compare(self, offer: OfferIndex) -> tuple[Comparison, NDArray[np.float64]]:
        """Of an index of one offer: raw values and contributions for each demand."""
        whole = (self.texts.whole @ offer.texts.whole[0]).astype(np.float64) / SCALE
        hubs = np.broadcast_to(offer.texts.columns["hubs"], (len(self), 2))
        sums = [
            postings.sums(TermSet(theirs.ids, theirs.worths.astype(np.float64)))
            for postings, theirs in zip(self.texts.postings, offer.texts.postings, strict=True)
        ]
        comparison = Comparison.of(whole, self._sentence_means(offer, whole), hubs, sums, self.settings)
        (language,) = offer.texts.languages
        row = self.moment_languages.index(language) if language in self.moment_languages else -1
        means, deviations, centres, spreads = (self.texts.columns[name][:, row] for name in _PARTS)
        return comparison, contributions(comparison.components, means, deviations, centres, spreads, self.settings)

    def _sentence_means(self, offer: OfferIndex, whole: NDArray[np.float64]) -> NDArray[np.float64]:
        means, theirs = whole.copy(), offer.texts.sentences
        lengths = np.diff(self.texts.starts)
        filled = np.flatnonzero(lengths)
        if not len(filled):
            return means
        best = (self.texts.sentences @ theirs.T).max(axis=1) if len(theirs) else np.zeros(len(self.texts.sentences))
        firsts = self.texts.starts[filled]
        weights = np.ones(len(best))
        weights[firsts + self.texts.columns["needs"][filled]] = NEED_WEIGHT
        means[filled] = np.add.reduceat(best * weights, firsts) / (np.add.reduceat(weights, firsts) * SCALE)
        return means
