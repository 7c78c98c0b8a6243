"""What a page may say about a demand's score: never nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cooperation_portal.work import services as work
from cooperation_portal.work.models import Work
from matching.catalogue.services import change_technology, retire_technology
from matching.demands.models import Demand, DemandStatus
from matching.demands.services import change_demand, move_demand
from matching.scoring import services
from matching.scoring.models import Match, NoScore
from matching.scoring.queries import ScoringState, minutes_left, progress_of_all, scoring_state, scoring_states
from tests.people import make_company, make_demand, make_technology
from tests.running import hurry

pytestmark = pytest.mark.django_db


def rewrite(demand, **values):
    demand.refresh_from_db()
    values = {"title": demand.title, "problem": demand.problem, **values}
    return change_demand(demand, by=None, edit_version=demand.edit_version, fields=[], metrics=[], **values)


def test_a_new_demand_waits(cheap, demand, technology):
    assert scoring_state(demand) == ScoringState("waiting")
    assert scoring_state(demand).is_moving


def test_a_demand_that_is_being_scored_shows_how_far(cheap, demand, technology, scored):
    services.request_reference("inbound")
    scored()
    services.request_score(demand)
    row = Work.objects.get(kind="score_demand")
    services_progress = work.progress_of(work.claim(row.pk))
    services_progress(30, 75)
    assert scoring_state(demand) == ScoringState("running", done=30, total=75)


def test_a_scored_demand_is_scored(cheap, demand, technology, scored):
    scored()
    assert scoring_state(demand) == ScoringState("scored")
    assert not scoring_state(demand).is_moving


def test_a_failure_names_its_cause(cheap, demand, technology, scored, monkeypatch):
    scored()
    services.request_score(demand)
    engine = services.references.engine_for("inbound").engine

    def broken(*arguments, **options):
        raise ZeroDivisionError(demand.problem)

    monkeypatch.setattr(type(engine), "rank", broken)
    for _ in range(5):
        hurry()
        work.run_waiting()
    state = scoring_state(demand)
    assert (state.code, state.cause) == ("failed", "점수를 계산하지 못했습니다(ZeroDivisionError).")
    assert not state.is_moving


def test_a_text_that_says_too_little_is_named_as_such_and_scored_once_it_says_more(cheap, technology, scored):
    demand = make_demand(title="질화", problem="급함")
    scored()
    assert scoring_state(demand) == ScoringState("no_score", str(NoScore.TOO_SHORT.label))
    rewrite(demand, problem="기어 표면의 경도를 높이기 위해 500 ℃ 이하에서 질화하는 기술이 필요합니다.")
    scored()
    assert scoring_state(demand) == ScoringState("scored")
    rewrite(demand, problem="급함")
    scored()
    assert scoring_state(demand) == ScoringState("no_score", str(NoScore.TOO_SHORT.label))
    assert not Match.objects.exists()


def test_a_language_that_the_engine_does_not_know(cheap, demand, technology, scored, monkeypatch):
    monkeypatch.setattr(services.demand, "LANGUAGES", ("ru", "ja"))
    scored()
    assert scoring_state(demand) == ScoringState("no_score", str(NoScore.LANGUAGE.label))


def test_without_any_technology_there_is_nothing_to_compare_with(cheap, demand, scored):
    scored()
    assert scoring_state(demand) == ScoringState("no_score", str(NoScore.NO_CANDIDATES.label))
    technology = make_technology()
    scored()
    assert scoring_state(demand) == ScoringState("scored")
    retire_technology(technology, by=None)
    scored()
    assert scoring_state(demand) == ScoringState("no_score", str(NoScore.NO_CANDIDATES.label))


def test_only_open_demands_are_scored(cheap, technology, scored):
    draft = make_demand(submit=False)
    scored()
    assert scoring_state(draft) == ScoringState("no_score", "접수된 뒤에 계산합니다.")
    open_one = move_demand(draft, to=DemandStatus.SUBMITTED, by=None)
    scored()
    assert scoring_state(open_one) == ScoringState("scored")
    closed = move_demand(open_one, to=DemandStatus.WITHDRAWN, by=None)
    scored()
    assert scoring_state(closed) == ScoringState("no_score", "끝난 수요는 계산하지 않습니다.")
    assert not Match.objects.exists()


def test_a_reference_that_cannot_be_made_is_shown_as_a_failure_and_heals_all(
    cheap, demand, technology, scored, monkeypatch, system_admin
):
    real = services.references.EngineReference.build
    monkeypatch.setattr(services.references.EngineReference, "build", lambda *arguments: 1 / 0)
    for _ in range(8):
        hurry()
        work.run_waiting()
    reference = Work.objects.get(kind="renew_reference")
    assert (reference.state, reference.attempt, reference.cause) == ("failed", 5, "ZeroDivisionError")
    assert scoring_state(demand).code == "failed"
    monkeypatch.setattr(services.references.EngineReference, "build", real)
    work.retry(reference, by=system_admin)
    scored()
    assert scoring_state(demand) == ScoringState("scored")
    assert not Work.objects.exclude(state="done").exists()


def test_a_technology_that_goes_to_the_other_direction_leaves_the_lists(cheap, demand, technology, scored):
    other = make_technology("Литьё", "Центробежное литьё титана без газовых пор.")
    scored()
    change_technology(technology, by=None, direction="outbound")
    scored()
    assert list(Match.objects.values_list("technology", flat=True)) == [other.pk]


@pytest.mark.parametrize("number", [1, 3])
def test_states_take_two_queries_whatever_their_number(cheap, scored, number, django_assert_num_queries):
    company = make_company()
    demands = [make_demand(company, title=f"질화 기술 {one}") for one in range(number)]
    make_technology()
    scored()
    with django_assert_num_queries(2):
        assert [state.code for state in scoring_states(demands).values()] == ["scored"] * number


def test_how_many_open_demands_are_done(cheap, technology, scored):
    company = make_company()
    demands = [make_demand(company, title=f"질화 기술 {one}") for one in range(3)]
    make_demand(company, submit=False)
    assert progress_of_all(Demand.objects.all()) == (0, 3)
    scored()
    assert progress_of_all(Demand.objects.all()) == (3, 3)
    services.request_score(demands[0])
    assert progress_of_all(Demand.objects.all()) == (2, 3)
    move_demand(demands[0], to=DemandStatus.WITHDRAWN, by=None)
    assert progress_of_all(Demand.objects.all()) == (2, 2)


def test_the_time_left_follows_from_the_pace_of_the_last_minutes(cheap, scored):
    now = timezone.now()
    assert minutes_left(100) is None
    for number in range(20):
        ended = now - timedelta(minutes=10) * (number < 10) - timedelta(seconds=12 * (number % 10))
        Work.objects.create(kind="score_demand", subject=str(number), queue="batch", state="done", finished_at=ended)
    # Ten in the last two minutes; what ended before does not count.
    assert minutes_left(100) == pytest.approx(18, abs=1)
    assert minutes_left(1) == 1
