"""Sets of terms as sorted 64-bit numbers, so that a whole catalogue's terms can be compared with NumPy."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class TermSet:
    """`ids`: sorted, unique, uint64 (n,). `weights`: float64 (n,), what a shared term is worth before idf."""

    ids: NDArray[np.uint64]
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, weights: Mapping[int, float]) -> "TermSet":
        ids = np.fromiter(sorted(weights), dtype=np.uint64, count=len(weights))
        values = np.fromiter((weights[int(term)] for term in ids), dtype=np.float64, count=len(ids))
        return cls(ids, values)

    def __len__(self) -> int:
        return len(self.ids)


def term_id(text: str) -> int:
    """A 64-bit name that is the same in every process and on every machine."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


@dataclass(frozen=True, eq=False)
class TermFrequencies:
    """In how many of `documents` texts each term occurs; `ids` sorted uint64, `counts` int32.

    A term that is not listed counts as occurring once, so lists may drop what occurs once.
    """

    documents: int
    ids: NDArray[np.uint64]
    counts: NDArray[np.int32]

    @classmethod
    def of(cls, sets: list[TermSet]) -> "TermFrequencies":
        joined = np.concatenate([s.ids for s in sets]) if sets else np.empty(0, dtype=np.uint64)
        ids, counts = np.unique(joined, return_counts=True)
        kept = counts > 1
        return cls(len(sets), ids[kept], counts[kept].astype(np.int32))

    def counts_of(self, ids: NDArray[np.uint64]) -> NDArray[np.float64]:
        counts = np.ones(len(ids))
        if len(self.ids):
            places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
            found = self.ids[places] == ids
            counts[found] = self.counts[places[found]]
        return counts
