"""Officers' decisions, hand-overs and recommendations. Each call is one transaction that locks the demand first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation_portal.accounts.models import User
from cooperation_portal.notices.services import notify
from matching.catalogue.models import Disclosure, Technology, TechnologyStatus
from matching.demands.models import Demand, DemandStatus
from matching.demands.services import move_demand
from matching.scoring.models import HandPick, Match
from matching.scoring.services import request_score
from matching.triage.models import Assignment, Decision, Release, Verdict
from matching.triage.permissions import check_undoes


class Refusal(Exception):
    """What was asked does not fit the state of things; the text tells a person what to do."""


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


def _locked(demand: Demand) -> Demand:
    """Decisions on one demand come one after another; those on different demands do not wait for each other."""
    return Demand.objects.select_for_update(of=("self",)).get(pk=demand.pk)


def _locked_open(demand: Demand) -> Demand:
    """Raises Refusal for a demand that nobody works on any more."""
    locked = _locked(demand)
    if not locked.is_open:
        raise Refusal(
            _("‘%(state)s’ 상태의 수요는 더 이상 처리할 수 없습니다.") % {"state": locked.get_status_display()}
        )
    return locked


def _current(demand: Demand, technology: Technology) -> Decision | None:
    return Decision.objects.select_related("decided_by", "release").filter(demand=demand, technology=technology).first()


@transaction.atomic
def decide(
    demand: Demand, technology: Technology, *, verdict: str, reason: str, words: str, seen_version: int, by: Any
) -> Decision:
    """`seen_version` is the version that the officer's page showed, 0 for none. Raises Refusal."""
    locked = _locked_open(demand)
    current = _current(demand, technology)
    if (current.version if current else 0) != seen_version:
        raise DecidedMeanwhile(current)
    if technology.direction != locked.direction or technology.status != TechnologyStatus.PUBLISHED:
        raise Refusal(_("이 수요의 후보가 될 수 없는 기술입니다. 등록된 기술인지, 협력 방향이 같은지 확인해 주십시오."))
    if current and current.release_id:
        raise Refusal(_("이미 기업에 추천한 판단입니다. ‘정정’을 이용해 주십시오."))
    decision = current or Decision(demand=demand, technology=technology)
    _fill(decision, verdict, reason, words, by)
    if locked.status == DemandStatus.SUBMITTED:
        move_demand(locked, to=DemandStatus.IN_REVIEW, by=by)
    return decision


def _fill(decision: Decision, verdict: str, reason: str, words: str, by: Any) -> None:
    match = Match.objects.filter(demand=decision.demand_id, technology=decision.technology_id).first()
    if match is not None:
        decision.score, decision.relevance = match.score, match.relevance
        decision.engine_version, decision.by_hand = match.engine_version, match.by_hand
    decision.verdict, decision.reason, decision.words = verdict, reason, words
    decision.decided_by, decision.decided_at = by, timezone.now()
    decision.version = decision.version + 1 if decision.pk else 1
    decision.save()


@transaction.atomic
def decide_many(
    demand: Demand, seen: Iterable[tuple[Technology, int]], *, verdict: str, reason: str, words: str, by: Any
) -> Summary:
    """One verdict for several technologies; each refusal leaves the others as they are."""
    summary = Summary()
    for technology, seen_version in seen:
        try:
            with transaction.atomic():
                decision = decide(
                    demand, technology, verdict=verdict, reason=reason, words=words, seen_version=seen_version, by=by
                )
            summary.decided.append(decision)
        except Refusal as refusal:
            summary.refused.append((technology, str(refusal)))
    return summary


@transaction.atomic
def undo(demand: Demand, technology: Technology, *, seen_version: int, by: Any) -> None:
    """Takes a decision back as if it had not been made; the history keeps that it was."""
    _locked_open(demand)
    current = _current(demand, technology)
    if current is None or current.version != seen_version:
        raise DecidedMeanwhile(current)
    check_undoes(by, current)
    current.delete()


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
) -> Decision:
    """Changes a decision that the company was told, with the reason, and tells the company again."""
    if _locked(demand).status == DemandStatus.WITHDRAWN:
        raise Refusal(_("철회된 수요의 판단은 정정할 수 없습니다."))
    current = _current(demand, technology)
    if current is None or current.version != seen_version:
        raise DecidedMeanwhile(current)
    if current.release_id is None:
        raise Refusal(_("아직 추천하지 않은 판단입니다. 그대로 다시 판단하시면 됩니다."))
    current.correction = correction
    _fill(current, verdict, reason, words, by)
    _tell_company(demand, "correction", event=f"correction:{current.pk}:{current.version}", decision=current)
    return current


@transaction.atomic
def assign(demand: Demand, *, officer: User | None, by: Any) -> Assignment | None:
    """Hands the demand over; None takes it from whoever has it. Asking for what is already so changes nothing."""
    _locked_open(demand)
    current = demand.assignments.filter(ended_at__isnull=True).first()
    if current and officer and current.officer_id == officer.pk:
        return current
    if current:
        current.ended_at = timezone.now()
        current.save(update_fields=["ended_at"])
    if officer is None:
        return None
    assignment = Assignment.objects.create(demand=demand, officer=officer, assigned_by=by)
    if officer.pk != by.pk:
        event = f"assignment:{assignment.pk}"
        notify([officer], "assigned", {"demand": demand, "by": by}, event=event)
    return assignment


def waiting_for_release(demand: Demand) -> list[Decision]:
    suitable = demand.decisions.filter(verdict=Verdict.SUITABLE, release__isnull=True)
    return list(
        suitable.select_related("technology__owner", "technology__country", "technology__owner_company", "decided_by")
        .prefetch_related("technology__texts")
        .order_by("-score", "pk")
    )


@transaction.atomic
def release(demand: Demand, *, message: str, seen: dict[int, int], by: Any) -> Release:
    """Recommends every suitable technology to the company. `seen` maps decision ids to the versions on the page."""
    locked = _locked_open(demand)
    decisions = waiting_for_release(locked)
    if {decision.pk: decision.version for decision in decisions} != seen:
        raise Refusal(_("그사이 추천할 기술이 바뀌었습니다. 목록을 다시 확인해 주십시오."))
    if not decisions:
        raise Refusal(_("추천할 ‘적합’ 판단이 없습니다."))
    internal = [d.technology.number for d in decisions if d.technology.disclosure == Disclosure.STAFF]
    if internal:
        raise Refusal(
            _("내부용 기술은 기업에 추천할 수 없습니다: %(numbers)s. 공개 범위를 바꾸거나 판단을 고쳐 주십시오.")
            % {"numbers": ", ".join(internal)}
        )
    made = Release.objects.create(demand=locked, released_by=by, message=message)
    for decision in decisions:
        decision.release = made
        decision.version += 1
        decision.save(update_fields=["release", "version"])
    if locked.status != DemandStatus.RECOMMENDED:
        if locked.status == DemandStatus.SUBMITTED:
            move_demand(locked, to=DemandStatus.IN_REVIEW, by=by)
        move_demand(locked, to=DemandStatus.RECOMMENDED, by=by)
    _tell_company(locked, "release", event=f"release:{made.pk}", release=made, count=len(decisions))
    return made


def _tell_company(demand: Demand, template: str, *, event: str, **context: Any) -> None:
    if demand.company_id is None:
        return
    members = User.objects.get_queryset().filter(
        is_active=True, memberships__company=demand.company_id, memberships__ended_at__isnull=True
    )
    notify(members, template, {"demand": demand, **context}, event=event)


@transaction.atomic
def pick_by_hand(demand: Demand, technology: Technology, *, by: Any) -> HandPick:
    """Adds a technology that the ranking missed; the worker scores it like the others."""
    _locked_open(demand)
    pick, created = HandPick.objects.get_or_create(demand=demand, technology=technology, defaults={"picked_by": by})
    if created:
        request_score(demand, by=by)
    return pick
