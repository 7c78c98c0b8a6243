"""The open demands of a direction whose lists are current, ready to be compared with one technology."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.db.models import F
from numpy.typing import NDArray

from cooperation_portal.work.registry import Progress
from matching.demands.models import Demand
from matching.demands.queries import document_of
from matching.engine.demands import DemandIndex
from matching.engine.moments import Moments
from matching.engine.prepared import Prepared
from matching.engine.ranking import Candidate, Scores
from matching.scoring.engines import ActiveEngine, freshly_prepared
from matching.scoring.models import Ranking
from matching.scoring.standing import Contents

_BLOCK = 500
# Changed demands are kept apart until there are so many; what is kept apart is joined anew at every change.
SMALLEST_CHANGE, SHARE_CHANGED = 500, 0.05


@dataclass(frozen=True, eq=False)
class _Part:
    """Marks are the demands' versions."""

    index: DemandIndex
    contents: Contents
    standing: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class DemandPool:
    parts: tuple[_Part, ...]
    contents: Contents

    def __len__(self) -> int:
        return len(self.contents)

    def compared(self, active: ActiveEngine, offer: Prepared) -> Compared:
        parts = []
        for part in self.parts:
            scores = active.engine.score_offer_for(offer, part.index, part.contents.ids.tolist())
            parts.append((part.contents, np.flatnonzero(part.standing), scores))
        return Compared(parts)


class Compared:
    """One technology with each demand. `scores` and `versions` by the demands' numbers."""

    def __init__(self, parts: list[tuple[Contents, NDArray[np.int64], Scores]]) -> None:
        self._places: dict[int, tuple[Scores, int]] = {}
        self.scores: dict[int, float] = {}
        self.versions: dict[int, int] = {}
        for contents, rows, scores in parts:
            ids = contents.ids[rows].tolist()
            self.scores.update(zip(ids, scores.total[rows].tolist(), strict=True))
            self.versions.update(zip(ids, contents.marks[rows].tolist(), strict=True))
            self._places.update((pk, (scores, row)) for pk, row in zip(ids, rows.tolist(), strict=True))

    def candidate(self, demand_id: int) -> Candidate:
        scores, row = self._places[demand_id]
        return scores.candidate(row)


_pools: dict[int, DemandPool] = {}


def forget() -> None:
    _pools.clear()


def demand_pool(active: ActiveEngine, progress: Progress) -> DemandPool:
    """Lists of another reference or of an older text are left out: they are made anew as a whole."""
    contents = Contents.of(
        list(
            Ranking.objects.filter(reference=active.row, demand__in=Demand.objects.open(), no_score="")
            .filter(demand_version=F("demand__content_version"))
            .order_by("demand_id")
            .values_list("demand_id", "demand_version")
        )
    )
    former = _pools.get(active.row.pk, DemandPool((), contents))
    if len(_pools) > 4:
        _pools.clear()
    _pools[active.row.pk] = _refreshed(former, contents, active, progress)
    return _pools[active.row.pk]


def _refreshed(former: DemandPool, contents: Contents, active: ActiveEngine, progress: Progress) -> DemandPool:
    parts = [_Part(part.index, part.contents, contents.standing(part.contents)) for part in former.parts]
    missing = contents.without(*(part.contents for part in parts))
    apart = sum(int(part.standing.sum()) for part in parts[1:]) + len(missing)
    gone = sum(len(part.standing) - int(part.standing.sum()) for part in parts[:1])
    largest = len(parts[0].standing) if parts else 0
    if not len(missing) and not gone:
        return DemandPool(tuple(parts), contents)
    first = 1 if parts and max(apart, gone) <= max(SMALLEST_CHANGE, SHARE_CHANGED * largest) else 0
    left = [_kept(part) for part in parts[first:] if part.standing.any()]
    changed = [*left, *_made(missing, active, progress)]
    if changed:
        index = DemandIndex.joined([part.index for part in changed])
        ids, marks = (np.concatenate([getattr(p.contents, name) for p in changed]) for name in ("ids", "marks"))
        changed = [_Part(index, Contents(ids, marks), np.ones(len(ids), dtype=bool))]
    return DemandPool((*parts[:first], *changed), contents)


def _kept(part: _Part) -> _Part:
    kept = Contents(part.contents.ids[part.standing], part.contents.marks[part.standing])
    return _Part(part.index.kept(part.standing), kept, np.ones(len(kept), dtype=bool))


def _made(missing: Contents, active: ActiveEngine, progress: Progress) -> Iterator[_Part]:
    for start in range(0, len(missing), _BLOCK):
        ids = missing.ids[start : start + _BLOCK]
        demands = Demand.objects.filter(pk__in=ids.tolist()).with_details().select_related("ranking").order_by("pk")
        found = list(demands)
        if not found:
            continue
        ready = freshly_prepared(
            [document_of(demand) for demand in found], active.engine.encoder, active.engine.glossary
        )
        stored = [bytes(demand.ranking.moments) for demand in found]
        moments = [
            Moments.from_bytes(one) if one else active.engine.moments(text)
            for one, text in zip(stored, ready, strict=True)
        ]
        # The version that was read with the text: a text that changed since the list was looked at stands for itself.
        contents = Contents.of([(demand.pk, demand.content_version) for demand in found])
        index = active.engine.demands(ready, moments)
        yield _Part(index, contents, missing.standing(contents))
        progress(min(start + _BLOCK, len(missing)), len(missing) + 1)
