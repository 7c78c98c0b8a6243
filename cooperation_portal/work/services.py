"""Asking for work, taking it, and ending it. Each step is one short transaction of its own."""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from cooperation_portal.work.faults import fault_point
from cooperation_portal.work.models import MAX_ATTEMPTS, Heartbeat, Queue, Work, WorkQuerySet, WorkState
from cooperation_portal.work.registry import Progress, kind_of

log = logging.getLogger(__name__)


class NotYet(Exception):
    """Raised by a handler when something it needs is not there yet: the work waits and loses no attempt.

    The text is shown to people as the cause of the waiting.
    """

    def __init__(self, text: str, *, seconds: int = 5) -> None:
        super().__init__(text)
        self.pause = timedelta(seconds=seconds)


class Refused(Exception):
    """Raised by a handler with a sentence for people: trying again cannot help before something is changed."""


@dataclass(frozen=True)
class Claim:
    """One attempt at a piece of work; worthless as soon as the row has another token or version."""

    work_id: int
    kind: str
    subject: str
    version: int
    token: uuid.UUID
    queue: str

    def row(self) -> Any:
        return Work.objects.filter(pk=self.work_id, token=self.token, version=self.version, state=WorkState.RUNNING)


# --- asking -----------------------------------------------------------------------------------------------------------


def enqueue(kind: str, subject: object, *, queue: Queue | None = None, by: Any = None) -> None:
    """Writes the row in the caller's transaction and rings after commit. Asking again makes a running attempt void."""
    enqueue_many(kind, [subject], queue=queue, by=by)


def enqueue_many(kind: str, subjects: list[Any], *, queue: Queue | None = None, by: Any = None) -> None:
    chosen = queue or kind_of(kind).queue
    now = timezone.now()
    names = sorted({str(subject) for subject in subjects})
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, len(names), 1000):
            cursor.execute(_UPSERT, [kind, chosen, now, now, by.pk if by else None, names[start : start + 1000]])
            rows = [row_id for (row_id,) in cursor.fetchall()]
            transaction.on_commit(partial(ring_many, rows, chosen))


_UPSERT = """
    INSERT INTO work_work (kind, subject, version, queue, state, attempt, due_at, rings, done, total, cause,
                           requested_at, requested_by_id)
    SELECT %s, name, 1, %s, 'waiting', 0, %s, 0, 0, 0, '', %s, %s FROM unnest(%s::text[]) AS name
    ON CONFLICT (kind, subject) DO UPDATE SET
        version = work_work.version + 1, queue = EXCLUDED.queue, state = 'waiting', attempt = 0, token = NULL,
        lease_until = NULL, due_at = EXCLUDED.due_at, rung_at = NULL, rings = 0, done = 0, total = 0, cause = '',
        requested_at = EXCLUDED.requested_at, requested_by_id = EXCLUDED.requested_by_id, finished_at = NULL
    RETURNING id
"""


def ring_many(work_ids: list[int], queue: str) -> None:
    """Rings for each row. A queue that cannot be reached is no reason to fail: the sweep rings again."""
    from cooperation_portal.celery import app

    try:
        _update_free(Work.objects.filter(pk__in=work_ids), rung_at=timezone.now(), rings=F("rings") + 1)
        with app.connection_for_write(connect_timeout=2) as queue_connection:
            for work_id in work_ids:
                app.send_task("work.run", args=[work_id], queue=str(queue), connection=queue_connection, retry=False)
    except Exception as error:
        log.warning("The queue did not answer (%s); %d rows wait for the sweep.", type(error).__name__, len(work_ids))


@transaction.atomic
def _update_free(rows: WorkQuerySet, **values: Any) -> int:
    """Leaves out rows that others are changing: who takes many rows in no particular order must not wait for any."""
    free = rows.select_for_update(skip_locked=True)
    return Work.objects.filter(pk__in=free.values("pk")).update(**values)


def retry(work: Work, *, by: Any) -> None:
    """Gives failed work five new attempts."""
    enqueue(work.kind, work.subject, queue=Queue(work.queue), by=by)


def retry_all(*, by: Any) -> int:
    """Every failed row; returns how many."""
    failed = list(Work.objects.failed())
    for work in failed:
        retry(work, by=by)
    return len(failed)


def supersede(kind: str, subjects: list[Any]) -> int:
    """Ends rows that wait or failed, because other work that was asked for in this transaction covers them. Rows ended.

    A row that someone else is changing is left alone: it is done once more than needed.
    """
    idle = Work.objects.filter(kind=kind, state__in=[WorkState.WAITING, WorkState.FAILED])
    named = idle.filter(subject__in=[str(subject) for subject in subjects])
    return _update_free(named, state=WorkState.DONE, finished_at=timezone.now(), cause="")


# --- taking and ending ------------------------------------------------------------------------------------------------


@transaction.atomic
def claim(work_id: int) -> Claim | None:
    """Takes the row if it is due and nobody has it. Commits at once, so that a killed attempt stays counted."""
    now = timezone.now()
    work = (
        Work.objects.select_for_update(skip_locked=True)
        .filter(pk=work_id, state=WorkState.WAITING, due_at__lte=now)
        .first()
    )
    if work is None:
        return None
    work.state, work.attempt, work.token = WorkState.RUNNING, work.attempt + 1, uuid.uuid4()
    work.lease_until = now + timedelta(seconds=settings.WORK_LEASE_SECONDS)
    work.save(update_fields=["state", "attempt", "token", "lease_until"])
    return Claim(work.pk, work.kind, work.subject, work.version, work.token, work.queue)


def perform(claimed: Claim) -> bool:
    """Runs a claimed attempt to its end. True when its result was stored, False when it was void or failed."""
    try:
        kind = kind_of(claimed.kind)
        result = kind.compute(claimed.subject, progress_of(claimed))
        return _store(claimed, kind.store, result)
    except NotYet as wait:
        _return(claimed, wait.pause, str(wait))
        return False
    except Refused as refusal:
        claimed.row().update(state=WorkState.FAILED, cause=str(refusal)[:300], finished_at=timezone.now())
        return False
    except Exception as error:
        cause, place = type(error).__name__, _place(error)
    # Not in the handler above: an error that follows this one would carry its text into the log.
    log.error("Work %s of kind %s failed: %s at %s", claimed.work_id, claimed.kind, cause, place)
    _fail(claimed, cause)
    return False


def _place(error: Exception) -> str:
    """The calls that led to the error, without its text and without source lines: both may hold a company's words."""
    frames = traceback.walk_tb(error.__traceback__)
    return " > ".join(f"{frame.f_globals.get('__name__')}.{frame.f_code.co_name}:{line}" for frame, line in frames)


def _store(claimed: Claim, store: Callable[[str, Any], None], result: Any) -> bool:
    """Ends the row last: edits, too, lock what they change first and the row of work last, so nobody waits in a circle.

    An edit that came before makes the claim void, and nothing is stored. An edit that comes now waits a moment, and
    then makes the row wait again.
    """
    if not claimed.row().exists():
        return False
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else foreign keys lock their rows after the row of work
        store(claimed.subject, result)
        ended = claimed.row().update(
            state=WorkState.DONE, finished_at=timezone.now(), done=F("total"), cause="", lease_until=None, token=None
        )
        if not ended:
            transaction.set_rollback(True)
            return False
        fault_point(f"{claimed.kind}.before_commit")
    fault_point(f"{claimed.kind}.after_commit")
    return True


def progress_of(claimed: Claim) -> Progress:
    """Notes how far an attempt is and renews its lease, at most twice a second, outside the work's transaction."""
    last = datetime.min.replace(tzinfo=timezone.get_current_timezone())

    def progress(done: int, total: int) -> None:
        nonlocal last
        now = timezone.now()
        if (now - last).total_seconds() < 0.5 and done < total:
            return
        last = now
        lease = now + timedelta(seconds=settings.WORK_LEASE_SECONDS)
        claimed.row().update(done=done, total=total, lease_until=lease)
        beat(claimed.queue)  # a worker that is busy for long is alive all the same
        fault_point(f"{claimed.kind}.progress")

    return progress


def _return(claimed: Claim, pause: timedelta, cause: str) -> None:
    claimed.row().update(
        state=WorkState.WAITING, attempt=F("attempt") - 1, token=None, lease_until=None, due_at=timezone.now() + pause,
        cause=cause[:300], rung_at=None,
    )  # fmt: skip


def _fail(claimed: Claim, cause: str) -> None:
    """Back to the queue with a growing pause, or to `failed` after the last attempt.

    The cause names the kind of error only: its text may hold a company's words.
    """
    now = timezone.now()
    spent = claimed.row().filter(attempt__gte=MAX_ATTEMPTS)
    if spent.update(state=WorkState.FAILED, cause=cause, finished_at=now, token=None, lease_until=None):
        return
    work = claimed.row().first()
    if work is not None:
        pause = timedelta(seconds=min(300, 2**work.attempt))
        claimed.row().update(
            state=WorkState.WAITING, token=None, lease_until=None, due_at=now + pause, cause=cause, rung_at=None
        )


# --- sweeping ---------------------------------------------------------------------------------------------------------


def sweep() -> int:
    """Returns expired leases and rings for due rows that nobody took, more rarely the more often it rang. Rows rung."""
    now = timezone.now()
    expired = Work.objects.filter(state=WorkState.RUNNING, lease_until__lt=now)
    ended: dict[str, Any] = {"token": None, "lease_until": None}
    spent = expired.filter(attempt__gte=MAX_ATTEMPTS)
    _update_free(spent, state=WorkState.FAILED, cause="WorkerLost", finished_at=now, **ended)
    left = expired.filter(attempt__lt=MAX_ATTEMPTS)
    _update_free(left, state=WorkState.WAITING, due_at=now, rung_at=None, **ended)
    rung = 0
    for queue in Queue.values:
        due = Work.objects.filter(state=WorkState.WAITING, due_at__lte=now, queue=queue)
        ids = list(due.filter(_silent_since(now)).order_by("due_at").values_list("pk", flat=True)[:500])
        if ids:
            ring_many(ids, queue)
        rung += len(ids)
    return rung


def _silent_since(now: datetime) -> Q:
    silent = Q(rung_at__isnull=True)
    for rings in range(1, 6):
        pause = timedelta(seconds=settings.WORK_SWEEP_SECONDS * 2 ** (rings - 1))
        silent |= Q(rings=rings, rung_at__lt=now - pause)
    return silent | Q(rings__gt=5, rung_at__lt=now - timedelta(seconds=settings.WORK_SWEEP_SECONDS * 32))


def beat(queue: str) -> None:
    Heartbeat.objects.update_or_create(queue=queue, defaults={"at": timezone.now()})


def run_waiting(limit: int = 10_000) -> int:
    """Works through everything that is due in this process, without a queue. For commands and tests. Rows performed."""
    performed = 0
    while performed < limit:
        due = Work.objects.filter(state=WorkState.WAITING, due_at__lte=timezone.now())
        ids = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:100])
        before = performed
        for work_id in ids:
            claimed = claim(work_id)
            if claimed is not None:
                perform(claimed)
                performed += 1
        if performed == before:
            return performed
    return performed
