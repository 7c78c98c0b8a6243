from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from cooperation_portal.work.models import Queue
from cooperation_portal.work.registry import Progress
from cooperation_portal.work.services import NotYet, enqueue_many
from matching.catalogue.models import Technology
from matching.catalogue.queries import document_of as technology_document
from matching.catalogue.queries import pool
from matching.demands.models import Demand
from matching.demands.queries import document_of as demand_document
from matching.scoring.engines import prepared
from matching.scoring.kinds import SCORE_DEMAND
from matching.scoring.models import SHOWN_PER_LANGUAGE, HandPick, Match, NoScore, Ranking, Reference
from matching.scoring.services.demand import KEPT_PER_LANGUAGE, match_of, obstacle_of
from matching.scoring.services.references import engine_for


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
    active = engine_for(technology.direction)
    offer = prepared([technology_document(technology)], active)[0]
    pairs = [(demand, document) for demand in compared if not obstacle_of(document := demand_document(demand))]
    documents = prepared([document for _demand, document in pairs], active)
    scores = active.engine.score_offer(offer, documents)
    matches = {}
    for row, (demand, _document) in enumerate(pairs):
        matches[demand.pk] = match_of(active, demand, documents[row], offer, scores.candidate(row), by_hand=False)
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
