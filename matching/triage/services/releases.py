"""What is recommended to the company."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from matching.catalogue.models import Disclosure
from matching.demands.models import Demand, DemandStatus
from matching.demands.services import move_demand
from matching.triage.models import Decision, Release, Verdict
from matching.triage.services.locking import Refusal, locked_open
from matching.triage.services.telling import tell_company


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
    locked = locked_open(demand)
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
    tell_company(locked, "release", event=f"release:{made.pk}", release=made, count=len(decisions))
    return made
