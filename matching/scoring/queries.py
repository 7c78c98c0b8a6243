from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation_portal.work.models import Work, WorkState
from matching.demands.models import Demand, DemandQuerySet, DemandStatus
from matching.scoring.kinds import SCORE_DEMAND
from matching.scoring.models import SHOWN_PER_LANGUAGE, Match, NoScore, Ranking


def shown_matches(demand: Demand, user: Any) -> list[Match]:
    """The best of each language, and what was found by hand, by score; the margin stays out of sight."""
    taken: Counter[str] = Counter()
    shown = []
    for match in Match.objects.visible_to(user).filter(demand=demand).order_by("-score", "technology_id"):
        taken[match.language] += 1
        if match.by_hand or taken[match.language] <= SHOWN_PER_LANGUAGE:
            shown.append(match)
    return shown


@dataclass(frozen=True)
class ScoringState:
    """`code`: scored, waiting, running, failed or no_score; `cause` says why there is no score."""

    code: str
    cause: str = ""
    done: int = 0
    total: int = 0

    @property
    def is_moving(self) -> bool:
        return self.code in {"waiting", "running"}


def scoring_states(demands: list[Demand]) -> dict[int, ScoringState]:
    """For each demand, in two queries whatever their number."""
    keys = [demand.pk for demand in demands]
    work = {
        int(row.subject): row for row in Work.objects.filter(kind=SCORE_DEMAND, subject__in=[str(pk) for pk in keys])
    }
    rankings = {ranking.demand_id: ranking for ranking in Ranking.objects.filter(demand__in=keys)}
    return {demand.pk: _state(demand, work.get(demand.pk), rankings.get(demand.pk)) for demand in demands}


def scoring_state(demand: Demand) -> ScoringState:
    return scoring_states([demand])[demand.pk]


def _state(demand: Demand, work: Work | None, ranking: Ranking | None) -> ScoringState:
    if work is not None and work.state == WorkState.FAILED:
        return ScoringState("failed", _("점수를 계산하지 못했습니다(%(cause)s).") % {"cause": work.cause})
    if work is not None and work.state == WorkState.RUNNING:
        return ScoringState("running", done=work.done, total=work.total)
    if work is not None and work.state == WorkState.WAITING:
        return ScoringState("waiting")
    if demand.status == DemandStatus.DRAFT:
        return ScoringState("no_score", _("접수된 뒤에 계산합니다."))
    if not demand.is_open:
        return ScoringState("no_score", _("끝난 수요는 계산하지 않습니다."))
    if ranking is not None and ranking.no_score:
        return ScoringState("no_score", str(NoScore(ranking.no_score).label))
    if ranking is not None:
        return ScoringState("scored")
    return ScoringState("waiting")


def progress_of_all(demands: DemandQuerySet) -> tuple[int, int]:
    """How many of these open demands have a list that nothing newer waits for, and how many there are."""
    keys = {str(pk) for pk in demands.open().values_list("pk", flat=True)}
    waiting = Work.objects.unfinished().filter(kind=SCORE_DEMAND).values_list("subject", flat=True)
    return len(keys) - len(keys.intersection(waiting)), len(keys)


_OBSERVED = timedelta(minutes=10)


def minutes_left(waiting: int) -> int | None:
    """How long so many lists will take at the pace of the last ten minutes. None while no pace is known."""
    now = timezone.now()
    ended = Work.objects.filter(kind=SCORE_DEMAND, state=WorkState.DONE, finished_at__gte=now - _OBSERVED)
    times = ended.aggregate(count=Count("pk"), first=Min("finished_at"))
    if times["count"] < 2:
        return None
    each = (now - times["first"]) / times["count"]
    return math.ceil(each * waiting / timedelta(minutes=1))
