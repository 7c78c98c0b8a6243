"""The same pair gets the same score to the last bit, whatever is compared beside it and by whichever way."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import space
from matching.engine.documents import Document
from matching.engine.exact import GRID, MAXIMUM_DIMENSIONS, whole_numbers
from matching.engine.index import TextIndex, write_index
from matching.engine.moments import Moments
from matching.engine.offers import OfferIndex
from matching.engine.prepared import Prepared, prepare
from matching.engine.ranking import Catalogue, Engine, Scores
from matching.engine.reference import Reference
from matching.engine.settings import DEFAULT, LEXICAL_CHANNELS
from tests.matching.engine.conftest import LetterEncoder

ABOUT = {"reference": "one"}
ARRAYS = ("total", "contributions", "components", "whole", "sentences", "evidence")


def bits(scores: Scores, rows: slice = slice(None)) -> dict[str, bytes]:
    return {name: np.ascontiguousarray(getattr(scores, name)[rows]).tobytes() for name in ARRAYS}


@pytest.fixture(scope="module")
def small() -> tuple[Engine, list[Prepared], list[Prepared]]:
    """Texts of different lengths in four languages, some without a sentence and one without anything."""
    encoder = LetterEncoder()
    word = ("hardening", "закалка", "熱処理", "热处理", "plasma", "плазма", "SUS304", "0.05 mm", "膜", "滤")
    offers = [
        Document(
            f"{word[n % 10]} {n}",
            " ".join(f"{word[(n * k) % 10]} {word[(n + k) % 10]} {n % 17}." for k in range(n % 7)),
            ("en", "ru", "ja", "zh")[n % 4],
            key=str(n),
        )
        for n in range(240)
    ]
    offers.append(Document("", "", "ru", key="empty"))
    demands = [
        Document(f"플라즈마 열처리 {n}", "변형을 0.05 mm 이하로 줄입니다. " * (n % 5), "ko", key=f"d{n}")
        for n in range(30)
    ]
    ready, wanted = prepare(offers, encoder), prepare(demands, encoder)
    return Engine(encoder, Reference.build(ready[:150], wanted[:20], encoder)), wanted, ready


def test_a_hundred_and_five_thousand_offers_give_the_same_bits(engine: Engine, demands, offers) -> None:
    hundred = (offers * 4)[:100]
    many = [*hundred, *(offers * 200)[:4_900]]
    assert len(many) == 5_000
    few, crowd = engine.catalogue(hundred), engine.catalogue(many)
    for demand in demands[:3]:
        assert bits(engine.score(demand, few)) == bits(engine.score(demand, crowd), slice(100))
        assert bits(engine.score(demand, [many[4_321]])) == bits(engine.score(demand, crowd), slice(4_321, 4_322))


def test_many_demands_at_once_get_the_bits_of_each_alone(small) -> None:
    engine, demands, offers = small
    catalogue = engine.catalogue(offers)
    together = engine.rank_many(demands, catalogue, per_language=None)
    for demand, ranked in zip(demands, together, strict=True):
        alone = engine.score(demand, catalogue)
        assert {c.row: c.score for c in ranked} == dict(enumerate(alone.total.tolist()))
        assert ranked == [alone.candidate(c.row) for c in ranked]


@pytest.mark.parametrize("is_projected", [False, True])
def test_both_directions_of_comparison_give_the_same_bits(small, is_projected: bool, monkeypatch) -> None:
    engine, demands, offers = small
    if is_projected:
        matrix = np.random.default_rng(8).normal(scale=0.05, size=(LetterEncoder.dimensions, LetterEncoder.dimensions))
        monkeypatch.setattr(space, "projection_of", lambda encoder_key: matrix)
        turned = Engine(engine.encoder, engine.reference)
        assert bits(turned.score(demands[1], offers)) != bits(engine.score(demands[1], offers))
        engine = turned
    rows = [engine.score(demand, offers) for demand in demands]
    index = engine.demands(demands)
    for place in (0, 1, 7, 52, 239, 240):
        column = engine.score_offer_for(offers[place], index, [demand.key for demand in demands])
        for demand, row in enumerate(rows):
            assert bits(column, slice(demand, demand + 1)) == bits(row, slice(place, place + 1))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=6), st.integers(0, 2**32 - 1))
def test_joined_parts_and_what_is_left_of_them_equal_an_index_made_at_once(small, sizes, seed) -> None:
    engine, demands, offers = small
    cuts = np.cumsum([0, *sizes])
    parts = [OfferIndex.of([o.signals for o in offers[a:b]], engine.population, DEFAULT) for a, b in pairwise(cuts)]
    taken = offers[: cuts[-1]]
    joined = OfferIndex.joined([part for part in parts if len(part)])
    keep = np.random.default_rng(seed).random(len(joined)) < 0.7
    left = joined.kept(keep)
    for demand in demands[3:6]:
        right = engine.score(demand, taken)
        assert bits(engine.score(demand, _named(joined, taken))) == bits(right)
        kept = [offer for offer, stays in zip(taken, keep, strict=True) if stays]
        if kept:
            assert bits(engine.score(demand, _named(left, kept))) == bits(engine.score(demand, kept))


def _named(index: OfferIndex, offers: list[Prepared]) -> Catalogue:
    return Catalogue(index, np.array([offer.key for offer in offers], dtype=object))


def test_demands_that_are_joined_keep_their_bits(small) -> None:
    engine, demands, offers = small
    whole = engine.demands(demands)
    joined = type(whole).joined([engine.demands(demands[:11]), engine.demands(demands[11:])])
    keep = np.arange(30) % 3 > 0
    keys = [demand.key for demand in demands]
    right = engine.score_offer_for(offers[9], whole, keys)
    assert bits(engine.score_offer_for(offers[9], joined, keys)) == bits(right)
    left = engine.score_offer_for(
        offers[9], joined.kept(keep), [k for k, stays in zip(keys, keep, strict=True) if stays]
    )
    assert left.total.tolist() == right.total[keep].tolist()


def test_an_index_in_files_is_the_index_in_memory(small, tmp_path) -> None:
    engine, demands, offers = small
    parts = [
        OfferIndex.of([o.signals for o in some], engine.population, DEFAULT) for some in (offers[:90], offers[90:])
    ]
    write_index(tmp_path, [(part.texts, None) for part in parts], ABOUT)
    loaded = OfferIndex.load(tmp_path, DEFAULT, ABOUT)
    assert isinstance(loaded.texts.whole, np.memmap)
    for demand in demands[:4]:
        assert bits(engine.score(demand, _named(loaded, offers))) == bits(engine.score(demand, offers))


def test_what_is_left_of_files_and_memory_can_be_written_as_one(small, tmp_path) -> None:
    engine, demands, offers = small
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir(), second.mkdir()
    index = OfferIndex.of([offer.signals for offer in offers[:200]], engine.population, DEFAULT)
    write_index(first, [(index.texts, None)], ABOUT)
    keep = np.arange(200) % 5 > 0
    newer = OfferIndex.of([offer.signals for offer in offers[200:]], engine.population, DEFAULT)
    write_index(second, [(TextIndex.load(first, ABOUT), keep), (newer.texts, None)], ABOUT)
    left = [offer for place, offer in enumerate(offers) if place >= 200 or keep[place]]
    loaded = OfferIndex.load(second, DEFAULT, ABOUT)
    assert bits(engine.score(demands[4], _named(loaded, left))) == bits(engine.score(demands[4], left))


def test_an_index_of_something_else_is_refused(small, tmp_path) -> None:
    engine, _demands, offers = small
    write_index(tmp_path, [(OfferIndex.of([offers[0].signals], engine.population, DEFAULT).texts, None)], ABOUT)
    with pytest.raises(ValueError, match="another"):
        OfferIndex.load(tmp_path, DEFAULT, ABOUT | {"reference": "another"})


def test_a_folder_without_its_end_is_refused(small, tmp_path) -> None:
    engine, _demands, offers = small
    with pytest.raises(ValueError, match="no index"):
        OfferIndex.load(tmp_path, DEFAULT, ABOUT)
    write_index(tmp_path, [(OfferIndex.of([offers[0].signals], engine.population, DEFAULT).texts, None)], ABOUT)
    (tmp_path / f"{LEXICAL_CHANNELS[-1]}_rows.npy").unlink()
    with pytest.raises(ValueError, match="no index"):
        OfferIndex.load(tmp_path, DEFAULT, ABOUT)


def test_what_does_not_stand_any_more_is_not_ranked(small) -> None:
    engine, demands, offers = small
    whole = engine.catalogue(offers)
    standing = np.arange(len(offers)) % 4 != 2  # no Japanese one
    catalogue = Catalogue(whole.index, whole.keys, standing)
    ranked = engine.rank(demands[2], catalogue, per_language=3, also={offers[2].key, offers[200].key})
    assert {c.language for c in ranked} == {"en", "ru", "zh"}
    assert offers[200].key in {c.key for c in ranked}
    assert [c.score for c in ranked] == sorted((c.score for c in ranked), reverse=True)


def test_numbers_as_names_order_equal_scores_as_numbers(small) -> None:
    engine, demands, offers = small
    twins = engine.catalogue([offers[1]] * 12)
    catalogue = Catalogue(twins.index, np.arange(12, 0, -1))
    assert [c.key for c in engine.rank(demands[0], catalogue, per_language=4)] == ["1", "2", "3", "4"]


def test_moments_survive_being_stored(small) -> None:
    engine, demands, _offers = small
    for one in (
        engine.moments(demands[0]),
        Engine(engine.encoder, Reference.build([], [], engine.encoder)).moments(demands[0]),
    ):
        stored = Moments.from_bytes(one.to_bytes())
        assert stored.languages == one.languages
        for name in ("means", "deviations", "centres", "spreads"):
            assert getattr(stored, name).tolist() == getattr(one, name).tolist()


@pytest.mark.parametrize("dimensions", [1, 48, 512, 4096, MAXIMUM_DIMENSIONS])
def test_products_of_whole_numbers_are_exact_in_single_precision(dimensions: int) -> None:
    chance = np.random.default_rng(dimensions)
    rows = chance.standard_normal((40, dimensions))
    rows[1], rows[2] = rows[0], -rows[0]  # the largest products there are
    rows[3] = 1.0
    rows[4] = np.where(np.arange(dimensions) == 0, 1.0, 0.0)
    grid = whole_numbers(rows / np.linalg.norm(rows, axis=1, keepdims=True))
    exact = grid.astype(np.int64) @ grid.astype(np.int64).T
    assert (grid @ grid.T).astype(np.int64).tolist() == exact.tolist()
    assert np.abs(exact).max() < 2**24
    assert abs(exact[0, 1] / GRID**2 - 1) < 0.01


def test_more_dimensions_than_are_exact_are_refused() -> None:
    with pytest.raises(ValueError, match="dimensions"):
        whole_numbers(np.zeros((1, MAXIMUM_DIMENSIONS + 1)))
