"""Short changes of lists that are there already: bounded again, and found to be used up or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from matching.scoring.models import SHOWN_PER_LANGUAGE, Match, Ranking
from matching.scoring.services import demand as whole


@dataclass(frozen=True)
class _Row:
    pk: int
    score: float
    technology_id: int
    by_hand: bool


def settle(rankings: Sequence[Ranking]) -> set[int]:
    """Cuts locked lists into which something came or from which something went, in a fixed number of queries.

    Returns the demands whose lists must be made anew: they became empty, or their margin is used up.
    """
    rows = _rows(rankings)
    superfluous: list[int] = []
    used_up: set[int] = set()
    for ranking in rankings:
        mine = rows[ranking.demand_id]
        for language, listed in mine.items():
            beyond = [row for row in listed[whole.KEPT_PER_LANGUAGE :] if not row.by_hand]
            if beyond:
                superfluous += [row.pk for row in beyond]
                ranking.floors[language] = max(beyond[0].score, ranking.floors.get(language, beyond[0].score))
        ranking.scored_at = timezone.now()
        if not mine or any(_is_used_up(mine.get(language, []), floor) for language, floor in ranking.floors.items()):
            used_up.add(ranking.demand_id)
    Match.objects.filter(pk__in=superfluous).delete()
    Ranking.objects.bulk_update(rankings, ["floors", "scored_at"])
    return used_up


def _rows(rankings: Sequence[Ranking]) -> dict[int, dict[str, list[_Row]]]:
    """By demand and language, as the database orders them."""
    found: dict[int, dict[str, list[_Row]]] = defaultdict(lambda: defaultdict(list))
    matches = Match.objects.filter(demand__in=[ranking.demand_id for ranking in rankings])
    columns = ("demand_id", "language", "pk", "score", "technology_id", "by_hand")
    for demand_id, language, *values in matches.order_by("-score", "technology_id").values_list(*columns):
        found[demand_id][language].append(_Row(*values))
    return found


def _is_used_up(listed: list[_Row], floor: float) -> bool:
    return sum(row.score > floor for row in listed) < SHOWN_PER_LANGUAGE
