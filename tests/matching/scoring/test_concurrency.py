"""Two transactions at once, held open at the worst moment: nobody waits in a circle, and nothing is forgotten."""

from __future__ import annotations

import dataclasses
import threading

import pytest
from django.db import transaction
from django.utils import timezone

from cooperation_portal.work import registry
from cooperation_portal.work import services as work
from cooperation_portal.work.models import Work
from matching.catalogue.models import Technology
from matching.catalogue.services import change_technology, retire_technology
from matching.demands.models import Demand
from matching.demands.services import change_demand
from matching.scoring import queries, services
from matching.scoring.models import Match, Ranking, Reference
from tests.matching.scoring.from_nothing import assert_all_is_right
from tests.people import make_company, make_demand, make_institution, make_technology
from tests.running import wait_until
from tests.work.elsewhere import Elsewhere

pytestmark = pytest.mark.django_db(transaction=True)

BODY = "Плазменное азотирование стали при 500 °C. Твёрдость 1100 HV."


@pytest.fixture(autouse=True)
def no_bells(monkeypatch):
    monkeypatch.setattr(work, "ring_many", lambda work_ids, queue: None)


@pytest.fixture
def portal(cheap, officer, scored):
    """Four technologies, two demands, all scored."""
    owner, company = make_institution(), make_company()
    for number in range(4):
        make_technology(f"Азотирование {number}", f"{BODY} Вариант {number}.", owner=owner)
    for number in range(2):
        make_demand(company, title=f"질화 기술 {number}")
    scored()
    return owner, company


def taken(kind, subject):
    row = Work.objects.filter(kind=kind, subject=str(subject))
    row.update(due_at=timezone.now())
    return work.claim(row.get().pk)


def _errors(caplog):
    """A deadlock that the database broke up would be among them."""
    return [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]


class Held:
    """Performs an attempt in another session and stops it after it stored and before it commits."""

    def __init__(self, monkeypatch, claimed):
        self.stored, self.go_on = threading.Event(), threading.Event()
        kind = registry.kind_of(claimed.kind)

        def store(subject, result):
            kind.store(subject, result)
            self.stored.set()
            assert self.go_on.wait(60)

        monkeypatch.setitem(registry._KINDS, claimed.kind, dataclasses.replace(kind, store=store))
        self.session = Elsewhere(lambda: work.perform(claimed))
        assert self.stored.wait(60)
        monkeypatch.setitem(registry._KINDS, claimed.kind, kind)

    def commit(self):
        self.go_on.set()
        return self.session.answer()


def test_a_technology_that_comes_while_a_first_list_is_stored_gets_into_it(portal, monkeypatch, officer, scored):
    owner, company = portal
    demand = make_demand(company, title="새 질화 기술")
    storing = Held(monkeypatch, taken("score_demand", demand.pk))
    new = make_technology("Новое азотирование", BODY, owner=owner)
    claimed = taken("score_technology", new.pk)
    coming = Elsewhere(lambda: work.perform(claimed))
    coming.wait_until_blocked()
    assert storing.commit() is True
    coming.answer()
    scored()
    assert Match.objects.filter(demand=demand, technology=new).exists()
    assert_all_is_right(officer)


def test_a_demand_can_be_edited_while_its_list_is_stored(portal, caplog, officer, scored):
    demand = Demand.objects.first()
    services.request_score(demand)
    claimed = taken("score_demand", demand.pk)
    with transaction.atomic():
        Demand.objects.select_for_update().get(pk=demand.pk)
        storing = Elsewhere(lambda: work.perform(claimed))
        storing.wait_until_blocked()
        change = {"title": "플라즈마 침탄 기술", "problem": "침탄 깊이를 2 mm까지 고르게 얻는 기술이 필요합니다."}
        change_demand(demand, by=None, edit_version=demand.edit_version, fields=[], metrics=[], **change)
    assert storing.answer() is False
    assert _errors(caplog) == []
    scored()
    assert_all_is_right(officer)


def test_a_technology_can_be_edited_while_it_is_put_into_lists(portal, caplog, officer, scored):
    technology = Technology.objects.first()
    technology.matches.all().delete()  # so that there is something to put in
    services.request_technology_scores([technology.pk])
    claimed = taken("score_technology", technology.pk)
    with transaction.atomic():
        Technology.objects.select_for_update().get(pk=technology.pk)
        storing = Elsewhere(lambda: work.perform(claimed))
        storing.wait_until_blocked()
        text = {"origin": "source", "title": "Цементация", "body": "Цементация на глубину 2 mm."}
        change_technology(technology, by=None, texts={"ru": text})
    assert storing.answer() is False
    assert _errors(caplog) == []
    scored()
    assert_all_is_right(officer)


def test_a_technology_that_uses_up_a_margin_and_a_list_that_is_stored(portal, caplog, monkeypatch, officer, scored):
    """The one holds the list and asks for the demand's work; the other holds neither until it has the list."""
    for module in (services.lists, queries):
        monkeypatch.setattr(module, "SHOWN_PER_LANGUAGE", 2)
    monkeypatch.setattr(services.demand, "KEPT_PER_LANGUAGE", 2)
    services.request_reference("inbound")
    scored()
    demand = Demand.objects.first()
    services.request_score(demand)
    old = taken("score_demand", demand.pk)
    leaving = Match.objects.filter(demand=demand).first().technology
    retire_technology(leaving, by=None)
    other_waits, ask = threading.Event(), services.technology.enqueue_many

    def ask_late(*arguments, **options):
        assert other_waits.wait(60)
        ask(*arguments, **options)

    monkeypatch.setattr(services.technology, "enqueue_many", ask_late)
    claimed = taken("score_technology", leaving.pk)
    removing = Elsewhere(lambda: work.perform(claimed))
    wait_until(_a_list_is_locked, "a list is locked")
    storing = Elsewhere(lambda: work.perform(old))
    storing.wait_until_blocked()
    other_waits.set()
    assert removing.answer() is True
    assert storing.answer() is False
    assert _errors(caplog) == []
    scored()
    assert_all_is_right(officer)


def _a_list_is_locked():
    with transaction.atomic():
        return len(Ranking.objects.select_for_update(skip_locked=True)) < Ranking.objects.count()


def test_a_demand_that_opens_while_the_reference_is_renewed_is_scored_with_the_new_one(
    portal, monkeypatch, officer, scored
):
    owner, company = portal
    make_technology("Ещё одно азотирование", f"{BODY} Другое.", owner=owner)
    services.request_reference("inbound")
    renewing = Held(monkeypatch, taken("renew_reference", "inbound"))
    demand = make_demand(company, title="늦게 들어온 질화 기술")
    claimed = taken("score_demand", demand.pk)
    scoring = Elsewhere(lambda: work.perform(claimed))
    scoring.wait_until_blocked()
    assert renewing.commit() is True
    assert scoring.answer() is False
    assert Work.objects.get(kind="score_demand", subject=str(demand.pk)).attempt == 0
    scored()
    assert Reference.objects.filter(direction="inbound").count() == 2
    assert_all_is_right(officer)


def test_a_list_computed_from_an_older_catalogue_is_not_stored(portal, officer, scored):
    owner, _company = portal
    demand = Demand.objects.first()
    services.request_score(demand)
    before = list(demand.matches.values_list("pk", flat=True))
    old = taken("score_demand", demand.pk)
    result = services.score_demand(str(demand.pk), lambda done, total: None)
    make_technology("Новое азотирование", BODY, owner=owner)
    with pytest.raises(work.NotYet), transaction.atomic():
        services.store_demand_scores(str(demand.pk), result)
    assert list(demand.matches.values_list("pk", flat=True)) == before
    assert work.perform(old) is True
    scored()
    assert_all_is_right(officer)


def test_a_technology_scored_for_an_older_demand_does_not_enter_its_new_list(portal, officer, scored):
    demand, technology = Demand.objects.first(), Technology.objects.first()
    result = services.score_technology(str(technology.pk), lambda done, total: None)
    change = {"title": "플라즈마 침탄 기술", "problem": "침탄 깊이를 2 mm까지 고르게 얻는 기술이 필요합니다."}
    change_demand(demand, by=None, edit_version=demand.edit_version, fields=[], metrics=[], **change)
    scored()
    before = Match.objects.get(demand=demand, technology=technology).pk
    with transaction.atomic():
        services.store_technology_scores(str(technology.pk), result)
    assert Match.objects.get(demand=demand, technology=technology).pk == before
    assert_all_is_right(officer)
