"""Measures the matching and writes `matching/QUALITY.md`: `make quality`.

usage: python -m matching.training.quality [BENCHMARK.jsonl] --outbound FILE --unanswered FILE

Topics are read as `matching.engine.evaluation` says. Without a benchmark the practice topics are measured,
cross-validated, and the page is written; a benchmark is measured with the shipped projection, as one pool, and only
printed. `--outbound` names topics whose demands come from abroad, `--unanswered` demands that nothing answers, one
{"id", "demand_ko"} a line.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from matching.engine.encoders import UniversalSentenceEncoder
from matching.engine.evaluation import Topic, read_topics
from matching.engine.glossary import shipped_concepts, shipped_version
from matching.engine.prepared import prepare
from matching.engine.settings import DEFAULT, engine_version
from matching.training.quality.ablation import FULL, VARIANTS
from matching.training.quality.damages import ASKED, DAMAGES
from matching.training.quality.groups import (
    Group,
    Ranking,
    Remembered,
    one_group,
    practice_groups,
    read_unanswered,
)
from matching.training.quality.page import PAGE, markdown, page
from matching.training.quality.tables import (
    Table,
    ablation,
    by_field,
    overall,
    precision_of_words,
    reliability,
    robustness,
)
from matching.training.train import TOPICS_FILE

AS_THEY_ARE = "as they are"


class Run:
    """One run of all measurements; vectors are kept in memory."""

    def __init__(self) -> None:
        self.encoder, self.cache = UniversalSentenceEncoder(), Remembered()
        self.practice = read_topics(TOPICS_FILE)

    def tables(self, groups: Sequence[Group], unanswered: Path) -> list[Table]:
        results = {name: _of_all(group.rankings(variant) for group in groups) for name, variant in VARIANTS.items()}
        full = results[FULL]
        sizes = [len(group.offers) for group in groups]
        note = f"Each ranks a pool of {min(sizes)} to {max(sizes)} offers."
        return [
            overall("Korean demands", note, full),
            by_field(full),
            ablation(results),
            robustness({AS_THEY_ARE: full} | self._damaged(groups), ASKED),
            precision_of_words(full, self._unanswered(groups, unanswered), DEFAULT),
            reliability(full),
        ]

    def _damaged(self, groups: Sequence[Group]) -> dict[str, list[Ranking]]:
        return {
            name: _of_all(
                group.rankings_of(prepare(map(damage, group.demands), self.encoder, self.cache)) for group in groups
            )
            for name, damage in DAMAGES.items()
        }

    def _unanswered(self, groups: Sequence[Group], path: Path) -> list[Ranking]:
        topics = read_unanswered(path)
        demands = prepare([topic.demand for topic in topics], self.encoder, self.cache)
        return _of_all(group.rankings_of(demands, topics) for group in groups)

    def outbound(self, path: Path) -> Table:
        """In a pool of all Korean practice texts."""
        korean = [document for topic in self.practice for document in topic.pool if document.language == "ko"]
        group = one_group(read_topics(path), self.encoder, self.cache, distractors=korean)
        note = f"Demands from abroad, in a pool of {len(group.offers)} Korean texts; with the shipped projection."
        return overall("Outbound", note, list(group.rankings()))


def _of_all(rankings: Iterable[Iterable[Ranking]]) -> list[Ranking]:
    return [one for some in rankings for one in some]


def _facts(topics: Sequence[Topic], groups: Sequence[Group], encoder_key: str) -> dict[str, str]:
    return {
        "engine version": engine_version(),
        "encoder": encoder_key,
        "glossary version": f"{shipped_version()} ({len(shipped_concepts()):,} concepts)",
        "topics": f"{len(topics)} in {len(groups)} groups",
        "command": "make quality",
    }


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("benchmark", type=Path, nargs="?")
    parser.add_argument("--outbound", type=Path, required=True)
    parser.add_argument("--unanswered", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    run = Run()
    if chosen.benchmark:
        group = one_group(read_topics(chosen.benchmark), run.encoder, run.cache)
        sys.stdout.write("\n\n".join(map(markdown, run.tables([group], chosen.unanswered))) + "\n")
        return
    groups = practice_groups(run.practice, run.encoder, run.cache)
    first, *others = run.tables(groups, chosen.unanswered)
    written = page(_facts(run.practice, groups, run.encoder.key), [first, run.outbound(chosen.outbound), *others])
    sys.stdout.write(written)
    PAGE.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
