"""Fits the weights of the engine's channels to what officers judged. Numbers in, numbers out: no database.

A logistic regression on the standardised channels, drawn towards the weights in use: few decisions move them little.
Everything told is measured on demands that had no part in it, neither in fitting the weights nor in choosing the
penalty: inside of each fold, the penalty is chosen by a cross-validation of its own. A demand is never in two parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MINIMUM_DECISIONS = 200
MINIMUM_DEMANDS = 20
FOLDS = 5
PENALTIES = (3.0, 10.0, 30.0, 100.0)
PLACES = (1, 5, 10)
# Measured precision at which a word of 관련도 begins, and how many decisions must bear a threshold.
WORDS = (("very_high", 0.8), ("high", 0.6), ("medium", 0.3))
_DECISIONS_BEHIND_A_WORD = 30
_STEPS, _TOLERANCE = 50, 1e-9

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Decided:
    """`components` (n, channels): standardised, free of weights; `suitable` (n,): 1 or 0; `demands` (n,): whose."""

    channels: tuple[str, ...]
    components: Numbers
    suitable: Numbers
    demands: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.suitable)

    def part(self, rows: NDArray[np.bool_]) -> Decided:
        return Decided(self.channels, self.components[rows], self.suitable[rows], self.demands[rows])

    @property
    def telling_demands(self) -> int:
        """Demands with both verdicts: others say nothing of an order."""
        kinds = [set(self.suitable[self.demands == demand]) for demand in np.unique(self.demands)]
        return sum(1 for kind in kinds if len(kind) == 2)


@dataclass(frozen=True)
class Measured:
    """On demands that the weights were not fitted to. `precision` by place, with the number of decisions behind it."""

    log_loss: float
    precision: Mapping[int, tuple[int, int]]


@dataclass(frozen=True)
class Calibration:
    weights: Mapping[str, float]
    penalty: float
    old: Measured
    new: Measured


class TooFew(Exception):
    def __init__(self, decisions: int, demands: int) -> None:
        super().__init__(f"{decisions} decisions, {demands} demands with both verdicts")
        self.decisions, self.demands = decisions, demands


def calibrate(decided: Decided, current: Mapping[str, float]) -> Calibration:
    """Raises TooFew below MINIMUM_DECISIONS decisions or MINIMUM_DEMANDS demands that have both verdicts."""
    if len(decided) < MINIMUM_DECISIONS or decided.telling_demands < MINIMUM_DEMANDS:
        raise TooFew(len(decided), decided.telling_demands)
    before = np.array([current[name] for name in decided.channels])
    penalty = _chosen_penalty(decided, before)
    weights = fitted_weights(decided, before, penalty)
    named = dict(zip(decided.channels, (round(float(weight), 4) for weight in weights), strict=True))
    old = _measured(decided, lambda part: _fitted(part, before, None))
    new = _measured(decided, lambda part: _fitted(part, before, _chosen_penalty(part, before)))
    return Calibration(named, penalty, old, new)


def _chosen_penalty(decided: Decided, before: Numbers) -> float:
    """Of those that do equally well on demands that they were not fitted to, the strongest."""

    def loss(penalty: float) -> float:
        return _measured(decided, lambda part: _fitted(part, before, penalty)).log_loss

    return min(PENALTIES, key=lambda penalty: (loss(penalty), -penalty))


def fitted_weights(decided: Decided, before: Numbers, penalty: float) -> Numbers:
    """Of the same sum as before, since only their proportions matter; a channel never counts against a technology."""
    slopes, _intercept = _fitted(decided, before, penalty)
    total = slopes.sum()
    return slopes * before.sum() / total if total > 0 else before


def _fitted(decided: Decided, before: Numbers, penalty: float | None) -> tuple[Numbers, float]:
    """Slopes and intercept; without a penalty the weights before, on the scale that suits the decisions best."""
    old_score = decided.components @ before
    scale, intercept = _newton(old_score[:, None], decided.suitable, np.zeros(1), np.array([1e-3]))
    anchor = before * max(float(scale[0]), 1e-3)
    if penalty is None:
        return anchor, intercept
    free = np.ones(len(before), dtype=bool)
    while True:
        slopes = np.zeros(len(before))
        some, intercept = _newton(
            decided.components[:, free], decided.suitable, anchor[free], np.full(int(free.sum()), penalty)
        )
        slopes[free] = some
        if not free.any() or slopes.min() >= 0:
            return slopes, intercept
        free &= slopes >= 0


def _newton(components: Numbers, suitable: Numbers, anchor: Numbers, penalties: Numbers) -> tuple[Numbers, float]:
    """Least  Σ log loss + Σ penalty (slope - anchor)² / 2  with a free intercept. Convex, so Newton's steps suffice."""
    design = np.column_stack([components, np.ones(len(components))])
    towards = np.append(anchor, 0.0)
    strength = np.append(penalties, 1e-6)
    found = towards.copy()
    for _step in range(_STEPS):
        probable = _probability(design @ found)
        gradient = design.T @ (probable - suitable) + strength * (found - towards)
        curvature = (design * (probable * (1 - probable))[:, None]).T @ design + np.diag(strength)
        step = np.linalg.solve(curvature, gradient)
        found = found - step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < _TOLERANCE:
            break
    return found[:-1], float(found[-1])


def _probability(logits: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -35, 35))))


def _folds(demands: NDArray[np.int64]) -> NDArray[np.int64]:
    """Demands in the order of their numbers, dealt out one by one: the same parts in every run."""
    places = {demand: place % FOLDS for place, demand in enumerate(np.unique(demands))}
    return np.array([places[demand] for demand in demands])


def _measured(decided: Decided, fit: Callable[[Decided], tuple[Numbers, float]]) -> Measured:
    """`fit` sees all folds but one and is judged on that one."""
    folds = _folds(decided.demands)
    logits = np.empty(len(decided))
    for fold in range(FOLDS):
        held = folds == fold
        slopes, intercept = fit(decided.part(~held))
        logits[held] = decided.components[held] @ slopes + intercept
    probable = np.clip(_probability(logits), 1e-12, 1 - 1e-12)
    losses = decided.suitable * np.log(probable) + (1 - decided.suitable) * np.log(1 - probable)
    return Measured(float(-losses.mean()), precision_of(decided, logits))


def precision_of(decided: Decided, scores: Numbers) -> dict[int, tuple[int, int]]:
    """For each of PLACES, over the first so many decided ones of each demand: how many were suitable, of how many."""
    found = dict.fromkeys(PLACES, (0, 0))
    for demand in np.unique(decided.demands):
        rows = np.flatnonzero(decided.demands == demand)
        ordered = rows[np.argsort(-scores[rows], kind="stable")]
        for place in PLACES:
            first = decided.suitable[ordered[:place]]
            suitable, count = found[place]
            found[place] = (suitable + int(first.sum()), count + len(first))
    return found


def thresholds(evidence: Sequence[float], suitable: Sequence[float]) -> dict[str, float]:
    """From which evidence each word begins: where measured precision, made monotone, reaches its share.

    A word for which too few decisions speak is left out, and where none is left, there is nothing to use.
    """
    order = np.argsort(np.asarray(evidence), kind="stable")
    values, kinds = np.asarray(evidence, dtype=float)[order], np.asarray(suitable, dtype=float)[order]
    smooth = _monotone(kinds)
    found = {}
    for word, share in WORDS:
        reached = np.flatnonzero(smooth >= share)
        if len(reached) >= _DECISIONS_BEHIND_A_WORD:
            found[word] = round(float(values[reached[0]]), 4)
    return found if len(found) == len(WORDS) else {}


def _monotone(kinds: Numbers) -> Numbers:
    """The nearest shares that never fall (pool adjacent violators)."""
    blocks: list[tuple[float, int]] = []
    for kind in kinds:
        total, count = float(kind), 1
        while blocks and blocks[-1][0] * count >= total * blocks[-1][1]:
            earlier = blocks.pop()
            total, count = total + earlier[0], count + earlier[1]
        blocks.append((total, count))
    return np.concatenate([np.full(count, total / count) for total, count in blocks]) if blocks else np.empty(0)
