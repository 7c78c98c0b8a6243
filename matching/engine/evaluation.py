"""How good the ranking is on a benchmark: topics with a demand, graded offers and hard negatives.

usage: python -m matching.engine.evaluation BENCHMARK.jsonl [--rankings OUT.jsonl] [--json]

One topic a line: {"id", "field", "demand_ko": {"title", "body"}, "offers": [{"lang", "title", "body", "grade"}, …],
"hard_negatives": [{"lang", "title", "body"}, …]}; a demand in another language stands under "demand" with its "lang".
The pool is every offer and hard negative of every topic; a
document's id is `<topic id>:o<i>` or `<topic id>:n<i>`. Each topic's demand ranks the whole pool, without knowing which
document belongs to which topic. The reference is built from the file's own pool and demands.
"""

import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from matching.engine.documents import Document
from matching.engine.encoders import Encoder, UniversalSentenceEncoder
from matching.engine.prepared import prepare
from matching.engine.ranking import Engine
from matching.engine.reference import Reference

EngineFactory = Callable[[Encoder, Reference], Engine]
Ranking = list[tuple[str, float]]
Figures = dict[str, Any]


@dataclass(frozen=True)
class Topic:
    """`grades`: of the right offers by id, 3 solves the demand, 2 helps in part."""

    key: str
    demand: Document
    pool: tuple[Document, ...]
    grades: Mapping[str, int]
    field: str = ""

    @property
    def hard_negatives(self) -> list[str]:
        return [document.key for document in self.pool if document.key not in self.grades]


def read_topics(path: Path) -> list[Topic]:
    """Raises ValueError with the line's number for a line that is no topic."""
    topics = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    topics.append(_topic(json.loads(line)))
                except (KeyError, TypeError, json.JSONDecodeError) as error:
                    raise ValueError(f"line {number} is not a topic: {type(error).__name__} {error}") from error
    return topics


def _topic(row: Mapping[str, Any]) -> Topic:
    key = row["id"]
    offers = [_document(offer, f"{key}:o{i}") for i, offer in enumerate(row["offers"])]
    negatives = [_document(negative, f"{key}:n{i}") for i, negative in enumerate(row["hard_negatives"])]
    grades = {document.key: offer["grade"] for document, offer in zip(offers, row["offers"], strict=True)}
    demand = row["demand"] if "demand" in row else {"lang": "ko", **row["demand_ko"]}
    return Topic(
        key, replace(_document(demand, key), is_demand=True), (*offers, *negatives), grades, row.get("field", "")
    )


def _document(row: Mapping[str, Any], key: str) -> Document:
    return Document(title=row["title"], body=row["body"], language=row["lang"], key=key)


def evaluate(
    path: Path | str, engine_factory: EngineFactory = Engine, encoder: Encoder | None = None
) -> tuple[Figures, dict[str, Ranking]]:
    """The figures, and for each topic the whole pool, best first."""
    topics = read_topics(Path(path))
    chosen: Encoder = encoder or UniversalSentenceEncoder()
    demands = prepare([topic.demand for topic in topics], chosen)
    offers = prepare([document for topic in topics for document in topic.pool], chosen)
    engine = engine_factory(chosen, Reference.build(offers, demands, chosen))
    catalogue = engine.catalogue(offers)
    rankings = {
        topic.key: [(c.key, c.score) for c in engine.rank(demand, catalogue, per_language=None)]
        for topic, demand in zip(topics, demands, strict=True)
    }
    figures = measure(topics, {key: [document for document, _ in ranking] for key, ranking in rankings.items()})
    return figures | {"engine": engine.version, "reference": engine.reference.version}, rankings


def measure(topics: Sequence[Topic], rankings: Mapping[str, Sequence[str]]) -> Figures:
    """Means over topics. Gain is 2 ** grade - 1; a pair of an offer of grade 3 and one of the topic's own hard
    negatives is right when the offer stands before it; the shares are of Korean documents."""
    languages = {document.key: document.language for topic in topics for document in topic.pool}
    per_topic = [topic_figures(topic, rankings[topic.key]) for topic in topics]
    figures: Figures = {
        name: round(sum(one[name] for one in per_topic) / max(len(topics), 1), 4) for name in TOPIC_FIGURES
    }
    found: dict[str, list[bool]] = {}
    for topic in topics:
        top = set(rankings[topic.key][:10])
        for key in topic.grades:
            found.setdefault(languages[key], []).append(key in top)
    figures["recall@10 by language"] = {name: round(sum(hits) / len(hits), 4) for name, hits in sorted(found.items())}
    figures["right offers by language"] = {name: len(hits) for name, hits in sorted(found.items())}
    tops = [rankings[topic.key][:10] for topic in topics]
    shares = [sum(languages[key] == "ko" for key in top) / max(len(top), 1) for top in tops]
    figures["korean share of top 10"] = round(sum(shares) / max(len(shares), 1), 4)
    korean = sum(language == "ko" for language in languages.values())
    figures["korean share of pool"] = round(korean / max(len(languages), 1), 4)
    figures["topics"], figures["pool"] = len(topics), len(languages)
    figures["intervals"] = {name: interval([one[name] for one in per_topic]) for name in TOPIC_FIGURES}
    figures["ndcg@10 by field"] = _by_field(topics, [one["ndcg@10"] for one in per_topic])
    return figures


_DRAWS = 2_000


def interval(values: Sequence[float]) -> list[float]:
    """95 % bootstrap interval of the mean over topics, by 2,000 draws that are the same in every run."""
    if not values:
        return [0.0, 0.0]
    draws = np.random.default_rng(0).integers(0, len(values), (_DRAWS, len(values)))
    means = np.asarray(values)[draws].mean(axis=1)
    return [round(float(bound), 3) for bound in np.percentile(means, (2.5, 97.5))]


def _by_field(topics: Sequence[Topic], values: Sequence[float]) -> dict[str, float]:
    grouped: dict[str, list[float]] = {}
    for topic, value in zip(topics, values, strict=True):
        grouped.setdefault(topic.field, []).append(value)
    return {field: round(sum(found) / len(found), 3) for field, found in sorted(grouped.items()) if field}


TOPIC_FIGURES = ("ndcg@10", "recall@10", "recall@50", "precision@1", "mrr", "hard_pairs_right")


def topic_figures(topic: Topic, ranking: Sequence[str]) -> dict[str, float]:
    grades = topic.grades
    best = _discounted_gain(sorted(grades.values(), reverse=True))
    place = {key: number for number, key in enumerate(ranking)}
    solved = [key for key, grade in grades.items() if grade == 3 and key in place]
    # Without such a pair a topic counts as wrong, so that figures of different engines have the same divisor.
    pairs = [(key, negative) for key in solved for negative in topic.hard_negatives if negative in place]
    return {
        "ndcg@10": _discounted_gain([grades.get(key, 0) for key in ranking[:10]]) / best if best else 0.0,
        "recall@10": _recall(grades, ranking[:10]),
        "recall@50": _recall(grades, ranking[:50]),
        "precision@1": float(bool(ranking) and ranking[0] in grades),
        "mrr": next((1 / (number + 1) for number, key in enumerate(ranking) if key in grades), 0.0),
        "hard_pairs_right": sum(place[a] < place[b] for a, b in pairs) / len(pairs) if pairs else 0.0,
    }


def _discounted_gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def _recall(grades: Mapping[str, int], top: Sequence[str]) -> float:
    return len(set(top) & set(grades)) / len(grades) if grades else 0.0


def write_rankings(path: Path, rankings: Mapping[str, Ranking]) -> None:
    """One topic a line: {"id": …, "ranking": [[document id, score], …]}, best first, all documents."""
    with path.open("w", encoding="utf-8") as lines:
        for key, ranking in rankings.items():
            lines.write(json.dumps({"id": key, "ranking": ranking}, ensure_ascii=False) + "\n")


def main(arguments: list[str]) -> None:
    as_json = "--json" in arguments
    arguments = [argument for argument in arguments if argument != "--json"]
    rankings_path = None
    if "--rankings" in arguments:
        place = arguments.index("--rankings")
        rankings_path = Path(arguments[place + 1])
        del arguments[place : place + 2]
    if len(arguments) != 1:
        sys.exit(__doc__)
    figures, rankings = evaluate(Path(arguments[0]))
    if rankings_path:
        write_rankings(rankings_path, rankings)
    print(json.dumps(figures, ensure_ascii=False) if as_json else _table(figures))


def _table(figures: Figures) -> str:
    return "\n".join(f"{name:26} {value}" for name, value in figures.items())


if __name__ == "__main__":
    main(sys.argv[1:])
