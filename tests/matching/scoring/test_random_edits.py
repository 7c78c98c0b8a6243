"""Whatever is edited, in whatever order, and whatever was being computed meanwhile: in the end every list is right."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cooperation_portal.work import registry
from cooperation_portal.work import services as work
from cooperation_portal.work.models import Work
from matching.catalogue.models import Technology
from matching.catalogue.services import change_technology
from matching.demands.models import DEMAND_TRANSITIONS, Demand, DemandStatus
from matching.demands.services import change_demand, move_demand
from matching.engine.ranking import Candidate
from matching.scoring import demand_pool, offer_pool, queries, services
from matching.scoring.models import HandPick, Match
from matching.triage.services import pick_by_hand
from tests.matching.scoring.from_nothing import assert_all_is_right
from tests.people import make_company, make_demand, make_institution, make_technology
from tests.running import hurry

# Few texts, so that equal ones, equal scores and returns to an earlier text are common.
OFFERS = {
    "ru": [
        ("Плазменное азотирование", "Азотирование стали при 500 °C повышает твёрдость до 1100 HV."),
        ("Лазерная наплавка", "Наплавка порошка лазером 2 kW. Износ падает втрое."),
        ("Литьё титана", "Центробежное литьё титана без газовых пор."),
    ],
    "ja": [
        ("プラズマ窒化", "500 ℃で鋼の表面を窒化し、硬さ1100 HVを得る。"),
        ("レーザー肉盛", "レーザーで粉末を肉盛する。摩耗が三分の一になる。"),
    ],
    "en": [("Plasma nitriding of steel", "Nitriding at 500 °C gives 1100 HV. No distortion of gears.")],
}
DEMANDS = [
    ("저온 플라즈마 질화 기술", "기어 표면의 경도를 높이기 위해 500 ℃ 이하에서 질화하는 기술이 필요합니다."),
    ("레이저 육성 용접", "마모된 금형을 2 kW 레이저와 분말로 되살리는 기술을 찾습니다."),
    ("짧은 글", "없음"),
]


class World:
    """One example: a small catalogue, a few demands, and attempts that have computed but not yet stored."""

    def __init__(self, officer):
        self.officer, self.company, self.owner = officer, make_company(), make_institution()
        self.held = []
        for language, number in (("ru", 0), ("ru", 1), ("ru", 2), ("ru", 1), ("ja", 0)):
            self.add(language, number)
        for number in range(2):
            self.ask(number, submit=True)
        self.finish()

    # --- edits ---

    def add(self, language, number):
        title, body = OFFERS[language][number % len(OFFERS[language])]
        make_technology(title, body, language, korean=None, owner=self.owner)

    def write(self, place, language, number):
        title, body = OFFERS[language][number % len(OFFERS[language])]
        technology = _one_of(Technology.objects.all(), place)
        technology.texts.exclude(language=language).update(origin="human")
        text = {"origin": "source", "title": title, "body": body}
        change_technology(technology, by=None, texts={language: text}, original_language=language)

    def retire(self, place):
        change_technology(_one_of(Technology.objects.all(), place), by=None, status="retired")

    def retire_all(self):
        for technology in Technology.objects.all():
            change_technology(technology, by=None, status="retired")

    def publish(self, place):
        change_technology(_one_of(Technology.objects.all(), place), by=None, status="published")

    def turn(self, place, direction):
        change_technology(_one_of(Technology.objects.all(), place), by=None, direction=direction)

    def ask(self, number, *, submit):
        title, problem = DEMANDS[number]
        make_demand(self.company, title, problem, submit=submit)

    def rewrite(self, place, number):
        title, problem = DEMANDS[number]
        demand = _one_of(Demand.objects.all(), place)
        parts = {"fields": demand.fields.all(), "metrics": []}
        change_demand(demand, by=None, edit_version=demand.edit_version, title=title, problem=problem, **parts)

    def move(self, place, to):
        demand = _one_of(Demand.objects.all(), place)
        if to in DEMAND_TRANSITIONS[demand.status]:
            move_demand(demand, to=to, by=None)

    def pick(self, place, other):
        demands = Demand.objects.open()
        if demands:
            pick_by_hand(_one_of(demands, place), _one_of(Technology.objects.all(), other), by=self.officer)

    def renew(self):
        services.request_reference("inbound")

    # --- work ---

    def begin(self, place):
        """Claims a row and computes; what was computed waits to be stored."""
        hurry()
        waiting = Work.objects.filter(state="waiting")
        if not waiting:
            return
        claimed = work.claim(_one_of(waiting, place).pk)
        kind = registry.kind_of(claimed.kind)
        try:
            result = kind.compute(claimed.subject, work.progress_of(claimed))
            self.held.append((claimed, kind, lambda: result))
        except (work.NotYet, work.Refused) as error:
            self.held.append((claimed, kind, _raiser(error)))

    def end(self, place):
        """Stores what one of those attempts computed, however old."""
        if self.held:
            claimed, kind, result = self.held.pop(place % len(self.held))
            with pytest.MonkeyPatch.context() as patch:
                known = dataclasses.replace(kind, compute=lambda subject, progress: result())
                patch.setitem(registry._KINDS, claimed.kind, known)
                work.perform(claimed)

    def do(self, place):
        self.begin(place)
        self.end(len(self.held) - 1)

    def lose(self):
        """All workers die: their leases run out. What they held may still try to be stored later."""
        Work.objects.filter(state="running").update(lease_until=timezone.now() - timedelta(seconds=1))
        work.sweep()

    def finish(self):
        while self.held:
            self.end(0)
        self.lose()
        for _ in range(50):
            hurry()
            if not work.run_waiting():
                return
        raise AssertionError("the work never ends")


def _one_of(rows, place):
    found = list(rows.order_by("pk"))
    return found[place % len(found)]


def _raiser(error):
    def result():
        raise error

    return result


places = st.integers(0, 7)
languages = st.sampled_from(sorted(OFFERS))
steps = st.one_of(
    st.tuples(st.just("write"), places, languages, places),
    st.tuples(st.just("retire"), places),
    st.tuples(st.just("publish"), places),
    st.tuples(st.just("add"), languages, places),
    st.tuples(st.just("rewrite"), places, st.integers(0, len(DEMANDS) - 1)),
    st.tuples(st.just("pick"), places, places),
    st.tuples(st.just("renew")),
    st.tuples(st.just("move"), places, st.sampled_from(DemandStatus)),
    st.sampled_from([("retire_all",), ("turn", 0, "outbound"), ("turn", 0, "inbound"), ("lose",)]),
    st.tuples(st.just("begin"), places),
    st.tuples(st.just("begin"), places),
    st.tuples(st.just("end"), places),
    st.tuples(st.just("do"), places),
)


@pytest.fixture
def narrow(monkeypatch):
    """Lists so short that every edit reaches their ends."""
    for module in (services.lists, queries):
        monkeypatch.setattr(module, "SHOWN_PER_LANGUAGE", 2)
    monkeypatch.setattr(services.demand, "KEPT_PER_LANGUAGE", 3)
    monkeypatch.setattr(work, "ring_many", lambda work_ids, queue: None)
    # Snapshots and joined indexes at nearly every change.
    monkeypatch.setattr(offer_pool, "SMALLEST_CHANGE", 1)
    monkeypatch.setattr(demand_pool, "SMALLEST_CHANGE", 1)


# Without shrinking, which takes minutes here; a history of fourteen steps can be read as it is.
@pytest.mark.django_db
@settings(
    max_examples=30, deadline=None, phases=[Phase.generate], derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(history=st.lists(steps, min_size=4, max_size=14))
def test_lists_are_right_after_any_history(narrow, cheap, officer, history):
    with transaction.atomic():
        world = World(officer)
        for name, *arguments in history:
            getattr(world, name)(*arguments)
        world.finish()
        assert_all_is_right(officer)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_comparison_itself_would_notice(narrow, cheap, officer):
    """A list that is wrong in one place must not pass."""
    World(officer)
    assert_all_is_right(officer)
    best = Match.objects.order_by("-score").first()
    for change in ({"score": best.score - 0.001}, {"technology_hash": "0" * 64}, {"language": "en"}, {"by_hand": True}):
        Match.objects.filter(pk=best.pk).update(**change)
        with pytest.raises(AssertionError):
            assert_all_is_right(officer)
        best.save()
    assert_all_is_right(officer)
    best.delete()
    with pytest.raises(AssertionError):
        assert_all_is_right(officer)
    assert not HandPick.objects.exists()


def test_equal_scores_stand_in_the_order_of_their_numbers(narrow):
    """As the database orders them; keys are text, where 10 comes before 9."""
    values = {"score": 1.5, "relevance": "low", "evidence": 0.0, "contributions": {}, "raw": {}, "language": "ru"}
    ranked = [Candidate(row=row, key=key, **values) for row, key in enumerate(["10", "100", "11", "8", "9"])]
    kept, floors = services.demand._cut(ranked, picked={"100"})
    assert [candidate.key for candidate in kept] == ["8", "9", "10", "100"]
    assert floors == {"ru": 1.5}
