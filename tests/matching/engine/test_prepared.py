from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from matching.engine.documents import ENCODED_CHARACTERS, Document
from matching.engine.encoders import UniversalSentenceEncoder
from matching.engine.prepared import CacheKey, Prepared, StoredVectors, prepare
from tests.matching.engine.conftest import LetterEncoder


class MemoryCache:
    """Keeps half precision, as a database does."""

    def __init__(self) -> None:
        self.rows: dict[CacheKey, StoredVectors] = {}

    def get_many(self, keys: Sequence[CacheKey]) -> Mapping[CacheKey, StoredVectors]:
        return {key: self.rows[key] for key in keys if key in self.rows}

    def put_many(self, vectors: Mapping[CacheKey, StoredVectors]) -> None:
        self.rows |= {key: (w.astype(np.float16), s.astype(np.float16)) for key, (w, s) in vectors.items()}


GEARS = Document("기어 열처리", "변형을 줄이고 싶습니다. 온도 편차가 큽니다.", "ko")
PUMPS = Document("펌프 진동", "진동을 줄이고 싶습니다. 소음도 큽니다.", "ko")


def test_nothing_is_encoded_twice(letter_encoder: LetterEncoder) -> None:
    cache = MemoryCache()
    first = prepare([GEARS, PUMPS, GEARS], letter_encoder, cache)
    assert len(letter_encoder.encoded) == len(set(letter_encoder.encoded))
    letter_encoder.encoded.clear()
    again = prepare([GEARS, PUMPS], letter_encoder, cache)
    assert letter_encoder.encoded == []
    for one, other in zip(first, again, strict=False):
        assert (one.signals.whole == other.signals.whole).all()
        assert (one.signals.sentences == other.signals.sentences).all()


def test_only_what_the_cache_lacks_is_encoded(letter_encoder: LetterEncoder) -> None:
    cache = MemoryCache()
    prepare([GEARS], letter_encoder, cache)
    letter_encoder.encoded.clear()
    prepare([GEARS, PUMPS], letter_encoder, cache)
    assert PUMPS.text in letter_encoder.encoded
    assert GEARS.text not in letter_encoder.encoded


def test_vectors_of_another_number_of_sentences_are_made_anew(letter_encoder: LetterEncoder) -> None:
    cache = MemoryCache()
    cache.rows[GEARS.text_hash(), letter_encoder.key] = (np.zeros(48), np.zeros((9, 48)))
    (prepared,) = prepare([GEARS], letter_encoder, cache)
    assert prepared.signals.whole.any()
    with pytest.raises(ValueError, match="9 sentence vectors for 3 sentences"):
        Prepared.from_vectors(GEARS, np.zeros(48), np.zeros((9, 48)))


def test_stored_half_precision_equals_fresh_vectors(encoder: UniversalSentenceEncoder) -> None:
    fresh = encoder.encode([GEARS.text, PUMPS.text], ["ko", "ko"])
    assert (fresh == fresh.astype(np.float16).astype(np.float32)).all()
    assert np.linalg.norm(fresh, axis=1) == pytest.approx(1, abs=5e-4)


def test_a_vector_does_not_depend_on_its_neighbours(encoder: UniversalSentenceEncoder) -> None:
    texts = [GEARS.text, PUMPS.text, "Вакуумная цементация", "海水淡化", ""]
    together = encoder.encode(texts, ["ko"] * 5)
    for text, row in zip(texts, together, strict=True):
        assert (encoder.encode([text], ["ko"])[0] == row).all()
    assert not together[4].any()


def test_the_encoder_understands_across_languages(encoder: UniversalSentenceEncoder) -> None:
    korean, russian, other = encoder.encode(
        ["기어의 열처리", "термическая обработка зубчатых колёс", "дошкольное образование"], ["ko", "ru", "ru"]
    )
    assert korean @ russian > korean @ other + 0.1


def test_only_the_documented_part_is_encoded(letter_encoder: LetterEncoder) -> None:
    prepare([Document("제목", "단어 " * 60_000, "ko")], letter_encoder)
    assert max(map(len, letter_encoder.encoded)) <= ENCODED_CHARACTERS


def test_an_empty_document_has_no_sentences(letter_encoder: LetterEncoder) -> None:
    (prepared,) = prepare([Document("", "", "ko")], letter_encoder)
    assert prepared.sentence_texts == ()
    assert prepared.signals.sentences.shape == (0, 48)
