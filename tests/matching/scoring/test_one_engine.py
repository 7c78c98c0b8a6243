"""The list of an officer and the list that is evaluated come from one engine: the sample data gets the same scores."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from cooperation_portal.home import sample_data
from cooperation_portal.work.models import Work
from matching.catalogue.documents import document_of as technology_document
from matching.catalogue.queries import pool
from matching.demands.models import Demand
from matching.demands.queries import document_of as demand_document
from matching.engine.encoders import UniversalSentenceEncoder
from matching.scoring import engines, services
from matching.scoring.management.commands import evaluate_matching
from matching.scoring.models import Match
from tests.matching.scoring.conftest import forget

pytestmark = pytest.mark.django_db


class OnceEncoder(UniversalSentenceEncoder):
    """The portal's encoder, which reads a sentence that two of the runs share only once."""

    def __init__(self):
        super().__init__()
        self._known = {}

    def _encode_one(self, text):
        if text not in self._known:
            self._known[text] = super()._encode_one(text)
        return self._known[text]


@pytest.fixture
def once(monkeypatch):
    chosen = OnceEncoder()
    for module in (engines, services.references, evaluate_matching):
        monkeypatch.setattr(module, "encoder", lambda: chosen)
    return chosen


def _row(document):
    return {"lang": document.language, "title": document.title, "body": document.body}


def _keep_every_second_demand():
    """All technologies and half of the demands take less time."""
    inbound = list(Demand.objects.open().filter(direction="inbound").order_by("pk").values_list("pk", flat=True))
    superfluous = [pk for place, pk in enumerate(inbound) if place % 2]
    Demand.objects.filter(pk__in=superfluous).update(status="withdrawn")
    Work.objects.filter(kind="score_demand", subject__in=map(str, superfluous)).delete()


def _write_benchmark(path):
    """The inbound sample as a benchmark; returns the technologies' numbers by the benchmark's names."""
    offers = [technology_document(technology) for technology in pool("inbound").with_texts().order_by("pk")]
    demands = Demand.objects.open().with_details().filter(direction="inbound").order_by("pk")
    names = {}
    with path.open("w", encoding="utf-8") as lines:
        for number, demand in enumerate(demands):
            document = demand_document(demand)
            assert document.language == "ko"
            mine = offers if number == 0 else []  # the pool is shared: it is enough to name it once
            names |= {f"{demand.pk}:o{place}": int(offer.key) for place, offer in enumerate(mine)}
            topic = {
                "id": str(demand.pk),
                "demand_ko": {"title": document.title, "body": document.body},
                "offers": [_row(offer) | {"grade": 2} for offer in mine],
                "hard_negatives": [],
            }
            lines.write(json.dumps(topic, ensure_ascii=False) + "\n")
    return names


def test_evaluation_and_worker_score_the_sample_alike_and_so_does_a_second_run(once, scored, tmp_path, capsys):
    sample_data.load("a password for the sample only")
    _keep_every_second_demand()
    scored()
    benchmark, out = tmp_path / "sample.jsonl", tmp_path / "rankings.jsonl"
    names = _write_benchmark(benchmark)
    call_command("evaluate_matching", str(benchmark), "--rankings", str(out))
    rankings = {row["id"]: row["ranking"] for row in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    evaluated = {(int(demand), names[offer]): score for demand, ranking in rankings.items() for offer, score in ranking}
    stored = {
        (demand, technology): score
        for demand, technology, score in Match.objects.filter(demand__direction="inbound").values_list(
            "demand", "technology", "score"
        )
    }
    assert len(rankings) >= 10
    assert len(stored) > 50 * len(rankings)
    assert stored == pytest.approx({pair: evaluated[pair] for pair in stored}, abs=1e-6)
    left_out = {pair: score for pair, score in evaluated.items() if pair not in stored}
    assert len(stored) + len(left_out) == len(evaluated)

    before = _all_matches()
    Match.objects.all().delete()
    forget()
    for demand in Demand.objects.open():
        services.request_score(demand)
    scored()
    assert _all_matches() == before


def _all_matches():
    columns = [field.attname for field in Match._meta.concrete_fields if field.attname != "id"]
    return list(Match.objects.order_by("demand", "technology").values(*columns))
