"""What officers and companies do with a demand. Each call is one transaction that locks the demand first."""

from matching.triage.services.answers import AnsweredMeanwhile, answer, withdraw_demand
from matching.triage.services.assignments import assign
from matching.triage.services.decisions import (
    DecidedMeanwhile,
    Summary,
    correct,
    decide,
    decide_many,
    pick_by_hand,
    undo,
)
from matching.triage.services.locking import Refusal
from matching.triage.services.releases import release, waiting_for_release

__all__ = [
    "AnsweredMeanwhile",
    "DecidedMeanwhile",
    "Refusal",
    "Summary",
    "answer",
    "assign",
    "correct",
    "decide",
    "decide_many",
    "pick_by_hand",
    "release",
    "undo",
    "waiting_for_release",
    "withdraw_demand",
]
