"""The ledger without Celery: what is asked for once, done once, counted, and given up."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cooperation_portal.work import queries, services, tasks
from cooperation_portal.work.models import MAX_ATTEMPTS, Heartbeat, Queue, Work, WorkState
from cooperation_portal.work.services import NotYet, Refused, claim, enqueue, enqueue_many, perform, run_waiting, sweep
from tests.people import make_user
from tests.running import hurry
from tests.work.elsewhere import Elsewhere, elsewhere

SECRET = "합금 배합비 7:2:1"


@pytest.fixture
def rung(monkeypatch):
    """Rows that were rung for, instead of a message in a queue."""
    heard = []

    def note(work_ids, queue):
        Work.objects.filter(pk__in=work_ids).update(rung_at=timezone.now(), rings=services.F("rings") + 1)
        heard.extend(work_ids)

    monkeypatch.setattr(services, "ring_many", note)
    return heard


def raising(error):
    def compute(subject, progress):
        raise error

    return compute


# --- asking -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_asking_again_raises_the_version_of_the_one_row(errand, row):
    errand()
    enqueue("errand", 1)
    enqueue("errand", 1)
    enqueue("errand", 2)
    assert Work.objects.filter(kind="errand").count() == 2
    assert (row(1).version, row(2).version) == (2, 1)


@pytest.mark.django_db
def test_many_subjects_are_asked_for_at_once_and_each_once(errand, django_assert_num_queries):
    errand(queue=Queue.BATCH)
    with django_assert_num_queries(3):  # savepoint, rows, release
        enqueue_many("errand", [3, 1, 3, 2])
    assert list(Work.objects.order_by("subject").values_list("subject", "version", "queue")) == [
        ("1", 1, "batch"),
        ("2", 1, "batch"),
        ("3", 1, "batch"),
    ]


@pytest.mark.django_db
def test_asking_again_wipes_what_the_row_knew_of_its_last_run(errand, row):
    errand(raising(Refused("nein")))
    enqueue("errand", 1)
    run_waiting()
    assert row().state == WorkState.FAILED
    person = make_user()
    enqueue("errand", 1, queue=Queue.BATCH, by=person)
    fresh = row()
    assert (fresh.state, fresh.attempt, fresh.rings, fresh.cause, fresh.done) == ("waiting", 0, 0, "", 0)
    assert (fresh.queue, fresh.requested_by, fresh.finished_at, fresh.token) == ("batch", person, None, None)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_leaves_no_work_and_rings_for_none(errand, rung):
    errand()
    with transaction.atomic():
        enqueue("errand", 1)
        assert Work.objects.count() == 1
        assert rung == []
        transaction.set_rollback(True)
    assert Work.objects.count() == 0
    assert rung == []


@pytest.mark.django_db(transaction=True)
def test_work_is_rung_for_after_the_commit_and_not_before(errand, rung, row):
    errand()
    with transaction.atomic():
        enqueue("errand", 1)
        assert rung == []
    assert rung == [row().pk]


@pytest.mark.django_db
def test_a_kind_that_nobody_knows_cannot_be_asked_for():
    with pytest.raises(KeyError):
        enqueue("unheard of", 1)


# --- taking -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_a_row_one_gets_it(errand, row):
    errand()
    enqueue("errand", 1)
    work_id, together = row().pk, threading.Barrier(6)

    def take():
        together.wait(30)
        return claim(work_id)

    takers = [Elsewhere(take) for _ in range(6)]
    claims = [one for one in (taker.answer() for taker in takers) if one is not None]
    assert len(claims) == 1
    assert (row().state, row().attempt, row().token) == ("running", 1, claims[0].token)


@pytest.mark.django_db
def test_a_message_that_comes_twice_is_worth_one_run(errand, row, stored):
    errand()
    enqueue("errand", 1)
    tasks.run(row().pk)
    tasks.run(row().pk)
    assert stored == [("1", "result of 1")]
    assert (row().state, row().attempt) == ("done", 1)


@pytest.mark.django_db
def test_a_message_for_a_row_that_is_gone_does_nothing(errand, stored):
    errand()
    tasks.run(987654)
    assert stored == []


@pytest.mark.django_db
def test_work_that_is_not_due_is_not_taken(errand, row):
    errand()
    enqueue("errand", 1)
    Work.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    assert claim(row().pk) is None


@pytest.mark.django_db(transaction=True)
def test_an_attempt_stays_counted_when_its_holder_dies(errand, row):
    errand()
    enqueue("errand", 1)
    work_id = row().pk
    assert elsewhere(lambda: claim(work_id)) is not None  # and its session is gone
    assert (row().state, row().attempt) == ("running", 1)


@pytest.mark.django_db
def test_the_oldest_work_comes_first_and_a_kind_nobody_knows_stops_no_other(errand, row, stored):
    errand()
    errand(name="forgotten")
    enqueue("forgotten", 1)
    enqueue("errand", 1)
    from cooperation_portal.work import registry

    registry._KINDS.pop("forgotten")
    assert run_waiting() == 2
    assert stored == [("1", "result of 1")]
    assert (row(1, "forgotten").state, row(1, "forgotten").cause) == ("waiting", "KeyError")


# --- void attempts ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_edit_while_it_runs_makes_the_result_worthless(errand, row, stored):
    words = ["old"]

    def compute(subject, progress):
        read = words[-1]
        if read == "old":
            words.append("new")
            enqueue("errand", subject)
        return read

    errand(compute)
    enqueue("errand", 1)
    assert perform(claim(row().pk)) is False
    assert stored == []
    assert (row().state, row().version, row().attempt) == ("waiting", 2, 0)
    assert perform(claim(row().pk)) is True
    assert stored == [("1", "new")]


@pytest.mark.django_db
def test_an_edit_while_it_is_stored_undoes_the_storing(errand, row):
    def store(subject, result):
        Heartbeat.objects.create(queue=Queue.BATCH, at=timezone.now())
        enqueue("errand", subject)

    errand(store=store)
    enqueue("errand", 1)
    version = row().version
    assert perform(claim(row().pk)) is False
    assert not Heartbeat.objects.exists()
    # The edit was made inside the storing transaction, so it went with it: the row still belongs to the attempt.
    assert (row().state, row().version) == ("running", version)


@pytest.mark.django_db(transaction=True)
def test_an_edit_that_commits_during_the_storing_undoes_it(errand, row):
    def store(subject, result):
        Heartbeat.objects.create(queue=Queue.BATCH, at=timezone.now())
        elsewhere(lambda: enqueue("errand", subject))

    errand(store=store)
    enqueue("errand", 1)
    assert perform(claim(row().pk)) is False
    assert not Heartbeat.objects.exists()
    assert (row().state, row().version, row().attempt) == ("waiting", 2, 0)


@pytest.mark.django_db
def test_an_attempt_that_lost_its_lease_stores_nothing(errand, row, stored, rung):
    errand()
    enqueue("errand", 1)
    first = claim(row().pk)
    Work.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep()
    second = claim(row().pk)
    assert perform(first) is False
    assert stored == []
    assert perform(second) is True
    assert stored == [("1", "result of 1")]


@pytest.mark.django_db
@pytest.mark.parametrize("error", [NotYet("later"), Refused("no"), ValueError("broken")])
def test_a_void_attempt_that_fails_says_nothing_about_the_new_one(errand, row, error):
    def compute(subject, progress):
        enqueue("errand", subject)
        raise error

    errand(compute)
    enqueue("errand", 1)
    perform(claim(row().pk))
    fresh = row()
    assert (fresh.state, fresh.version, fresh.attempt, fresh.cause) == ("waiting", 2, 0, "")
    assert fresh.due_at <= timezone.now()


@pytest.mark.django_db(transaction=True)
def test_storing_is_all_or_nothing(errand, row):
    def store(subject, result):
        Heartbeat.objects.create(queue=Queue.BATCH, at=timezone.now())
        raise ValueError("in the middle")

    errand(store=store)
    enqueue("errand", 1)
    assert perform(claim(row().pk)) is False
    assert not Heartbeat.objects.exists()
    assert (row().state, row().cause) == ("waiting", "ValueError")


# --- progress and leases ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_others_see_progress_while_it_runs_and_the_lease_grows(errand, row):
    seen = []

    def compute(subject, progress):
        before = elsewhere(row).lease_until
        progress(1, 3)
        after = elsewhere(row)
        seen.append((after.done, after.total, after.lease_until > before))

    errand(compute)
    enqueue("errand", 1)
    assert perform(claim(row().pk)) is True
    assert seen == [(1, 3, True)]
    assert (row().done, row().total, row().state) == (3, 3, "done")


@pytest.mark.django_db
def test_progress_is_written_twice_a_second_at_most_and_at_the_end(errand, row):
    errand()
    enqueue("errand", 1)
    progress = services.progress_of(claim(row().pk))
    with CaptureQueriesContext(connection) as queries:
        for done in range(1, 1001):
            progress(done, 1000)
    assert row().done == 1000
    written = [query for query in queries if query["sql"].startswith('UPDATE "work_work"')]
    assert 2 <= len(written) <= 8  # the loop takes far less than four seconds


@pytest.mark.django_db
def test_a_worker_that_is_busy_for_long_counts_as_alive(errand, row):
    errand(queue=Queue.BATCH)
    enqueue("errand", 1)
    services.progress_of(claim(row().pk))(1, 2)
    assert [beat.queue for beat in Heartbeat.objects.all()] == ["batch"]


@pytest.mark.django_db
def test_progress_of_a_void_attempt_is_not_shown(errand, row):
    errand()
    enqueue("errand", 1)
    held = claim(row().pk)
    enqueue("errand", 1)
    services.progress_of(held)(5, 10)
    assert (row().state, row().done, row().lease_until) == ("waiting", 0, None)


@pytest.mark.django_db
def test_a_lease_that_ran_out_is_taken_back_and_one_that_runs_is_not(errand, row, rung):
    errand()
    enqueue_many("errand", [1, 2])
    claim(row(1).pk), claim(row(2).pk)
    Work.objects.filter(subject="1").update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sweep() == 1
    assert rung == [row(1).pk]
    assert (row(1).state, row(1).attempt, row(1).token) == ("waiting", 1, None)
    assert row(2).state == WorkState.RUNNING


@pytest.mark.django_db
def test_work_that_kills_its_worker_is_given_up_after_five_attempts(errand, row, rung):
    errand()
    enqueue("errand", 1)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert claim(row().pk) is not None, attempt
        Work.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        sweep()
    assert (row().state, row().cause, row().attempt) == ("failed", "WorkerLost", MAX_ATTEMPTS)
    assert row().finished_at is not None
    assert claim(row().pk) is None


# --- failing ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_five_failures_end_it_and_pauses_grow(errand, row):
    errand(raising(ValueError(SECRET)))
    enqueue("errand", 1)
    pauses = []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert row().state == WorkState.WAITING
        hurry()
        perform(claim(row().pk))
        assert row().attempt == attempt
        pauses.append(round((row().due_at - timezone.now()).total_seconds()))
    assert pauses[:4] == [2, 4, 8, 16]
    assert (row().state, row().cause) == ("failed", "ValueError")
    assert list(queries.failed_work()) == [row()]
    hurry()
    assert claim(row().pk) is None


@pytest.mark.django_db
def test_words_of_an_error_reach_neither_the_row_nor_the_log(errand, row, caplog):
    def compute(subject, progress):
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(f"cannot read {SECRET}") from error

    errand(compute)
    enqueue("errand", 1)
    with caplog.at_level(logging.DEBUG):
        tasks.run(row().pk)
    assert row().cause == "ValueError"
    assert SECRET not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)
    # Yet whoever looks for the fault learns where it was.
    assert "ValueError" in caplog.text
    assert "test_ledger.compute" in caplog.text


@pytest.mark.django_db
def test_words_of_an_error_do_not_travel_with_a_second_error(errand, row, monkeypatch):
    """Celery logs what leaves a task with everything that was being handled when it happened."""

    def fail(claimed, cause):
        raise RuntimeError("the database went away")

    errand(raising(ValueError(SECRET)))
    enqueue("errand", 1)
    monkeypatch.setattr(services, "_fail", fail)
    with pytest.raises(RuntimeError) as second:
        tasks.run(row().pk)
    assert second.value.__context__ is None


@pytest.mark.django_db
def test_a_refusal_ends_it_at_once_with_its_sentence(errand, row):
    errand(raising(Refused("먼저 기준을 정해 주십시오.")))
    enqueue("errand", 1)
    assert perform(claim(row().pk)) is False
    assert (row().state, row().attempt, row().cause) == ("failed", 1, "먼저 기준을 정해 주십시오.")
    assert row().finished_at is not None


@pytest.mark.django_db
def test_waiting_for_something_costs_no_attempt(errand, row, stored):
    answers = [NotYet("기준을 만들고 있습니다.")] * 7

    def compute(subject, progress):
        if answers:
            raise answers.pop()
        return "there"

    errand(compute)
    enqueue("errand", 1)
    for _ in range(7):
        hurry()
        assert perform(claim(row().pk)) is False
        assert (row().state, row().attempt, row().cause) == ("waiting", 0, "기준을 만들고 있습니다.")
        assert row().due_at > timezone.now()
    hurry()
    assert perform(claim(row().pk)) is True
    assert (row().cause, stored) == ("", [("1", "there")])


@pytest.mark.django_db
def test_a_storing_that_must_wait_costs_no_attempt_either(errand, row):
    def store(subject, result):
        raise NotYet("the ground moved")

    errand(store=store)
    enqueue("errand", 1)
    assert perform(claim(row().pk)) is False
    assert (row().state, row().attempt) == ("waiting", 0)


@pytest.mark.django_db
def test_a_second_chance_is_five_new_attempts(errand, row, system_admin):
    errand(raising(ValueError()))
    enqueue("errand", 1, queue=Queue.BATCH)
    for _ in range(MAX_ATTEMPTS):
        hurry()
        run_waiting()
    assert row().state == WorkState.FAILED
    services.retry(row(), by=system_admin)
    assert (row().state, row().attempt, row().queue, row().requested_by) == ("waiting", 0, "batch", system_admin)
    for _ in range(MAX_ATTEMPTS - 1):
        hurry()
        run_waiting()
    assert (row().state, row().attempt) == ("waiting", MAX_ATTEMPTS - 1)


@pytest.mark.django_db
def test_a_second_chance_for_all_reaches_what_failed_and_nothing_else(errand, row, system_admin):
    errand()
    errand(raising(Refused("no")), name="refused")
    enqueue_many("refused", [1, 2])
    enqueue("errand", 1)
    run_waiting()
    assert services.retry_all(by=system_admin) == 2
    assert (row(1, "refused").state, row(2, "refused").state, row().state) == ("waiting", "waiting", "done")


@pytest.mark.django_db
def test_work_that_other_work_covers_is_ended_unless_it_runs(errand, row, stored):
    errand()
    errand(raising(Refused("no")), name="refused")
    enqueue_many("errand", [1, 2, 3])
    enqueue("refused", 1)
    run_waiting()
    enqueue_many("errand", [1, 2, 3])
    stored.clear()
    held = claim(row(2).pk)
    assert services.supersede("errand", [1, 2]) == 1
    assert services.supersede("refused", [1]) == 1
    assert [row(1).state, row(2).state, row(3).state] == ["done", "running", "waiting"]
    assert not queries.failed_work().exists()
    assert perform(held) is True
    assert run_waiting() == 1
    assert [subject for subject, _result in stored] == ["2", "3"]


# --- ringing and sweeping ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_sweep_rings_ever_more_rarely_for_a_row_that_nobody_takes(errand, row, rung, settings):
    settings.WORK_SWEEP_SECONDS = 10
    errand()
    enqueue("errand", 1)
    assert sweep() == 1  # never rung for: its message was lost before it was sent
    for rings, silence in enumerate([10, 20, 40, 80, 160, 320, 320, 320], start=1):
        assert row().rings == rings
        Work.objects.update(rung_at=timezone.now() - timedelta(seconds=silence - 2))
        assert sweep() == 0, f"{rings} rings, {silence - 2} s"
        Work.objects.update(rung_at=timezone.now() - timedelta(seconds=silence + 2))
        assert sweep() == 1, f"{rings} rings, {silence + 2} s"


@pytest.mark.django_db
def test_the_sweep_does_not_ring_for_what_is_not_due_or_not_waiting(errand, row, rung):
    errand()
    errand(raising(Refused("no")), name="refused")
    enqueue_many("errand", [1, 2, 3])
    enqueue("refused", 1)
    perform(claim(row(1).pk))
    perform(claim(row(1, "refused").pk))
    claim(row(2).pk)
    Work.objects.filter(subject="3").update(due_at=timezone.now() + timedelta(minutes=5))
    assert sweep() == 0


@pytest.mark.django_db
def test_a_failure_is_rung_for_again_as_soon_as_its_pause_is_over(errand, row, rung):
    errand(raising(ValueError()))
    enqueue("errand", 1)
    sweep()
    perform(claim(row().pk))
    assert sweep() == 0
    hurry()
    assert sweep() == 1


@pytest.mark.django_db(transaction=True)
def test_who_sweeps_or_rings_waits_for_nobody(errand, row):
    """Whoever asks for many rows holds some and wants others: waiting for each other in a circle kills one of them."""
    errand()
    enqueue_many("errand", [1, 2])
    Work.objects.update(rung_at=None)
    with transaction.atomic():
        enqueue("errand", 1)
        begun = time.monotonic()
        assert elsewhere(sweep) == 2
        assert elsewhere(lambda: services.supersede("errand", [1, 2])) == 1
        assert time.monotonic() - begun < 10
    assert (row(1).state, row(2).state) == ("waiting", "done")


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_without_a_queue_edits_succeed_and_the_sweep_rings_later(errand, row, servers, stored):
    errand()
    servers.kill_valkey()
    try:
        begun = time.monotonic()
        with transaction.atomic():
            enqueue("errand", 1)
        assert time.monotonic() - begun < 5
        assert row().state == WorkState.WAITING
        assert row().rings == 1
    finally:
        servers.start_valkey()
    servers.flush_valkey()
    Work.objects.update(rung_at=timezone.now() - timedelta(hours=1))
    sweep()
    assert _messages("interactive") == [row().pk]


@pytest.mark.django_db(transaction=True)
def test_a_row_is_rung_for_in_its_own_queue(errand, row, servers):
    servers.flush_valkey()
    errand()
    enqueue("errand", 1, queue=Queue.BATCH)
    assert (_messages("interactive"), _messages("batch")) == ([], [row().pk])


def _messages(queue):
    """Ids in the messages that wait in Valkey."""
    import base64
    import json

    from cooperation_portal.celery import app

    with app.connection_for_read() as queue_connection:
        waiting = queue_connection.default_channel.client.lrange(queue, 0, -1)
    return [json.loads(base64.b64decode(json.loads(message)["body"]))[0][0] for message in waiting]


# --- edits and storing at the same time -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_edit_and_a_storing_of_the_same_thing_never_wait_in_a_circle(errand, row, system_admin, caplog):
    """An edit locks its record and then the row of work: storing must take them in the same order."""
    from cooperation_portal.accounts.models import User

    def store(subject, result):
        User.objects.select_for_update().get(pk=system_admin.pk)

    errand(store=store)
    enqueue("errand", 1)
    held = claim(row().pk)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=system_admin.pk)
        storing = Elsewhere(lambda: perform(held))
        storing.wait_until_blocked()
        enqueue("errand", 1)
    assert storing.answer() is False
    assert (row().state, row().version, row().cause) == ("waiting", 2, "")
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []  # no deadlock was broken up


@pytest.mark.django_db(transaction=True)
def test_nor_when_storing_only_points_at_the_thing(errand, row, system_admin, caplog):
    """A foreign key locks the row it points to; unasked, it would do so at the very end."""
    from cooperation_portal.accounts.models import Grant, User

    def store(subject, result):
        Grant.objects.create(user=system_admin, role="officer", reason="시험")

    errand(store=store)
    enqueue("errand", 1)
    held = claim(row().pk)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=system_admin.pk)
        storing = Elsewhere(lambda: perform(held))
        storing.wait_until_blocked()
        enqueue("errand", 1)
    assert storing.answer() is False
    assert not Grant.objects.filter(role="officer").exists()
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


# --- what pages read --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_worker_counts_as_alive_while_every_queue_has_a_fresh_heartbeat():
    assert not queries.worker_is_alive()
    tasks.beat("interactive")
    assert not queries.worker_is_alive()
    tasks.beat("batch")
    assert queries.worker_is_alive()
    Heartbeat.objects.filter(queue="batch").update(at=timezone.now() - timedelta(seconds=61))
    assert not queries.worker_is_alive()
    tasks.beat("batch")
    assert queries.worker_is_alive()


@pytest.mark.django_db
def test_the_summary_counts_each_queue_and_names_its_oldest_waiting_row(errand, row):
    errand(raising(Refused("no")), name="refused")
    errand()
    enqueue("refused", 1)
    run_waiting()
    enqueue_many("errand", [1, 2])
    enqueue("errand", 3, queue=Queue.BATCH)
    claim(row(2).pk)
    interactive, batch = queries.queue_summary()
    assert interactive["counts"] == {"failed": 1, "waiting": 1, "running": 1}
    assert interactive["oldest"] == row(1).requested_at
    assert batch["counts"] == {"waiting": 1}
    assert queries.pending(["errand"]) == 3
