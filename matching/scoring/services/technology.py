from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import F, QuerySet

from cooperation_portal.work.models import Queue
from cooperation_portal.work.registry import Progress
from cooperation_portal.work.services import NotYet, enqueue_many
from matching.catalogue.documents import document_of as technology_document
from matching.catalogue.models import Technology
from matching.catalogue.queries import pool
from matching.demands.models import Demand
from matching.demands.queries import document_of as demand_document
from matching.engine.prepared import Prepared
from matching.scoring.demand_pool import demand_pool
from matching.scoring.engines import ActiveEngine, for_reasons
from matching.scoring.kinds import SCORE_DEMAND
from matching.scoring.models import HandPick, Match, NoScore, Ranking
from matching.scoring.pools import hold_lists
from matching.scoring.services.demand import match_of
from matching.scoring.services.lists import settle
from matching.scoring.services.references import engine_for

_BLOCK = 200


@dataclass(frozen=True)
class TechnologyScores:
    """`compared` is None where the technology takes no part, or there is nothing to compare it with."""

    technology_version: int
    in_pool: bool
    compared: _Comparison | None = None


@dataclass(frozen=True)
class _Comparison:
    """One technology with the demands of current lists: scores and the versions of the demands' texts.

    `matches`: for the lists that the technology then entered or stood in.
    """

    active: ActiveEngine
    offer: Prepared
    scores: dict[int, float]
    versions: dict[int, int]
    matches: dict[int, Match]


def score_technology(subject: str, progress: Progress) -> TechnologyScores | None:
    technology = Technology.objects.with_texts().filter(pk=subject).first()
    if technology is None:
        return None
    version = technology.content_version
    in_pool = pool(technology.direction).filter(pk=technology.pk).exists()
    if not in_pool or not _lists(technology.direction).exists():
        return TechnologyScores(version, in_pool)
    active = engine_for(technology.direction)
    offer = active.prepared([technology_document(technology)])[0]
    return TechnologyScores(version, True, _compared(active, offer, technology.direction, progress))


def _compared(active: ActiveEngine, offer: Prepared, direction: str, progress: Progress) -> _Comparison:
    pairs = demand_pool(active, progress).compared(active, offer)
    technology_id, language = int(offer.key), offer.document.language
    concerned = {match.demand_id for match in _matches_of(technology_id)} | _picked_for(technology_id)
    for demand_id, floors in _lists(direction).filter(reference=active.row).values_list("demand_id", "floors"):
        if demand_id in pairs.scores and _reaches(pairs.scores[demand_id], floors.get(language)):
            concerned.add(demand_id)
    wanted = sorted(concerned & pairs.scores.keys())
    matches: dict[int, Match] = {}
    for done, (demand, mine) in enumerate(_prepared_demands(wanted, active), start=1):
        if demand.content_version == pairs.versions[demand.pk]:
            candidate = pairs.candidate(demand.pk)
            matches[demand.pk] = match_of(active, demand, mine, offer, candidate, by_hand=False)
        progress(done, len(wanted))
    return _Comparison(active, offer, pairs.scores, pairs.versions, matches)


def _lists(direction: str) -> QuerySet[Ranking]:
    return Ranking.objects.filter(demand__in=Demand.objects.open().filter(direction=direction))


def _reaches(score: float, floor: float | None) -> bool:
    return floor is None or score > floor


def _matches_of(technology_id: int) -> list[Match]:
    return list(Match.objects.filter(technology=technology_id))


def _picked_for(technology_id: int) -> set[int]:
    return set(HandPick.objects.filter(technology=technology_id).values_list("demand_id", flat=True))


def _prepared_demands(keys: list[int], active: ActiveEngine) -> Iterator[tuple[Demand, Prepared]]:
    for start in range(0, len(keys), _BLOCK):
        demands = list(Demand.objects.filter(pk__in=keys[start : start + _BLOCK]).with_details().order_by("pk"))
        yield from zip(demands, for_reasons([demand_document(demand) for demand in demands], active), strict=True)


def store_technology_scores(subject: str, scores: TechnologyScores | None) -> None:
    """Puts the technology into the lists it enters and takes it out of those it leaves; no other list is locked.

    Lists that are being stored are waited for and none can begin meanwhile, so what is read here stands.
    """
    if scores is None:
        return
    technology_id = int(subject)
    hold_lists()
    technology = Technology.objects.only("content_version", "direction").get(pk=technology_id)
    if technology.content_version != scores.technology_version:
        raise NotYet("the technology changed while it was scored")
    changes = _changes(technology, scores)
    for start in range(0, len(changes.lists), _BLOCK):
        block = changes.lists[start : start + _BLOCK]
        rankings = list(Ranking.objects.select_for_update().filter(demand__in=block).order_by("demand_id"))
        Match.objects.filter(technology=technology_id, demand__in=block).delete()
        Match.objects.bulk_create(changes.entering[demand_id] for demand_id in block if demand_id in changes.entering)
        changes.to_rescore.update(settle(rankings))
    enqueue_many(SCORE_DEMAND, sorted(changes.to_rescore), queue=Queue.BATCH)


@dataclass
class _Changes:
    """`entering`: new matches by demand. `left`: lists that lose the technology."""

    entering: dict[int, Match] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)
    to_rescore: set[int] = field(default_factory=set)

    @property
    def lists(self) -> list[int]:
        return sorted(self.left | self.entering.keys())


def _changes(technology: Technology, scores: TechnologyScores) -> _Changes:
    standing = {match.demand_id: match for match in _matches_of(technology.pk)}
    if not scores.in_pool:
        return _Changes(left=set(standing))
    elsewhere = Demand.objects.filter(pk__in=standing).exclude(direction=technology.direction)
    empty = _lists(technology.direction).filter(no_score=NoScore.NO_CANDIDATES)
    changes = _Changes(
        left=set(elsewhere.values_list("pk", flat=True)),
        to_rescore=set(empty.values_list("demand_id", flat=True)),
    )
    if scores.compared is not None:
        _compare_lists(changes, scores.compared, standing, technology.direction)
    return changes


def _compare_lists(changes: _Changes, compared: _Comparison, standing: dict[int, Match], direction: str) -> None:
    """A list of another text or reference is left alone: its own work makes it anew as a whole."""
    picked = _picked_for(int(compared.offer.key))
    language = compared.offer.document.language
    current = _lists(direction).filter(
        reference=compared.active.row, no_score="", demand_version=F("demand__content_version")
    )
    rows = list(current.values_list("demand_id", "demand_version", "floors"))
    inside = {pk for pk, _version, floors in rows if _goes_in(pk, compared, floors.get(language), picked)}
    if any(compared.versions.get(pk) != version for pk, version, _floors in rows) or inside - compared.matches.keys():
        # Lists that came, or whose floors fell, after the comparison. Now that they stand still it is made again.
        compared = _compared(compared.active, compared.offer, direction, lambda done, total: None)
        inside = {pk for pk, _version, floors in rows if _goes_in(pk, compared, floors.get(language), picked)}
    for demand_id, version, _floors in rows:
        match = compared.matches.get(demand_id)
        if compared.versions.get(demand_id) != version or (demand_id in inside and match is None):
            continue  # the demand changed this moment: its list is made anew
        if demand_id in inside and match is not None:
            match.pk, match.by_hand = None, demand_id in picked
            if demand_id not in standing or not _is_the_same(match, standing[demand_id]):
                changes.entering[demand_id] = match
        elif demand_id in standing:
            changes.left.add(demand_id)


def _goes_in(demand_id: int, compared: _Comparison, floor: float | None, picked: set[int]) -> bool:
    score = compared.scores.get(demand_id)
    return score is not None and (demand_id in picked or _reaches(score, floor))


def _is_the_same(match: Match, stored: Match) -> bool:
    names = [column.attname for column in Match._meta.concrete_fields if not column.primary_key]
    return all(getattr(match, name) == getattr(stored, name) for name in names)
