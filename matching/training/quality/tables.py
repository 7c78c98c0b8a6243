"""Figures of rankings as the rows of tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from matching.engine.evaluation import interval
from matching.engine.settings import Settings
from matching.training.quality.groups import Ranking

TOP = 10
EVIDENCE_STEP = 0.04
FIRST_EVIDENCE, LAST_EVIDENCE = 0.22, 0.58

_NAMES = {
    "ndcg@10": "nDCG@10",
    "recall@10": "recall@10",
    "recall@50": "recall@50",
    "precision@1": "precision@1",
    "mrr": "MRR",
    "hard_pairs_right": "hard pairs right",
    "korean_share": "Korean share of the top ten minus its share of the pool",
}
_COMPARED = ("ndcg@10", "recall@10", "precision@1", "hard_pairs_right")
_LANGUAGES = {"ko": "Korean", "ru": "Russian", "ja": "Japanese", "zh": "Chinese", "en": "English"}

Rankings = Sequence[Ranking]


@dataclass(frozen=True)
class Table:
    """`note`: what a reader has to know before the figures."""

    title: str
    note: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def overall(title: str, note: str, rankings: Rankings) -> Table:
    rows: list[tuple[str, ...]] = []
    rows += [(told, *_mean(_values(rankings, name)), str(len(rankings))) for name, told in _NAMES.items()]
    rows += [
        (f"recall@10, {_LANGUAGES.get(name, name)}", *_mean(found), str(len(found)))
        for name, found in _by_language(rankings).items()
    ]
    return Table(title, note, ("figure", "value", "95 % interval", "of"), rows)


def by_field(rankings: Rankings) -> Table:
    fields = sorted({ranking.topic.field for ranking in rankings})
    rows = []
    for name in fields:
        mine = [ranking for ranking in rankings if ranking.topic.field == name]
        rest = (_told(_values(mine, figure)) for figure in _COMPARED[1:])
        rows.append((name or "(none)", str(len(mine)), *_mean(_values(mine, "ndcg@10")), *rest))
    head = ("field", "topics", "nDCG@10", "95 % interval", *(_NAMES[name] for name in _COMPARED[1:]))
    return Table("By field", "", head, rows)


def ablation(results: Mapping[str, Rankings]) -> Table:
    """The first result is the full engine's."""
    full = next(iter(results.values()))
    rows = []
    for name, rankings in results.items():
        cells = [_told(_values(rankings, figure)) for figure in _COMPARED]
        differences = [_values(rankings, figure) - _values(full, figure) for figure in _COMPARED]
        told = [f"{cell} ({_signed(one)})" for cell, one in zip(cells, differences, strict=True)]
        rows.append((name, *cells, "–") if rankings is full else (name, *told, _interval(differences[0], "+.3f")))
    note = (
        "In brackets the difference to the full engine; the interval is that of the difference in nDCG@10.\n"
        "The projection is not learned anew where a part is missing; every engine compares inside an offer's language."
    )
    head = ("engine", *(_NAMES[name] for name in _COMPARED), "95 % interval of the difference")
    return Table("What each part is good for", note, head, rows)


def robustness(results: Mapping[str, Rankings], asked: Mapping[str, float]) -> Table:
    """The first result is that of the demands as they are."""
    original = float(_values(next(iter(results.values())), "ndcg@10").mean())
    rows = []
    for name, rankings in results.items():
        values = _values(rankings, "ndcg@10")
        bound = f"≥ {asked[name]:.2f}" if name in asked else ""
        rows.append((name, *_mean(values), f"{values.mean() / original:.3f}", bound))
    note = "The same topics, pools and references; only the demand's text is changed."
    return Table("Demands that come in badly", note, ("demands", "nDCG@10", "95 % interval", "ratio", "asked"), rows)


def reliability(rankings: Rankings) -> Table:
    evidence, right, _words = _top(rankings)
    bounds = np.round(np.arange(FIRST_EVIDENCE, LAST_EVIDENCE + 1e-9, EVIDENCE_STEP), 2)
    edges = [-np.inf, *bounds.tolist(), np.inf]
    rows = []
    for low, high in pairwise(edges):
        inside = right[(evidence >= low) & (evidence < high)]
        if len(inside):
            rows.append((_range(low, high), str(len(inside)), *_mean(inside), _told(right[evidence >= low])))
    note = "The first ten of each topic: how many of them are right offers, by the evidence that 관련도 is read from."
    head = ("evidence", "pairs", "share right", "95 % interval", "right from here on")
    return Table("Evidence", note, head, rows)


def precision_of_words(rankings: Rankings, unanswered: Rankings, settings: Settings) -> Table:
    """`unanswered`: of demands that nothing answers."""
    _evidence, right, words = _top(rankings)
    rows = []
    for word, low in (*settings.thresholds, ("low", None)):
        mine = right[words == word]
        alarms = [float(word in ranking.words[:TOP]) for ranking in unanswered]
        share = f"{mine.sum() / max(right.sum(), 1):.3f}"
        rows.append((word, "" if low is None else f"{low:.2f}", str(len(mine)), *_mean(mine), share, *_mean(alarms)))
    head = ("관련도", "from", "pairs", "share right", "95 % interval", "of all right", "false alarms", "95 % interval")
    demands = len({ranking.topic.key for ranking in unanswered})
    note = (
        f"False alarms: {demands} demands that nothing answers rank every pool;\n"
        "the share of these rankings whose first ten hold the word."
    )
    return Table("The words of 관련도", note, head, rows)


def _top(rankings: Rankings) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    evidence = np.concatenate([ranking.evidence[:TOP] for ranking in rankings])
    right = np.array([float(key in ranking.topic.grades) for ranking in rankings for key in ranking.keys[:TOP]])
    return evidence, right, np.array([word for ranking in rankings for word in ranking.words[:TOP]])


def _by_language(rankings: Rankings) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for ranking in rankings:
        languages = dict(zip(ranking.keys, ranking.languages, strict=True))
        for key in ranking.topic.grades:
            found.setdefault(languages[key], []).append(float(key in ranking.keys[:TOP]))
    return dict(sorted(found.items()))


def _values(rankings: Iterable[Ranking], name: str) -> np.ndarray:
    return np.array([ranking.figures[name] for ranking in rankings])


def _mean(values: Sequence[float] | np.ndarray) -> tuple[str, str]:
    return _told(values), _interval(values)


def _told(values: Sequence[float] | np.ndarray) -> str:
    return f"{np.mean(values):.3f}" if len(values) else "–"


def _signed(values: np.ndarray) -> str:
    return f"{values.mean():+.3f}"


def _interval(values: Sequence[float] | np.ndarray, form: str = ".3f") -> str:
    if not len(values):
        return "–"
    low, high = interval([float(value) for value in values])
    return f"{low:{form}} … {high:{form}}"


def _range(low: float, high: float) -> str:
    if not np.isfinite(low):
        return f"below {high:.2f}"
    return f"from {low:.2f}" if not np.isfinite(high) else f"{low:.2f} … {high:.2f}"
