"""The file of concepts: things that technical texts speak of, with what five languages call them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from matching.engine.documents import LANGUAGES

GLOSSARY_FILE = Path(__file__).parents[1] / "data" / "glossary.tsv"
HEADER = "# id\tfield\tbroader\t" + "\t".join(LANGUAGES)


@dataclass(frozen=True)
class Concept:
    """`broader` is the id of a wider concept or empty. `terms`: by language, the most usual one first."""

    key: str
    field: str
    broader: str
    terms: Mapping[str, tuple[str, ...]]

    def name(self, language: str) -> str:
        """What the language calls it; else what English or any other does."""
        for name in (language, "en", *self.terms):
            if self.terms.get(name):
                return self.terms[name][0]
        return self.key


def read_concepts(lines: Iterable[str]) -> list[Concept]:
    """Raises ValueError with the line's number for a row without eight columns."""
    concepts = []
    for number, line in enumerate(lines, start=1):
        row = line.rstrip("\n")
        if row and not row.startswith("#"):
            cells = row.split("\t")
            if len(cells) != 3 + len(LANGUAGES):
                raise ValueError(f"line {number} has {len(cells)} columns instead of {3 + len(LANGUAGES)}")
            terms = {name: _terms(cell) for name, cell in zip(LANGUAGES, cells[3:], strict=True)}
            concepts.append(Concept(cells[0], cells[1], cells[2], terms))
    return concepts


def _terms(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in cell.split(";") if part.strip()))


def write_concepts(concepts: Iterable[Concept]) -> str:
    """The file's text, ordered by field and id, so that a change shows as the rows that changed."""
    rows = [HEADER]
    for concept in sorted(concepts, key=lambda concept: (concept.field, concept.key)):
        cells = (";".join(concept.terms.get(name, ())) for name in LANGUAGES)
        rows.append("\t".join((concept.key, concept.field, concept.broader, *cells)))
    return "\n".join(rows) + "\n"


@cache
def shipped_concepts() -> tuple[Concept, ...]:
    with GLOSSARY_FILE.open(encoding="utf-8") as lines:
        return tuple(read_concepts(lines))


def version_of(concepts: Iterable[Concept]) -> str:
    """Eight hex digits over the concepts; the order of their rows does not count."""
    return hashlib.sha256(write_concepts(concepts).encode()).hexdigest()[:8]


@cache
def shipped_version() -> str:
    return version_of(shipped_concepts())
