"""What scoring does when something below it changes."""

from typing import Any

from matching.catalogue.models import Technology
from matching.demands.models import Demand
from matching.scoring.services import request_score, request_technology_score


def score_changed_demand(sender: Any, demand: Demand, by: Any, **kwargs: Any) -> None:
    request_score(demand, by=by)


def score_changed_technology(sender: Any, technology: Technology, by: Any, **kwargs: Any) -> None:
    request_technology_score(technology, by=by)
