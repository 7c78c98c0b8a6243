"""Snapshots of the catalogue: shared by processes, never half written, never of another version, always up to date."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time

import numpy as np
import pytest

from matching.catalogue.models import Technology
from matching.catalogue.services import change_technology, retire_technology
from matching.demands.models import Demand
from matching.scoring import engines, offer_pool, pools, services
from matching.scoring.models import Match
from matching.scoring.snapshots import Shelf
from tests.matching.scoring.conftest import forget
from tests.matching.scoring.from_nothing import assert_all_is_right
from tests.people import make_company, make_demand, make_institution, make_technology

pytestmark = pytest.mark.django_db


def silent(done, total):
    pass


@pytest.fixture
def portal(cheap, scored, monkeypatch):
    """Twelve technologies and two demands; more than three changes make a new snapshot."""
    monkeypatch.setattr(offer_pool, "SMALLEST_CHANGE", 3)
    monkeypatch.setattr(offer_pool, "_BLOCK", 5)
    monkeypatch.setattr(offer_pool, "_BLOCKS_IN_A_PART", 1)
    owner = make_institution()
    for number in range(12):
        make_technology(f"Азотирование {number}", f"Азотирование при {number}00 °C. Твёрдость растёт.", owner=owner)
    for number in range(2):
        make_demand(make_company(), title=f"질화 기술 {number}")
    scored()
    return owner


def shelf():
    return Shelf("inbound", engines.active_engine("inbound").engine)


def pool():
    return offer_pool.offer_pool(engines.active_engine("inbound"), "inbound", pools.pool_state("inbound"), silent)


def numbers(found):
    """Which technologies stand in each part."""
    return [sorted(part.contents.ids[part.standing].tolist()) for part in found.parts]


def test_a_first_snapshot_holds_the_whole_catalogue(portal, officer):
    number, index = shelf().newest()
    assert number == 1
    assert index.texts.columns["ids"].tolist() == list(Technology.objects.order_by("pk").values_list("pk", flat=True))
    assert isinstance(index.texts.whole, np.memmap)
    assert_all_is_right(officer)


def test_another_process_reads_it_and_prepares_nothing(portal, monkeypatch):
    forget()
    monkeypatch.setattr(offer_pool, "freshly_prepared", lambda *arguments: pytest.fail("prepared again"))
    found = pool()
    assert (len(found), len(found.parts)) == (12, 1)


def test_few_changes_stand_beside_it(portal, scored, officer):
    first, second = Technology.objects.order_by("pk")[:2]
    retire_technology(first, by=None)
    change_technology(second, by=None, texts={"ru": {"origin": "source", "title": "Литьё", "body": "Литьё титана."}})
    new = make_technology("Наплавка", "Наплавка лазером.", owner=portal)
    scored()
    others = list(Technology.objects.order_by("pk")[2:12].values_list("pk", flat=True))
    assert numbers(pool()) == [others, [second.pk, new.pk]]
    assert shelf().newest()[0] == 1
    assert_all_is_right(officer)


def test_many_changes_make_a_new_one_and_remove_the_old(portal, scored, officer):
    for technology in Technology.objects.order_by("pk")[:2]:
        retire_technology(technology, by=None)
    for number in range(4):
        make_technology(f"Наплавка {number}", f"Наплавка лазером, {number} kW.", owner=portal)
    for demand in Demand.objects.all():
        services.request_score(demand)
    scored()
    number, index = shelf().newest()
    assert (number, len(index)) == (2, 14)
    assert sorted(one.name for one in shelf().folder.iterdir()) == ["index-00000002", "lock"]
    assert_all_is_right(officer)


def test_scores_are_the_same_bits_whether_from_files_or_memory(portal, scored, monkeypatch):
    before = list(Match.objects.order_by("demand", "technology").values_list("demand", "technology", "score"))
    forget()
    monkeypatch.setattr(offer_pool, "SMALLEST_CHANGE", 1_000)
    for folder in shelf().folder.glob("index-*"):
        folder.rename(folder.with_name("unseen"))
    for demand in Demand.objects.all():
        services.request_score(demand)
    scored()
    assert pool().number == 0
    assert list(Match.objects.order_by("demand", "technology").values_list("demand", "technology", "score")) == before


def test_an_index_of_another_reference_is_never_read(portal, cheap, scored):
    old = shelf()
    make_technology("Наплавка", "Наплавка лазером.", owner=portal)
    services.request_reference("inbound")
    scored()
    new = shelf()
    assert new.folder != old.folder
    # Even if it lay in the right place.
    new.folder.mkdir(exist_ok=True)
    for folder in new.folder.glob("index-*"):
        folder.rename(folder.with_name("unseen"))
    (old.folder / "index-00000001").rename(new.folder / "index-00000009")
    assert new.newest() is None


def test_a_broken_index_is_made_anew(portal, officer, scored):
    folder = shelf().folder / "index-00000001"
    with (folder / "sentences.npy").open("r+b") as file:
        file.truncate(200)
    forget()
    for demand in Demand.objects.all():
        services.request_score(demand)
    scored()
    assert shelf().newest()[0] == 2
    assert_all_is_right(officer)


def test_a_restored_database_does_not_believe_a_younger_snapshot(portal, officer, scored):
    """The same number and version, but another text: marks tell them apart."""
    technology = Technology.objects.order_by("pk").first()
    technology.texts.filter(language="ru").update(title="Литьё", body="Литьё титана без пор.")
    Technology.objects.filter(pk=technology.pk).update(content_hash="0" * 64)
    forget()
    assert numbers(pool())[1] == [technology.pk]


def _hold(folder, made, go_on):
    import fcntl

    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / "new-left").mkdir()
        (folder / "new-left" / "head.json").write_text("{")
        made.set()
        go_on.wait(30)


def test_a_killed_builder_leaves_no_lock_and_nothing_that_is_read(portal, scored, officer):
    context = multiprocessing.get_context("fork")
    made, go_on = context.Event(), context.Event()
    builder = context.Process(target=_hold, args=(shelf().folder, made, go_on))
    builder.start()
    assert made.wait(30)
    assert shelf().newest()[0] == 1
    os.kill(builder.pid, signal.SIGKILL)
    builder.join()
    for number in range(4):
        make_technology(f"Наплавка {number}", f"Наплавка лазером, {number} kW.", owner=portal)
    for demand in Demand.objects.all():
        services.request_score(demand)
    scored()
    assert shelf().newest()[0] == 2
    assert not list(shelf().folder.glob("new-*"))
    assert_all_is_right(officer)


def test_who_waits_for_a_builder_shows_that_it_is_alive(portal):
    context = multiprocessing.get_context("fork")
    made, go_on = context.Event(), context.Event()
    builder = context.Process(target=_hold, args=(shelf().folder, made, go_on))
    builder.start()
    assert made.wait(30)
    shown = []

    def progress(done, total):
        shown.append(time.monotonic())
        go_on.set()

    with shelf().lock(progress):
        assert len(shown) >= 1
    builder.join()


def test_an_empty_catalogue_that_fills_again_is_scored_again(portal, scored, officer):
    """The lists know that they are empty for want of technologies; the reference is still there."""
    everything = list(Technology.objects.all())
    for technology in everything:
        retire_technology(technology, by=None)
    scored()
    assert not Match.objects.exists()
    change_technology(everything[0], by=None, status="published")
    scored()
    assert Match.objects.count() == 2
    assert_all_is_right(officer)
