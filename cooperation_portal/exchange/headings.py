"""Which row is the heading, and which of its columns is which."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cooperation_portal.exchange import sentences
from cooperation_portal.exchange.child import TITLE_LINES
from cooperation_portal.exchange.reading.workbook import Line, letter_of
from cooperation_portal.exchange.sheets import Column, Sheet

# Names of the worksheets that a template brings along; nobody has to be told that they were not read.
TEMPLATE_SHEETS = (EXAMPLE, GUIDE, LISTS) = ("작성 예", "작성 방법", "선택 목록")
# The column that an error workbook adds.
PROBLEMS = "오류"
_REQUIRED = re.compile(r"[(（\[]\s*(필수|선택)\s*[)）\]]")
_DECORATION = re.compile(r"[\s*＊·:：()（）\[\]_-]")


def folded(heading: Any) -> str:
    """Headings are compared without spaces, stars, brackets and 필수, which offices add to them."""
    text = _REQUIRED.sub("", unicodedata.normalize("NFC", str(heading or "")))
    return _DECORATION.sub("", text).casefold()


def names_of(sheet: Sheet) -> dict[str, str]:
    """Folded heading to the column's name."""
    names: dict[str, str] = {}
    for column in sheet.columns:
        for heading in (column.heading, column.name, *column.aliases):
            names.setdefault(folded(heading), column.name)
    return names


@dataclass
class Headings:
    """`columns` are [index, name or "", heading]; problems keep the file from being read, notes do not."""

    row: int = 0
    columns: list[tuple[int, str, str]] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)

    @property
    def read(self) -> list[tuple[int, str]]:
        return [(index, name) for index, name, _heading in self.columns if name]

    def refuse(self, code: str, **details: Any) -> None:
        self.problems.append(sentences.refusal(code, details))


def find(lines: Sequence[Line], sheet: Sheet, others: Sequence[Sheet], is_text: bool = False) -> Headings:
    """From the first filled lines of a file. `others` are sheets that the file may have been meant for."""
    found, first = Headings(), list(lines[:TITLE_LINES])
    if not first:
        found.refuse("empty")
        return found
    best = max(first, key=lambda line: _score(line, sheet))
    score = _score(best, sheet)
    better = max(others, key=lambda other: _best_score(first, other), default=None)
    if better is not None and _best_score(first, better) > max(score, 1):
        found.refuse("other_sheet", other=better.label)
        return found
    if score == 0:
        alone = max(sum(cell is not None for cell in cells) for _number, cells, _wrong in first) == 1
        found.refuse("separator" if alone and is_text else "no_headings", lines=TITLE_LINES)
        return found
    found.row = best[0]
    _assign(found, best, sheet)
    return found


def _score(line: Line, sheet: Sheet) -> int:
    names = names_of(sheet)
    return len({names[key] for key in map(folded, line[1]) if key in names})


def _best_score(lines: Sequence[Line], sheet: Sheet) -> int:
    return max(_score(line, sheet) for line in lines)


def _assign(found: Headings, line: Line, sheet: Sheet) -> None:
    number, cells, wrong = line
    names, taken = names_of(sheet), {}
    repeated: list[str] = []
    for index, cell in enumerate(cells):
        heading = str(cell if cell is not None else "").strip()
        name = names.get(folded(heading), "")
        if name and name in taken:
            repeated.append(heading)
            name = ""
        elif name:
            taken[name] = index
        found.columns.append((index, name, heading))
    merged = sorted({mark[1] for mark in wrong.values() if mark[0] == "merged"})
    if merged:
        found.refuse("merged_headings", cells=", ".join(merged[:5]))
    if repeated:
        found.refuse("repeated_columns", columns=", ".join(repeated))
    missing = [column for column in sheet.columns if column.name not in taken]
    needed = [column.heading for column in missing if column.required]
    if needed and not merged:
        found.refuse("missing_columns", columns=", ".join(needed))
    _tell_unknown(found, missing)
    others = [column.heading for column in missing if not column.required]
    if others:
        found.notes.append(sentences.note("missing_columns", columns=", ".join(others)))
    if number > 1:
        found.notes.append(sentences.note("heading_row", row=number))


def _tell_unknown(found: Headings, missing: list[Column]) -> None:
    """A heading that nobody knows may be one of those that are missing, written otherwise."""
    candidates = {folded(column.heading): column.heading for column in missing}
    for index, name, heading in found.columns:
        if name or folded(heading) == folded(PROBLEMS):
            continue
        letter = letter_of(index)
        if not heading:
            continue
        like = difflib.get_close_matches(folded(heading), candidates, n=1, cutoff=0.5)
        if like:
            text = sentences.note("unknown_column_like", letter=letter, heading=heading[:60], like=candidates[like[0]])
        else:
            text = sentences.note("unknown_column", letter=letter, heading=heading[:60])
        found.notes.append(text)
