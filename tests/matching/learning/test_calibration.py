"""Fitting weights: simulated officers whose taste is known, and real rows through the command."""

from __future__ import annotations

from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from matching.engine.glossary import shipped_version
from matching.engine.settings import CHANNELS, DEFAULT, engine_version
from matching.learning.calibration import (
    MINIMUM_DECISIONS,
    MINIMUM_DEMANDS,
    Decided,
    TooFew,
    calibrate,
    precision_of,
    thresholds,
)
from matching.learning.models import Judgement, ShownList, ShownMatch, WeightSet
from matching.learning.queries.calibrating import decided_pairs, evidence_and_verdicts
from matching.learning.queries.inforce import glossary_version
from matching.learning.services import accept_proposal
from matching.scoring.encoders import encoder
from tests.people import make_demand, make_proposal, make_technology

CURRENT = dict(zip(CHANNELS, DEFAULT.weights, strict=True))


def simulated(weights: dict[str, float], demands: int = 60, each: int = 40, seed: int = 7) -> Decided:
    """Officers who decide by these weights, and by chance where the sum is near nothing."""
    chance = np.random.default_rng(seed)
    components = chance.normal(size=(demands * each, len(CHANNELS)))
    logits = 1.5 * components @ np.array([weights[name] for name in CHANNELS]) - 0.5
    suitable = (chance.random(len(logits)) < 1 / (1 + np.exp(-logits))).astype(float)
    return Decided(CHANNELS, components, suitable, np.repeat(np.arange(demands), each))


def test_the_weights_that_officers_decide_by_are_found() -> None:
    wanted = {"semantic": 0.4, "readings": 0.9, "loan_words": 0.1, "neutral": 0.1, "concepts": 0.5}
    found = calibrate(simulated(wanted), CURRENT)
    scaled = {name: found.weights[name] * sum(wanted.values()) / sum(found.weights.values()) for name in CHANNELS}
    assert scaled == {name: pytest.approx(weight, abs=0.1) for name, weight in wanted.items()}
    assert found.new.log_loss < found.old.log_loss
    assert found.new.precision[1][0] > found.old.precision[1][0]


def test_weights_that_are_right_already_stay_nearly_as_they_are() -> None:
    found = calibrate(simulated(CURRENT), CURRENT)
    assert found.weights == {name: pytest.approx(weight, abs=0.08) for name, weight in CURRENT.items()}


def test_the_sum_of_the_weights_stays() -> None:
    found = calibrate(simulated(dict.fromkeys(CHANNELS, 1.0)), CURRENT)
    assert sum(found.weights.values()) == pytest.approx(sum(CURRENT.values()), abs=0.001)


def test_what_is_told_was_measured_on_demands_that_chose_nothing() -> None:
    """Officers who judge by the weights in use, in 15 offices with few decisions: nothing can be gained, so on average
    nothing may look gained. It does where the penalty is judged on the demands that chose it."""
    offices = [calibrate(simulated(CURRENT, 22, 10, seed), CURRENT) for seed in range(15)]
    assert np.mean([office.old.log_loss - office.new.log_loss for office in offices]) < 0


def test_no_channel_counts_against_a_technology() -> None:
    wanted = CURRENT | {"neutral": -0.8}
    assert calibrate(simulated(wanted), CURRENT).weights["neutral"] == 0


def test_the_same_decisions_give_the_same_weights() -> None:
    assert calibrate(simulated(CURRENT), CURRENT) == calibrate(simulated(CURRENT), CURRENT)


@pytest.mark.parametrize(
    ("demands", "each"), [(MINIMUM_DEMANDS, 9), (MINIMUM_DEMANDS - 1, 40)], ids=["decisions", "demands"]
)
def test_too_few_decisions_are_refused(demands: int, each: int) -> None:
    decided = simulated(CURRENT, demands, each)
    assert len(decided) < MINIMUM_DECISIONS or decided.telling_demands < MINIMUM_DEMANDS
    with pytest.raises(TooFew):
        calibrate(decided, CURRENT)


def test_demands_of_one_kind_only_do_not_count_as_telling() -> None:
    decided = simulated(CURRENT, 30, 20)
    flat = Decided(CHANNELS, decided.components, np.ones(len(decided)), decided.demands)
    assert flat.telling_demands == 0
    with pytest.raises(TooFew):
        calibrate(flat, CURRENT)


def test_precision_counts_the_first_of_each_demand() -> None:
    decided = Decided(
        ("semantic",),
        np.zeros((7, 1)),
        np.array([1.0, 0, 1, 0, 1, 1, 0]),
        np.array([1, 1, 1, 1, 1, 1, 2]),
    )
    scores = np.array([6.0, 5, 4, 3, 2, 1, 9])
    assert precision_of(decided, scores) == {1: (1, 2), 5: (3, 6), 10: (4, 7)}


def test_words_begin_where_precision_reaches_them() -> None:
    evidence = [n / 1000 for n in range(1000)]
    shares = {range(250): 0.1, range(250, 500): 0.4, range(500, 750): 0.7, range(750, 1000): 0.95}
    chance = np.random.default_rng(3)
    suitable = [
        float(chance.random() < next(share for band, share in shares.items() if n in band)) for n in range(1000)
    ]
    found = thresholds(evidence, suitable)
    assert found == {
        "medium": pytest.approx(0.25, abs=0.05),
        "high": pytest.approx(0.5, abs=0.05),
        "very_high": pytest.approx(0.75, abs=0.08),
    }


def test_words_for_which_too_few_speak_are_left_as_they_are() -> None:
    assert thresholds([0.1, 0.5, 0.9], [0.0, 1.0, 1.0]) == {}
    assert thresholds([], []) == {}


# --- the command ------------------------------------------------------------------------------------------------------


def judged(officer: Any, demands: int, each: int, verdict: str | None = None, **made_by: str) -> None:
    """Judgements with kept lists, by officers who look at the readings alone."""
    technologies = [make_technology()]
    owner = technologies[0].owner
    technologies += [make_technology(f"Технология {number}", owner=owner) for number in range(each - 1)]
    chance = np.random.default_rng(5)
    made_by = {"engine_version": engine_version(DEFAULT), "encoder": encoder().key} | made_by
    company = None
    for _number in range(demands):
        demand = make_demand(company)
        company = demand.company
        shown = ShownList.objects.create(
            demand=demand, demand_version=1, digest=f"{demand.pk:064x}", reference_version="1", weights=CURRENT,
            **made_by,
        )  # fmt: skip
        for place, technology in enumerate(technologies, start=1):
            components = dict(zip(CHANNELS, chance.normal(size=len(CHANNELS)), strict=True))
            line = ShownMatch.objects.create(
                shown_list=shown, place=place, technology=technology, language="ru", score=1.0, relevance="high",
                evidence=0.4, contributions={name: CURRENT[name] * value for name, value in components.items()},
            )  # fmt: skip
            wanted = verdict or ("suitable" if components["readings"] + chance.normal() / 2 > 0 else "unsuitable")
            Judgement.objects.create(
                demand=demand, technology=technology, verdict=wanted, decided_by=officer, shown_list=shown,
                shown_match=line, place=place, score=1.0, evidence=0.4, relevance="high", **made_by,
            )  # fmt: skip


@pytest.mark.django_db
def test_the_command_refuses_below_the_minimum_and_stores_nothing(officer: Any) -> None:
    judged(officer, 3, 4)
    with pytest.raises(CommandError, match=rf"12 of at least {MINIMUM_DECISIONS}.*of at least {MINIMUM_DEMANDS}"):
        call_command("calibrate_matching", stdout=StringIO())
    assert not WeightSet.objects.exists()


@pytest.mark.django_db
def test_the_command_stores_a_proposal_and_changes_nothing(officer: Any) -> None:
    judged(officer, 25, 10)
    out = StringIO()
    call_command("calibrate_matching", stdout=out)
    proposal = WeightSet.objects.get()
    assert (proposal.state, proposal.decisions, proposal.demands) == ("proposed", 250, 25)
    assert proposal.weights["readings"] > CURRENT["readings"] + 0.3
    assert proposal.figures["new"]["log_loss"] < proposal.figures["old"]["log_loss"]
    assert proposal.figures["before"] == CURRENT
    told = out.getvalue()
    for word in ("old", "new", "weight readings", "precision at 10", "log loss", proposal.number):
        assert word in told


@pytest.mark.django_db
def test_a_dry_run_stores_nothing(officer: Any) -> None:
    judged(officer, 25, 10)
    call_command("calibrate_matching", "--dry-run", stdout=StringIO())
    assert not WeightSet.objects.exists()


@pytest.mark.django_db
@pytest.mark.django_db
def test_a_proposal_names_the_glossary_of_the_lists_it_was_fitted_to(officer: Any, content_admin: Any) -> None:
    judged(officer, 25, 10)
    accept_proposal(make_proposal(officer), reason="확인", edit_version=1, by=content_admin)
    call_command("calibrate_matching", stdout=StringIO())
    assert WeightSet.objects.get().glossary_version == shipped_version() != glossary_version()


@pytest.mark.django_db
@pytest.mark.parametrize("made_by", [{"encoder": "another"}, {"engine_version": "1-3f9a0c12-77aa01be"}])
def test_judgements_of_another_encoder_or_formula_are_left_out_and_told(officer: Any, made_by: dict[str, str]) -> None:
    judged(officer, 25, 10, **made_by)
    assert evidence_and_verdicts() == ([], [])
    with pytest.raises(CommandError, match=rf" 0 of at least {MINIMUM_DECISIONS}.*Not counted: 250 judgements"):
        call_command("calibrate_matching", stdout=StringIO())


@pytest.mark.django_db
def test_what_is_on_hold_is_left_out(officer: Any) -> None:
    judged(officer, 2, 3, verdict="on_hold")
    assert len(decided_pairs()) == 0
