"""The page of measured quality is of this engine, and what it is measured on is what it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from matching.engine.documents import Document
from matching.engine.encoders import UniversalSentenceEncoder
from matching.engine.evaluation import Topic, read_topics
from matching.engine.glossary import shipped_version
from matching.engine.prepared import Prepared, prepare
from matching.engine.projection import projection_of
from matching.engine.ranking import Engine
from matching.engine.reference import Reference
from matching.engine.settings import DEFAULT, engine_version
from matching.training.quality import damages, tables
from matching.training.quality.ablation import FULL, VARIANTS
from matching.training.quality.groups import Group, Ranking, Remembered, Variant, practice_groups, read_unanswered
from matching.training.quality.page import PAGE, page
from matching.training.train import TOPICS_FILE
from tests.matching.engine.conftest import LetterEncoder

DATA = Path(__file__).parents[1] / "data"
NUMBER = re.compile(r"[+−-]?\d+(?:\.\d+)?")


def tables_of(markdown: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Title and rows, the first of which is the head."""
    title = ""
    for is_row, lines in groupby(markdown.splitlines(), key=lambda line: line.startswith("|")):
        if is_row:
            rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
            assert set(rows[1]) == {"---"}, rows[1]
            yield title, [rows[0], *rows[2:]]
        else:
            title = next((line[3:] for line in lines if line.startswith("## ")), title)


@pytest.fixture(scope="module")
def written() -> dict[str, list[list[str]]]:
    return dict(tables_of(PAGE.read_text(encoding="utf-8")))


def facts(written: dict[str, list[list[str]]]) -> dict[str, str]:
    return dict(written[""][1:])


def test_the_page_was_measured_with_this_engine(written) -> None:
    """Whoever changes the formula measures it: `make quality`."""
    assert facts(written)["engine version"] == engine_version()
    assert facts(written)["encoder"] == UniversalSentenceEncoder().key
    assert facts(written)["glossary version"].startswith(shipped_version())


def test_the_page_was_measured_on_the_shipped_topics(written) -> None:
    topics = TOPICS_FILE.read_text(encoding="utf-8").splitlines()
    assert facts(written)["topics"].startswith(f"{len(topics)} in ")
    assert written["Korean demands"][1][-1] == str(len(topics))


def test_every_table_of_the_page_can_be_read(written) -> None:
    assert set(written) == {
        "",
        "Korean demands",
        "Outbound",
        "By field",
        "What each part is good for",
        "Demands that come in badly",
        "The words of 관련도",
        "Evidence",
    }
    for title, rows in written.items():
        assert {len(row) for row in rows} == {len(rows[0])}, title
        assert len(rows) > 2, title
        if title:
            assert all(NUMBER.search(row[column]) for row in rows[1:] for column in (2, -2) if row[column]), title
    assert [row[0] for row in written["What each part is good for"][1:]] == list(VARIANTS)
    assert [row[0] for row in written["Demands that come in badly"][2:]] == list(damages.DAMAGES)


def test_a_page_says_what_it_was_given() -> None:
    table = tables.Table("Title", "Note.", ("a", "b"), [("1", "2"), ("3", "4")])
    assert dict(tables_of(page({"engine version": "x"}, [table]))) == {
        "": [["measured", "with"], ["engine version", "x"]],
        "Title": [["a", "b"], ["1", "2"], ["3", "4"]],
    }


# --- what is measured -------------------------------------------------------------------------------------------------


def runs(texts: list[str], length: int = 20) -> set[str]:
    plain = (re.sub(r"\s+", " ", text) for text in texts)
    return {text[place : place + length] for text in plain for place in range(len(text) - length + 1)}


def all_texts(path: Path) -> list[str]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    documents = [
        document
        for row in rows
        for document in (row.get("demand") or row["demand_ko"], *row.get("offers", ()), *row.get("hard_negatives", ()))
    ]
    return [document[part] for document in documents for part in ("title", "body")]


@pytest.mark.parametrize("other", [DATA / "outbound.jsonl", DATA / "nothing_suitable.jsonl", "introductions"])
def test_practice_topics_share_no_run_of_twenty_characters_with_what_is_tested(other: Path | str) -> None:
    others = damages.introductions() if isinstance(other, str) else all_texts(other)
    assert len(others) >= 6
    assert not runs(all_texts(TOPICS_FILE)) & runs(others)


def few_topics(tmp_path: Path, first_body: str = "") -> list[Topic]:
    path = tmp_path / "topics.jsonl"
    rows = [json.loads(line) for line in TOPICS_FILE.read_text(encoding="utf-8").splitlines()[:18]]
    if first_body:
        rows[0]["demand_ko"]["body"] = first_body
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return read_topics(path)


def test_a_group_is_turned_by_what_the_others_taught(tmp_path: Path, letter_encoder: LetterEncoder) -> None:
    known = practice_groups(few_topics(tmp_path), letter_encoder, Remembered())
    keys = [topic.key for group in known for topic in group.topics]
    assert len(keys) == len(set(keys)) == 18
    changed = practice_groups(few_topics(tmp_path, "전혀 다른 수요입니다."), letter_encoder, Remembered())
    untouched = [np.array_equal(a.projection, b.projection) for a, b in zip(known, changed, strict=True)]
    first = few_topics(tmp_path)[0].key
    assert untouched == [first in {topic.key for topic in group.topics} for group in known]


def test_the_full_variant_is_the_engine_itself(
    encoder: UniversalSentenceEncoder, demands: list[Prepared], offers: list[Prepared]
) -> None:
    topics = [Topic(demand.key, demand.document, (), {}) for demand in demands]
    group = Group(topics, demands, offers, encoder, projection_of(encoder.key))
    engine = Engine(encoder, Reference.build(offers, demands, encoder))
    assert VARIANTS[FULL] == Variant()
    for demand, ranking in zip(demands, group.rankings(VARIANTS[FULL]), strict=True):
        expected = engine.rank(demand, offers, per_language=None)
        assert list(ranking.keys) == [candidate.key for candidate in expected]
        assert ranking.evidence.tolist() == [candidate.evidence for candidate in expected]
    assert engine.settings == DEFAULT


@pytest.mark.parametrize("name", [name for name in VARIANTS if name != FULL])
def test_every_variant_changes_scores(name: str, encoder, demands: list[Prepared], offers: list[Prepared]) -> None:
    group = Group([], demands, offers, encoder, projection_of(encoder.key))
    full, other = group.full_engine, group.engine(VARIANTS[name])
    pairs = zip(demands, group.demands_of(VARIANTS[name]), strict=True)
    assert any((full.score(a, offers).total != other.score(b, offers).total).any() for a, b in pairs)


# --- damage -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def demand(letter_encoder: LetterEncoder) -> Prepared:
    body = "가열로의 온도가 고르지 않아 불량이 많습니다. 0.5 mm 이하로 온도를 고르게 하는 기술을 찾습니다. 설치는 봄에 합니다."
    return prepare([Document("가열로 온도 균일화", body, "ko", key="d")], letter_encoder)[0]


def test_without_spaces(demand: Prepared) -> None:
    damaged = damages.without_spaces(demand)
    assert damaged.body.startswith("가열로의온도가고르지않아불량이많습니다.0.5mm이하로")
    assert damaged.title == "가열로온도균일화"


def test_typing_errors_are_one_in_fifteen_letters_and_always_the_same(demand: Prepared) -> None:
    text = "".join(chr(ord("가") + 25 * place) for place in range(420))
    wide = prepare([Document("", text, "ko", key="wide")], LetterEncoder())[0]
    damaged = damages.with_typing_errors(wide).body
    assert damaged == damages.with_typing_errors(wide).body != text
    assert not re.search("[\u1100-\u11ff]", damaged), "a part that stands alone is written as a keyboard writes it"
    errors = sum(tag != "equal" for tag, *_ in SequenceMatcher(None, text, damaged, autojunk=False).get_opcodes())
    assert 0.9 * len(text) / 15 <= errors <= len(text) / 15
    assert damages.with_typing_errors(demand).body != demand.document.body


def test_every_tenth_syllable_is_lost() -> None:
    (wide,) = prepare([Document("", "가나다라마 바사아자차 카타파하 12", "ko")], LetterEncoder())
    assert damages.with_lost_syllables(wide).body == "가나다라마 바사아자 카타파하 12"


def test_introductions_are_as_long_as_it_is_said(demand: Prepared) -> None:
    texts = damages.introductions()
    assert len(set(texts)) == 6
    assert all(damages.INTRODUCTION_CHARACTERS <= len(text) < 1.02 * damages.INTRODUCTION_CHARACTERS for text in texts)
    damaged = damages.behind_an_introduction(demand)
    assert damaged.body.endswith(demand.document.body)
    assert damaged.body.startswith(tuple(texts))


def test_one_sentence_alone(demand: Prepared) -> None:
    assert damages.need_alone(demand).body == "0.5 mm 이하로 온도를 고르게 하는 기술을 찾습니다."
    assert damages.need_alone(demand).title == damages.title_alone(demand).body == ""


# --- figures ----------------------------------------------------------------------------------------------------------


def ranking(grades: dict[str, int], evidence: list[float], words: list[str], key: str = "t") -> Ranking:
    keys = tuple(f"{key}{place}" for place in range(len(evidence)))
    topic = Topic(key, Document("", "", "ko", key=key), (), grades, "metals")
    return Ranking(topic, keys, ("ru",) * len(keys), np.array(evidence), tuple(words))  # type: ignore[arg-type]


def test_reliability_counted_by_hand() -> None:
    table = tables.reliability([ranking({"t0": 3, "t2": 2}, [0.51, 0.47, 0.39, 0.1], ["low"] * 4)])
    assert [(row[0], row[1], row[2], row[4]) for row in table.rows] == [
        ("below 0.22", "1", "0.000", "0.500"),
        ("0.38 … 0.42", "1", "1.000", "0.667"),
        ("0.46 … 0.50", "1", "0.000", "0.500"),
        ("0.50 … 0.54", "1", "1.000", "1.000"),
    ]


def test_precision_of_words_counted_by_hand() -> None:
    known = ranking({"t0": 3, "t2": 2}, [0.5, 0.5, 0.4, 0.1], ["very_high", "very_high", "high", "low"])
    beyond = ["low"] * tables.TOP + ["very_high"]
    alarms = [ranking({}, [0.1] * 11, beyond, "n"), ranking({}, [0.5], ["very_high"], "m")]
    rows = {row[0]: row for row in tables.precision_of_words([known], alarms, DEFAULT).rows}
    assert rows["very_high"][1:4] == (f"{dict(DEFAULT.thresholds)['very_high']:.2f}", "2", "0.500")
    assert (rows["very_high"][5], rows["very_high"][6]) == ("0.500", "0.500")
    assert (rows["medium"][2], rows["medium"][3]) == ("0", "–")


def test_ablation_and_robustness_tell_the_difference() -> None:
    good = ranking({"t0": 3}, [0.5, 0.4], ["low"] * 2)
    worse = ranking({"t1": 3}, [0.5, 0.4], ["low"] * 2)
    cells = tables.ablation({"full": [good], "less": [worse]}).rows[1]
    assert cells[1] == "0.631 (-0.369)"
    rows = tables.robustness({"as they are": [good], "damaged": [worse]}, {"damaged": 0.9}).rows
    assert [row[3:] for row in rows] == [("1.000", ""), ("0.631", "≥ 0.90")]


def test_unanswered_demands_have_no_right_offer() -> None:
    topics = read_unanswered(DATA / "nothing_suitable.jsonl")
    assert len(topics) == 20
    assert all(topic.demand.language == "ko" and topic.demand.body and not topic.grades for topic in topics)
