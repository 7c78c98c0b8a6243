"""The offers of a direction, ready to be ranked: a snapshot in files and, in memory, what changed since."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cooperation_portal.work.registry import Progress
from matching.catalogue.documents import document_of
from matching.catalogue.models import Technology
from matching.engine.index import write_index
from matching.engine.offers import OfferIndex
from matching.engine.prepared import Prepared
from matching.engine.ranking import Candidate, Catalogue
from matching.scoring.engines import ActiveEngine, freshly_prepared
from matching.scoring.pools import pool_contents
from matching.scoring.snapshots import Shelf
from matching.scoring.standing import Contents

# A new snapshot is written when more than this changed since the last one; a share of its size, but not less than this.
SMALLEST_CHANGE, SHARE_CHANGED = 2_000, 0.05
_REMEMBERED = 4
_BLOCK = 500
_BLOCKS_IN_A_PART = 20


@dataclass(frozen=True, eq=False)
class Part:
    index: OfferIndex
    standing: NDArray[np.bool_]

    @property
    def contents(self) -> Contents:
        return Contents(self.index.texts.columns["ids"], self.index.texts.columns["marks"])


@dataclass(frozen=True, eq=False)
class OfferPool:
    """`number` is that of the snapshot, 0 without one."""

    number: int
    parts: tuple[Part, ...]
    contents: Contents

    def __len__(self) -> int:
        return len(self.contents)

    def best(
        self, active: ActiveEngine, demand: Prepared, per_language: int, also: Collection[int] = ()
    ) -> list[Candidate]:
        """At least the best `per_language` of each language and those of `also`; best first, equal ones by number."""
        lists = [
            active.engine.rank(demand, Catalogue(part.index, part.index.texts.columns["ids"], part.standing),
                               per_language, also)
            for part in self.parts
        ]  # fmt: skip
        return list(heapq.merge(*lists, key=lambda candidate: (-candidate.score, int(candidate.key))))


_pools: dict[tuple[int, str], tuple[tuple[int, int], OfferPool]] = {}


def forget() -> None:
    _pools.clear()


def offer_pool(active: ActiveEngine, direction: str, state: tuple[int, int], progress: Progress) -> OfferPool:
    """Brought up to date only when `state` differs from the one it was last brought to.

    A technology that changes meanwhile may be in it already; a store then finds the pool in another state.
    """
    key = (active.row.pk, active.row.version)
    known = _pools.get(key)
    if known is None or known[0] != state:
        if known is None and len(_pools) >= _REMEMBERED:
            _pools.clear()
        _pools[key] = (state, _Refreshing(active, direction, progress).pool(known[1] if known else None))
    return _pools[key][1]


class _Refreshing:
    def __init__(self, active: ActiveEngine, direction: str, progress: Progress) -> None:
        self.active, self.progress = active, progress
        self.shelf = Shelf(direction, active.engine)
        self.contents = pool_contents(direction)

    def pool(self, former: OfferPool | None) -> OfferPool:
        pool = self._standing(former or self._from_files())
        if not self._is_much(pool):
            return self._with_changes(pool)
        with self.shelf.lock(self.progress):
            # Another worker may have written a newer one while this one waited.
            pool = self._standing(self._from_files())
            if self._is_much(pool):
                self._write(pool)
                pool = self._standing(self._from_files())
        return self._with_changes(pool)

    def _from_files(self) -> OfferPool:
        found = self.shelf.newest()
        if found is None:
            return OfferPool(0, (), self.contents)
        number, index = found
        return OfferPool(number, (Part(index, np.ones(len(index), dtype=bool)),), self.contents)

    def _standing(self, pool: OfferPool) -> OfferPool:
        parts = tuple(Part(part.index, self.contents.standing(part.contents)) for part in pool.parts)
        return OfferPool(pool.number, parts, self.contents)

    def _missing(self, pool: OfferPool) -> Contents:
        return self.contents.without(*(part.contents for part in pool.parts))

    def _is_much(self, pool: OfferPool) -> bool:
        size = len(pool.parts[0].index) if pool.number else 0
        gone = size - int(pool.parts[0].standing.sum()) if pool.number else 0
        added = len(self.contents) - (size - gone)
        return max(added, gone) > max(SMALLEST_CHANGE, SHARE_CHANGED * size)

    def _with_changes(self, pool: OfferPool) -> OfferPool:
        """The snapshot's part as it is, and one part of everything else."""
        missing = self._missing(pool)
        first = 1 if pool.number else 0
        former = [part.index.kept(part.standing) for part in pool.parts[first:]]
        if not len(missing) and all(part.standing.all() for part in pool.parts[first:]):
            return pool
        changed = [index for index in [*former, *self._made(missing)] if len(index)]
        if not changed:
            return OfferPool(pool.number, pool.parts[:first], self.contents)
        joined = OfferIndex.joined(changed)
        return self._standing(
            OfferPool(pool.number, (*pool.parts[:first], Part(joined, np.ones(1, bool))), self.contents)
        )

    def _write(self, pool: OfferPool) -> None:
        """Parts go to files as they are made, so that memory holds one of them, whatever the size of the catalogue."""
        workplace = self.shelf.workplace()
        parts: list[tuple[OfferIndex, NDArray[np.bool_] | None]] = [(p.index, p.standing) for p in pool.parts]
        made = self._made(self._missing(pool))
        while blocks := list(islice(made, _BLOCKS_IN_A_PART)):
            parts.append((self._on_disk(workplace / f"part-{len(parts)}", blocks), None))
        self.shelf.put(workplace, parts)

    def _on_disk(self, folder: Path, blocks: list[OfferIndex]) -> OfferIndex:
        folder.mkdir()
        write_index(folder, [(block.texts, None) for block in blocks], self.shelf.about)
        return OfferIndex.load(folder, self.shelf.settings, self.shelf.about)

    def _made(self, missing: Contents) -> Iterator[OfferIndex]:
        engine = self.active.engine
        for start in range(0, len(missing), _BLOCK):
            ids, marks = missing.ids[start : start + _BLOCK], missing.marks[start : start + _BLOCK]
            ready = freshly_prepared(technology_documents(ids.tolist()), engine.encoder, engine.glossary)
            index = OfferIndex.of([one.signals for one in ready], engine.population, engine.settings)
            found = np.array([int(one.key) for one in ready], dtype=np.int64)
            yield index.with_columns(ids=found, marks=marks[np.searchsorted(ids, found)])
            self.progress(min(start + _BLOCK, len(missing)), len(missing))


def technology_documents(keys: Collection[int]) -> list[Any]:
    """By number; those that are gone are left out."""
    return [document_of(one) for one in Technology.objects.filter(pk__in=keys).with_texts().order_by("pk")]
