"""The tables as a page of Markdown."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matching.training.quality.tables import Table

PAGE = Path(__file__).parents[2] / "QUALITY.md"

_INTRODUCTION = """\
# How good the matching is

Written by `make quality`, not by hand. Whoever changes the formula, the glossary or the projection runs it again: a
test fails while this page speaks of another engine version.

The topics are invented: a Korean demand, offers that answer it (grade 3) or help in part (grade 2) in Russian,
Japanese, Chinese and English, and offers that look right and are not, in all five languages. They are cut into groups
by lot. A group's demands rank the offers of the whole group, and the projection that turns them was learned from the
other groups alone. Intervals are 95 % bootstrap intervals of the mean.

A part of the glossary's plain words was written with these topics at hand, so the figures flatter: before those words
came in, nDCG@10 was .81 and recall@10 .92. Topics that nobody looked at belong into a file of their own:
`make quality ARGS=FILE.jsonl`."""


def page(facts: Mapping[str, str], tables: Sequence[Table]) -> str:
    head = Table("", "", ("measured", "with"), list(facts.items()))
    parts = [_INTRODUCTION, _rows(head), *(markdown(table) for table in tables)]
    return "\n\n".join(parts) + "\n"


def markdown(table: Table) -> str:
    return "\n\n".join(part for part in (f"## {table.title}", table.note, _rows(table)) if part)


def _rows(table: Table) -> str:
    rows = [table.head, ("---",) * len(table.head), *table.rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
