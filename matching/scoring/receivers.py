"""What scoring does when something below it changes."""

from typing import Any

from matching.catalogue.models import Direction, Technology
from matching.demands.models import Demand
from matching.scoring.services import request_reference, request_score, request_scores, request_technology_scores

# Beyond this many, all lists of their direction are made anew: that is one look at the catalogue for each demand.
ONE_BY_ONE = 100


def score_changed_demand(sender: Any, demand: Demand, by: Any, **kwargs: Any) -> None:
    request_score(demand, by=by)


def score_changed_demands(sender: Any, demands: list[int], by: Any, **kwargs: Any) -> None:
    request_scores(demands, by=by)


def score_changed_technology(sender: Any, technology: Technology, by: Any, **kwargs: Any) -> None:
    request_technology_scores([technology.pk], by=by)


def score_changed_catalogue(sender: Any, technologies: list[int], by: Any, **kwargs: Any) -> None:
    if len(technologies) <= ONE_BY_ONE:
        request_technology_scores(technologies, by=by)
        return
    for direction in Direction.values:  # both: some may have changed sides
        request_reference(direction, by=by)
