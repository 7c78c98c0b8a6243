import pytest

from matching.engine.documents import Document
from matching.engine.figures import figures_in
from matching.engine.loanwords import loan_word_terms, skeleton
from matching.engine.neutral import neutral_terms, neutral_words
from matching.engine.readings import folded, reading_terms, syllable_runs
from matching.engine.specifications import contradictions, quantities
from matching.engine.terms import TermSet


def shared(one: TermSet, other: TermSet) -> int:
    return len(set(one.ids.tolist()) & set(other.ids.tolist()))


@pytest.mark.parametrize(("text", "language"), [("熱処理", "ja"), ("热处理", "zh"), ("熱處理", "zh")])
def test_heat_treatment_reads_alike_in_three_languages(text: str, language: str) -> None:
    korean = reading_terms("열처리", "ko")
    assert reading_terms(text, language).ids.tolist() == korean.ids.tolist()
    assert len(korean) == 3


@pytest.mark.parametrize(
    ("korean", "text", "language"),
    [("유체역학", "流体力学", "ja"), ("이론", "理论", "zh"), ("노화", "老化", "zh"), ("효율", "效率", "zh")],
)
def test_the_initial_sound_rule_does_not_separate_readings(korean: str, text: str, language: str) -> None:
    assert shared(reading_terms(korean, "ko"), reading_terms(text, language)) >= 1


def test_folding_leaves_other_characters() -> None:
    assert [folded(c) for c in "력역로노녀리ㄱa"] == list("역역노노여이ㄱa")


def test_unrelated_words_share_no_reading() -> None:
    assert shared(reading_terms("열처리", "ko"), reading_terms("海水淡化", "zh")) == 0


def test_repetition_marks_and_unknown_characters_do_not_break_a_text() -> None:
    runs = syllable_runs("種々の材料\U0002ffff處", "ja")
    assert runs[0][1] == [("종",), ("종",)]


@pytest.mark.parametrize(
    "words",
    [
        ("플라즈마", "плазма", "プラズマ", "plasma"),
        ("센서", "сенсор", "センサ", "sensor"),
        ("필터", "фильтр", "フィルタ", "filter"),
        ("에폭시", "эпокси", "エポキシ", "epoxy"),
    ],
)
def test_loan_words_have_one_skeleton_in_four_scripts(words: tuple[str, ...]) -> None:
    assert len({skeleton(word) for word in words}) == 1


def test_inflected_russian_words_and_korean_particles_still_meet() -> None:
    assert shared(loan_word_terms("플라즈마를"), loan_word_terms("плазмой")) >= 1
    assert shared(loan_word_terms("임플란트용"), loan_word_terms("имплантатами")) >= 1


def test_unrelated_words_do_not_meet() -> None:
    assert shared(loan_word_terms("플라즈마를 이용한 센서"), loan_word_terms("гидравлический насос")) == 0


def test_names_and_figures_are_shared_across_spellings() -> None:
    korean = neutral_terms("SUS-304 판재, 두께 0.05mm, LiDAR 탑재")
    russian = neutral_terms("лист SUS304 толщиной 0,05 мм с lidar")
    assert shared(korean, russian) == 3
    assert {"sus304", "lidar"} <= neutral_words("SUS-304 LiDAR").keys()


def test_common_english_words_are_no_evidence() -> None:
    assert neutral_words("the use of it is for the") == {"use": "use"}


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "bound"),
    [
        ("600 ℃ 이상", 600, 600, "°C", "at_least"),
        ("не менее 15 МПа", 15e6, 15e6, "Pa", "at_least"),
        ("連続 1,200 rpm 以下", 1200, 1200, "rpm", "at_most"),
        ("误差3~5 m", 3, 5, "m", "exact"),
        ("-40~85℃", -40, 85, "°C", "exact"),
        ("до 1 500 °С", 1500, 1500, "°C", "at_most"),
        ("0,05 мм", 5e-5, 5e-5, "m", "exact"),
    ],
)
def test_figures(text: str, low: float, high: float, unit: str, bound: str) -> None:
    (figure,) = figures_in(text)
    assert (figure.low, figure.high) == pytest.approx((low, high))
    assert (figure.unit, figure.bound) == (unit, bound)


@pytest.mark.parametrize("text", ["5", "IP68", "3차원", "v2.1", "M12x", "10 m²", "2024년", "в 2024 г. начат"])
def test_numbers_without_a_unit_are_no_figures(text: str) -> None:
    assert figures_in(text) == []


def test_a_smaller_temperature_contradicts_the_demand() -> None:
    wanted, offered = "사용 온도 600 ℃ 이상이어야 합니다.", "Рабочая температура до 450 °С, масса 2 кг."
    (found,) = contradictions(quantities(wanted), quantities(offered))
    assert (found.quantity, found.bound) == ("temperature", "at_least")
    assert "450" in found.offer


@pytest.mark.parametrize(
    "offer",
    [
        "Рабочая температура до 700 °С.",
        "Рабочая температура свыше 450 °С.",
        "Температура нагрева 450 °С, рабочая температура 650 °С.",
        "Давление 450 Па.",
        "450 °С",
        "",
    ],
)
def test_what_may_fulfil_the_demand_is_no_contradiction(offer: str) -> None:
    assert contradictions(quantities("사용 온도 600 ℃ 이상이어야 합니다."), quantities(offer)) == []


@pytest.mark.parametrize("text", ["", "abc", "🙂" * 50, "\x00", "<b>x</b>", "ㅋㅋㅋ", "ー" * 40, "1 2 3 " * 2000])
def test_no_channel_breaks_on_odd_text(text: str) -> None:
    for language in ("ko", "ru", "ja", "zh", "en", "xx", ""):
        plain = Document(text, text, language).text
        for terms in (reading_terms(plain, language), loan_word_terms(plain), neutral_terms(plain)):
            assert (terms.weights > 0).all()
