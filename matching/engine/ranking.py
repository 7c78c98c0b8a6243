"""The engine: a demand and offers in, ranked candidates out."""

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.demands import DemandIndex
from matching.engine.documents import Document
from matching.engine.encoders import Encoder
from matching.engine.glossary import Glossary, shipped_glossary
from matching.engine.moments import Moments, totals
from matching.engine.offers import Comparison, OfferIndex
from matching.engine.prepared import Prepared, VectorCache, prepare
from matching.engine.reasons import Explainer, Reasons
from matching.engine.reference import Reference
from matching.engine.relevance import Relevance, relevance
from matching.engine.settings import CHANNELS, DEFAULT, LEXICAL_CHANNELS, Settings, engine_version
from matching.engine.space import Population

_REMEMBERED_MOMENTS = 5_000


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Offers that any number of demands can be compared with.

    `keys`: what the offers are called: numbers, or the documents' keys; equal scores are ordered by them. Offers at
    which `standing` is false are not ranked.
    """

    index: OfferIndex
    keys: NDArray[Any]
    standing: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.keys)

    @classmethod
    def of(cls, offers: Sequence[Prepared], population: Population, settings: Settings) -> "Catalogue":
        keys = np.array([offer.key for offer in offers], dtype=object)
        return cls(OfferIndex.of([offer.signals for offer in offers], population, settings), keys)

    def best(
        self, totals: NDArray[np.float64], per_language: int | None, also: Collection[Any] = ()
    ) -> NDArray[np.int64]:
        """Rows of the best of each language and of `also`, best first."""
        codes = self.index.texts.codes
        chosen = [_best(totals, self._rows(codes == code), self.keys, per_language) for code in np.unique(codes)]
        if also:
            chosen.append(self._rows(np.isin(self.keys, list(also))))
        rows = np.unique(np.concatenate(chosen)) if chosen else np.empty(0, np.int64)
        return rows[np.lexsort((self.keys[rows], -totals[rows]))]

    def _rows(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.flatnonzero(chosen if self.standing is None else chosen & self.standing)


def _best(
    totals: NDArray[np.float64], rows: NDArray[np.int64], keys: NDArray[Any], count: int | None
) -> NDArray[np.int64]:
    if count is None or len(rows) <= count:
        return rows
    own = totals[rows]
    last = np.partition(own, len(own) - count)[len(own) - count]
    rows = rows[own >= last]
    return rows[np.lexsort((keys[rows], -totals[rows]))][:count]


@dataclass(frozen=True, eq=False)
class Scores:
    """Of n pairs, rank scores in `total`. `contributions` (n, CHANNELS) add up to it (to 1e-9: totals are rounded).

    `components` (n, CHANNELS) are raw; `whole`, `sentences` (n,) raw cosines; `evidence` (n,) is what `relevance`
    (codes) is read from. Pure: row i depends on its demand, its offer, the reference and the engine version.
    """

    keys: tuple[str, ...]
    languages: tuple[str, ...]
    total: NDArray[np.float64]
    contributions: NDArray[np.float64]
    components: NDArray[np.float64]
    whole: NDArray[np.float64]
    sentences: NDArray[np.float64]
    evidence: NDArray[np.float64]
    relevance: tuple[Relevance, ...]

    def __len__(self) -> int:
        return len(self.keys)

    def candidate(self, row: int, offer: int | None = None) -> "Candidate":
        """`offer`: the offer's row, where these are scores of some offers only."""
        names = ("whole", "sentences")
        raw = {name: float(getattr(self, name)[row]) for name in names}
        raw |= {name: float(value) for name, value in zip(CHANNELS, self.components[row], strict=True)}
        return Candidate(
            row=row if offer is None else offer,
            key=self.keys[row],
            language=self.languages[row],
            score=float(self.total[row]),
            relevance=self.relevance[row],
            evidence=float(self.evidence[row]),
            contributions=dict(zip(CHANNELS, map(float, self.contributions[row]), strict=True)),
            raw=raw,
        )


@dataclass(frozen=True)
class Candidate:
    """`row`: its place among the scored offers. `score` orders candidates of one demand, and only them."""

    row: int
    key: str
    language: str
    score: float
    relevance: Relevance
    evidence: float
    contributions: Mapping[str, float]
    raw: Mapping[str, float]


class Engine:
    """Scores against one reference; safe to share between threads.

    Raises ValueError when the reference was made with another encoder. Another `population` than the reference's own
    is for measuring what a part of it is good for.
    """

    def __init__(
        self,
        encoder: Encoder,
        reference: Reference,
        settings: Settings = DEFAULT,
        glossary: Glossary | None = None,
        population: Population | None = None,
    ) -> None:
        if reference.encoder_key != encoder.key:
            raise ValueError(f"the reference was built with {reference.encoder_key}, not with {encoder.key}")
        self.encoder, self.reference, self.settings = encoder, reference, settings
        self.glossary = glossary or shipped_glossary()
        self.population = population or Population.of(reference, settings)
        self._explainer = Explainer(self.population, self.glossary, settings)
        self._sample = OfferIndex.of(reference.offers, self.population, settings)
        self._moments: OrderedDict[str, Moments] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def version(self) -> str:
        return engine_version(self.settings, self.glossary.version)

    def prepare(self, documents: Sequence[Document], cache: VectorCache | None = None) -> list[Prepared]:
        return prepare(documents, self.encoder, cache, self.glossary)

    def catalogue(self, offers: Sequence[Prepared]) -> Catalogue:
        return Catalogue.of(offers, self.population, self.settings)

    def score(self, demand: Prepared, offers: Sequence[Prepared] | Catalogue) -> Scores:
        """In the order of the offers."""
        catalogue = offers if isinstance(offers, Catalogue) else self.catalogue(offers)
        if not len(catalogue):
            return _nothing()
        comparison, parts = self._compared(demand, catalogue)
        return _scores(catalogue.keys, catalogue.index.languages, comparison, parts, self.settings)

    def score_offer(self, offer: Prepared, demands: Sequence[Prepared]) -> Scores:
        """One offer against many demands, in their order and with their keys; the same numbers as `score` gives.

        Needs each demand's moments, which cost about as much as scoring the reference's sample: see `moments`.
        """
        return self.score_offer_for(offer, self.demands(demands), [demand.key for demand in demands])

    def demands(self, demands: Sequence[Prepared], moments: Sequence[Moments] | None = None) -> DemandIndex:
        """`moments`: where they are known."""
        known = [self.moments(demand) for demand in demands] if moments is None else moments
        return DemandIndex.of([demand.signals for demand in demands], known, self.population, self.settings)

    def score_offer_for(self, offer: Prepared, demands: DemandIndex, keys: Sequence[Any]) -> Scores:
        """`keys`: what the demands are called."""
        if not len(demands):
            return _nothing()
        comparison, parts = demands.compare(OfferIndex.of([offer.signals], self.population, self.settings))
        languages = np.full(len(demands), offer.document.language, dtype=object)
        return _scores(np.array(keys, dtype=object), languages, comparison, parts, self.settings)

    def rank(
        self,
        demand: Prepared,
        offers: Sequence[Prepared] | Catalogue,
        per_language: int | None = 20,
        also: Collection[Any] = (),
    ) -> list[Candidate]:
        """The best `per_language` of each offer language (None: all) and those called `also` in one list, best first.

        Equal scores are ordered by the offers' keys, so the order never depends on that of the offers.
        """
        (candidates,) = self.rank_many([demand], offers, per_language, also)
        return candidates

    def rank_many(
        self,
        demands: Sequence[Prepared],
        offers: Sequence[Prepared] | Catalogue,
        per_language: int | None = 20,
        also: Collection[Any] = (),
    ) -> Iterator[list[Candidate]]:
        """The list of each demand, one after another; several at once are much cheaper than each alone."""
        catalogue = offers if isinstance(offers, Catalogue) else self.catalogue(offers)
        if not len(catalogue):
            yield from ([] for _demand in demands)
            return
        texts = catalogue.index.texts
        compared = catalogue.index.compare_many([demand.signals for demand in demands], self.population)
        for demand, comparison in zip(demands, compared, strict=True):
            moments = self.moments(demand)
            parts = moments.contributions(comparison.components, (texts.languages, texts.codes), self.settings)
            rows = catalogue.best(totals(parts), per_language, also)
            names = np.array(texts.languages, dtype=object)[texts.codes[rows]]
            scores = _scores(catalogue.keys[rows], names, comparison.at(rows), parts[rows], self.settings)
            yield [scores.candidate(place, int(row)) for place, row in enumerate(rows)]

    def reasons(self, demand: Prepared, offer: Prepared) -> Reasons:
        return self._explainer.reasons(demand, offer)

    def moments(self, demand: Prepared) -> Moments:
        """A function of the demand's text and the reference; the last few thousand are remembered."""
        text_hash = demand.document.text_hash()
        with self._lock:
            if text_hash in self._moments:
                self._moments.move_to_end(text_hash)
                return self._moments[text_hash]
        raw = self._sample.compare(demand.signals, self.population).components
        texts = self._sample.texts
        moments = Moments.of(raw, (texts.languages, texts.codes), self.reference.offer_counts, self.settings)
        self.remember(demand.document, moments)
        return moments

    def remember(self, document: Document, moments: Moments) -> None:
        """Moments that were stored elsewhere, under this reference and engine version, need no second computing."""
        with self._lock:
            self._moments[document.text_hash()] = moments
            while len(self._moments) > _REMEMBERED_MOMENTS:
                self._moments.popitem(last=False)

    def _compared(self, demand: Prepared, catalogue: Catalogue) -> tuple[Comparison, NDArray[np.float64]]:
        texts = catalogue.index.texts
        comparison = catalogue.index.compare(demand.signals, self.population)
        languages = (texts.languages, texts.codes)
        return comparison, self.moments(demand).contributions(comparison.components, languages, self.settings)


def _scores(
    keys: NDArray[Any],
    languages: NDArray[np.object_],
    comparison: Comparison,
    parts: NDArray[np.float64],
    settings: Settings,
) -> Scores:
    evidence, words = relevance(comparison, settings)
    return Scores(
        keys=tuple(map(str, keys)),
        languages=tuple(languages),
        total=totals(parts),
        contributions=parts,
        components=comparison.components,
        whole=comparison.whole,
        sentences=comparison.sentences,
        evidence=evidence,
        relevance=words,
    )


def _nothing() -> Scores:
    empty, table = np.empty(0), np.empty((0, 1 + len(LEXICAL_CHANNELS)))
    return Scores((), (), empty, table, table, empty, empty, empty, ())
