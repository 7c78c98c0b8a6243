import numpy as np
import pytest

from matching.engine.documents import Document
from matching.engine.prepared import Prepared, prepare
from matching.engine.reference import DEMANDS, OFFERS_PER_LANGUAGE, Reference, drawn
from matching.engine.settings import LEXICAL_CHANNELS
from tests.matching.engine.conftest import LetterEncoder


@pytest.fixture
def population(letter_encoder: LetterEncoder) -> tuple[list[Prepared], list[Prepared]]:
    offers = [Document(f"Gear {n}", f"Hardening of gear number {n}.", ("en", "ru")[n % 2]) for n in range(900)]
    demands = [Document(f"기어 {n}", f"기어 {n} 열처리.", "ko") for n in range(500)]
    return prepare(offers, letter_encoder), prepare(demands, letter_encoder)


def test_round_trip_keeps_everything(letter_encoder: LetterEncoder, population) -> None:
    offers, demands = population
    built = Reference.build(offers[:40], demands[:7], letter_encoder)
    stored = built.to_bytes()
    loaded = Reference.from_bytes(stored)
    assert loaded.version == built.version
    assert loaded.to_bytes() == stored
    assert loaded.offer_counts == {"en": 20, "ru": 20}
    for one, other in zip(built.offers, loaded.offers, strict=True):
        assert (one.whole == other.whole).all()
        assert (one.sentences == other.sentences).all()
        for channel in LEXICAL_CHANNELS:
            assert (getattr(one, channel).ids == getattr(other, channel).ids).all()
            assert (getattr(one, channel).weights == getattr(other, channel).weights).all()


def test_an_empty_reference_can_be_stored(letter_encoder: LetterEncoder) -> None:
    empty = Reference.build([], [], letter_encoder)
    assert Reference.from_bytes(empty.to_bytes()).version == empty.version


def test_samples_are_bounded_and_do_not_depend_on_order(letter_encoder: LetterEncoder, population) -> None:
    offers, demands = population
    built = Reference.build(offers, demands, letter_encoder)
    assert len(built.offers) == 2 * OFFERS_PER_LANGUAGE
    assert len(built.demands) == DEMANDS
    assert built.offer_counts == {"en": 450, "ru": 450}
    assert Reference.build(offers[::-1], demands[::-1], letter_encoder).version == built.version


def test_equal_texts_count_once(letter_encoder: LetterEncoder, population) -> None:
    offers, demands = population
    once = Reference.build(offers[:20], demands[:5], letter_encoder)
    assert Reference.build(offers[:20] * 3, demands[:5] * 2, letter_encoder).version == once.version


def test_another_population_is_another_version(letter_encoder: LetterEncoder, population) -> None:
    offers, demands = population
    versions = {Reference.build(offers[:n], demands[:m], letter_encoder).version for n in (20, 21) for m in (5, 6)}
    assert len(versions) == 4


def test_no_text_is_stored(letter_encoder: LetterEncoder) -> None:
    documents = prepare([Document("Geheimwort", "Geheimwort im Satz.", "en")], letter_encoder)
    stored = Reference.build(documents, documents, letter_encoder)
    raw = b"".join(np.ascontiguousarray(array).tobytes() for array in stored._arrays.values())
    assert b"geheim" not in raw.lower()


@pytest.mark.parametrize("stored", [b"", b"nonsense", b"PK\x03\x04broken"])
def test_broken_bytes_are_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Reference.from_bytes(stored)


def test_a_part_of_many_texts_does_not_depend_on_their_order() -> None:
    documents = [Document(f"Gear {n % 300}", "Hardening.", ("en", "ru")[n % 2]) for n in range(1_000)]
    some = drawn(documents, most=40)
    assert [document.language for document in some] == ["en"] * 40 + ["ru"] * 40
    assert len({document.text_hash() for document in some}) == 80
    assert drawn(documents[::-1], most=40) == some
    assert drawn(iter(documents), most=1_000) == drawn(documents, most=150)
    everyone = sorted(document.text_hash() for document in documents if document.language == "en")
    assert [document.text_hash() for document in some[:40]] == sorted(set(everyone))[:40]
