"""The judgements that weights are fitted to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from matching.engine.settings import CHANNELS
from matching.learning.calibration import Decided
from matching.learning.models import Judgement, Verdict
from matching.learning.queries.inforce import channel_weights, settings_in_force


def decided_pairs() -> Decided:
    """적합 and 부적합 that stand, of lists whose weights are known and that have the engine's channels of today."""
    rows = (
        Judgement.objects.standing()
        .filter(verdict__in=[Verdict.SUITABLE, Verdict.UNSUITABLE], shown_match__isnull=False)
        .order_by("demand", "pk")
        .values_list("demand", "verdict", "shown_match__contributions", "shown_list__weights")
    )
    kept = [
        (demand, float(verdict == Verdict.SUITABLE), [_component(shares, weights, name) for name in CHANNELS])
        for demand, verdict, shares, weights in rows.iterator(chunk_size=2000)
        if set(CHANNELS) <= set(weights) and set(CHANNELS) <= set(shares)
    ]
    return Decided(
        CHANNELS,
        np.array([components for _demand, _kind, components in kept]).reshape(-1, len(CHANNELS)),
        np.array([kind for _demand, kind, _components in kept]),
        np.array([demand for demand, _kind, _components in kept], dtype=np.int64),
    )


def _component(contributions: Mapping[str, float], weights: Mapping[str, float], name: str) -> float:
    """A contribution is weight × standardised component; of a channel that was switched off nothing is known."""
    return contributions[name] / weights[name] if weights[name] else 0.0


def evidence_and_verdicts() -> tuple[list[float], list[float]]:
    rows = Judgement.objects.standing().filter(
        verdict__in=[Verdict.SUITABLE, Verdict.UNSUITABLE], evidence__isnull=False
    )
    found = list(rows.values_list("evidence", "verdict"))
    return [evidence or 0.0 for evidence, _ in found], [float(verdict == Verdict.SUITABLE) for _, verdict in found]


def current_weights() -> dict[str, float]:
    return channel_weights(settings_in_force())
