from __future__ import annotations

from typing import Any

import pytest

from matching.triage.services import decide, release, waiting_for_release
from tests.matching.scoring.conftest import _no_memory_of_other_tests, cheap  # noqa: F401


def judge(demand: Any, technology: Any, by: Any, verdict: str = "suitable", seen: int = 0, **fields: Any) -> Any:
    """A decision with a reason that fits it."""
    reasons = {"suitable": "solves", "on_hold": "needs_owner_answer", "unsuitable": "specification"}
    reason = fields.get("reason", reasons[verdict])
    return decide(
        demand, technology, verdict=verdict, reason=reason, words=fields.get("words", ""), seen_version=seen, by=by
    )


def recommend(demand: Any, by: Any, message: str = "") -> Any:
    """Releases whatever is suitable now, as a page that was opened just before would."""
    seen = {decision.pk: decision.version for decision in waiting_for_release(demand)}
    return release(demand, message=message, seen=seen, by=by)


@pytest.fixture
def released(demand: Any, technology: Any, officer: Any, member: Any) -> Any:
    """A decision that the company was told."""
    judge(demand, technology, officer)
    recommend(demand, officer)
    return demand.decisions.get()
