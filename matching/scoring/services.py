"""Scoring: what is asked for, what is computed outside a transaction, and how results replace each other.

Right means equal to scoring everything from nothing with the same reference. Two things can change at once, a demand
and a technology, and each has its own work. What makes them safe together: every store locks the demand's ranking, and
throws away what was computed from something that has changed since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation_portal.work.models import Queue, Work, WorkState
from cooperation_portal.work.registry import Progress
from cooperation_portal.work.services import NotYet, Refused, enqueue, enqueue_many, supersede
from matching.catalogue.models import Direction, Technology
from matching.catalogue.queries import document_of as technology_document
from matching.catalogue.queries import pool
from matching.demands.models import Demand
from matching.demands.queries import document_of as demand_document
from matching.engine.documents import LANGUAGES, Document
from matching.engine.prepared import Prepared
from matching.engine.ranking import Candidate
from matching.engine.reference import Reference as EngineReference
from matching.engine.settings import engine_version
from matching.scoring.encoders import encoder
from matching.scoring.engines import ActiveEngine, active_engine, catalogue, prepared, reference_is_current
from matching.scoring.kinds import RENEW_REFERENCE, SCORE_DEMAND, SCORE_TECHNOLOGY
from matching.scoring.models import MARGIN, SHOWN_PER_LANGUAGE, HandPick, Match, NoScore, Ranking, Reference

KEPT_PER_LANGUAGE = SHOWN_PER_LANGUAGE + MARGIN
# A demand of fewer letters (title, problem and figures together) says too little to be compared.
MINIMUM_LETTERS = 20
_PROGRESS_STEP = 20


# --- asking -----------------------------------------------------------------------------------------------------------


def request_score(demand: Demand, *, by: Any = None, queue: Queue | None = None) -> None:
    enqueue(SCORE_DEMAND, demand.pk, queue=queue, by=by)


def request_scores(demands: list[int], *, by: Any = None) -> None:
    """Of many at once, as after an import: behind what people wait for."""
    enqueue_many(SCORE_DEMAND, demands, queue=Queue.BATCH, by=by)


def request_technology_scores(technologies: list[int], *, by: Any = None) -> None:
    enqueue_many(SCORE_TECHNOLOGY, technologies, by=by)


def request_reference(direction: str, *, by: Any = None) -> None:
    enqueue(RENEW_REFERENCE, direction, by=by)


# --- one demand against all technologies ------------------------------------------------------------------------------


@dataclass(frozen=True)
class DemandScores:
    """What was computed, and from which state of things."""

    demand_version: int
    is_open: bool
    pool_state: tuple[int, int]
    reference: Reference | None
    no_score: str
    matches: list[Match]
    floors: dict[str, float]
    considered: int


def score_demand(subject: str, progress: Progress) -> DemandScores | None:
    """None for a demand that is gone. Raises NotYet while no reference exists."""
    demand = Demand.objects.with_details().filter(pk=subject).first()
    if demand is None:
        return None
    # Committed before the pool is read: from then on, every changed technology knows of this demand.
    Ranking.objects.get_or_create(demand=demand, defaults={"demand_version": 0})
    state = pool_state(demand.direction)
    document = demand_document(demand)
    obstacle = _obstacle(document)
    if obstacle or not demand.is_open or state[0] == 0:
        no_score = obstacle or ("" if not demand.is_open else NoScore.NO_CANDIDATES)
        return DemandScores(demand.content_version, demand.is_open, state, None, no_score, [], {}, 0)
    active = _engine(demand.direction)
    offers = catalogue(active, state, lambda: _pool_documents(demand.direction), progress)
    picked = {str(pk) for pk in demand.hand_picks.values_list("technology_id", flat=True)}
    mine = prepared([document], active)[0]
    kept, floors = _cut(active.engine.rank(mine, offers, per_language=None), picked)
    matches = []
    for number, candidate in enumerate(kept, start=1):
        matches.append(_match(active, demand, mine, offers.offers[candidate.row], candidate, candidate.key in picked))
        if number % _PROGRESS_STEP == 0 or number == len(kept):
            progress(number, len(kept))
    return DemandScores(demand.content_version, True, state, active.row, "", matches, floors, len(offers))


def _pool_documents(direction: str) -> list[Document]:
    return [technology_document(technology) for technology in pool(direction).with_texts()]


def _obstacle(document: Document) -> str:
    if document.letters < MINIMUM_LETTERS:
        return NoScore.TOO_SHORT
    return NoScore.LANGUAGE if document.language not in LANGUAGES else ""


def _cut(ranked: Sequence[Candidate], picked: set[str]) -> tuple[list[Candidate], dict[str, float]]:
    """The best of each language with the margin, and what was found by hand. The floor is the best that was left out.

    Equal scores stand in the order that the database gives them, by number and not by key.
    """
    kept: list[Candidate] = []
    taken: dict[str, int] = {}
    floors: dict[str, float] = {}
    for candidate in sorted(ranked, key=lambda candidate: (-candidate.score, int(candidate.key))):
        taken[candidate.language] = taken.get(candidate.language, 0) + 1
        inside = taken[candidate.language] <= KEPT_PER_LANGUAGE
        if inside or candidate.key in picked:
            kept.append(candidate)
        if not inside:
            floors.setdefault(candidate.language, candidate.score)
    return kept, floors


def _match(
    active: ActiveEngine, demand: Demand, mine: Prepared, offer: Prepared, candidate: Candidate, by_hand: bool
) -> Match:
    return Match(
        demand=demand,
        technology_id=int(offer.key),
        language=offer.document.language,
        score=candidate.score,
        relevance=candidate.relevance,
        components={
            "raw": dict(candidate.raw),
            "contributions": dict(candidate.contributions),
            "evidence": candidate.evidence,
        },
        reasons=active.engine.reasons(mine, offer).to_dict(),
        by_hand=by_hand,
        engine_version=active.engine.version,
        encoder=active.engine.encoder.key,
        reference_version=active.row.version,
        demand_hash=mine.document.text_hash(),
        technology_hash=offer.document.text_hash(),
    )


def store_demand_scores(subject: str, scores: DemandScores | None) -> None:
    """Replaces the demand's list. Raises NotYet when something that it was computed from changed meanwhile."""
    if scores is None:
        return
    demand = Demand.objects.select_for_update(of=("self",)).get(pk=subject)
    ranking = Ranking.objects.select_for_update().get(demand=demand)
    if scores.reference is not None and not _is_active(scores.reference):
        raise NotYet("the reference was renewed while the demand was scored")
    if pool_state(demand.direction) != scores.pool_state:
        raise NotYet("technologies changed while the demand was scored")
    if demand.content_version != scores.demand_version:
        raise NotYet("the demand changed while it was scored")
    demand.matches.all().delete()
    Match.objects.bulk_create(scores.matches)
    ranking.demand_version, ranking.reference = scores.demand_version, scores.reference
    ranking.no_score, ranking.floors = scores.no_score, scores.floors
    ranking.considered, ranking.scored_at = scores.considered, timezone.now()
    ranking.save()


def _is_active(reference: Reference) -> bool:
    """Keeps the reference from being replaced before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM scoring_reference WHERE id = %s AND is_active FOR SHARE", [reference.pk])
        return cursor.fetchone() is not None


def pool_state(direction: str) -> tuple[int, int]:
    """How many technologies there are and a checksum over their versions: equal states mean equal pools."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(hashint8extended(id * 1000003 + content_version, 0)), 0)"
            " FROM catalogue_technology WHERE status = 'published' AND direction = %s",
            [direction],
        )
        count, checksum = cursor.fetchone()
    return int(count), int(checksum)


# --- one technology against all demands -------------------------------------------------------------------------------


@dataclass(frozen=True)
class TechnologyScores:
    """For each demand the new match, None where the technology takes no part any more."""

    technology_version: int
    reference: Reference | None
    demand_versions: dict[int, int]
    matches: dict[int, Match]


def score_technology(subject: str, progress: Progress) -> TechnologyScores | None:
    technology = Technology.objects.with_texts().filter(pk=subject).first()
    if technology is None:
        return None
    in_pool = pool(technology.direction).filter(pk=technology.pk).exists()
    # Lists of the other direction hold it when its own direction was changed.
    concerned = Q(direction=technology.direction) | Q(pk__in=technology.matches.values("demand"))
    demands = list(Demand.objects.open().with_details().filter(concerned, ranking__isnull=False))
    versions = {demand.pk: demand.content_version for demand in demands}
    compared = [demand for demand in demands if demand.direction == technology.direction]
    if not in_pool or not compared:
        return TechnologyScores(technology.content_version, None, versions, {})
    active = _engine(technology.direction)
    offer = prepared([technology_document(technology)], active)[0]
    pairs = [(demand, document) for demand in compared if not _obstacle(document := demand_document(demand))]
    documents = prepared([document for _demand, document in pairs], active)
    scores = active.engine.score_offer(offer, documents)
    matches = {}
    for row, (demand, _document) in enumerate(pairs):
        matches[demand.pk] = _match(active, demand, documents[row], offer, scores.candidate(row), by_hand=False)
        progress(row + 1, len(pairs))
    return TechnologyScores(technology.content_version, active.row, versions, matches)


def store_technology_scores(subject: str, scores: TechnologyScores | None) -> None:
    """Puts the technology into the lists it enters and takes it out of those it leaves."""
    if scores is None:
        return
    technology_id = int(subject)
    current = Technology.objects.values_list("content_version", flat=True).get(pk=technology_id)
    if current != scores.technology_version:
        raise NotYet("the technology changed while it was scored")
    picked = set(HandPick.objects.filter(technology=technology_id).values_list("demand_id", flat=True))
    to_rescore = []
    rankings = Ranking.objects.select_for_update().filter(demand__in=scores.demand_versions).order_by("demand_id")
    for ranking in rankings:
        match = scores.matches.get(ranking.demand_id)
        if not _still_stands(ranking, scores, match):
            continue
        if match is not None:
            match.by_hand = ranking.demand_id in picked
        if not _replace_in_list(ranking, technology_id, match):
            to_rescore.append(ranking.demand_id)
    enqueue_many(SCORE_DEMAND, to_rescore, queue=Queue.BATCH)


def _still_stands(ranking: Ranking, scores: TechnologyScores, match: Match | None) -> bool:
    """A list of another version or reference is renewed whole by its own work, which sees this technology too."""
    same_reference = scores.reference is not None and ranking.reference_id == scores.reference.pk
    same_version = ranking.demand_version == scores.demand_versions[ranking.demand_id]
    return same_version and (match is None or same_reference)


def _replace_in_list(ranking: Ranking, technology_id: int, match: Match | None) -> bool:
    """False when the list must be made anew: it was empty for a reason, it became empty, or its margin is used up."""
    if ranking.no_score:
        return ranking.no_score != NoScore.NO_CANDIDATES or match is None
    demand_id = ranking.demand_id
    Match.objects.filter(demand=demand_id, technology=technology_id).delete()
    if match is not None:
        floor = ranking.floors.get(match.language)
        if match.by_hand or floor is None or match.score > floor:
            match.pk = None
            match.save(force_insert=True)
        _trim(ranking, match.language)
    ranking.scored_at = timezone.now()
    ranking.save(update_fields=["floors", "scored_at"])
    return not _margin_used_up(ranking) and Match.objects.filter(demand=demand_id).exists()


def _trim(ranking: Ranking, language: str) -> None:
    rows = list(Match.objects.filter(demand=ranking.demand_id, language=language).order_by("-score", "technology_id"))
    beyond = [row for row in rows[KEPT_PER_LANGUAGE:] if not row.by_hand]
    if beyond:
        ranking.floors[language] = max(beyond[0].score, ranking.floors.get(language, beyond[0].score))
        Match.objects.filter(pk__in=[row.pk for row in beyond]).delete()


def _margin_used_up(ranking: Ranking) -> bool:
    for language, floor in ranking.floors.items():
        above = Match.objects.filter(demand=ranking.demand_id, language=language, score__gt=floor).count()
        if above < SHOWN_PER_LANGUAGE:
            return True
    return False


# --- the reference ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BuiltReference:
    reference: EngineReference
    technologies: int
    demands: int


def build_reference(direction: str, progress: Progress) -> BuiltReference:
    """From all technologies and open demands of a direction as they stand now."""
    offers = _pool_documents(direction)
    demands = [demand_document(d) for d in Demand.objects.open().with_details().filter(direction=direction)]
    everything = prepared([*offers, *demands], encoder(), progress)
    built = EngineReference.build(everything[: len(offers)], everything[len(offers) :], encoder())
    return BuiltReference(built, len(offers), len(demands))


def store_reference(direction: str, built: BuiltReference) -> None:
    """Makes the new reference the one that counts, and asks for every list of the direction anew."""
    Reference.objects.select_for_update().filter(direction=direction, is_active=True).update(is_active=False)
    Reference.objects.create(
        direction=direction,
        version=built.reference.version,
        engine_version=engine_version(),
        encoder=built.reference.encoder_key,
        technologies=built.technologies,
        demands=built.demands,
        data=built.reference.to_bytes(),
    )
    open_demands = Demand.objects.open().filter(direction=direction).values_list("pk", flat=True)
    enqueue_many(SCORE_DEMAND, list(open_demands), queue=Queue.BATCH)
    # Lists that are made anew see every technology as it stands by then: waiting work for single ones is superfluous.
    technologies = Technology.objects.filter(direction=direction).values_list("pk", flat=True)
    supersede(SCORE_TECHNOLOGY, list(technologies))


def request_missing_references() -> int:
    """Asks for references that the engine and the encoder need and that are not there, as after an upgrade.

    Returns how many were asked for.
    """
    missing = [one for one in Direction.values if pool_state(one)[0] and not reference_is_current(one)]
    busy = set(
        Work.objects.exclude(state=WorkState.DONE).filter(kind=RENEW_REFERENCE).values_list("subject", flat=True)
    )
    for direction in set(missing) - busy:
        request_reference(direction)
    return len(set(missing) - busy)


def _engine(direction: str) -> ActiveEngine:
    active = active_engine(direction)
    if active is None:
        work = Work.objects.filter(kind=RENEW_REFERENCE, subject=direction).first()
        if work is not None and work.state == WorkState.FAILED:
            # Asking again would hide the failure. Once it is retried with success, every list is asked for.
            raise Refused(_("점수 기준을 만들지 못했습니다."))
        # An earlier request must not be made void by everyone who waits for it.
        if work is None or work.state == WorkState.DONE:
            request_reference(direction)
        raise NotYet(_("점수 기준을 만들고 있습니다."))
    return active


def renew_references(*, by: Any = None) -> None:
    for direction in Direction.values:
        request_reference(direction, by=by)
