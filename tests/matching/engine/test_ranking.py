"""The promise of the engine: a pair's score is a function of the two texts, the reference and the engine version."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.engine.documents import LANGUAGES, Document
from matching.engine.moments import Moments
from matching.engine.prepared import Prepared, prepare
from matching.engine.ranking import Engine
from matching.engine.reference import Reference
from matching.engine.settings import CHANNELS, DEFAULT, Settings, engine_version
from tests.matching.engine.conftest import LetterEncoder

TOLERANCE = 2e-9


def right_offers(demand: Prepared, offers: list[Prepared]) -> set[str]:
    keys = [offer.key for offer in offers]
    return {key for key in keys if key.startswith(f"{demand.key}-") and not key.endswith("-near")}


def test_right_offers_stand_before_all_others(engine: Engine, demands: list[Prepared], offers: list[Prepared]) -> None:
    found, wanted, first = 0, 0, 0
    for demand in demands:
        right = right_offers(demand, offers)
        ranking = [candidate.key for candidate in engine.rank(demand, offers)]
        found += len(right & set(ranking[: len(right)]))
        wanted += len(right)
        first += ranking[0] in right
    assert (first, len(demands)) == (8, 8)
    assert found / wanted >= 0.85


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_score_does_not_depend_on_the_other_offers(
    engine: Engine, demands: list[Prepared], offers: list[Prepared], data: st.DataObject
) -> None:
    demand = data.draw(st.sampled_from(demands), label="demand")
    subset = data.draw(st.lists(st.sampled_from(offers), min_size=1, max_size=60), label="offers")
    together = engine.score(demand, subset)
    for row, offer in enumerate(subset):
        alone = engine.score(demand, [offer])
        assert alone.total[0] == pytest.approx(together.total[row], abs=TOLERANCE)
        assert alone.contributions[0] == pytest.approx(together.contributions[row], abs=TOLERANCE)
        assert alone.relevance[0] == together.relevance[row]


def test_offers_that_the_reference_does_not_know_change_nothing(
    engine: Engine, demands: list[Prepared], offers: list[Prepared]
) -> None:
    newcomers = engine.prepare(
        [Document(f"Новая технология {n}", f"Термообработка зубчатых колёс, вариант {n}.", "ru") for n in range(30)]
    )
    before = engine.score(demands[0], offers).total
    after = engine.score(demands[0], [*newcomers, *offers]).total[len(newcomers) :]
    assert after == pytest.approx(before, abs=TOLERANCE)


def test_many_thousand_offers_score_like_one(engine: Engine, demands: list[Prepared], offers: list[Prepared]) -> None:
    """Crosses the blocks in which vectors are multiplied."""
    many = engine.catalogue((offers * 60)[:1_500])
    scores = engine.score(demands[1], many)
    few = engine.score(demands[1], offers)
    assert scores.total == pytest.approx(np.resize(few.total, 1_500), abs=TOLERANCE)


def test_one_offer_against_many_demands_gets_the_same_scores(
    engine: Engine, demands: list[Prepared], offers: list[Prepared]
) -> None:
    scores = engine.score_offer(offers[4], demands)
    expected = [engine.score(demand, offers).total[4] for demand in demands]
    assert scores.total == pytest.approx(expected, abs=TOLERANCE)
    assert scores.keys == tuple(demand.key for demand in demands)
    assert scores.candidate(1).key == demands[1].key


def test_a_second_engine_gives_the_same_scores(
    engine: Engine, demands: list[Prepared], offers: list[Prepared], encoder
) -> None:
    stored = Reference.from_bytes(engine.reference.to_bytes())
    other = Engine(encoder, stored)
    fresh = other.prepare([offer.document for offer in offers])
    assert other.score(demands[2], fresh).total == pytest.approx(engine.score(demands[2], offers).total, abs=TOLERANCE)


def test_contributions_add_up_to_the_score(engine: Engine, demands: list[Prepared], offers: list[Prepared]) -> None:
    for candidate in engine.rank(demands[0], offers):
        assert sum(candidate.contributions.values()) == pytest.approx(candidate.score, abs=TOLERANCE)
        assert set(CHANNELS) <= candidate.raw.keys()


def test_every_language_keeps_its_best_candidates(
    engine: Engine, demands: list[Prepared], offers: list[Prepared]
) -> None:
    candidates = engine.rank(demands[0], offers, per_language=2)
    counts = {language: sum(c.language == language for c in candidates) for language in LANGUAGES}
    assert counts == dict.fromkeys(LANGUAGES, 2)
    assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)


def test_order_does_not_depend_on_the_order_of_the_offers(
    engine: Engine, demands: list[Prepared], offers: list[Prepared]
) -> None:
    twins = [*offers, Prepared(replace(offers[0].document, key="a-twin"), offers[0].signals, offers[0].sentence_texts)]
    forwards = [c.key for c in engine.rank(demands[0], twins)]
    assert forwards == [c.key for c in engine.rank(demands[0], twins[::-1])]
    assert abs(forwards.index("a-twin") - forwards.index("steel-ru")) == 1


def test_the_language_label_moves_a_score_only_through_the_reference(
    letter_encoder: LetterEncoder, demands: list[Prepared], offers: list[Prepared]
) -> None:
    """With a reference that knows no language, a text scores alike whatever language it is said to be in. (Han
    characters and concepts are left out: there the label chooses how they are read.)"""
    settings = replace(DEFAULT, concepts_weight=0.0)
    engine = Engine(letter_encoder, Reference.build([], [], letter_encoder), settings)
    (demand,) = engine.prepare([demands[0].document])
    text = "Plasma treatment of SUS304 gears, 0.05 mm, плазма, 플라즈마 열처리."
    labelled = engine.prepare([Document("Title", text, language) for language in (*LANGUAGES, "xx")])
    assert len(set(engine.score(demand, labelled).total.tolist())) == 1


def test_languages_with_equal_offers_get_equal_scores(letter_encoder: LetterEncoder) -> None:
    """The same texts in the reference under two labels: neither label is worth more."""
    body = "Gear hardening in vacuum, variant {}. Distortion stays below {} mm."
    twins = [Document(f"Offer {n}", body.format(n, n), language) for n in range(12) for language in ("en", "ru")]
    offers = prepare(twins, letter_encoder)
    demands = prepare([Document("Demand", "Gear hardening without distortion", "ko")], letter_encoder)
    engine = Engine(letter_encoder, Reference.build(offers, demands, letter_encoder))
    scores = engine.score(demands[0], offers).total
    assert scores[0::2] == pytest.approx(scores[1::2], abs=TOLERANCE)


def test_foreign_demands_find_korean_technologies(encoder, demands: list[Prepared], offers: list[Prepared]) -> None:
    """Outbound: the same texts with their roles exchanged."""
    foreign = [offer for offer in offers if offer.document.language != "ko" and not offer.key.endswith("-near")]
    engine = Engine(encoder, Reference.build(demands, foreign, encoder))
    right = sum(
        foreign_demand.key.startswith(engine.rank(foreign_demand, demands)[0].key) for foreign_demand in foreign
    )
    assert right / len(foreign) >= 0.9


@pytest.mark.parametrize("count", [0, 1, 2])
def test_nearly_empty_references_give_finite_scores(
    count: int, encoder, demands: list[Prepared], offers: list[Prepared]
) -> None:
    engine = Engine(encoder, Reference.build(offers[:count], demands[:count], encoder))
    for demand in demands:
        scores = engine.score(demand, offers)
        assert np.isfinite(scores.total).all()
        assert np.abs(scores.total).max() < 30


ODD_TEXTS = [
    "",
    "열처",
    "abc",
    "\x00\x00",
    "🙂🙂🙂🙂",
    "<div><b></b></div>",
    "。。。",
    "\ud800",
    "가" * 200_000,
    "word. " * 33_000,
]


@pytest.mark.parametrize("text", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_texts_are_scored_and_explained(text: str, engine: Engine, demands: list[Prepared], offers) -> None:
    odd = engine.prepare([Document(text, text, "zh", key="odd"), Document(text, "", "xx", key="odder")])
    scores = engine.score(demands[0], odd)
    assert np.isfinite(scores.total).all()
    assert np.isfinite(engine.score(odd[0], offers).total).all()
    json.dumps(engine.reasons(odd[0], offers[0]).to_dict())
    if not any(character.isalnum() for character in text.replace("div", "").replace("b", "")):
        assert scores.relevance == ("low", "low")


def test_nothing_fits_can_be_said(engine: Engine, offers: list[Prepared]) -> None:
    (demand,) = engine.prepare(
        [Document("사내 도서관 좌석 예약", "직원들이 독서실 좌석을 미리 예약하는 절차를 안내받고 싶습니다.", "ko")]
    )
    words = engine.score(demand, offers).relevance
    assert not {"high", "very_high"} & set(words)
    assert words.count("low") > len(words) * 0.9


def test_right_offers_are_called_relevant(engine: Engine, demands: list[Prepared], offers: list[Prepared]) -> None:
    right: list[str] = []
    wrong: list[str] = []
    for demand in demands:
        scores = engine.score(demand, offers)
        for key, word in zip(scores.keys, scores.relevance, strict=True):
            (right if key in right_offers(demand, offers) else wrong).append(word)
    assert right.count("low") <= 1
    assert wrong.count("low") / len(wrong) >= 0.9
    assert wrong.count("very_high") == 0


def test_no_offers_give_no_candidates(engine: Engine, demands: list[Prepared]) -> None:
    assert engine.rank(demands[0], []) == []
    assert len(engine.score_offer(demands[0], [])) == 0


def test_stored_moments_give_the_same_scores(engine: Engine, demands: list[Prepared], offers: list[Prepared]) -> None:
    stored = engine.moments(demands[3]).to_bytes()
    other = Engine(engine.encoder, engine.reference)
    other.remember(demands[3].document, Moments.from_bytes(stored))
    assert other.score(demands[3], offers).total.tolist() == engine.score(demands[3], offers).total.tolist()


def test_a_reference_of_another_encoder_is_refused(engine: Engine, letter_encoder: LetterEncoder) -> None:
    with pytest.raises(ValueError, match="letters@1/48"):
        Engine(letter_encoder, engine.reference)


def test_other_settings_are_another_engine_version() -> None:
    assert engine_version() == engine_version(Settings())
    assert engine_version(replace(DEFAULT, readings_weight=0.5)) != engine_version()
