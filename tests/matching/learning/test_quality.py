"""The figures of the quality page, counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from matching.learning.models import Judgement, Verdict
from matching.learning.queries import quality
from matching.learning.queries.quality import Share, agreement_of
from matching.triage.services import pick_by_hand, undo
from tests.matching.learning.conftest import rank
from tests.matching.triage.conftest import judge
from tests.people import make_demand, make_member, make_technology

pytestmark = pytest.mark.django_db
Ranked = tuple[Any, list[Any]]


def judge_all(ranked: Ranked, by: Any, verdicts: str) -> None:
    """One letter for each place: s, u, h for suitable, unsuitable, on hold; a dot for none."""
    demand, technologies = ranked
    words = {"s": "suitable", "u": "unsuitable", "h": "on_hold"}
    for technology, letter in zip(technologies, verdicts, strict=False):
        if letter in words:
            judge(demand, technology, by, words[letter])


def test_precision_is_the_share_of_suitable_among_the_decided_first_places(ranked: Ranked, officer: Any) -> None:
    judge_all(ranked, officer, "suhs.usuuuss")
    totals = quality.totals(quality.judgements())
    assert totals.precision == (Share(1, 1), Share(2, 3), Share(3, 8))
    assert (totals.decided, totals.suitable, totals.on_hold, totals.demands) == (10, 5, 1, 1)


def test_what_was_undone_or_judged_again_counts_as_it_stands(ranked: Ranked, officer: Any, colleague: Any) -> None:
    demand, technologies = ranked
    judge_all(ranked, officer, "sss")
    judge(demand, technologies[0], colleague, "unsuitable", seen=1)
    undo(demand, technologies[1], seen_version=1, by=officer)
    assert quality.totals(quality.judgements()).precision[2] == Share(1, 2)


def test_wilsons_interval() -> None:
    low, high = Share(7, 10).interval or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.3968, 0.8922)
    assert Share(0, 0).interval is None
    assert Share(0, 20).interval == (0.0, pytest.approx(0.1611, abs=1e-4))


def test_precision_by_country_field_class_version_and_month(ranked: Ranked, officer: Any) -> None:
    abroad = make_technology("アルミ鋳造", "アルミの鋳造です。", language="ja", country="JP", field="0201")
    other = make_demand()
    rank(other, [abroad])
    judge_all(ranked, officer, "su")
    with time_machine.travel(datetime(2026, 3, 5, tzinfo=UTC)):
        judge(other, abroad, officer)
    found = quality.judgements()
    country = {row.key: row.shares[2] for row in quality.precision_by(found, "country")}
    assert country == {"JP": Share(1, 1), "RU": Share(1, 2)}
    assert {row.key: row.shares[2] for row in quality.precision_by(found, "field")} == {
        "01": Share(1, 2),
        "02": Share(1, 1),
    }
    assert [(row.key, row.shares[2]) for row in quality.precision_by(found, "company_class")] == [("sme", Share(2, 3))]
    assert quality.precision_by(found, "month")[0] == quality.Row("2026-03", (Share(1, 1),) * 3)
    assert len(quality.precision_by(found, "engine_version")) == 1


def test_reliability_by_evidence(officer: Any) -> None:
    technology = make_technology()
    second = make_technology("Другая", owner=technology.owner)
    for evidence, verdict in ((0.41, "suitable"), (0.44, "unsuitable"), (0.12, "unsuitable"), (-0.2, "unsuitable")):
        demand = make_demand()
        rank(demand, [technology, second], evidence)
        judge(demand, technology, officer, verdict)
    bands = quality.reliability(quality.judgements())
    assert [(band.low, band.share) for band in bands] == [(0.0, Share(0, 1)), (0.1, Share(0, 1)), (0.4, Share(1, 2))]


def test_kappa_by_hand() -> None:
    """20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: agreement .7, chance .5, kappa .4."""
    pairs = [("suitable", "suitable")] * 20 + [("suitable", "unsuitable")] * 5
    pairs += [("unsuitable", "suitable")] * 10 + [("unsuitable", "unsuitable")] * 15
    found = agreement_of(pairs)
    assert found.same == Share(35, 50)
    assert found.kappa == pytest.approx(0.4)


def test_kappa_of_nothing_or_of_one_word_is_none() -> None:
    assert agreement_of([]).kappa is None
    assert agreement_of([("suitable", "suitable")] * 4).kappa is None


def test_two_officers_on_one_pair_are_compared_once(ranked: Ranked, officer: Any, colleague: Any) -> None:
    demand, technologies = ranked
    judge(demand, technologies[0], officer, "suitable")
    judge(demand, technologies[0], colleague, "on_hold", seen=1)
    judge(demand, technologies[0], colleague, "unsuitable", seen=2)
    judge(demand, technologies[1], officer, "suitable")
    judge(demand, technologies[1], officer, "unsuitable", seen=1)
    judge(demand, technologies[2], officer, "suitable")
    judge(demand, technologies[2], colleague, "suitable", seen=1)
    undo(demand, technologies[2], seen_version=2, by=colleague)
    found = quality.agreement(quality.judgements())
    assert found.table == {(Verdict.SUITABLE, Verdict.UNSUITABLE): 1}


def test_found_by_hand_rate_and_what_the_ranking_missed(ranked: Ranked, officer: Any) -> None:
    demand, technologies = ranked
    judge_all(ranked, officer, "ssu")
    missed = make_technology("Пропущенная", owner=technologies[0].owner)
    pick_by_hand(demand, missed, by=officer)
    judge(demand, missed, officer)
    found = quality.judgements()
    assert quality.totals(found).found_by_hand == Share(1, 3)
    assert [one.technology for one in quality.missed(officer, found)] == [missed]


def test_the_page_shows_shares_only_where_enough_was_judged(ranked: Ranked, officer: Any, client: Client) -> None:
    client.force_login(officer)
    judge_all(ranked, officer, "sssssssss")
    assert [tile["count"] for tile in client.get(reverse("matching_quality")).context["tiles"]][2] == "판단 부족"
    judge(ranked[0], ranked[1][9], officer)
    assert [tile["count"] for tile in client.get(reverse("matching_quality")).context["tiles"]][2] == "100%"


def test_the_page_without_a_judgement_says_so(officer: Any, client: Client) -> None:
    client.force_login(officer)
    assert "아직 판단이 없습니다." in client.get(reverse("matching_quality")).content.decode()


def test_the_form_narrows_every_figure(ranked: Ranked, officer: Any, client: Client) -> None:
    judge_all(ranked, officer, "suss")
    client.force_login(officer)
    url = reverse("matching_quality")
    assert client.get(url, {"country": "RU"}).context["totals"].decided == 4
    assert client.get(url, {"country": "JP"}).context["totals"].decided == 0
    assert client.get(url, {"until": "2020-01-01"}).context["totals"].decided == 0
    assert client.get(url, {"field": "01", "company_class": "sme"}).context["totals"].decided == 4


def test_companies_see_nothing_of_it(ranked: Ranked, officer: Any, client: Client) -> None:
    judge_all(ranked, officer, "s")
    member = make_member(ranked[0].company)
    client.force_login(member)
    assert client.get(reverse("matching_quality")).status_code == 403
    assert not Judgement.objects.visible_to(member).exists()
