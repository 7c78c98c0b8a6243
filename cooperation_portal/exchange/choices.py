"""What a column offers to choose from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SEPARATORS = re.compile(r"[,;\n]")


@dataclass(frozen=True)
class Choices:
    """The (code, label) pairs of a column, looked up once; a cell may hold either."""

    pairs: tuple[tuple[str, str], ...]
    codes: Mapping[str, str]  # folded text to code
    labels: Mapping[str, tuple[str, ...]]  # folded label to the codes that carry it

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str]]) -> Choices:
        labels: dict[str, tuple[str, ...]] = {}
        for code, label in pairs:
            labels[label.casefold()] = (*labels.get(label.casefold(), ()), code)
        return cls(tuple(pairs), {code.casefold(): code for code, _label in pairs}, labels)

    def shown(self) -> Mapping[str, str]:
        """What a cell holds for a code: its label, or itself where others have that label or it looks like a list."""
        return {
            code: label if len(self.labels[label.casefold()]) == 1 and not SEPARATORS.search(label) else code
            for code, label in self.pairs
        }

    @property
    def have_zeros(self) -> bool:
        return any(code[:1] == "0" for code, _label in self.pairs)
