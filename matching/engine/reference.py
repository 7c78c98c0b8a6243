"""The frozen population that ranks are measured against.

A score is a function of demand text, offer text, reference and engine version. Whatever depends on the other documents
(language means, idf, hubness, moments) is therefore taken from a reference, which is built deliberately, stored,
versioned and only then used, and never from the offers that happen to be scored together.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.documents import Document
from matching.engine.encoders import Encoder
from matching.engine.prepared import Prepared, Signals
from matching.engine.settings import LEXICAL_CHANNELS
from matching.engine.terms import TermFrequencies, TermSet

FORMAT = 3
# Samples are the first by text hash, which is as good as drawn by lot and the same on every machine.
OFFERS_PER_LANGUAGE = 400
DEMANDS = 400
COUNTED_OFFERS_PER_LANGUAGE = 5_000

POPULATION_PER_LANGUAGE = 5_000
"""More texts of a language change its mean by nothing that could be noticed, and each costs time and memory."""

Arrays = dict[str, NDArray[Any]]


def drawn(documents: Iterable[Document], most: int = POPULATION_PER_LANGUAGE) -> list[Document]:
    """The different texts that a reference is built from: the first of each language by text hash, which is as good as
    drawn by lot and does not depend on their order. Of a stream of any length only so many are held."""
    held: dict[str, dict[str, Document]] = {}
    for document in documents:
        mine = held.setdefault(document.language, {})
        mine[document.text_hash()] = document
        if len(mine) >= 2 * most:
            held[document.language] = _first(mine, most)
    return [document for language in sorted(held) for document in _first(held[language], most).values()]


def _first(documents: Mapping[str, Document], most: int) -> dict[str, Document]:
    return {text_hash: documents[text_hash] for text_hash in sorted(documents)[:most]}


@dataclass(frozen=True, eq=False)
class Reference:
    """`offers`, `demands`: samples without any text. Means and counts are of the whole population.

    Term numbers of short words can be turned back into letters, so a stored reference deserves the same protection as
    the texts; of demands it keeps vectors only. A scored offer may itself be a member: its score is the same as that
    of an equal text that is not.
    """

    encoder_key: str
    dimensions: int
    offer_counts: Mapping[str, int]
    offer_sums: Mapping[str, NDArray[np.float64]]
    demand_counts: Mapping[str, int]
    demand_sums: Mapping[str, NDArray[np.float64]]
    frequencies: Mapping[str, Mapping[str, TermFrequencies]]
    offers: Sequence[Signals]
    demands: Sequence[Signals]

    @classmethod
    def build(cls, offers: Sequence[Prepared], demands: Sequence[Prepared], encoder: Encoder) -> "Reference":
        """From the offers and demands of one direction; either may be empty. Equal texts count once."""
        by_language = _by_language(offers)
        demands_by_language = _by_language(demands)
        counted = {name: members[:COUNTED_OFFERS_PER_LANGUAGE] for name, members in by_language.items()}
        frequencies = {
            channel: {
                name: TermFrequencies.of([getattr(member.signals, channel) for member in members])
                for name, members in counted.items()
            }
            for channel in LEXICAL_CHANNELS
        }
        sample = [m.signals for members in by_language.values() for m in members[:OFFERS_PER_LANGUAGE]]
        return cls(
            encoder_key=encoder.key,
            dimensions=encoder.dimensions,
            offer_counts={name: len(members) for name, members in by_language.items()},
            offer_sums=_sums(by_language),
            demand_counts={name: len(members) for name, members in demands_by_language.items()},
            demand_sums=_sums(demands_by_language),
            frequencies=frequencies,
            offers=sample,
            demands=[_without_terms(demand.signals) for demand in _distinct(demands)[:DEMANDS]],
        )

    def to_bytes(self) -> bytes:
        """A compressed .npz without pickled objects; equal references give equal bytes."""
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **self._arrays)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Reference":
        """Raises ValueError for anything but the answer of `to_bytes` of this format."""
        try:
            with np.load(io.BytesIO(stored), allow_pickle=False) as opened:
                arrays = {name: opened[name] for name in opened.files}
            head = json.loads(arrays["head"].tobytes())
            if head["format"] != FORMAT:
                raise ValueError(f"format {head['format']} instead of {FORMAT}")
            return cls(
                encoder_key=head["encoder_key"],
                dimensions=head["dimensions"],
                offer_counts=head["offer_counts"],
                offer_sums=dict(zip(head["offer_counts"], arrays["offer_sums"], strict=True)),
                demand_counts=head["demand_counts"],
                demand_sums=dict(zip(head["demand_counts"], arrays["demand_sums"], strict=True)),
                frequencies={
                    channel: _unpacked_frequencies(arrays, channel, head["counted"]) for channel in LEXICAL_CHANNELS
                },
                offers=_unpacked_signals(arrays, "offers", head["offer_languages"]),
                demands=_unpacked_signals(arrays, "demands", head["demand_languages"]),
            )
        except (KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile, IndexError) as error:
            raise ValueError(f"not a stored reference: {type(error).__name__}") from error

    @cached_property
    def version(self) -> str:
        """Twelve hex digits over the content: equal populations have equal versions."""
        digest = hashlib.sha256()
        for name, array in sorted(self._arrays.items()):
            digest.update(f"{name} {array.dtype} {array.shape} ".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:12]

    @property
    def _arrays(self) -> Arrays:
        head = {
            "format": FORMAT,
            "encoder_key": self.encoder_key,
            "dimensions": self.dimensions,
            "offer_counts": dict(self.offer_counts),
            "demand_counts": dict(self.demand_counts),
            "offer_languages": [offer.language for offer in self.offers],
            "demand_languages": [demand.language for demand in self.demands],
            "counted": {name: f.documents for name, f in self.frequencies[LEXICAL_CHANNELS[0]].items()},
        }
        arrays: Arrays = {
            "head": np.frombuffer(json.dumps(head).encode(), dtype=np.uint8),
            "offer_sums": _stacked(self.offer_sums, self.dimensions),
            "demand_sums": _stacked(self.demand_sums, self.dimensions),
            **_packed_signals("offers", self.offers, self.dimensions),
            **_packed_signals("demands", self.demands, self.dimensions),
        }
        for channel in LEXICAL_CHANNELS:
            arrays |= _packed_frequencies(channel, self.frequencies[channel])
        return arrays


def _distinct(documents: Sequence[Prepared]) -> list[Prepared]:
    by_hash = {prepared.document.text_hash(): prepared for prepared in documents}
    return [by_hash[text_hash] for text_hash in sorted(by_hash)]


def _by_language(documents: Sequence[Prepared]) -> dict[str, list[Prepared]]:
    groups: dict[str, list[Prepared]] = {}
    for prepared in _distinct(documents):
        groups.setdefault(prepared.document.language, []).append(prepared)
    return dict(sorted(groups.items()))


def _sums(groups: Mapping[str, list[Prepared]]) -> dict[str, NDArray[np.float64]]:
    return {
        name: np.sum([member.signals.whole.astype(np.float64) for member in members], axis=0)
        for name, members in groups.items()
    }


def _without_terms(signals: Signals) -> Signals:
    nothing = TermSet.of({})
    return Signals(
        signals.language, signals.whole, signals.sentences, signals.need, *(nothing for _channel in LEXICAL_CHANNELS)
    )


def _stacked(rows: Mapping[str, NDArray[np.float64]], dimensions: int) -> NDArray[np.float64]:
    return np.stack(list(rows.values())) if rows else np.empty((0, dimensions))


def _joined(parts: list[NDArray[Any]], empty: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else empty


def _packed_signals(prefix: str, signals: Sequence[Signals], dimensions: int) -> Arrays:
    no_vectors = np.empty((0, dimensions), dtype=np.float16)
    arrays: Arrays = {
        f"{prefix}_whole": _joined([s.whole[None].astype(np.float16) for s in signals], no_vectors),
        f"{prefix}_sentences": _joined([s.sentences.astype(np.float16) for s in signals], no_vectors),
        f"{prefix}_sentence_counts": np.array([len(s.sentences) for s in signals], dtype=np.int32),
        f"{prefix}_needs": np.array([s.need for s in signals], dtype=np.int32),
    }
    for channel in LEXICAL_CHANNELS:
        sets: list[TermSet] = [getattr(s, channel) for s in signals]
        arrays[f"{prefix}_{channel}_ids"] = _joined([s.ids for s in sets], np.empty(0, dtype=np.uint64))
        arrays[f"{prefix}_{channel}_weights"] = _joined([s.weights for s in sets], np.empty(0))
        arrays[f"{prefix}_{channel}_counts"] = np.array([len(s) for s in sets], dtype=np.int32)
    return arrays


def _unpacked_signals(arrays: Arrays, prefix: str, languages: list[str]) -> list[Signals]:
    whole = arrays[f"{prefix}_whole"].astype(np.float32)
    sentences = _split(arrays[f"{prefix}_sentences"].astype(np.float32), arrays[f"{prefix}_sentence_counts"])
    needs = arrays[f"{prefix}_needs"].tolist()
    channels = []
    for channel in LEXICAL_CHANNELS:
        counts = arrays[f"{prefix}_{channel}_counts"]
        ids = _split(arrays[f"{prefix}_{channel}_ids"], counts)
        weights = _split(arrays[f"{prefix}_{channel}_weights"], counts)
        channels.append([TermSet(i, w) for i, w in zip(ids, weights, strict=True)])
    return [
        Signals(language, whole[row], sentences[row], needs[row], *(sets[row] for sets in channels))
        for row, language in enumerate(languages)
    ]


def _split(joined: NDArray[Any], counts: NDArray[np.int32]) -> list[NDArray[Any]]:
    return np.split(joined, np.cumsum(counts)[:-1]) if len(counts) else []


def _packed_frequencies(channel: str, frequencies: Mapping[str, TermFrequencies]) -> Arrays:
    values = list(frequencies.values())
    return {
        f"idf_{channel}_ids": _joined([f.ids for f in values], np.empty(0, dtype=np.uint64)),
        f"idf_{channel}_counts": _joined([f.counts for f in values], np.empty(0, dtype=np.int32)),
        f"idf_{channel}_lengths": np.array([len(f.ids) for f in values], dtype=np.int32),
    }


def _unpacked_frequencies(arrays: Arrays, channel: str, counted: Mapping[str, int]) -> dict[str, TermFrequencies]:
    lengths = arrays[f"idf_{channel}_lengths"]
    ids = _split(arrays[f"idf_{channel}_ids"], lengths)
    counts = _split(arrays[f"idf_{channel}_counts"], lengths)
    return {
        name: TermFrequencies(documents, ids[row], counts[row]) for row, (name, documents) in enumerate(counted.items())
    }
