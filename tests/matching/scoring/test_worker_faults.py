"""A real worker is killed, and the servers below it, while work is half done. Afterwards every list is right."""

from __future__ import annotations

import time

import pytest
from django.db import connections

from cooperation_portal.celery import app
from cooperation_portal.work import services as work
from cooperation_portal.work.models import Work
from matching.demands.models import Demand
from matching.demands.queries import document_of
from matching.demands.services import change_demand
from matching.scoring import services
from matching.scoring.models import Match, Ranking, TextVector
from tests.matching.scoring.conftest import forget
from tests.matching.scoring.from_nothing import assert_all_is_right
from tests.people import make_company, make_demand, make_institution, make_technology, make_user
from tests.running import hurry, wait_until

pytestmark = pytest.mark.faults

OFFERS = [
    ("ru", "Азотирование стали", "Плазменное азотирование при 500 °C."),
    ("ru", "Литьё титана", "Центробежное литьё без газовых пор."),
    ("ja", "プラズマ窒化", "鋼の表面を500 ℃で窒化する。"),
    ("en", "Laser cladding", "A 2 kW laser restores worn dies."),
]
DEMANDS = [
    ("저온 질화 기술", "기어를 500 ℃ 이하에서 변형 없이 질화하는 기술."),
    ("레이저 육성", "마모된 금형을 레이저와 분말로 되살리는 기술."),
    ("티타늄 주조", "기공 없이 티타늄을 원심 주조하는 기술을 찾습니다."),
]


@pytest.fixture
def waiting(transactional_db, servers):
    """Demands that wait to be scored: the reference is there, so that a worker begins with them at once."""
    servers.flush_valkey()
    owner, company = make_institution(), make_company()
    for language, title, body in OFFERS:
        make_technology(title, body, language, korean=None, owner=owner)
    demands = [make_demand(company, title, problem) for title, problem in DEMANDS]
    services.request_reference("inbound")
    reference = work.claim(Work.objects.get(kind="renew_reference").pk)
    assert work.perform(reference) is True
    Work.objects.filter(kind="score_technology").update(state="done")
    return demands


@pytest.fixture
def done(waiting):
    """Waits until nothing is left to do and compares with scoring from nothing."""

    def check(seconds=60):
        wait_until(lambda: not Work.objects.unfinished().exists(), "all work is done", seconds)
        assert_all_is_right(make_user(role="officer"))
        assert Match.objects.count() == len(DEMANDS) * len(OFFERS)

    return check


def stop_at(point, tmp_path):
    return {"FAULT_POINT": point, "FAULT_MARKER": str(tmp_path / "reached")}


def wait_for_fault(tmp_path):
    wait_until((tmp_path / "reached").exists, "the fault point is reached")


def the_running_one():
    """The demand whose work is half done. Other ones may be finished: the worker has two processes."""
    running = Work.objects.filter(kind="score_demand", state="running")
    return wait_until(running.first, "a row is running")


@pytest.mark.parametrize("point", ["progress", "before_commit"])
def test_a_worker_killed_half_way_loses_and_doubles_nothing(waiting, done, worker, tmp_path, point):
    worker.start(**stop_at(f"score_demand.{point}", tmp_path))
    wait_for_fault(tmp_path)
    half = the_running_one()
    assert half.attempt == 1
    assert not Match.objects.filter(demand=half.subject).exists()
    assert not Ranking.objects.filter(demand=half.subject, demand_version__gt=0).exists()
    worker.kill()
    assert Work.objects.get(pk=half.pk).state == "running"
    worker.start()
    done()
    assert Work.objects.get(pk=half.pk).attempt == 2


def test_a_worker_killed_after_the_commit_does_nothing_twice(waiting, done, worker, tmp_path):
    worker.start(**stop_at("score_demand.after_commit", tmp_path))
    wait_for_fault(tmp_path)
    wait_until(lambda: Work.objects.filter(kind="score_demand", state="done").count() == 3, "the others are done")
    before = sorted(Match.objects.values_list("pk", flat=True))
    worker.kill()
    worker.start()
    for row in Work.objects.filter(kind="score_demand"):
        app.send_task("work.run", args=[row.pk], queue="interactive")
    wait_until(_queue_is_empty, "the messages are taken")
    time.sleep(1)
    done()
    assert sorted(Match.objects.values_list("pk", flat=True)) == before
    assert set(Work.objects.filter(kind="score_demand").values_list("attempt", flat=True)) == {1}


def test_an_old_list_stays_whole_until_the_new_one_is_there(waiting, done, worker, tmp_path):
    work.run_waiting()
    demand = waiting[0]
    before = sorted(demand.matches.values_list("pk", "score"))
    _rewrite(demand, "레이저 절단", "두께 20 mm 강판을 레이저로 자르는 기술.")
    worker.start(**stop_at("score_demand.before_commit", tmp_path))
    wait_for_fault(tmp_path)
    assert the_running_one().subject == str(demand.pk)
    assert sorted(demand.matches.values_list("pk", "score")) == before
    worker.kill()
    assert sorted(demand.matches.values_list("pk", "score")) == before
    worker.start()
    done()
    assert {match.demand_hash for match in demand.matches.all()} == {_document(demand).text_hash()}


def test_messages_that_are_lost_while_work_waits_are_sent_again(waiting, done, worker, servers):
    assert not _queue_is_empty()
    servers.flush_valkey()
    assert _queue_is_empty()
    worker.start()
    done()


def test_a_message_that_comes_twice_is_worth_one_run(waiting, done, worker):
    rows = list(Work.objects.filter(kind="score_demand").values_list("pk", flat=True))
    for _ in range(2):
        for row in rows:
            app.send_task("work.run", args=[row], queue="interactive")
    worker.start()
    wait_until(_queue_is_empty, "the messages are taken")
    done()
    assert set(Work.objects.filter(kind="score_demand").values_list("attempt", flat=True)) == {1}


def test_the_queue_may_die_and_come_back_under_the_worker(waiting, done, worker, servers):
    worker.start()
    done()
    servers.kill_valkey()
    _rewrite(waiting[0], "레이저 절단", "두께 20 mm 강판을 레이저로 자르는 기술.")
    time.sleep(1)
    servers.start_valkey()
    done()
    assert _first_hash(waiting[0]) == _document(waiting[0]).text_hash()


def test_the_database_may_die_in_the_middle(waiting, done, worker, servers, tmp_path):
    worker.start(**stop_at("score_demand.before_commit", tmp_path))
    wait_for_fault(tmp_path)
    half = the_running_one()
    servers.restart_postgres()
    connections.close_all()
    assert not Match.objects.filter(demand=half.subject).exists()
    done()
    assert Work.objects.get(pk=half.pk).attempt >= 2


def test_two_edits_while_it_is_scored_leave_the_list_of_the_last_text(waiting, done, worker, tmp_path):
    worker.start(**stop_at("score_demand.progress", tmp_path))
    wait_for_fault(tmp_path)
    demand = Demand.objects.get(pk=the_running_one().subject)
    _rewrite(demand, "레이저 절단", "두께 20 mm 강판을 레이저로 자르는 기술.")
    _rewrite(demand, "초음파 용접", "구리 전극을 초음파로 용접하는 기술을 찾습니다.")
    row = Work.objects.get(kind="score_demand", subject=str(demand.pk))
    assert (row.version, row.attempt) != (1, 1)
    done()
    assert "초음파" in _document(demand).title
    assert {match.demand_hash for match in demand.matches.all()} == {_document(demand).text_hash()}


def test_a_demand_that_always_fails_is_given_up_and_stops_no_other(waiting, worker):
    poisoned = waiting[1]
    stored = TextVector.objects.get(text_hash=_document(poisoned).text_hash())
    whole = stored.sentences
    stored.sentences = bytes(whole)[:-1]
    stored.save()
    worker.start()
    row = Work.objects.filter(kind="score_demand", subject=str(poisoned.pk))
    wait_until(lambda: _hurried(row).state == "failed", "it is given up")
    assert (row.get().attempt, row.get().cause) == (5, "ValueError")
    others = [demand for demand in waiting if demand != poisoned]
    wait_until(lambda: Match.objects.filter(demand__in=others).count() == 8, "the others are scored")
    assert not poisoned.matches.exists()
    # Once the cause is removed, another try succeeds.
    stored.sentences = whole
    stored.save()
    work.retry(row.get(), by=make_user(role="system_admin"))
    wait_until(lambda: not Work.objects.exclude(state="done").exists(), "the retry succeeds")
    assert_all_is_right(make_user(role="officer"))


def _hurried(row):
    hurry()
    return row.get()


def _rewrite(demand, title, problem):
    demand = Demand.objects.get(pk=demand.pk)
    change_demand(
        demand, by=None, edit_version=demand.edit_version, fields=[], metrics=[], title=title, problem=problem
    )


def _document(demand):
    return document_of(Demand.objects.with_details().get(pk=demand.pk))


def _first_hash(demand):
    return demand.matches.first().demand_hash


def _queue_is_empty():
    with app.connection_for_read() as connection:
        return connection.default_channel.client.llen("interactive") == 0


def test_the_right_list_needs_the_texts_themselves(waiting, scored):
    """The comparison of these tests prepares texts itself: wrong vectors in the database do not make it agree."""
    scored()
    officer = make_user(role="officer")
    assert_all_is_right(officer)
    for stored in TextVector.objects.all():
        stored.sentences = bytes(stored.sentences)[::-1]
        stored.save()
    forget()
    services.request_score(waiting[0])
    scored()
    with pytest.raises(AssertionError):
        assert_all_is_right(officer)
