"""Reading an import: from files to rows that a person can look at. Nothing of the portal's records is changed."""

from __future__ import annotations

import csv
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from cooperation_portal.exchange import child, headings, sentences
from cooperation_portal.exchange.checking import Checked, Checker
from cooperation_portal.exchange.limits import LARGEST_ROWS
from cooperation_portal.exchange.models import Import, ImportFile, ImportRow, ImportState
from cooperation_portal.exchange.permissions import usable_sheets
from cooperation_portal.exchange.reading.refusals import Refused
from cooperation_portal.exchange.sheets import Arriving, RowState, Sheet, sheet_of
from cooperation_portal.files.services import path_of
from cooperation_portal.work.registry import Progress

_COPY = """
    COPY exchange_importrow (file_id, number, state, key, fingerprint, "values", before, cells, problems, doubts)
    FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL (key, fingerprint))
"""


@dataclass
class FileOutcome:
    """What became of one file. `rows` are lines for COPY; None where the file cannot be read."""

    pk: int
    columns: list[Any] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    doubtful: int = 0
    rows: IO[str] | None = None


@dataclass
class _Opened:
    outcome: FileOutcome
    sheet: Sheet
    found: headings.Headings
    contents: child.Contents | None


# --- outside any transaction ------------------------------------------------------------------------------------------


def read_import(subject: str, progress: Progress) -> list[FileOutcome] | None:
    """None for an import that was cancelled."""
    run = _begun(subject)
    if run is None:
        return None
    with ExitStack() as stack, translation.override(run.uploaded_by.language):
        files = list(run.files.select_related("stored").order_by("position", "pk"))
        opened = [_opened(file, run.uploaded_by, stack, progress) for file in files]
        if not any(one.outcome.problems for one in opened):
            _check(opened, run.uploaded_by, progress)
        return [one.outcome for one in opened]


@transaction.atomic
def _begun(subject: str) -> Import | None:
    run = Import.objects.select_for_update(of=("self",)).select_related("uploaded_by").filter(pk=subject).first()
    if run is not None and run.state in (ImportState.WAITING, ImportState.FAILED):
        run.pass_to(ImportState.READING)
        run.save()
    return run if run is not None and run.state == ImportState.READING else None


def _opened(file: ImportFile, user: Any, stack: ExitStack, progress: Progress) -> _Opened:
    sheet, outcome = sheet_of(file.sheet), FileOutcome(file.pk)
    opened = _Opened(outcome, sheet, headings.Headings(), None)
    try:
        opened.contents = stack.enter_context(_contents(file, sheet, progress))
    except Refused as refused:
        outcome.problems = [sentences.refusal(refused.code, refused.details)]
        return opened
    first = list(islice(opened.contents.lines(), child.TITLE_LINES))
    others = [other for other in usable_sheets(user) if other is not sheet]
    opened.found = headings.find(first, sheet, others, is_text=opened.contents.about["format"] == "csv")
    outcome.columns = [list(column) for column in opened.found.columns]
    outcome.problems, outcome.notes = opened.found.problems, _told(opened.contents.about) + opened.found.notes
    if not outcome.problems:
        above = sum(line[0] <= opened.found.row for line in first)
        rows = opened.contents.rows - above
        if rows > LARGEST_ROWS:
            outcome.problems = [sentences.refusal("too_many_rows", {"limit": f"{LARGEST_ROWS:,}"})]
        if rows == 0:
            outcome.problems = [sentences.refusal("no_rows", {})]
    return opened


def _contents(file: ImportFile, sheet: Sheet, progress: Progress) -> Any:
    if file.stored is None:
        raise Refused("damaged")
    with translation.override("ko"):
        preferred = [str(sheet.label)]
    return child.read(path_of(file.stored), preferred=preferred, alive=lambda: progress(0, 0))


def _told(about: dict[str, Any]) -> list[dict[str, str]]:
    others = [name for name in about.get("others", ()) if name not in headings.TEMPLATE_SHEETS]
    if not others:
        return []
    return [sentences.note("other_worksheets", read=about["worksheet"], others=", ".join(others))]


def _check(opened: list[_Opened], user: Any, progress: Progress) -> None:
    """In the order of storing, so that a file may refer to what an earlier one brings."""
    arriving, done = Arriving(), 0
    total = sum(one.contents.rows for one in opened if one.contents)
    for one in opened:
        if one.contents is None:
            continue
        checker = Checker(one.sheet, one.found, arriving, user)
        rows = _spool()
        writer = csv.writer(rows)
        for batch in checker.checked(one.contents.lines()):
            for checked in batch:
                one.outcome.counts[checked.row.state] += 1
                one.outcome.doubtful += bool(checked.row.doubts)
                writer.writerow(_copied(one.outcome.pk, checked))
            done += len(batch)
            progress(done, total)
        one.outcome.rows = rows
        if not one.outcome.counts:
            one.outcome.problems = [sentences.refusal("no_rows", {})]
        arriving.keys[one.sheet.name] = checker.keys


def _spool() -> IO[str]:
    """Beside the uploaded files, not in memory: a hundred thousand rows are half a gigabyte as objects."""
    return tempfile.TemporaryFile("w+", encoding="utf-8", newline="", dir=Path(settings.FILES_DIR))


def _copied(file_pk: int, checked: Checked) -> Iterator[Any]:
    row = checked.row
    problems = [
        {"column": one.column, "code": one.code, "text": one.text, "shown": checked.shown.get(one.column, "")}
        for one in row.problems
    ]
    doubts = [{"column": one.column, "code": one.code, "text": one.text} for one in row.doubts]
    is_wrong = row.state == RowState.WRONG
    yield from (file_pk, row.number, str(row.state), row.key, checked.fingerprint)
    yield from map(_json, ({} if is_wrong else row.values, checked.before, checked.cells, problems, doubts))


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\\u0000", "\\ufffd")  # the one character that the database cannot keep


# --- in the transaction that ends the work ----------------------------------------------------------------------------


def store_reading(subject: str, outcomes: list[FileOutcome] | None) -> None:
    """Replaces the preview; an import that was cancelled meanwhile stays as it is."""
    if outcomes is None:
        return
    run = Import.objects.select_for_update().get(pk=subject)
    if run.state != ImportState.READING:
        return
    ImportRow.objects.filter(file__run=run).delete()
    refused = False
    for outcome in outcomes:
        counts = {f"{state}_count": outcome.counts[state] for state in RowState.values}
        counts["doubtful_count"] = outcome.doubtful
        texts = {"columns": outcome.columns, "notes": outcome.notes, "problems": outcome.problems}
        ImportFile.objects.filter(pk=outcome.pk).update(**counts, **texts)
        refused = refused or bool(outcome.problems)
        if outcome.rows is not None and not outcome.problems:
            outcome.rows.seek(0)
            with connection.cursor() as cursor:
                cursor.copy_expert(_COPY, outcome.rows)
    run.previews += 1
    # Why it was read anew, where stored data had moved, is told beside the new preview.
    run.pass_to(ImportState.REFUSED if refused else ImportState.READY, cause=run.cause)
    run.save()
