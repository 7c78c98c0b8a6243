from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cooperation_portal.exchange import services, sheets
from cooperation_portal.exchange.models import Import, ImportFile, ImportRow
from cooperation_portal.work.models import Work
from cooperation_portal.work.services import run_waiting
from tests.exchange.sheets import InstitutionSheet, NameSheet


@pytest.fixture(autouse=True)
def _only_sheets_of_the_tests(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the portal's own parts have registered has tests of its own; a module that wants those says so."""
    if getattr(request.module, "REAL_SHEETS", False):
        return
    monkeypatch.setattr(sheets, "_SHEETS", {})
    sheets.register(NameSheet())
    sheets.register(InstitutionSheet())


@pytest.fixture
def work() -> Callable[[], None]:
    """Does what waits, of imports only; storing may ask for reading."""

    def do() -> None:
        Work.objects.exclude(kind__in=["read_import", "store_import"]).update(state="done")
        run_waiting()

    return do


@pytest.fixture
def upload(content_admin: Any, work: Callable[[], None]) -> Callable[..., Import]:
    """Uploads a file of institutions, or files by name of their sheet, and reads them."""

    def do(content: bytes | dict[str, bytes], name: str = "기관.xlsx", by: Any = None) -> Import:
        contents = content if isinstance(content, dict) else {"places": content}
        uploads = {sheet: SimpleUploadedFile(name, one) for sheet, one in contents.items()}
        run = services.start(uploads=uploads, by=by or content_admin)
        work()
        run.refresh_from_db()
        return run

    return do


@pytest.fixture
def stored(work: Callable[[], None]) -> Callable[..., Import]:
    """Says yes to a preview and stores it."""

    def do(run: Import, only_right_rows: bool = False) -> Import:
        services.confirm(run, seen_preview=run.previews, only_right_rows=only_right_rows, by=run.uploaded_by)
        work()
        run.refresh_from_db()
        return run

    return do


def file_of(run: Import, sheet: str = "places") -> ImportFile:
    return run.files.get(sheet=sheet)


def counts(run: Import, sheet: str = "places") -> tuple[int, int, int, int]:
    """New, changed, same, wrong."""
    file = file_of(run, sheet)
    return file.new_count, file.changed_count, file.same_count, file.wrong_count


def problems(run: Import, sheet: str = "places") -> set[tuple[int, str, str]]:
    """(row, column, code) of everything that is wrong."""
    rows = ImportRow.objects.filter(file=file_of(run, sheet))
    return {(row.number, one["column"], one["code"]) for row in rows for one in row.problems}


def refusals(run: Import, sheet: str = "places") -> list[str]:
    return [problem["code"] for problem in file_of(run, sheet).problems]
