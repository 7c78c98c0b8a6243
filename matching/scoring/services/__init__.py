"""Scoring: what is asked for, what is computed outside a transaction, and how results replace each other.

Right means equal to scoring everything from nothing with the same reference. Two things can change at once, a demand
and a technology, and each has its own work. What makes them safe together: every store locks the demand's ranking, and
throws away what was computed from something that has changed since.
"""

from matching.scoring.pools import pool_state
from matching.scoring.services.asking import request_reference, request_score, request_scores, request_technology_scores
from matching.scoring.services.demand import (
    KEPT_PER_LANGUAGE,
    MINIMUM_LETTERS,
    DemandScores,
    score_demand,
    store_demand_scores,
)
from matching.scoring.services.references import (
    BuiltReference,
    build_reference,
    renew_references,
    request_missing_references,
    store_reference,
)
from matching.scoring.services.technology import TechnologyScores, score_technology, store_technology_scores

__all__ = [
    "KEPT_PER_LANGUAGE",
    "MINIMUM_LETTERS",
    "BuiltReference",
    "DemandScores",
    "TechnologyScores",
    "build_reference",
    "pool_state",
    "renew_references",
    "request_missing_references",
    "request_reference",
    "request_score",
    "request_scores",
    "request_technology_scores",
    "score_demand",
    "score_technology",
    "store_demand_scores",
    "store_reference",
    "store_technology_scores",
]
