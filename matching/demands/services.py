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

from cooperation_portal.notices.services import notify
from cooperation_portal.shared.conflicts import EditedMeanwhile
from cooperation_portal.taxonomy.models import TechnologyField
from matching.demands.missing import Missing, missing_of
from matching.demands.models import DEMAND_TRANSITIONS, Demand, DemandMetric, DemandStatus
from matching.demands.queries import document_of
from matching.demands.signals import demand_changed


class TransitionRefused(Exception):
    """The demand is in a state from which this cannot follow; the text says so to people."""


class Incomplete(Exception):
    """The demand lacks something without which it is not filed; `missing` says what and where."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__(" ".join(str(one.text) for one in missing))
        self.missing = missing


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
        demand = Demand.objects.create(created_by=by, edited_by=by, **values)
    else:
        defaults = {"created_by": by, "edited_by": by, **values}
        demand, created = Demand.objects.get_or_create(submission=submission, defaults=defaults)
        if not created:
            return demand
    _write_parts(demand, fields, metrics)
    if submit:
        return move_demand(demand, to=DemandStatus.SUBMITTED, by=by)
    return _tell_if_content_changed(demand, by=by)


@transaction.atomic
def change_demand(
    demand: Demand,
    *,
    by: Any,
    edit_version: int,
    fields: Iterable[Any] | None = None,
    metrics: Iterable[Mapping[str, Any]] | None = None,
    **values: Any,
) -> Demand:
    """Leaves alone what is not given.

    Raises EditedMeanwhile when `edit_version` is not the one that stands, TransitionRefused when the demand has ended.
    """
    locked = _locked(demand)
    if not locked.may_be_edited:
        raise TransitionRefused(
            _("‘%(state)s’ 상태의 수요는 고칠 수 없습니다.") % {"state": locked.get_status_display()}
        )
    _check_seen(locked, edit_version)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.edit_version += 1
    locked.edited_by = by
    locked.save()
    _write_parts(locked, fields, metrics)
    return _tell_if_content_changed(locked, by=by)


def _locked(demand: Demand) -> Demand:
    return Demand.objects.select_for_update(of=("self",)).get(pk=demand.pk)


def _check_seen(locked: Demand, edit_version: int) -> None:
    if locked.edit_version != edit_version:
        raise EditedMeanwhile(locked, _("그사이 다른 사람이 이 수요를 고쳤습니다."))


def _write_parts(demand: Demand, fields: Iterable[Any] | None, metrics: Iterable[Mapping[str, Any]] | None) -> None:
    if fields is not None:
        demand.fields.set(fields)
    if metrics is None:
        return
    wanted = [dict(metric) for metric in metrics]
    present = list(demand.metrics.values("name", "qualifier", "value", "unit"))
    if wanted != present:  # else every save would write a history of nothing
        demand.metrics.all().delete()
        DemandMetric.objects.bulk_create(DemandMetric(demand=demand, **metric) for metric in wanted)


@transaction.atomic
def submit_demand(demand: Demand, *, by: Any, edit_version: int) -> Demand:
    """Files a company's draft and sends the person a receipt; what was filed already stays as it is.

    Raises Incomplete, EditedMeanwhile when `edit_version` is not the one that stands, TransitionRefused.
    """
    locked = _locked(demand)
    if locked.submitted_at is not None and locked.is_open:
        return locked
    if not locked.is_draft:
        raise TransitionRefused(_("버렸거나 끝난 수요는 접수할 수 없습니다."))
    _check_seen(locked, edit_version)
    missing = missing_of(locked)
    if missing:
        raise Incomplete(missing)
    filed = move_demand(locked, to=DemandStatus.SUBMITTED, by=by)
    notify([by], "receipt", {"demand": filed}, event=f"receipt:{filed.pk}")
    return filed


@transaction.atomic
def withdraw_demand(demand: Demand, *, by: Any, reason: str) -> Demand:
    """Takes back what was filed; judgements and answers stay. Raises TransitionRefused for what has ended."""
    locked = _locked(demand)
    if not locked.is_open:
        raise TransitionRefused(
            _("‘%(state)s’ 상태의 수요는 철회할 수 없습니다.") % {"state": locked.get_status_display()}
        )
    locked.withdrawal = reason
    locked.save(update_fields=["withdrawal", "changed_at"])
    return move_demand(locked, to=DemandStatus.WITHDRAWN, by=by)


@transaction.atomic
def discard_draft(demand: Demand, *, by: Any) -> Demand:
    """Raises TransitionRefused for what is no draft."""
    locked = _locked(demand)
    if not locked.is_draft:
        raise TransitionRefused(_("이미 접수한 수요는 버릴 수 없습니다. 철회해 주십시오."))
    return move_demand(locked, to=DemandStatus.WITHDRAWN, by=by)


@transaction.atomic
def move_demand(demand: Demand, *, to: DemandStatus, by: Any) -> Demand:
    """Raises TransitionRefused for a step that the table does not have."""
    locked = _locked(demand)
    if to not in DEMAND_TRANSITIONS[locked.status]:
        raise TransitionRefused(
            _("%(number)s번 수요는 지금 ‘%(state)s’ 상태여서 ‘%(to)s’ 상태가 될 수 없습니다.")
            % {"number": locked.number, "state": locked.get_status_display(), "to": to.label}
        )
    locked.status = to
    if to == DemandStatus.SUBMITTED and locked.submitted_at is None:
        locked.submitted_at = timezone.now()
    locked.save(update_fields=["status", "submitted_at", "changed_at"])
    demand.refresh_from_db()
    return _tell_if_content_changed(demand, by=by)


def content_hash(
    demand: Demand,
    fields: Iterable[TechnologyField] | None = None,
    metrics: Iterable[DemandMetric] | None = None,
) -> str:
    """Over everything that the engine reads and whether the demand is scored at all. Parts as for `document_of`."""
    document = document_of(demand, fields, metrics)
    parts = (document.text_hash(), *document.fields, document.stage, demand.is_open, demand.direction)
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _tell_if_content_changed(demand: Demand, *, by: Any) -> Demand:
    fresh = Demand.objects.with_details().get(pk=demand.pk)
    new_hash = content_hash(fresh)
    if new_hash != demand.content_hash:
        Demand.objects.filter(pk=demand.pk).update(content_hash=new_hash, content_version=F("content_version") + 1)
        fresh.refresh_from_db()
        if fresh.submitted_at is not None:  # a draft is nobody's business but the company's
            demand_changed.send(sender=Demand, demand=fresh, by=by)
    return fresh
