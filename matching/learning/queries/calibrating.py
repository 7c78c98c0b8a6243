"""The judgements that weights are fitted to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from django.db.models import Q

from matching.engine.settings import CHANNELS, FORMULA_VERSION
from matching.learning.calibration import Decided
from matching.learning.models import Judgement, Verdict
from matching.learning.models.judgement import JudgementQuerySet
from matching.learning.queries.drift import glossary_of
from matching.learning.queries.inforce import channel_weights, settings_in_force
from matching.scoring.encoders import encoder


def _judgements() -> JudgementQuerySet:
    """적합 and 부적합 that stand."""
    return Judgement.objects.standing().filter(verdict__in=[Verdict.SUITABLE, Verdict.UNSUITABLE])


def _of_today() -> Q:
    """By the encoder and the formula in use: figures of others are not on the same scale."""
    return Q(encoder=encoder().key, engine_version__startswith=f"{FORMULA_VERSION}-")


def decided_pairs() -> Decided:
    """Of lists by today's encoder and formula whose weights are known and that have all channels."""
    rows = (
        _judgements()
        .filter(_of_today(), shown_match__isnull=False)
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


def decided_by_others() -> int:
    """How many judgements cannot be used because another encoder or formula made their lists."""
    return _judgements().filter(shown_match__isnull=False).exclude(_of_today()).count()


def _component(contributions: Mapping[str, float], weights: Mapping[str, float], name: str) -> float:
    """A contribution is weight × standardised component; of a channel that was switched off nothing is known."""
    return contributions[name] / weights[name] if weights[name] else 0.0


def evidence_and_verdicts() -> tuple[list[float], list[float]]:
    rows = _judgements().filter(_of_today(), evidence__isnull=False)
    found = list(rows.values_list("evidence", "verdict"))
    return [evidence or 0.0 for evidence, _ in found], [float(verdict == Verdict.SUITABLE) for _, verdict in found]


def judged_glossary() -> str:
    """Its version behind most of the lists that count; empty where there are none."""
    made_by = Counter(_judgements().filter(_of_today()).values_list("engine_version", flat=True))
    versions: Counter[str] = Counter()
    for version, count in made_by.items():
        versions[glossary_of(version)] += count
    return versions.most_common(1)[0][0] if versions else ""


def current_weights() -> dict[str, float]:
    return channel_weights(settings_in_force())


def current_thresholds() -> dict[str, float]:
    return dict(settings_in_force().thresholds)
