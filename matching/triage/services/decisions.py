"""Officers' judgements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.catalogue.models import Technology, TechnologyStatus
from matching.demands.models import Demand, DemandStatus
from matching.demands.services import move_demand
from matching.learning.services import record_judgement, take_back
from matching.scoring.models import HandPick, Match
from matching.scoring.services import request_score
from matching.triage.models import Decision
from matching.triage.permissions import check_undoes
from matching.triage.services.locking import Refusal, locked_demand, locked_open
from matching.triage.services.telling import tell_company


class DecidedMeanwhile(Refusal):
    """A colleague decided since the page was opened; `current` is what stands, None when it was taken back."""

    def __init__(self, current: Decision | None) -> None:
        self.current = current
        if current is None:
            text = _("그사이 이 판단이 되돌려졌습니다. 확인한 뒤 다시 판단해 주십시오.")
        else:
            text = _("%(name)s 님이 %(time)s에 ‘%(verdict)s’(으)로 판단했습니다. 확인한 뒤 다시 판단해 주십시오.") % {
                "name": current.decided_by,
                "time": timezone.localtime(current.decided_at).strftime("%Y-%m-%d %H:%M"),
                "verdict": current.get_verdict_display(),
            }
        super().__init__(text)


@dataclass
class Summary:
    """What a decision on several technologies changed, and what was refused with the reason."""

    decided: list[Decision] = field(default_factory=list)
    refused: list[tuple[Technology, str]] = field(default_factory=list)


def _current(demand: Demand, technology: Technology) -> Decision | None:
    return Decision.objects.select_related("decided_by", "release").filter(demand=demand, technology=technology).first()


@transaction.atomic
def decide(
    demand: Demand,
    technology: Technology,
    *,
    verdict: str,
    reason: str,
    words: str,
    seen_version: int,
    by: Any,
    shown: str = "",
) -> Decision:
    """`seen_version` is the version that the officer's page showed, 0 for none; `shown` its list. Raises Refusal."""
    locked = locked_open(demand)
    current = _current(demand, technology)
    if (current.version if current else 0) != seen_version:
        raise DecidedMeanwhile(current)
    if technology.direction != locked.direction or technology.status != TechnologyStatus.PUBLISHED:
        raise Refusal(_("이 수요의 후보가 될 수 없는 기술입니다. 등록된 기술인지, 협력 방향이 같은지 확인해 주십시오."))
    if current and current.release_id:
        raise Refusal(_("이미 기업에 추천한 판단입니다. ‘정정’을 이용해 주십시오."))
    decision = current or Decision(demand=demand, technology=technology)
    _fill(decision, verdict, reason, words, by, shown)
    if locked.status == DemandStatus.SUBMITTED:
        move_demand(locked, to=DemandStatus.IN_REVIEW, by=by)
    return decision


def _fill(decision: Decision, verdict: str, reason: str, words: str, by: Any, shown: str) -> None:
    match = Match.objects.filter(demand=decision.demand_id, technology=decision.technology_id).first()
    if match is not None:
        decision.score, decision.relevance = match.score, match.relevance
        decision.engine_version, decision.by_hand = match.engine_version, match.by_hand
    decision.verdict, decision.reason, decision.words = verdict, reason, words
    decision.decided_by, decision.decided_at = by, timezone.now()
    decision.version = decision.version + 1 if decision.pk else 1
    decision.save()
    record_judgement(decision.demand, decision.technology, verdict=verdict, by=by, shown=shown)


@transaction.atomic
def decide_many(
    demand: Demand,
    seen: Iterable[tuple[Technology, int]],
    *,
    verdict: str,
    reason: str,
    words: str,
    by: Any,
    shown: str = "",
) -> Summary:
    """One verdict for several technologies; each refusal leaves the others as they are."""
    summary = Summary()
    for technology, seen_version in seen:
        try:
            with transaction.atomic():
                decision = decide(
                    demand,
                    technology,
                    verdict=verdict,
                    reason=reason,
                    words=words,
                    seen_version=seen_version,
                    by=by,
                    shown=shown,
                )
            summary.decided.append(decision)
        except Refusal as refusal:
            summary.refused.append((technology, str(refusal)))
    return summary


@transaction.atomic
def undo(demand: Demand, technology: Technology, *, seen_version: int, by: Any) -> None:
    """Takes a decision back as if it had not been made; the history keeps that it was."""
    locked_open(demand)
    current = _current(demand, technology)
    if current is None or current.version != seen_version:
        raise DecidedMeanwhile(current)
    check_undoes(by, current)
    current.delete()
    take_back(demand, technology)


@transaction.atomic
def correct(
    demand: Demand,
    technology: Technology,
    *,
    verdict: str,
    reason: str,
    words: str,
    correction: str,
    seen_version: int,
    by: Any,
    shown: str = "",
) -> Decision:
    """Changes a decision that the company was told, with the reason, and tells the company again."""
    if locked_demand(demand).status == DemandStatus.WITHDRAWN:
        raise Refusal(_("철회된 수요의 판단은 정정할 수 없습니다."))
    current = _current(demand, technology)
    if current is None or current.version != seen_version:
        raise DecidedMeanwhile(current)
    if current.release_id is None:
        raise Refusal(_("아직 추천하지 않은 판단입니다. 그대로 다시 판단하시면 됩니다."))
    current.correction = correction
    _fill(current, verdict, reason, words, by, shown)
    tell_company(demand, "correction", event=f"correction:{current.pk}:{current.version}", decision=current)
    return current


@transaction.atomic
def pick_by_hand(demand: Demand, technology: Technology, *, by: Any) -> HandPick:
    """Adds a technology that the ranking missed; the worker scores it like the others."""
    locked_open(demand)
    pick, created = HandPick.objects.get_or_create(demand=demand, technology=technology, defaults={"picked_by": by})
    if created:
        request_score(demand, by=by)
    return pick
