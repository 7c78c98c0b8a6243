"""How far the scoring of everything is, as after new weights or terms."""

from __future__ import annotations

from dataclasses import dataclass

from cooperation_portal.work.models import Work
from matching.demands.models import Demand
from matching.scoring.kinds import RENEW_REFERENCE
from matching.scoring.queries import minutes_left, progress_of_all


@dataclass(frozen=True)
class ScoringProgress:
    """`minutes` is None while no pace is known; `is_prepared`: what every list rests on is there."""

    done: int
    total: int
    minutes: int | None
    is_prepared: bool

    @property
    def is_moving(self) -> bool:
        return self.done < self.total or not self.is_prepared


def scoring_progress() -> ScoringProgress:
    """Of all open demands, since it names none. Lists whose reference is being renewed are still to come."""
    renewing = set(Work.objects.unfinished().filter(kind=RENEW_REFERENCE).values_list("subject", flat=True))
    total = Demand.objects.open().count()
    done = progress_of_all(Demand.objects.exclude(direction__in=renewing))[0]
    minutes = minutes_left(total - done) if done < total else None
    return ScoringProgress(done, total, minutes, not renewing)
