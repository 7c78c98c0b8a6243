"""Many demands in few statements, as an import brings them. The rules are those of `services`, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from cooperation_portal.shared.updates import update_many
from cooperation_portal.taxonomy.models import TechnologyField
from matching.demands.models import Demand, DemandField, DemandMetric
from matching.demands.services import content_hash
from matching.demands.signals import demands_changed

BATCH = 1000


@dataclass(frozen=True)
class Arrival:
    """One demand on its way in: fields of the model; the parts where they are given."""

    values: Mapping[str, Any]
    fields: Sequence[TechnologyField] | None = None
    metrics: Sequence[Mapping[str, Any]] | None = None


@transaction.atomic
def add_demands(arrivals: Iterable[Arrival], *, by: Any) -> list[int]:
    """Tells of all that are open once. Primary keys in the order of the arrivals."""
    added: list[Demand] = []
    for batch in _batches(arrivals):
        demands = [Demand(created_by=by, edited_by=by, **arrival.values) for arrival in batch]
        metrics = [_metrics(demand, arrival) for demand, arrival in zip(demands, batch, strict=True)]
        for demand, arrival, mine in zip(demands, batch, metrics, strict=True):
            demand.content_hash = content_hash(demand, arrival.fields or (), mine)
            demand.content_version = 2  # as the single service leaves it: made, then found to have content
        Demand.objects.bulk_create(demands)
        pairs = zip(demands, batch, strict=True)
        DemandField.objects.bulk_create(
            [DemandField(demand=demand, field=one) for demand, arrival in pairs for one in arrival.fields or ()]
        )
        DemandMetric.objects.bulk_create([metric for mine in metrics for metric in mine])
        added += demands
    _tell([demand.pk for demand in added if demand.is_open], by=by)
    return [demand.pk for demand in added]


@transaction.atomic
def change_demands(changes: Mapping[int, Arrival], *, by: Any) -> None:
    """By primary key: only the fields and parts that an arrival names change."""
    to_tell: list[int] = []
    for keys in _batches(sorted(changes)):
        locked = list(Demand.objects.select_for_update(of=("self",)).with_details().filter(pk__in=keys))
        for demand in locked:
            if _take(demand, changes[demand.pk], by):
                to_tell.append(demand.pk)
        named = {name for demand in locked for name in changes[demand.pk].values}
        own = {"content_hash", "content_version", "edit_version", "edited_by", "changed_at"}
        update_many(locked, sorted(named | own))
        _replace_fields({demand.pk: changes[demand.pk] for demand in locked})
        _replace_metrics({demand: changes[demand.pk] for demand in locked})
    _tell(to_tell, by=by)


def _take(demand: Demand, arrival: Arrival, by: Any) -> bool:
    """Puts what arrives into the demand; whether something that the engine reads has changed."""
    for name, value in arrival.values.items():
        setattr(demand, name, value)
    demand.edit_version += 1
    demand.edited_by, demand.changed_at = by, timezone.now()
    fields = demand.fields.all() if arrival.fields is None else arrival.fields
    metrics = demand.metrics.all() if arrival.metrics is None else _metrics(demand, arrival)
    found = content_hash(demand, fields, metrics)
    if found == demand.content_hash:
        return False
    demand.content_hash, demand.content_version = found, demand.content_version + 1
    return True


def _metrics(demand: Demand, arrival: Arrival) -> list[DemandMetric]:
    return [DemandMetric(demand=demand, **metric) for metric in arrival.metrics or ()]


def _replace_fields(arrivals: Mapping[int, Arrival]) -> None:
    wanted = {(pk, one.pk) for pk, arrival in arrivals.items() for one in arrival.fields or ()}
    given = [pk for pk, arrival in arrivals.items() if arrival.fields is not None]
    present = {(row.demand_id, row.field_id): row.pk for row in DemandField.objects.filter(demand__in=given)}
    DemandField.objects.filter(pk__in=[pk for pair, pk in present.items() if pair not in wanted]).delete()
    new = sorted(wanted - set(present))
    DemandField.objects.bulk_create([DemandField(demand_id=demand, field_id=one) for demand, one in new])


def _replace_metrics(arrivals: Mapping[Demand, Arrival]) -> None:
    """Rows that say the same stay, else every import would write a history of nothing."""
    changed = {
        demand: _metrics(demand, arrival)
        for demand, arrival in arrivals.items()
        if arrival.metrics is not None and _said(demand.metrics.all()) != _said(_metrics(demand, arrival))
    }
    DemandMetric.objects.filter(demand__in=changed).delete()
    DemandMetric.objects.bulk_create([metric for metrics in changed.values() for metric in metrics])


def _said(metrics: Iterable[DemandMetric]) -> list[tuple[Any, ...]]:
    return [(metric.name, metric.qualifier, metric.figure, metric.unit) for metric in metrics]


def _tell(demands: list[int], *, by: Any) -> None:
    if demands:
        demands_changed.send(sender=Demand, demands=demands, by=by)


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch
