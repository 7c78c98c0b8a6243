from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from cooperation_portal.work.models import Heartbeat, Queue, Work, WorkState

FRESH = timedelta(seconds=60)


def worker_is_alive() -> bool:
    """True when the worker of every queue has renewed its heartbeat within the last minute."""
    fresh = Heartbeat.objects.filter(at__gte=timezone.now() - FRESH).values_list("queue", flat=True)
    return set(fresh) >= set(Queue.values)


def pending(kinds: list[str]) -> int:
    return Work.objects.unfinished().filter(kind__in=kinds).count()


def failed_work() -> QuerySet[Work]:
    return Work.objects.failed().select_related("requested_by").order_by("-finished_at", "-pk")


def queue_summary() -> list[dict[str, Any]]:
    """For each queue: rows by state and the time since which the oldest due row waits."""
    counts = Work.objects.values("queue", "state").annotate(count=Count("pk"))
    oldest = dict(
        Work.objects.filter(state=WorkState.WAITING, due_at__lte=timezone.now())
        .values_list("queue")
        .annotate(oldest=Min("requested_at"))
    )
    beats = dict(Heartbeat.objects.values_list("queue", "at"))
    return [
        {
            "queue": Queue(queue),
            "counts": {row["state"]: row["count"] for row in counts if row["queue"] == queue},
            "oldest": oldest.get(queue),
            "heartbeat": beats.get(queue),
        }
        for queue in Queue.values
    ]
