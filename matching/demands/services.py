"""What changes a demand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.demands.models import DEMAND_TRANSITIONS, Demand, DemandMetric, DemandStatus
from matching.demands.queries import document_of
from matching.demands.signals import demand_changed


class TransitionRefused(Exception):
    """The demand is in a state from which this cannot follow; the text says so to people."""


class EditedMeanwhile(Exception):
    """Someone saved the demand since the form was opened; `current` is what stands now."""

    def __init__(self, current: Demand) -> None:
        super().__init__(_("그사이 다른 사람이 이 수요를 고쳤습니다."))
        self.current = current


@transaction.atomic
def add_demand(
    *,
    by: Any,
    fields: Iterable[Any] = (),
    metrics: Iterable[Mapping[str, Any]] = (),
    submit: bool = False,
    submission: UUID | None = None,
    **values: Any,
) -> Demand:
    """The same `submission`, as from a form that was sent twice, gives the demand of the first time."""
    if submission is None:
        demand = Demand.objects.create(created_by=by, **values)
    else:
        demand, created = Demand.objects.get_or_create(submission=submission, defaults={"created_by": by, **values})
        if not created:
            return demand
    _write_parts(demand, fields, metrics)
    if submit:
        move_demand(demand, to=DemandStatus.SUBMITTED, by=by)
    return _tell_if_content_changed(demand, by=by)


@transaction.atomic
def change_demand(
    demand: Demand,
    *,
    by: Any,
    edit_version: int,
    fields: Iterable[Any],
    metrics: Iterable[Mapping[str, Any]],
    **values: Any,
) -> Demand:
    """Raises EditedMeanwhile when `edit_version` is not the one that stands, TransitionRefused when it is closed."""
    locked = Demand.objects.select_for_update(of=("self",)).get(pk=demand.pk)
    if not locked.is_open and locked.status != DemandStatus.DRAFT:
        raise TransitionRefused(
            _("‘%(state)s’ 상태의 수요는 고칠 수 없습니다.") % {"state": locked.get_status_display()}
        )
    if locked.edit_version != edit_version:
        raise EditedMeanwhile(locked)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.edit_version += 1
    locked.save()
    _write_parts(locked, fields, metrics)
    return _tell_if_content_changed(locked, by=by)


def _write_parts(demand: Demand, fields: Iterable[Any], metrics: Iterable[Mapping[str, Any]]) -> None:
    demand.fields.set(fields)
    wanted = [dict(metric) for metric in metrics]
    present = list(demand.metrics.values("name", "qualifier", "value", "unit"))
    if wanted != present:  # else every save would write a history of nothing
        demand.metrics.all().delete()
        DemandMetric.objects.bulk_create(DemandMetric(demand=demand, **metric) for metric in wanted)


@transaction.atomic
def move_demand(demand: Demand, *, to: DemandStatus, by: Any) -> Demand:
    """Raises TransitionRefused for a step that the table does not have."""
    locked = Demand.objects.select_for_update(of=("self",)).get(pk=demand.pk)
    if to not in DEMAND_TRANSITIONS[locked.status]:
        raise TransitionRefused(
            _("%(number)s은(는) 지금 ‘%(state)s’ 상태여서 ‘%(to)s’(으)로 바꿀 수 없습니다.")
            % {"number": locked.number, "state": locked.get_status_display(), "to": to.label}
        )
    locked.status = to
    if to == DemandStatus.SUBMITTED and locked.submitted_at is None:
        locked.submitted_at = timezone.now()
    locked.save(update_fields=["status", "submitted_at", "changed_at"])
    demand.refresh_from_db()
    return _tell_if_content_changed(demand, by=by)


def content_hash(demand: Demand) -> str:
    """Over everything that the engine reads and whether the demand is scored at all."""
    document = document_of(demand)
    parts = (document.text_hash(), *document.fields, document.stage, demand.is_open, demand.direction)
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _tell_if_content_changed(demand: Demand, *, by: Any) -> Demand:
    fresh = Demand.objects.with_details().get(pk=demand.pk)
    new_hash = content_hash(fresh)
    if new_hash != demand.content_hash:
        Demand.objects.filter(pk=demand.pk).update(content_hash=new_hash, content_version=F("content_version") + 1)
        fresh.refresh_from_db()
        demand_changed.send(sender=Demand, demand=fresh, by=by)
    return fresh
