"""Which texts hold a term, and what it is worth in each: the columns of a sparse matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.terms import TermSet


@dataclass(frozen=True, eq=False)
class Postings:
    """Term `ids[i]` stands in the texts `rows[starts[i]:starts[i + 1]]`, ascending, and is worth `worths` of the same
    places there. `size` is the number of texts.

    Worths are kept in single precision. The product of two of them is exact in double precision, and the shared terms
    of a pair are always added in the order of their ids: it does not matter which of the two texts is looked up.
    """

    ids: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    worths: NDArray[np.float32]
    size: int

    @classmethod
    def of(cls, ids: NDArray[np.uint64], rows: NDArray[np.int32], worths: NDArray[np.float32], size: int) -> Postings:
        """From one entry for each term of each text, those of an earlier text first."""
        order = np.argsort(ids, kind="stable")
        unique, starts = np.unique(ids[order], return_index=True)
        return cls(unique, np.append(starts, len(ids)).astype(np.int64), rows[order], worths[order], size)

    def sums(self, terms: TermSet) -> NDArray[np.float64]:
        """For each text the sum over the shared terms of the product of both worths."""
        if not len(self.ids) or not len(terms):
            return np.zeros(self.size)
        places = np.minimum(np.searchsorted(self.ids, terms.ids), len(self.ids) - 1)
        shared = np.flatnonzero(self.ids[places] == terms.ids)
        if not len(shared):
            return np.zeros(self.size)
        starts, stops = self.starts[places[shared]], self.starts[places[shared] + 1]
        spans = list(zip(starts.tolist(), stops.tolist(), strict=True))
        rows = np.concatenate([self.rows[start:stop] for start, stop in spans])
        worths = np.concatenate([self.worths[start:stop] for start, stop in spans]).astype(np.float64)
        worths *= np.repeat(terms.weights[shared].astype(np.float32).astype(np.float64), stops - starts)
        return np.bincount(rows, weights=worths, minlength=self.size).astype(np.float64, copy=False)

    def kept(self, keep: NDArray[np.bool_]) -> Postings:
        """Of the texts at which `keep` is true, numbered anew."""
        numbers = np.cumsum(keep, dtype=np.int32) - 1
        standing = keep[self.rows]
        ids = np.repeat(self.ids, np.diff(self.starts))[standing]
        rows = numbers[self.rows[standing]].astype(np.int32)
        return Postings.of(ids, rows, self.worths[standing], int(keep.sum()))

    @classmethod
    def joined(cls, parts: Sequence[Postings]) -> Postings:
        """One after another: the texts of a later part are numbered on from those of the earlier ones."""
        firsts = np.cumsum([0, *(part.size for part in parts)])
        ids = [np.repeat(part.ids, np.diff(part.starts)) for part in parts]
        rows = [part.rows + np.int32(first) for part, first in zip(parts, firsts, strict=False)]
        worths = [part.worths for part in parts]
        if not parts:
            return cls.of(np.empty(0, np.uint64), np.empty(0, np.int32), np.empty(0, np.float32), 0)
        return cls.of(np.concatenate(ids), np.concatenate(rows), np.concatenate(worths), int(firsts[-1]))
