import json
from pathlib import Path

import pytest

from matching.engine.documents import Document
from matching.engine.evaluation import Topic, evaluate, measure, read_topics, write_rankings
from matching.engine.prepared import prepare
from tests.matching.engine import texts
from tests.matching.engine.conftest import LetterEncoder


def row(document: Document, grade: int | None = None) -> dict[str, object]:
    plain: dict[str, object] = {"lang": document.language, "title": document.title, "body": document.body}
    return plain if grade is None else {**plain, "grade": grade}


@pytest.fixture
def benchmark(tmp_path: Path) -> Path:
    path = tmp_path / "benchmark.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for demand in texts.DEMANDS:
            own = [offer for offer in texts.OFFERS if offer.key.startswith(demand.key)]
            topic = {
                "id": demand.key,
                "demand_ko": {"title": demand.title, "body": demand.body},
                "offers": [row(offer, 3) for offer in own if not offer.key.endswith("-near")],
                "hard_negatives": [row(offer) for offer in own if offer.key.endswith("-near")],
            }
            lines.write(json.dumps(topic, ensure_ascii=False) + "\n\n")
    return path


def test_an_invented_benchmark_is_ranked_well(benchmark: Path, encoder) -> None:
    figures, rankings = evaluate(benchmark, encoder=encoder)
    assert figures["pool"] == len(texts.OFFERS)
    assert figures["ndcg@10"] >= 0.95
    assert figures["precision@1"] == 1
    assert all(len(ranking) == len(texts.OFFERS) for ranking in rankings.values())
    assert all(ranking == sorted(ranking, key=lambda pair: -pair[1]) for ranking in rankings.values())


def test_an_encoder_without_understanding_ranks_worse(benchmark: Path, encoder, letter_encoder: LetterEncoder) -> None:
    assert (
        evaluate(benchmark, encoder=letter_encoder)[0]["ndcg@10"] < evaluate(benchmark, encoder=encoder)[0]["ndcg@10"]
    )


def test_rankings_file(benchmark: Path, letter_encoder: LetterEncoder, tmp_path: Path) -> None:
    _, rankings = evaluate(benchmark, encoder=letter_encoder)
    path = tmp_path / "rankings.jsonl"
    write_rankings(path, rankings)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in lines] == [demand.key for demand in texts.DEMANDS]
    assert {document for document, _ in lines[0]["ranking"]} >= {"steel:o0", "steel:n0", "scour:o1"}


def topic() -> Topic:
    pool = [
        Document("", "", language, key=key) for key, language in [("a", "ru"), ("b", "ja"), ("n", "ko"), ("x", "ko")]
    ]
    return Topic("t", Document("", "", "ko", key="t"), tuple(pool), {"a": 3, "b": 2})


def test_figures_worked_out_by_hand() -> None:
    figures = measure([topic()], {"t": ["n", "a", "x", "b"]})
    # Gains 7 and 3 at places 2 and 4, against places 1 and 2.
    assert figures["ndcg@10"] == pytest.approx((7 / 1.58496 + 3 / 2.32193) / (7 + 3 / 1.58496), abs=1e-4)
    assert figures["recall@10"] == 1
    assert figures["precision@1"] == 0
    assert figures["mrr"] == 0.5
    assert figures["hard_pairs_right"] == 0.5
    assert figures["korean share of top 10"] == figures["korean share of pool"] == 0.5
    assert figures["recall@10 by language"] == {"ja": 1.0, "ru": 1.0}
    assert figures["right offers by language"] == {"ja": 1, "ru": 1}


def test_what_stands_below_the_tenth_place_is_not_recalled() -> None:
    one = topic()
    fillers = [Document("", "", "en", key=f"f{n}") for n in range(20)]
    wide = Topic(one.key, one.demand, (*one.pool, *fillers), one.grades)
    order = ["a", *(filler.key for filler in fillers), "b", "n", "x"]
    figures = measure([wide], {"t": order})
    assert (figures["recall@10"], figures["recall@50"]) == (0.5, 1.0)
    assert figures["recall@10 by language"] == {"ja": 0.0, "ru": 1.0}


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text('{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="line 1 is not a topic"):
        read_topics(path)


def test_the_invented_texts_are_real_enough_to_prepare(letter_encoder: LetterEncoder) -> None:
    assert all(prepared.sentence_texts for prepared in prepare([*texts.DEMANDS, *texts.OFFERS], letter_encoder))
