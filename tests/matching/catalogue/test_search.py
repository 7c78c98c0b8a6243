"""What is found by which words, by whom, and what is never found."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from matching.catalogue import search
from matching.catalogue.models import HideableField, Technology, TechnologyTerms
from matching.catalogue.queries import containing
from matching.catalogue.services import change_technology
from tests.people import make_company, make_institution, make_technology

pytestmark = pytest.mark.django_db


def found(words: str, **fields: Any) -> bool:
    technology = make_technology(**fields)
    return is_found(technology, words)


def is_found(technology: Technology, words: str) -> bool:
    return containing(Technology.objects.all(), words).filter(pk=technology.pk).exists()


# --- Korean -----------------------------------------------------------------------------------------------------------

KOREAN = {
    "korean": ("강의 저온플라즈마질화처리", "경도를 높이며, 변형은 거의 없습니다. 철강-Ti 접합에도 씁니다."),
    "title": "Плазменное азотирование",
    "body": "Текст",
}


@pytest.mark.parametrize(
    "words",
    [
        "질화",  # two syllables inside a longer word
        "라즈",
        "플라즈마",
        "저온플라즈마질화처리",
        "경도",  # the text has a particle after it
        "변형 질화",  # every word, in any order
        "강",  # one syllable that stands alone but for its particle
        "리",  # the last syllable of a word
        "철강-Ti",
        "철강-ti",
        "Ti",
        "질화,",
        "「질화」",
    ],
)
def test_korean_is_found_at_any_place_of_a_word(words: str) -> None:
    assert found(words, **KOREAN)


@pytest.mark.parametrize(
    "words",
    [
        "질화물",
        "화처리질",
        "질화 없는말",
        "온화",
        "마라즈",
        "의강",  # no word
        "강저온",  # two words are not one
    ],
)
def test_what_is_not_in_the_text_is_not_found(words: str) -> None:
    assert not found(words, **KOREAN)


def test_pairs_of_letters_must_stand_side_by_side() -> None:
    """All pairs of the word are in the text, the word is not."""
    fields = {"korean": ("가나 나다", "다라 가나"), "title": "Текст", "body": "Текст"}
    assert found("가나", **fields)
    assert not found("가나다", **fields)
    assert not found("가나다라", **fields)


def test_no_word_reaches_from_one_text_into_the_next() -> None:
    technology = make_technology("Ti", "Al", korean=None)
    assert is_found(technology, "Ti") and is_found(technology, "Al")
    assert not is_found(technology, "Ti-Al")


# --- other scripts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("плазм", True),  # the beginning of a word
        ("азотирования", True),  # another case of азотирование
        ("азотированием стали", True),
        ("ПЛАЗМЕННОГО", True),
        ("плазменную", True),
        ("твердость", True),  # the text has твёрдость
        ("твёрдость", True),
        ("зотирование", False),  # not the beginning
        ("хромирование", False),
        ("HV", True),
        ("1100", True),
        ("500", True),
        ("110", True),
        ("1101", False),
    ],
)
def test_russian_is_found_by_the_beginnings_of_words(words: str, expected: bool) -> None:
    assert found(words, korean=None, body="Твёрдость повера: 1100 HV при 500 °C. Азотирование ста\u0301ли.") == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [("窒化", True), ("プラズマ", True), ("ラズ", True), ("プラズマ窒化処理", True), ("ﾌﾟﾗｽﾞﾏ", True), ("窒素", False)],
)
def test_japanese_needs_no_spaces(words: str, expected: bool) -> None:
    fields = {
        "title": "低温プラズマ窒化処理技術",
        "body": "歯車の表面硬度を高める。",
        "language": "ja",
        "country": "JP",
    }
    assert found(words, korean=None, **fields) == expected


@pytest.mark.parametrize(("words", "expected"), [("渗氮", True), ("离子渗氮", True), ("等离子", True), ("氮渗", False)])
def test_chinese_needs_no_spaces(words: str, expected: bool) -> None:
    fields = {"title": "低温等离子渗氮工艺", "body": "提高齿轮表面硬度。", "language": "zh", "country": "CN"}
    assert found(words, korean=None, **fields) == expected


@pytest.mark.parametrize(
    "words", ["nitrid", "NITRIDING", "nitriding steel", "ｎｉｔｒｉｄｉｎｇ", "low-temperature", "ﬁne"]
)
def test_english_is_found_by_the_beginnings_of_words(words: str) -> None:
    fields = {"title": "Low-temperature nitriding of fine steel", "body": "Text", "language": "en", "country": "US"}
    assert found(words, korean=None, **fields)


def test_letters_that_came_apart_are_put_together() -> None:
    """A Mac writes Korean syllables in parts; what was stored before forms were cleaned may be so, too."""
    assert found(unicodedata.normalize("NFD", "질화"), **KOREAN)
    apart = {**KOREAN, "korean": tuple(unicodedata.normalize("NFD", text) for text in KOREAN["korean"])}
    assert found("질화", **apart)


def test_full_width_and_half_width_are_the_same() -> None:
    assert found("１１００ＨＶ", korean=("질화", "경도 1100HV"))
    assert found("1100HV", korean=("질화", "경도 １１００ＨＶ"))


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_a_technology_is_found_by_its_number() -> None:
    technology = make_technology(korean=None)
    for words in (technology.number, technology.number.lower(), str(technology.pk), f"T-{technology.pk}"):
        assert is_found(technology, words), words
    assert not is_found(technology, f"T-{technology.pk + 1}")
    assert is_found(technology, f"{technology.pk} стали")
    assert not is_found(technology, f"{technology.pk} чугун")


# --- anything may be typed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["", "   ", "\u3000", "\0"])
def test_nothing_typed_narrows_nothing(words: str) -> None:
    assert found(words)


@pytest.mark.parametrize("words", ["!!!", "&", "' --", ":*", "( | )", "<->", "\\", "___", "🙂"])
def test_signs_alone_find_nothing(words: str) -> None:
    assert not found(words)


@pytest.mark.parametrize(
    "words",
    [
        "질화 & !강",
        "질화:*",
        "'질화'",
        '"질화"',
        "질화 | 강",
        "(질화",
        "질화\\",
        "질화 <-> 강",
        "질화 AND",
        "%질화_",
        "질화;--",
    ],
)
def test_operators_are_signs_like_any_other(words: str) -> None:
    expected = "AND" not in words
    assert found(words) == expected


@given(words=st.text(max_size=300))
@example(words="a" * 5_000)
@example(words="가" * 5_000)
@example(words="'" * 200)
@example(words="\\ \\' ':* & ! | <2>")
@example(words=" ".join(str(number) for number in range(300)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_the_search(db: None, words: str) -> None:
    words = words.encode("utf-8", "ignore").decode()
    asked = search.Search(words)
    list(asked.narrowed(Technology.objects.all()))
    if asked.words:
        list(Technology.objects.order_by(asked.rank()))
    if asked.pattern:
        asked.pattern.search(search.folded(words))


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=400))
@example(text="'\\ \\' ' :1A ,'")
@example(text="가나다라마바사" * 200)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_text_can_be_indexed_and_is_found_by_its_own_words(db: None, text: str) -> None:
    TechnologyTerms.objects.all().delete()
    technology = Technology.objects.first() or make_technology()
    technology.texts.filter(language="ru").update(body=text)
    search.index(technology)
    for word in search.Search(text).words:
        assert is_found(technology, word), word


def test_the_longest_texts_can_be_indexed() -> None:
    """More letters and more different pairs than PostgreSQL's own limits."""
    letters = "".join(chr(0xAC00 + (number * 7919) % 11_000) for number in range(20_000))
    technology = make_technology(korean=("긴 글", letters))
    technology.texts.filter(language="ru").update(body=" ".join(f"слово{number}" for number in range(2_000)))
    for language in ("en", "ja", "zh"):
        text = chr(0x4E00) + "".join(chr(0x4E00 + (number * 6007) % 20_000) for number in range(19_990))
        technology.texts.create(language=language, origin="human", title=language, body=text)
    search.index(technology)
    assert is_found(technology, letters[:8])
    assert is_found(technology, letters[-8:])
    assert not is_found(technology, letters[1] + letters[0])


# --- what is searched -------------------------------------------------------------------------------------------------


def test_the_owner_is_found_by_every_name() -> None:
    owner = make_institution(name_en="Institute of Metals")
    owner.aliases.create(kind="former", name="Лаборатория Иванова", language="ru")
    owner.aliases.create(kind="other", name="이바노프 연구실", language="ko")
    technology = make_technology(owner=owner, korean=None)
    for words in ("금속연구소", "Институт", "institute metals", "лаборатория", "이바노프"):
        assert is_found(technology, words), words


def test_a_renamed_owner_is_found_by_the_new_name_only() -> None:
    from cooperation_portal.network.models import Institution
    from cooperation_portal.network.signals import institution_changed

    technology = make_technology(korean=None)
    Institution.objects.filter(pk=technology.owner_id).update(name_ko="새이름연구원")
    institution_changed.send(sender=Institution, institutions=[technology.owner_id], by=None)
    assert is_found(technology, "새이름")
    assert not is_found(technology, "금속연구소")


def test_a_company_is_not_found_by_its_name() -> None:
    """It is shown masked; a search by the name would tell which it is."""
    technology = make_technology(owner_company=make_company("㈜새벽기계"), korean=None)
    assert not is_found(technology, "새벽기계")


@pytest.mark.parametrize("part", [HideableField.SPECIFICATION, HideableField.ADVANTAGES])
def test_hidden_parts_are_found_by_nobody(part: HideableField, officer: Any) -> None:
    technology = make_technology(korean=None)
    texts = {"ru": {"origin": "source", "title": "Сталь", "body": "Текст", part.value: "Секретныйсплав"}}
    change_technology(technology, by=None, texts=texts)
    assert is_found(technology, "секретныйсплав")
    change_technology(technology, by=None, hidden=[part.value])
    assert not is_found(technology, "секретныйсплав")
    assert not containing(Technology.objects.visible_to(officer), "секретныйсплав").exists()


def test_a_changed_text_is_found_by_its_new_words_only() -> None:
    technology = make_technology(korean=None)
    change_technology(technology, by=None, texts={"ru": {"origin": "source", "title": "Ковка", "body": "Текст"}})
    assert is_found(technology, "ковка") and not is_found(technology, "азотирование")


def test_drafts_are_found_by_staff_only(member: Any, officer: Any) -> None:
    make_technology("Черновик", status="draft")
    assert not containing(Technology.objects.visible_to(member), "черновик").exists()
    assert containing(Technology.objects.visible_to(officer), "черновик").exists()


# --- order ------------------------------------------------------------------------------------------------------------


def test_words_in_the_title_and_the_owner_come_before_words_in_the_text() -> None:
    in_title = make_technology("Ковка", "Текст", korean=None)
    by_owner = make_technology("Литьё", "Текст", korean=None, owner=make_institution(name="Институт ковки"))
    in_text = make_technology("Сварка", "Это не ковка", korean=None)
    asked = search.Search("ковка")
    ranked = asked.narrowed(Technology.objects.all()).order_by(asked.rank().desc(), "-pk")
    assert list(ranked) == [in_title, by_owner, in_text]


# --- keeping the index --------------------------------------------------------------------------------------------------


def test_what_has_no_terms_yet_gets_them() -> None:
    from matching.catalogue.tasks import index_missing

    technology = make_technology(korean=None)
    TechnologyTerms.objects.all().delete()
    assert not is_found(technology, "азотирование")
    index_missing()
    assert is_found(technology, "азотирование")


def test_the_command_makes_all_terms_anew(capsys: Any) -> None:
    from django.core.management import call_command

    technology = make_technology(korean=None)
    TechnologyTerms.objects.update(terms="'x':1")
    call_command("index_technologies")
    assert not is_found(technology, "азотирование")
    call_command("index_technologies", all=True)
    assert is_found(technology, "азотирование")


def test_many_are_indexed_in_as_many_statements_as_one(django_assert_num_queries: Any) -> None:
    keys = [make_technology(f"Технология {number}").pk for number in range(5)]
    with django_assert_num_queries(7):
        search.index_many(keys[:1])
    with django_assert_num_queries(7):
        search.index_many(keys)
