import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.documents import COMPARED_CHARACTERS, Document, plain_text


def test_html_and_control_characters_leave_readable_text() -> None:
    text = "<p>강도 &gt; 500 MPa</p><script>alert('x')</script>\x00 a < 5 mm\u200b끝<br/>"
    assert plain_text(text) == "강도 > 500 MPa a < 5 mm\u200b끝"


def test_composed_and_decomposed_text_have_one_hash() -> None:
    composed = Document("열처리", "본문", "ko")
    decomposed = Document(unicodedata.normalize("NFD", "열처리"), "본문", "ko")
    assert composed.title != decomposed.title
    assert composed.text_hash() == decomposed.text_hash()


@pytest.mark.parametrize(
    "other",
    [
        Document("다른 제목", "본문", "ko"),
        Document("제목", "다른 본문", "ko"),
        Document("제목", "본문", "ja"),
        Document("제목본", "문", "ko"),
    ],
)
def test_title_body_and_language_are_told_apart_by_the_hash(other: Document) -> None:
    assert Document("제목", "본문", "ko").text_hash() != other.text_hash()


def test_what_is_not_text_stays_out_of_the_hash() -> None:
    plain = Document("제목", "본문", "ko")
    assert plain.text_hash() == Document("제목", "본문", "ko", fields=("x",), stage="trl3", key="7").text_hash()


@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(), max_size=300))
def test_any_text_can_be_read_and_hashed(text: str) -> None:
    document = Document(text, text, "ko")
    assert len(document.text_hash()) == 64
    assert "\x00" not in document.text
    assert not any("\ud800" <= character <= "\udfff" for character in document.text)


def test_a_very_long_text_is_cut() -> None:
    assert len(plain_text("단어 " * 100_000)) <= COMPARED_CHARACTERS
