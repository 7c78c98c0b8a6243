"""The steps of filing a demand, as the bar above the form shows them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from matching.demands.missing import missing_of
from matching.demands.models import Demand, Step


def filing_steps(current: Step, demand: Demand | None = None) -> list[dict[str, Any]]:
    """`go` is what the form's button sends to save and go there; a demand that does not exist yet leads nowhere."""
    lacking = {missing.step for missing in missing_of(demand)} if demand else set(Step)
    return [
        {
            "label": step.label,
            "state": _state(demand, step, current, lacking),
            "note": _("채울 것이 있습니다") if demand and _is_behind(step, current) and step in lacking else "",
            "go": step.value if demand else "",
            "url": reverse("demand_step", args=[demand.pk, step.value]) if demand else "",
        }
        for step in Step
        if step != Step.CONFIRM or demand is None or demand.is_draft
    ]


def _is_behind(step: Step, current: Step) -> bool:
    return list(Step).index(step) < list(Step).index(current)


def _state(demand: Demand | None, step: Step, current: Step, lacking: set[Step]) -> str:
    """What was filed is complete. Of a draft, the conditions need nothing: they are done once one is past them."""
    if step == current:
        return "current"
    if demand is None or step in lacking:
        return "open"
    is_done = not demand.is_draft or _is_behind(step, current) or step in (Step.WHAT, Step.PROBLEM)
    return "done" if is_done else "open"


def step_after(current: Step, demand: Demand) -> Step | None:
    """None after the last: a demand that was filed needs no confirming."""
    following = list(Step)[list(Step).index(current) + 1]
    return None if following == Step.CONFIRM and not demand.is_draft else following


def step_to_continue(demand: Demand) -> Step:
    """Where somebody who comes back to a draft goes on."""
    missing = missing_of(demand)
    return missing[0].step if missing else Step.CONFIRM
