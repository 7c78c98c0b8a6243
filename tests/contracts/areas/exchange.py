from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.contracts.listings import Listing
from tests.contracts.rows import (
    FORM,
    IMPORTERS,
    OFFICERS_ONLY,
    POSTS,
    READS,
    REFUSED,
    REFUSES_INPUT,
    Making,
    Row,
)
from tests.contracts.world import CONTENT_ADMIN, OFFICER, TOKENS
from tests.people import make_import, make_user

if TYPE_CHECKING:
    from tests.contracts.world import World


def build(world: World) -> SimpleNamespace:
    """One of the officer, which the content administrator may look at; one of a kind that nobody works with any more."""
    from cooperation_portal.exchange.models import ImportRow

    officer, admin = world.people[OFFICER], world.people[CONTENT_ADMIN]
    own = make_import(officer)
    ImportRow.objects.filter(file__run=own, state="new").update(values={"name": f"㈜{TOKENS['company']}"})
    now = timezone.now()
    done = {"state": "done", "confirmed_by": admin, "confirmed_at": now, "finished_at": now}
    return SimpleNamespace(
        own=own,
        file=own.files.get(),
        failed=make_import(officer, state="failed", finished_at=now),
        of_admin=make_import(admin, **done),
        foreign=make_import(world.colleague, sheet="forgotten"),
    )


def _pk(name: str) -> Making:
    return lambda world: {"pk": getattr(world.areas["exchange"], name).pk}


def _file(name: str) -> Making:
    return lambda world: _pk(name)(world) | {"file_pk": getattr(world.areas["exchange"], name).files.get().pk}


def _upload(world: World) -> dict[str, Any]:
    return {"companies": SimpleUploadedFile("기업.csv", "기업명\n㈜새기업\n".encode())}


def _yes(preview: int = 1) -> Making:
    return lambda world: {"preview": preview, "rows": "right"}


# Who sees an import of somebody else may look and no more.
_LOOKS_ONLY = {(CONTENT_ADMIN, "POST"): REFUSED}

ROWS: tuple[Row, ...] = (
    Row("import_list", IMPORTERS, READS, personal_data=True),
    Row("new_import", IMPORTERS, FORM, data=_upload, writes=True),
    Row("new_import", IMPORTERS, READS | REFUSES_INPUT, case="without a file"),
    Row("import_template", IMPORTERS, READS, lambda w: {"name": "companies"}, export=True),
    Row("import_detail", IMPORTERS, READS, _pk("own"), foreign=_pk("foreign"), personal_data=True),
    Row("import_progress", IMPORTERS, READS, _pk("own"), foreign=_pk("foreign")),
    Row("import_errors", IMPORTERS, READS, _file("own"), foreign=_file("foreign"), personal_data=True, export=True),
    Row("confirm_import", IMPORTERS, POSTS, _pk("own"), foreign=_pk("foreign"), exceptions=_LOOKS_ONLY),
    Row("confirm_import", OFFICERS_ONLY, POSTS, _pk("own"), _yes(), case="right rows", writes=True),
    Row("confirm_import", OFFICERS_ONLY, REFUSES_INPUT, _pk("own"), _yes(0), case="old page"),
    Row("cancel_import", IMPORTERS, POSTS, _pk("own"), foreign=_pk("foreign"), exceptions=_LOOKS_ONLY),
    Row("cancel_import", OFFICERS_ONLY, POSTS, _pk("own"), case="own", writes=True),
    Row("retry_import", IMPORTERS, POSTS, _pk("own"), foreign=_pk("foreign"), exceptions=_LOOKS_ONLY),
    Row("retry_import", OFFICERS_ONLY, POSTS, _pk("failed"), case="failed", writes=True),
)


# --- lists ------------------------------------------------------------------------------------------------------------


def import_list(count: int) -> tuple[Any, str]:
    for number in range(count):
        make_import(make_user(f"사람 {number}", "officer"))
    return make_user(role="content_admin"), reverse("import_list")


def import_detail(count: int) -> tuple[Any, str]:
    admin = make_user(role="content_admin")
    return admin, reverse("import_detail", kwargs={"pk": make_import(admin, wrong=count).pk})


def import_errors(count: int) -> tuple[Any, str]:
    admin = make_user(role="content_admin")
    run = make_import(admin, wrong=count)
    return admin, reverse("import_errors", kwargs={"pk": run.pk, "file_pk": run.files.get().pk})


LISTINGS: tuple[Listing, ...] = (Listing(import_list, 7), Listing(import_detail, 9), Listing(import_errors, 7))
