"""What a column offers to choose from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SEPARATORS = re.compile(r"[,;\n]")
_SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """Labels are compared without spaces, case and width: ‘중소 기업’ is 중소기업."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).casefold()


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
            labels[fold(label)] = (*labels.get(fold(label), ()), code)
        return cls(tuple(pairs), {fold(code): code for code, _label in pairs}, labels)

    def shown(self) -> Mapping[str, str]:
        """What a cell holds for a code: its label, or itself where others have that label or it looks like a list."""
        return {
            code: label if len(self.labels[fold(label)]) == 1 and not SEPARATORS.search(label) else code
            for code, label in self.pairs
        }

    @property
    def have_zeros(self) -> bool:
        return any(code[:1] == "0" for code, _label in self.pairs)

    def with_zeros(self, folded: str) -> str:
        """The one code that is the same but for zeros before it; "" where there is none or more than one."""
        meant = [code for key, code in self.codes.items() if folded.isdigit() and key.lstrip("0") == folded]
        return meant[0] if len(meant) == 1 else ""
