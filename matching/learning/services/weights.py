"""Weights that a calibration found: proposed by the machine, taken into use by an administrator."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from cooperation_portal.shared.conflicts import EditedMeanwhile
from matching.learning.models import WeightSet, WeightState
from matching.learning.queries.inforce import version_in_force
from matching.learning.services.renewing import renew_lists
from matching.scoring.encoders import encoder


@transaction.atomic
def propose_weights(
    *,
    weights: dict[str, float],
    thresholds: dict[str, float],
    figures: dict[str, Any],
    decisions: int,
    demands: int,
    glossary: str,
) -> WeightSet:
    """`glossary`: the version behind most of the judged lists, which may be older than that in use."""
    return WeightSet.objects.create(
        weights=weights,
        thresholds=thresholds,
        figures=figures,
        decisions=decisions,
        demands=demands,
        engine_version=version_in_force(),
        encoder=encoder().key,
        glossary_version=glossary,
    )


@transaction.atomic
def activate_weights(chosen: WeightSet, *, reason: str, edit_version: int, by: Any) -> WeightSet:
    """Takes proposed weights into use, or goes back to some that were. Raises EditedMeanwhile."""
    # All are locked in one order: of two administrators who choose at once, the second is told.
    found = {row.pk: row for row in WeightSet.objects.select_for_update().order_by("pk")}
    locked = found[chosen.pk]
    if locked.edit_version != edit_version or locked.is_active:
        raise EditedMeanwhile(locked)
    for other in found.values():
        if other.is_active:
            _change(other, WeightState.RETIRED, reason, by)
    _change(locked, WeightState.ACTIVE, reason, by)
    renew_lists(by=by)
    return locked


@transaction.atomic
def return_to_shipped_weights(active: WeightSet, *, reason: str, edit_version: int, by: Any) -> WeightSet:
    """Back to the weights that come with the portal. Raises EditedMeanwhile."""
    locked = WeightSet.objects.select_for_update().get(pk=active.pk)
    if locked.edit_version != edit_version or not locked.is_active:
        raise EditedMeanwhile(locked)
    _change(locked, WeightState.RETIRED, reason, by)
    renew_lists(by=by)
    return locked


def _change(weights: WeightSet, state: WeightState, reason: str, by: Any) -> None:
    weights.state, weights.reason, weights.changed_by = state, reason, by
    weights.edit_version += 1
    weights.save()
