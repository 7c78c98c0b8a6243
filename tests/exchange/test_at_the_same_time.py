"""Several people, or one who clicks twice, at the same moment."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from cooperation_portal.exchange import services
from cooperation_portal.exchange.models import Import
from cooperation_portal.network.models import Institution
from cooperation_portal.work.models import Work
from cooperation_portal.work.services import claim, perform
from tests.exchange.sheets import InstitutionSheet
from tests.exchange.spreadsheets import line, table, xlsx
from tests.work.elsewhere import Elsewhere, elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


def confirm(run):
    return services.confirm(run, seen_preview=run.previews, only_right_rows=False, by=run.uploaded_by)


def store(run) -> bool:
    return perform(claim(Work.objects.get(kind="store_import", subject=str(run.pk)).pk))


@pytest.fixture
def held(monkeypatch):
    """Storing stops in the middle until it is let go."""
    inside, go = threading.Event(), threading.Event()
    real = InstitutionSheet.store

    def slow(self, rows, *, by):
        real(self, rows, by=by)
        inside.set()
        assert go.wait(60)

    monkeypatch.setattr(InstitutionSheet, "store", slow)
    return inside, go


def test_of_two_imports_of_one_thing_the_second_is_shown_anew(upload, held, work):
    inside, go = held
    first, second = upload(xlsx(table(line(1)))), upload(xlsx(table(line(1, 도시="카잔"))))
    for run in (first, second):
        confirm(run)
    one = Elsewhere(lambda: store(first))
    assert inside.wait(60)
    other = Elsewhere(lambda: store(second))
    other.wait_until_blocked()
    go.set()
    assert (one.answer(), other.answer()) == (True, True)
    for run in (first, second):
        run.refresh_from_db()
    assert (first.state, second.state) == ("done", "reading")
    assert Institution.objects.get().city_ko == "모스크바"
    work()
    second.refresh_from_db()
    assert (second.state, second.files.get().changed_count) == ("ready", 1)
    confirm(second)
    work()
    assert Institution.objects.get().city_ko == "카잔"


def test_whoever_edits_while_an_import_is_stored_waits_and_is_not_overwritten(upload, stored, held):
    """The records were locked when they were compared."""
    inside, go = held
    go.set()
    stored(upload(xlsx(table(line(1)))))
    run = upload(xlsx(table(line(1, 도시="카잔"))))
    confirm(run)
    go.clear()
    inside.clear()
    storing = Elsewhere(lambda: store(run))
    assert inside.wait(60)
    editing = Elsewhere(lambda: Institution.objects.update(city_ko="툴라"))
    editing.wait_until_blocked()
    go.set()
    assert storing.answer() is True
    editing.answer()
    assert Institution.objects.get().city_ko == "툴라"


def test_two_clicks_at_the_same_moment_are_one(upload, work):
    run, together = upload(xlsx(table(line(1)))), threading.Barrier(4)

    def click():
        together.wait(30)
        return confirm(Import.objects.get(pk=run.pk)).state

    clicks = [Elsewhere(click) for _time in range(4)]
    assert {one.answer() for one in clicks} == {"storing"}
    assert Work.objects.get(kind="store_import").version == 1
    work()
    assert Institution.objects.count() == 1


def test_a_long_storing_shows_progress_and_keeps_its_lease(upload, held, monkeypatch):
    from cooperation_portal.exchange import storing

    monkeypatch.setattr(storing, "_RENEW_SECONDS", 0.1)
    inside, go = held
    run = upload(xlsx(table(line(1), line(2))))
    confirm(run)
    running = Elsewhere(lambda: store(run))
    assert inside.wait(60)
    before = Work.objects.get(kind="store_import").lease_until
    from tests.running import wait_until

    later = wait_until(
        lambda: Work.objects.filter(kind="store_import", lease_until__gt=before, done=2, total=4).first(),
        "lease and progress are renewed",
    )
    assert later.state == "running"
    go.set()
    assert running.answer() is True


def test_an_import_cancelled_while_it_is_read_stays_cancelled(upload, content_admin, monkeypatch):
    from django.core.files.uploadedfile import SimpleUploadedFile

    run = services.start(uploads={"places": SimpleUploadedFile("a.xlsx", xlsx(table(line(1))))}, by=content_admin)
    real = InstitutionSheet.check

    def check(self, rows, arriving, user):
        elsewhere(lambda: services.cancel(run, by=content_admin))
        real(self, rows, arriving, user)

    monkeypatch.setattr(InstitutionSheet, "check", check)
    perform(claim(Work.objects.get(kind="read_import").pk))
    run.refresh_from_db()
    assert (run.state, run.files.get().rows.count()) == ("cancelled", 0)
    connection.close()
