"""The engine: a demand and offers in, ranked candidates out."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.documents import Document
from matching.engine.encoders import Encoder
from matching.engine.moments import Moments
from matching.engine.offers import OfferIndex
from matching.engine.prepared import Prepared, VectorCache, prepare
from matching.engine.reasons import Reasons, explain
from matching.engine.reference import Reference
from matching.engine.relevance import Relevance, relevance
from matching.engine.settings import CHANNELS, DEFAULT, LEXICAL_CHANNELS, Settings, engine_version
from matching.engine.space import Population

_REMEMBERED_MOMENTS = 5_000


class Catalogue:
    """Prepared offers with their index; build it once and compare any number of demands with it."""

    def __init__(self, offers: Sequence[Prepared], population: Population, settings: Settings) -> None:
        self.offers = tuple(offers)
        self.index = OfferIndex([offer.signals for offer in offers], population, settings)

    def __len__(self) -> int:
        return len(self.offers)


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

    def candidate(self, row: int) -> "Candidate":
        names = ("whole", "sentences")
        raw = {name: float(getattr(self, name)[row]) for name in names}
        raw |= {name: float(value) for name, value in zip(CHANNELS, self.components[row], strict=True)}
        return Candidate(
            row=row,
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

    Raises ValueError when the reference was made with another encoder.
    """

    def __init__(self, encoder: Encoder, reference: Reference, settings: Settings = DEFAULT) -> None:
        if reference.encoder_key != encoder.key:
            raise ValueError(f"the reference was built with {reference.encoder_key}, not with {encoder.key}")
        self.encoder, self.reference, self.settings = encoder, reference, settings
        self.population = Population.of(reference, settings)
        self._sample = OfferIndex(reference.offers, self.population, settings)
        self._moments: OrderedDict[str, Moments] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def version(self) -> str:
        return engine_version(self.settings)

    def prepare(self, documents: Sequence[Document], cache: VectorCache | None = None) -> list[Prepared]:
        return prepare(documents, self.encoder, cache)

    def catalogue(self, offers: Sequence[Prepared]) -> Catalogue:
        return Catalogue(offers, self.population, self.settings)

    def score(self, demand: Prepared, offers: Sequence[Prepared] | Catalogue) -> Scores:
        """In the order of the offers."""
        catalogue = offers if isinstance(offers, Catalogue) else self.catalogue(offers)
        return self._scores([demand] * len(catalogue), catalogue, catalogue.offers)

    def score_offer(self, offer: Prepared, demands: Sequence[Prepared]) -> Scores:
        """One offer against many demands, in their order and with their keys; the same numbers as `score` gives.

        Needs each demand's moments, which cost about as much as scoring the reference's sample: see `moments`.
        """
        one = self.catalogue([offer])
        return _joined([self._scores([demand], one, [demand]) for demand in demands])

    def rank(
        self, demand: Prepared, offers: Sequence[Prepared] | Catalogue, per_language: int | None = 20
    ) -> list[Candidate]:
        """The best `per_language` of each offer language (None: all) in one list, best first.

        Equal scores are ordered by the documents' keys, so the order never depends on that of the offers.
        """
        scores = self.score(demand, offers)
        order = sorted(range(len(scores)), key=lambda row: (-scores.total[row], scores.keys[row]))
        taken: dict[str, int] = {}
        candidates = []
        for row in order:
            language = scores.languages[row]
            taken[language] = taken.get(language, 0) + 1
            if per_language is None or taken[language] <= per_language:
                candidates.append(scores.candidate(row))
        return candidates

    def reasons(self, demand: Prepared, offer: Prepared) -> Reasons:
        return explain(demand, offer, self.population)

    def moments(self, demand: Prepared) -> Moments:
        """A function of the demand's text and the reference; the last few thousand are remembered."""
        text_hash = demand.document.text_hash()
        with self._lock:
            if text_hash in self._moments:
                self._moments.move_to_end(text_hash)
                return self._moments[text_hash]
        raw = self._sample.compare(demand.signals).components
        moments = Moments.of(raw, self._sample.languages, self.reference.offer_counts, self.settings)
        self.remember(demand.document, moments)
        return moments

    def remember(self, document: Document, moments: Moments) -> None:
        """Moments that were stored elsewhere, under this reference and engine version, need no second computing."""
        with self._lock:
            self._moments[document.text_hash()] = moments
            while len(self._moments) > _REMEMBERED_MOMENTS:
                self._moments.popitem(last=False)

    def _scores(self, demands: Sequence[Prepared], catalogue: Catalogue, named: Sequence[Prepared]) -> Scores:
        """All of `demands` are the same document; `named` gives the rows' keys."""
        if not len(catalogue):
            return _nothing()
        demand = demands[0]
        comparison = catalogue.index.compare(demand.signals)
        contributions = self.moments(demand).contributions(
            comparison.components, catalogue.index.languages, self.settings
        )
        evidence, words = relevance(comparison)
        return Scores(
            keys=tuple(prepared.key for prepared in named),
            languages=tuple(prepared.document.language for prepared in named),
            # Below this digit, summation in another order may show; ties must stay ties.
            total=np.round(contributions.sum(axis=1), 9),
            contributions=contributions,
            components=comparison.components,
            whole=comparison.whole,
            sentences=comparison.sentences,
            evidence=evidence,
            relevance=words,
        )


def _nothing() -> Scores:
    empty, table = np.empty(0), np.empty((0, 1 + len(LEXICAL_CHANNELS)))
    return Scores((), (), empty, table, table, empty, empty, empty, ())


def _joined(parts: Sequence[Scores]) -> Scores:
    if not parts:
        return _nothing()
    arrays = ("total", "contributions", "components", "whole", "sentences", "evidence")
    return Scores(
        keys=tuple(key for part in parts for key in part.keys),
        languages=tuple(language for part in parts for language in part.languages),
        relevance=tuple(word for part in parts for word in part.relevance),
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays},
    )
