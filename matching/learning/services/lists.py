"""Keeping what officers had before them.

A page that is only read writes nothing into the database: the list that it shows is remembered for a week outside of
it (a page may stay open over a holiday), and kept for good with the first judgement that is made from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction

from matching.demands.models import Demand
from matching.learning.models import ShownList, ShownMatch
from matching.learning.queries.inforce import weights_of
from matching.scoring.models import Match

_REMEMBERED_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class Line:
    technology_id: int
    language: str
    score: float
    relevance: str
    evidence: float | None
    contributions: dict[str, float]
    by_hand: bool


@dataclass(frozen=True)
class Listed:
    """A list as it was shown, free of the rows that it was made from: those are replaced with the next scoring."""

    demand_version: int
    engine_version: str
    encoder: str
    reference_version: str
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, demand: Demand, matches: Sequence[Match]) -> Listed:
        first = matches[0] if matches else None
        return cls(
            demand.content_version,
            first.engine_version if first else "",
            first.encoder if first else "",
            first.reference_version if first else "",
            tuple(_line(match) for match in matches),
        )

    @property
    def digest(self) -> str:
        told = [(line.technology_id, round(line.score, 9), line.relevance, line.by_hand) for line in self.lines]
        made_by = (self.demand_version, self.engine_version, self.encoder, self.reference_version)
        return hashlib.sha256(repr((made_by, told)).encode()).hexdigest()


def _line(match: Match) -> Line:
    components: dict[str, Any] = match.components or {}
    return Line(
        match.technology_id,
        match.language,
        match.score,
        match.relevance,
        components.get("evidence"),
        dict(components.get("contributions", {})),
        match.by_hand,
    )


def remember_list(demand: Demand, matches: Sequence[Match]) -> str:
    """For a page that shows these matches: its digest, which comes back with the judgement; empty for no list."""
    if not matches:
        return ""
    listed = Listed.of(demand, matches)
    cache.set(_key(demand, listed.digest), asdict(listed), _REMEMBERED_SECONDS)
    return listed.digest


@transaction.atomic
def keep_list(demand: Demand, matches: Sequence[Match], *, shown: str = "") -> ShownList | None:
    """The kept list whose digest is `shown`; that of the matches as they stand where nothing was shown.

    None where there was no list, or where the one that was shown is not known any more.
    """
    listed = Listed.of(demand, matches) if matches else None
    if shown and (listed is None or listed.digest != shown):
        known = ShownList.objects.filter(demand=demand, digest=shown).first()
        return known or _store(demand, _remembered(demand, shown))
    return _store(demand, listed)


def _remembered(demand: Demand, digest: str) -> Listed | None:
    found = cache.get(_key(demand, digest))
    if found is None:
        return None
    lines = tuple(Line(**line) for line in found.pop("lines"))
    return Listed(**found, lines=lines)


def _store(demand: Demand, listed: Listed | None) -> ShownList | None:
    if listed is None:
        return None
    kept, is_new = ShownList.objects.get_or_create(
        demand=demand,
        demand_version=listed.demand_version,
        digest=listed.digest,
        defaults={
            "engine_version": listed.engine_version,
            "encoder": listed.encoder,
            "reference_version": listed.reference_version,
            "weights": weights_of(listed.engine_version),
        },
    )
    if is_new:
        ShownMatch.objects.bulk_create(
            ShownMatch(shown_list=kept, place=place, **asdict(line)) for place, line in enumerate(listed.lines, start=1)
        )
    return kept


def _key(demand: Demand, digest: str) -> str:
    return f"shown-list:{demand.pk}:{digest}"
