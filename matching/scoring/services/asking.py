from __future__ import annotations

from typing import Any

from cooperation_portal.work.models import Queue
from cooperation_portal.work.services import enqueue, enqueue_many
from matching.demands.models import Demand
from matching.scoring.kinds import RENEW_REFERENCE, SCORE_DEMAND, SCORE_TECHNOLOGY


def request_score(demand: Demand, *, by: Any = None, queue: Queue | None = None) -> None:
    enqueue(SCORE_DEMAND, demand.pk, queue=queue, by=by)


def request_scores(demands: list[int], *, by: Any = None) -> None:
    """Of many at once, as after an import: behind what people wait for."""
    enqueue_many(SCORE_DEMAND, demands, queue=Queue.BATCH, by=by)


def request_technology_scores(technologies: list[int], *, by: Any = None) -> None:
    enqueue_many(SCORE_TECHNOLOGY, technologies, by=by)


def request_reference(direction: str, *, by: Any = None) -> None:
    enqueue(RENEW_REFERENCE, direction, by=by)
