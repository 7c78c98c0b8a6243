"""Weights: an administrator takes them into use or goes back; what changed meanwhile is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cooperation_portal.shared.conflicts import EditedMeanwhile
from cooperation_portal.work.models import Work
from matching.engine.settings import DEFAULT, engine_version
from matching.learning.models import Judgement, WeightSet
from matching.learning.queries import drift
from matching.learning.queries.inforce import settings_in_force, thresholds_in_force, weights_in_force
from matching.learning.services import activate_weights, return_to_shipped_weights
from matching.scoring.models import Match, Reference
from tests.matching.learning.conftest import rank
from tests.matching.triage.conftest import judge
from tests.people import make_demand, make_technology, make_weights

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
    assert (weights_in_force(), thresholds_in_force(), settings_in_force()) == (None, None, DEFAULT)


def test_weights_in_use_are_in_force_and_change_the_version(content_admin: Any) -> None:
    activate_weights(calibrated(), reason="더 낫습니다.", edit_version=1, by=content_admin)
    assert weights_in_force() == WEIGHTS
    assert thresholds_in_force() == {"very_high": 0.5, "high": 0.4, "medium": 0.3}
    assert settings_in_force().weights == tuple(WEIGHTS.values())
    assert engine_version(settings_in_force()) != engine_version(DEFAULT)


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
    assert weights_in_force() is None


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
    activate_weights(calibrated(engine_version="2-another"), reason="가", edit_version=1, by=content_admin)
    assert codes() == set()


def test_without_weights_the_judgements_are_compared(judged: Match) -> None:
    Judgement.objects.update(encoder="another")
    assert codes() == {"encoder"}


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
