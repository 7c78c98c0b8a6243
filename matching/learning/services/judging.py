from __future__ import annotations

from typing import Any

from django.db import transaction

from matching.catalogue.models import Technology
from matching.demands.models import Demand
from matching.learning.models import Judgement, ShownMatch
from matching.learning.services.lists import keep_list
from matching.scoring.models import HandPick
from matching.scoring.queries import shown_matches


@transaction.atomic
def record_judgement(demand: Demand, technology: Technology, *, verdict: str, by: Any, shown: str = "") -> Judgement:
    """Once for each judgement, behind the lock of its demand. `shown`: digest of the list on the officer's page."""
    kept = keep_list(demand, shown_matches(demand, by), shown=shown)
    line = ShownMatch.objects.filter(shown_list=kept, technology=technology).first() if kept else None
    Judgement.objects.standing().filter(demand=demand, technology=technology).update(stands=False)
    return Judgement.objects.create(
        demand=demand,
        technology=technology,
        verdict=verdict,
        decided_by=by,
        shown_list=kept,
        shown_match=line,
        place=line.place if line else None,
        score=line.score if line else None,
        evidence=line.evidence if line else None,
        relevance=line.relevance if line else "",
        engine_version=kept.engine_version if kept else "",
        encoder=kept.encoder if kept else "",
        by_hand=HandPick.objects.filter(demand=demand, technology=technology).exists(),
    )


@transaction.atomic
def take_back(demand: Demand, technology: Technology) -> None:
    """An officer undid the judgement that stands: it counts in no figure from here on."""
    standing = Judgement.objects.standing().filter(demand=demand, technology=technology)
    standing.update(stands=False, taken_back=True)
