from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from cooperation_portal.exchange.kinds import READ_IMPORT, STORE_IMPORT
from cooperation_portal.exchange.models import Import, ImportFile, ImportRow, ImportState
from cooperation_portal.exchange.sheets import RowState
from cooperation_portal.work.models import Work, WorkState

DOUBTFUL = "doubtful"  # chosen like a state: rows that are stored, and that a person should look at before


def listed(user: Any) -> QuerySet[Import]:
    """Newest first, each with its files."""
    files = Prefetch("files", ImportFile.objects.order_by("position", "pk"))
    return Import.objects.visible_to(user).select_related("uploaded_by").prefetch_related(files)


def detailed(user: Any) -> QuerySet[Import]:
    return Import.objects.visible_to(user).select_related("uploaded_by", "confirmed_by")


def waiting_imports(user: Any) -> int:
    """Read, and not yet confirmed by anybody."""
    return Import.objects.visible_to(user).filter(state=ImportState.READY).count()


def files_of(run: Import) -> list[ImportFile]:
    found = run.files.select_related("duplicate_of__run__uploaded_by").order_by("position", "pk")
    return list(found)


def visible_earlier(files: list[ImportFile], user: Any) -> set[int]:
    """Imports that brought the same files before, as far as the reader may know of them."""
    earlier = {file.duplicate_of.run_id for file in files if file.duplicate_of}
    return (
        set(Import.objects.visible_to(user).filter(pk__in=earlier).values_list("pk", flat=True)) if earlier else set()
    )


def rows_of(file: ImportFile, state: str) -> QuerySet[ImportRow]:
    """Of one state, or those that a person should look at."""
    rows = file.rows.exclude(doubts=[]) if state == DOUBTFUL else file.rows.filter(state=state)
    return rows.order_by("number")


def wrong_rows_of(file: ImportFile) -> QuerySet[ImportRow]:
    return rows_of(file, RowState.WRONG)


@dataclass(frozen=True)
class Going:
    """How far the work of an import is. `total` is 0 as long as nobody knows."""

    done: int = 0
    total: int = 0
    waits: bool = False  # a worker has not begun, or begins again after a fault

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def going(run: Import) -> Going:
    kind = STORE_IMPORT if run.state == ImportState.STORING else READ_IMPORT
    work = Work.objects.filter(kind=kind, subject=str(run.pk)).first()
    if work is None:
        return Going(waits=True)
    return Going(work.done, work.total, work.state == WorkState.WAITING)
