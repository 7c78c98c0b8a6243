"""Weights: an administrator takes them into use or goes back; what changed meanwhile is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cooperation_portal.shared.conflicts import EditedMeanwhile
from cooperation_portal.work.models import Work
from matching.engine.settings import DEFAULT, FORMULA_VERSION, engine_version
from matching.learning.models import WeightSet
from matching.learning.queries import drift
from matching.learning.queries.inforce import (
    active_weights,
    channel_weights,
    settings_in_force,
    settings_of,
    weights_of,
)
from matching.learning.services import accept_proposal, activate_weights, return_to_shipped_weights
from matching.scoring.encoders import encoder
from matching.scoring.models import Match, Reference
from matching.triage.presenters import MatchView
from tests.matching.learning.conftest import rank
from tests.matching.triage.conftest import judge
from tests.people import make_demand, make_proposal, make_technology, make_weights

pytestmark = pytest.mark.django_db
WEIGHTS = {"semantic": 0.8, "readings": 0.6, "loan_words": 0.2, "neutral": 0.1, "concepts": 0.3}


def calibrated(**fields: Any) -> WeightSet:
    """From judgements of today's engine."""
    made_by = {
        "engine_version": engine_version(DEFAULT),
        "encoder": "cheap",
        "glossary_version": drift.glossary_version(),
        "thresholds": {"very_high": 0.5, "high": 0.4, "medium": 0.3},
    }
    made: WeightSet = make_weights(**made_by | fields)
    return made


def test_without_a_choice_the_shipped_weights_are_in_force(content_admin: Any) -> None:
    calibrated()
    assert (active_weights(), settings_in_force()) == (None, DEFAULT)


def test_weights_in_use_are_in_force_and_change_the_version(content_admin: Any) -> None:
    activate_weights(calibrated(), reason="더 낫습니다.", edit_version=1, by=content_admin)
    assert dict(settings_in_force().thresholds) == {"very_high": 0.5, "high": 0.4, "medium": 0.3}
    assert settings_in_force().weights == tuple(WEIGHTS.values())
    assert engine_version(settings_in_force()) != engine_version(DEFAULT)


def test_the_weights_behind_a_score_stay_known_by_its_version(content_admin: Any) -> None:
    proposed = calibrated()
    made_by = engine_version(settings_of(proposed), "77aa01be")
    assert weights_of(made_by) == {}, "nothing was ever made by a mere proposal"
    activate_weights(proposed, reason="더 낫습니다.", edit_version=1, by=content_admin)
    proposed.refresh_from_db()
    return_to_shipped_weights(proposed, reason="기본으로", edit_version=proposed.edit_version, by=content_admin)
    assert weights_of(made_by) == WEIGHTS
    assert weights_of(engine_version(DEFAULT, "77aa01be")) == channel_weights(DEFAULT)
    assert weights_of("1-ffffffff") == weights_of("") == {}


def test_a_score_is_shown_with_the_weights_that_made_it(content_admin: Any) -> None:
    demand, technology = make_demand(), make_technology()
    rank(demand, [technology])
    match = demand.matches.get()
    in_use = [f"{weight:g}" for weight in DEFAULT.weights]
    activate_weights(calibrated(), reason="더 낫습니다.", edit_version=1, by=content_admin)
    assert [row["weight"] for row in MatchView(match).components] == in_use, "it is of before"
    match.engine_version = engine_version(settings_in_force())
    assert [row["weight"] for row in MatchView(match).components] == [f"{weight:g}" for weight in WEIGHTS.values()]
    match.engine_version = "1-ffffffff-77aa01be"
    assert MatchView(match).components == [], "its weights are not known any more"


def test_only_one_is_in_use_and_one_can_go_back(content_admin: Any) -> None:
    first, second = calibrated(), calibrated()
    activate_weights(first, reason="가", edit_version=1, by=content_admin)
    activate_weights(second, reason="나", edit_version=1, by=content_admin)
    first.refresh_from_db()
    assert first.state == "retired"
    activate_weights(first, reason="다시", edit_version=first.edit_version, by=content_admin)
    assert list(WeightSet.objects.filter(state="active")) == [first]
    first.refresh_from_db()
    return_to_shipped_weights(first, reason="기본으로", edit_version=first.edit_version, by=content_admin)
    assert active_weights() is None


def test_of_two_administrators_the_second_is_told(content_admin: Any) -> None:
    weights = calibrated()
    activate_weights(weights, reason="가", edit_version=1, by=content_admin)
    with pytest.raises(EditedMeanwhile):
        activate_weights(weights, reason="나", edit_version=1, by=content_admin)


def test_new_lists_are_asked_for_and_old_scores_stay(content_admin: Any) -> None:
    demand, technology = make_demand(), make_technology()
    rank(demand, [technology])
    Work.objects.filter(kind="renew_reference").delete()
    before = Match.objects.values().get()
    activate_weights(calibrated(), reason="가", edit_version=1, by=content_admin)
    assert Work.objects.filter(kind="renew_reference", subject="inbound").exists()
    assert Match.objects.values().get() == before


def test_officers_read_and_administrators_change(officer: Any, content_admin: Any, client: Client) -> None:
    weights = calibrated()
    page, change = (reverse(name, kwargs={"pk": weights.pk}) for name in ("weight_set", "activate_weights"))
    client.force_login(officer)
    assert change not in client.get(page).content.decode()
    assert client.post(change, {"reason": "가", "edit_version": 1}).status_code == 403
    client.force_login(content_admin)
    assert change in client.get(page).content.decode()
    assert client.post(change, {"reason": "", "edit_version": 1}).status_code == 422
    assert client.post(change, {"reason": "더 낫습니다.", "edit_version": 1}).status_code == 302
    assert client.post(change, {"reason": "더 낫습니다.", "edit_version": 1}).status_code == 409
    assert "더 낫습니다." in client.get(page).content.decode()


# --- drift ------------------------------------------------------------------------------------------------------------


def codes() -> set[str]:
    return {warning.code for warning in drift.drift_warnings()}


@pytest.fixture
def judged(officer: Any) -> Match:
    demand, technology = make_demand(), make_technology()
    rank(demand, [technology])
    judge(demand, technology, officer)
    return demand.matches.get()


def test_nothing_is_said_where_nothing_changed(judged: Match, content_admin: Any) -> None:
    assert codes() == set()
    activate_weights(calibrated(), reason="가", edit_version=1, by=content_admin)
    assert codes() == set()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"encoder": "another"}, "encoder"),
        ({"engine_version": "1-ffffffff"}, "formula"),
        ({"glossary_version": "0"}, "glossary"),
    ],
)
def test_what_changed_since_the_calibration_is_told(
    judged: Match, content_admin: Any, changed: dict[str, str], code: str
) -> None:
    activate_weights(calibrated(**changed), reason="가", edit_version=1, by=content_admin)
    assert codes() == {code}


def test_other_weights_are_no_drift(judged: Match, content_admin: Any) -> None:
    activate_weights(
        calibrated(engine_version=f"{FORMULA_VERSION}-another"), reason="가", edit_version=1, by=content_admin
    )
    assert codes() == set()


def test_without_weights_the_judgements_are_compared(judged: Match) -> None:
    Match.objects.update(encoder="another")
    assert codes() == {"encoder"}


def test_without_weights_a_changed_glossary_is_told(judged: Match, officer: Any, content_admin: Any) -> None:
    accept_proposal(make_proposal(officer), reason="확인", edit_version=1, by=content_admin)
    assert codes() == {"glossary"}


def test_languages_are_held_against_those_of_the_calibration(content_admin: Any) -> None:
    make_technology()
    figures = make_weights().figures
    for languages, expected in (({"inbound": {"ru": 3}}, set()), ({"inbound": {"ru": 3, "ja": 1}}, {"languages"})):
        activate_weights(
            calibrated(figures=figures | {"languages": languages}), reason="가", edit_version=1, by=content_admin
        )
        assert codes() == expected


@pytest.mark.parametrize("changed", ["encoder", "engine_version", "glossary_version"])
def test_a_proposal_that_was_fitted_to_other_scores_says_so(officer: Any, client: Client, changed: str) -> None:
    client.force_login(officer)
    today = calibrated(encoder=encoder().key)
    other = calibrated(**{"encoder": encoder().key, changed: "1-else"})
    shown = {one: client.get(reverse("weight_set", args=[one.pk])).content.decode() for one in (today, other)}
    words = "지금과 다른 인코더나 계산식, 용어집으로 만든 점수에 맞춘 비중입니다."
    assert (words in shown[today], words in shown[other]) == (False, True)


def test_the_start_page_of_officers_and_administrators_warns(
    judged: Match, officer: Any, content_admin: Any, client: Client
) -> None:
    for person in (officer, content_admin):
        client.force_login(person)
        assert client.get(reverse("home")).context["drift"] == []
    Match.objects.update(encoder="another")
    for person in (officer, content_admin):
        client.force_login(person)
        assert "매칭 품질 경고" in client.get(reverse("home")).content.decode()


def test_a_moved_mix_of_languages_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    technology = make_technology()
    for number in range(8):
        make_technology(f"Технология {number}", owner=technology.owner)
    Reference.objects.create(
        direction="inbound", version="1", engine_version="2", encoder="cheap", technologies=9, demands=1, data=b""
    )
    built = {"ru": 9}
    monkeypatch.setattr(drift, "_built_from", lambda key, version: built)
    assert codes() == set()
    make_technology("アルミ鋳造", "アルミの鋳造です。", language="ja", country="JP")
    assert codes() == set(), "a tenth is not more than ten points"
    make_technology("アルミ鋳造の型", "アルミの鋳造の型です。", language="ja", country="JP")
    assert codes() == {"languages"}


def test_a_reference_that_cannot_be_read_gives_no_warning(officer: Any) -> None:
    make_technology()
    Reference.objects.create(
        direction="inbound", version="1", engine_version="2", encoder="cheap", technologies=1, demands=1, data=b"old"
    )
    assert drift.drift_warnings() == []
