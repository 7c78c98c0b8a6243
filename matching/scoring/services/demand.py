from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from cooperation_portal.work.registry import Progress
from cooperation_portal.work.services import NotYet
from matching.demands.models import Demand
from matching.demands.queries import document_of as demand_document
from matching.engine.documents import LANGUAGES, Document
from matching.engine.prepared import Prepared
from matching.engine.ranking import Candidate
from matching.scoring.engines import ActiveEngine, for_reasons
from matching.scoring.models import MARGIN, SHOWN_PER_LANGUAGE, Match, NoScore, Ranking, Reference
from matching.scoring.offer_pool import offer_pool, technology_documents
from matching.scoring.pools import pool_state, share_lists
from matching.scoring.services.references import engine_for

KEPT_PER_LANGUAGE = SHOWN_PER_LANGUAGE + MARGIN
# A demand of fewer letters (title, problem and figures together) says too little to be compared.
MINIMUM_LETTERS = 20
_PROGRESS_STEP = 20


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
    moments: bytes = b""


def score_demand(subject: str, progress: Progress) -> DemandScores | None:
    """None for a demand that is gone. Raises NotYet while no reference exists."""
    demand = Demand.objects.with_details().filter(pk=subject).first()
    if demand is None:
        return None
    # Committed before the pool is read: from then on, every changed technology knows of this demand.
    Ranking.objects.get_or_create(demand=demand, defaults={"demand_version": 0})
    state = pool_state(demand.direction)
    document = demand_document(demand)
    obstacle = obstacle_of(document)
    if obstacle or not demand.is_open or state[0] == 0:
        no_score = obstacle or ("" if not demand.is_open else NoScore.NO_CANDIDATES)
        return DemandScores(demand.content_version, demand.is_open, state, None, no_score, [], {}, 0)
    active = engine_for(demand.direction)
    offers = offer_pool(active, demand.direction, state, progress)
    picked = set(demand.hand_picks.values_list("technology_id", flat=True))
    mine = active.prepared([document])[0]
    # One more than is kept, since the first that is left out sets the floor.
    kept, floors = _cut(offers.best(active, mine, KEPT_PER_LANGUAGE + 1, picked), set(map(str, picked)))
    documents = technology_documents([int(candidate.key) for candidate in kept])
    ready = {offer.key: offer for offer in for_reasons(documents, active)}
    matches = []
    for number, candidate in enumerate(kept, start=1):
        if candidate.key in ready:
            by_hand = int(candidate.key) in picked
            matches.append(match_of(active, demand, mine, ready[candidate.key], candidate, by_hand))
        if number % _PROGRESS_STEP == 0 or number == len(kept):
            progress(number, len(kept))
    moments = active.engine.moments(mine).to_bytes()
    return DemandScores(demand.content_version, True, state, active.row, "", matches, floors, len(offers), moments)


def obstacle_of(document: Document) -> str:
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


def match_of(
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
    share_lists()
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
    ranking.considered, ranking.moments, ranking.scored_at = scores.considered, scores.moments, timezone.now()
    ranking.save()


def _is_active(reference: Reference) -> bool:
    """Keeps the reference from being replaced before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM scoring_reference WHERE id = %s AND is_active FOR SHARE", [reference.pk])
        return cursor.fetchone() is not None
