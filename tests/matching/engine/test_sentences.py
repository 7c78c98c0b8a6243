import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.sentences import MAXIMUM_CHARACTERS, MAXIMUM_SENTENCES, split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "두께는 0.05 mm 이하입니다. 온도는 600℃ 이상이어야 합니다.",
            ["두께는 0.05 mm 이하입니다.", "온도는 600℃ 이상이어야 합니다."],
        ),
        (
            "Толщина 0.5 мм, т.е. меньше нормы. Прибор испытан в 2024 г. и готов.",
            ["Толщина 0.5 мм, т.е. меньше нормы.", "Прибор испытан в 2024 г. и готов."],
        ),
        (
            "粒子の表面を改質する。耐久性はこれで2倍になる！「実証は済んだ。」次は量産の段階に進む。",
            ["粒子の表面を改質する。", "耐久性はこれで2倍になる！", "「実証は済んだ。」", "次は量産の段階に進む。"],
        ),
        (
            "采用真空渗碳淬火工艺。变形量小于0.04 mm；成本降低了百分之二十。",
            ["采用真空渗碳淬火工艺。", "变形量小于0.04 mm；", "成本降低了百分之二十。"],
        ),
        (
            "Tests (cf. Fig. 3) by Dr. A. Lee took 1.5 h. The rate, e.g. 3.2 kg/h, was kept.",
            ["Tests (cf. Fig. 3) by Dr. A. Lee took 1.5 h.", "The rate, e.g. 3.2 kg/h, was kept."],
        ),
        ("예. 기술 이전이 가능합니다.", ["예. 기술 이전이 가능합니다."]),
    ],
)
def test_sentences_of_five_languages(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@pytest.mark.parametrize("text", ["", " ", "…", "\x00", "。。。", "🙂"])
def test_no_sentence_without_content(text: str) -> None:
    assert split_sentences(text) == []


def test_three_characters_are_one_sentence() -> None:
    assert split_sentences("열처리") == ["열처리"]


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="가나 .。!?;\n1abш", max_size=3000))
def test_number_and_length_are_bounded_and_nothing_is_invented(text: str) -> None:
    found = split_sentences(text)
    assert len(found) <= MAXIMUM_SENTENCES
    assert all(0 < len(sentence) <= MAXIMUM_CHARACTERS for sentence in found)
    written = [character for character in text if character.isalnum()]
    kept = [character for character in "".join(found) if character.isalnum()]
    assert kept == written[: len(kept)]
