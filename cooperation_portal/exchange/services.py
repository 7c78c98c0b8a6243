"""What a person does with an import, and what time does with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation_portal.exchange.kinds import READ_IMPORT, STORE_IMPORT
from cooperation_portal.exchange.limits import SMALL_ROWS, SMALL_UPLOAD
from cooperation_portal.exchange.models import ENDED, TRANSITIONS, Import, ImportFile, ImportRow, ImportState
from cooperation_portal.exchange.sheets import sheet_of
from cooperation_portal.files import services as files
from cooperation_portal.work.models import Queue, Work
from cooperation_portal.work.services import enqueue


class Refusal(Exception):
    """What was asked for cannot be done; the text says why."""


class Stale(Refusal):
    """The preview that was confirmed is not the one that stands now."""


@transaction.atomic
def start(*, uploads: Mapping[str, UploadedFile], by: Any) -> Import:
    """Keeps the files, by name of their sheet, and asks for them to be read."""
    run = Import.objects.create(uploaded_by=by)
    for name, upload in uploads.items():
        stored = files.store(upload.chunks(), name=upload.name or "file", content_type=upload.content_type or "", by=by)
        ImportFile.objects.create(
            run=run,
            sheet=name,
            position=sheet_of(name).order,
            stored=stored,
            name=stored.original_name,
            size=stored.size,
            sha256=stored.sha256,
            duplicate_of=_stored_before(stored.sha256, name),
        )
    small = sum(upload.size or 0 for upload in uploads.values()) <= SMALL_UPLOAD
    enqueue(READ_IMPORT, run.pk, queue=Queue.INTERACTIVE if small else Queue.BATCH, by=by)
    return run


def _stored_before(sha256: str, sheet: str) -> ImportFile | None:
    same = ImportFile.objects.filter(sha256=sha256, sheet=sheet, run__state=ImportState.DONE)
    return same.order_by("-run__finished_at", "-pk").first()


def _locked(run: Import) -> Import:
    return Import.objects.select_for_update().get(pk=run.pk)


@transaction.atomic
def confirm(run: Import, *, seen_preview: int, only_right_rows: bool, by: Any) -> Import:
    """Asks for the import to be stored. Saying yes twice to the same preview is saying it once."""
    run = _locked(run)
    if run.previews == seen_preview and run.state in (ImportState.STORING, ImportState.DONE):
        return run
    if run.previews != seen_preview or run.state != ImportState.READY:
        raise Stale(_("그사이 미리보기가 바뀌었습니다. 지금 보이는 내용을 확인한 뒤 다시 저장해 주십시오."))
    found = list(run.files.all())
    if any(file.wrong_count for file in found) and not only_right_rows:
        raise Refusal(_("오류가 있는 행이 있습니다. 고쳐서 다시 올리거나 맞는 행만 저장해 주십시오."))
    rows = sum(file.new_count + file.changed_count for file in found)
    if not rows:
        raise Refusal(_("새로 등록하거나 바꿀 행이 없습니다."))
    _check_rights(found, by)
    run.pass_to(ImportState.STORING)
    run.only_right_rows = any(file.wrong_count for file in found)
    run.confirmed_by, run.confirmed_at = by, timezone.now()
    run.save()
    enqueue(STORE_IMPORT, run.pk, queue=Queue.INTERACTIVE if rows <= SMALL_ROWS else Queue.BATCH, by=by)
    return run


def _check_rights(found: list[ImportFile], by: Any) -> None:
    """Rights may have ended since the preview was made."""
    for file in found:
        sheet = sheet_of(file.sheet)
        if (file.new_count and not sheet.may_add(by)) or (file.changed_count and not sheet.may_change(by)):
            raise Refusal(_("‘%(sheet)s’ 자료를 저장할 권한이 없습니다.") % {"sheet": sheet.label})


@transaction.atomic
def cancel(run: Import, *, by: Any) -> Import:
    run = _locked(run)
    if ImportState.CANCELLED not in TRANSITIONS[run.state]:
        raise Refusal(_("이미 저장하고 있거나 끝난 가져오기는 취소할 수 없습니다."))
    run.pass_to(ImportState.CANCELLED)
    run.save()
    return run


@transaction.atomic
def retry(run: Import, *, by: Any) -> Import:
    """Takes up what was given up, where it stopped: nothing of it was stored. Asking twice is asking once."""
    run = _locked(run)
    if run.is_moving:
        return run
    if run.state != ImportState.FAILED or run.swept_at is not None:
        raise Refusal(_("다시 시도할 수 없는 가져오기입니다. 파일을 다시 올려 주십시오."))
    stores = run.confirmed_at is not None
    run.pass_to(ImportState.STORING if stores else ImportState.READING)
    run.save()
    enqueue(STORE_IMPORT if stores else READ_IMPORT, run.pk, queue=Queue.BATCH, by=by)
    return run


# --- time -------------------------------------------------------------------------------------------------------------


def note_failures() -> int:
    """Work that was given up leaves its import as failed, so that nobody waits in front of it. Imports noted."""
    noted = 0
    for kind, states in (
        (READ_IMPORT, (ImportState.WAITING, ImportState.READING)),
        (STORE_IMPORT, (ImportState.STORING,)),
    ):
        given_up = [
            int(subject) for subject in Work.objects.failed().filter(kind=kind).values_list("subject", flat=True)
        ]
        for run in Import.objects.filter(pk__in=given_up, state__in=states):
            noted += _fail(run, states)
    return noted


@transaction.atomic
def _fail(run: Import, states: tuple[str, ...]) -> bool:
    run = _locked(run)
    if run.state not in states:
        return False
    run.pass_to(
        ImportState.FAILED,
        cause=_(
            "처리하지 못했습니다. 저장된 것은 없습니다. 다시 시도해도 되지 않으면 시스템 관리자에게 알려 주십시오."
        ),
    )
    run.save()
    return True


def sweep() -> int:
    """Takes away rows and files of imports that ended long ago, and ends previews that nobody came back to. Imports."""
    before = timezone.now() - timedelta(days=settings.IMPORT_KEPT_DAYS)
    old = Q(state__in=ENDED, finished_at__lt=before) | Q(state=ImportState.READY, created_at__lt=before)
    swept = 0
    for run in Import.objects.filter(old, swept_at__isnull=True):
        swept += _swept(run)
    return swept


@transaction.atomic
def _swept(run: Import) -> bool:
    run = _locked(run)
    if run.state == ImportState.READY:
        run.pass_to(ImportState.CANCELLED, cause=_("기간이 지나 취소했습니다."))
    if run.state not in ENDED:
        return False
    ImportRow.objects.filter(file__run=run).delete()
    for file in run.files.select_related("stored"):
        if file.stored is not None:
            files.discard(file.stored)
    run.swept_at = timezone.now()
    run.save()
    return True
