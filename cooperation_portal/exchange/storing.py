"""Storing a confirmed import: everything or nothing, and only what the preview showed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pghistory
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cooperation_portal.exchange.comparing import fingerprint, standing
from cooperation_portal.exchange.kinds import READ_IMPORT, STORE_IMPORT
from cooperation_portal.exchange.limits import BATCH
from cooperation_portal.exchange.models import Import, ImportFile, ImportRow, ImportState
from cooperation_portal.exchange.sheets import Arriving, Row, RowState, Sheet, sheet_of
from cooperation_portal.work import services as work
from cooperation_portal.work.faults import fault_point
from cooperation_portal.work.models import Work, WorkState
from cooperation_portal.work.registry import Progress

_ONE_AT_A_TIME = 4_170_413  # any number that no other advisory lock of the portal has
_RENEW_SECONDS = 2
_TO_STORE = (RowState.NEW, RowState.CHANGED)


class Moved(Exception):
    """Stored data is not what the preview was compared with."""

    def __init__(self, rows: int) -> None:
        super().__init__(rows)
        self.rows = rows


def prepare(subject: str, progress: Progress) -> None:
    """Nothing to compute. Renews the lease, so that a transaction has all of it."""
    progress(0, 1)


def store_import(subject: str, _nothing: None) -> None:
    """In the transaction that ends the work. Does nothing for an import that was stored already."""
    with connection.cursor() as cursor:  # a second import waits here, and then sees what the first has stored
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    run = Import.objects.select_for_update(of=("self",)).select_related("confirmed_by", "uploaded_by").get(pk=subject)
    if run.state == ImportState.FAILED and run.confirmed_at is not None:
        run.pass_to(ImportState.STORING)
    if run.state != ImportState.STORING:
        return
    files = list(run.files.order_by("position", "pk"))
    total = sum(file.new_count + file.changed_count + file.same_count for file in files)
    context = {"user": run.confirmed_by_id, "url": reverse("import_detail", kwargs={"pk": run.pk})}
    language = run.uploaded_by.language
    try:
        with (
            transaction.atomic(),
            pghistory.context(**context),
            translation.override(language),
            _kept_alive(subject, 2 * total) as went_on,
        ):
            _verify(files, run, went_on)
            _store(files, run, went_on)
    except Moved as moved:
        with translation.override(language):
            _read_again(run, moved)
    else:
        run.pass_to(ImportState.DONE)
    run.save()


def _rows_of(file: ImportFile) -> Iterator[list[ImportRow]]:
    """Right rows from top to bottom, in batches."""
    last = 0
    right = file.rows.exclude(state=RowState.WRONG).order_by("number")
    while batch := list(right.filter(number__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].number


def _as_row(kept: ImportRow) -> Row:
    return Row(kept.number, dict(kept.values), kept.key, kept.state)


def _verify(files: list[ImportFile], run: Import, went_on: Callable[[int], None]) -> None:
    """Before anything is written, since what one file brings may change how the records of the next compare."""
    arriving, moved = Arriving(), 0
    for file in files:
        sheet, keys = sheet_of(file.sheet), set()
        for batch in _rows_of(file):
            moved += _moved(batch, sheet, arriving, run.confirmed_by)
            for kept in batch:
                keys |= {kept.key, *sheet.called(kept.values)} - {""}
            went_on(len(batch))
        arriving.keys[sheet.name] = keys
    if moved:
        raise Moved(moved)


def _moved(batch: list[ImportRow], sheet: Sheet, arriving: Arriving, user: Any) -> int:
    keys = {kept.key for kept in batch if kept.key}
    sheet.lock(keys)
    present = standing(sheet, keys)
    moved = sum(fingerprint(present.get(kept.key), kept.values) != kept.fingerprint for kept in batch)
    rows = [_as_row(kept) for kept in batch if kept.state in _TO_STORE]
    sheet.check(rows, arriving, user)
    return moved or sum(bool(row.problems) for row in rows)


def _store(files: list[ImportFile], run: Import, went_on: Callable[[int], None]) -> None:
    for file in files:
        sheet = sheet_of(file.sheet)
        for batch in _rows_of(file):
            rows = [_as_row(kept) for kept in batch if kept.state in _TO_STORE]
            if rows:
                sheet.store(rows, by=run.confirmed_by)
            went_on(len(batch))
            fault_point("store_import.rows")


def _read_again(run: Import, moved: Moved) -> None:
    cause = _(
        "미리보기를 만든 뒤 포털의 자료가 바뀌었습니다(%(rows)s행). 아무것도 저장하지 않고 파일을 다시 읽었습니다."
        " 새 미리보기를 확인한 뒤 다시 저장해 주십시오."
    ) % {"rows": moved.rows}
    run.pass_to(ImportState.READING, cause=cause)
    run.confirmed_by = run.confirmed_at = None
    work.enqueue(READ_IMPORT, run.pk, by=run.uploaded_by)


@contextmanager
def _kept_alive(subject: str, total: int) -> Iterator[Callable[[int], None]]:
    """Shows progress and renews the lease while the one long transaction runs, over a connection of its own."""
    done, ended = 0, threading.Event()

    def went_on(rows: int) -> None:
        nonlocal done
        done += rows

    def renew() -> None:
        running = Work.objects.filter(kind=STORE_IMPORT, subject=subject, state=WorkState.RUNNING)
        try:
            while not ended.wait(_RENEW_SECONDS):
                lease = timezone.now() + timedelta(seconds=settings.WORK_LEASE_SECONDS)
                with suppress(Exception):  # the next turn tries again; the lease lasts for many
                    running.update(done=done, total=total, lease_until=lease)
                    for queue in running.values_list("queue", flat=True):
                        work.beat(queue)
        finally:
            connection.close()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield went_on
    finally:
        ended.set()
        thread.join()
