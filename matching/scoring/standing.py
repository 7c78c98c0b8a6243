"""What of an older index still holds, found by the numbers and marks of what there is now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Contents:
    """`ids`, ascending, and for each a mark that changes with what is compared of it."""

    ids: NDArray[np.int64]
    marks: NDArray[np.int64]

    @classmethod
    def of(cls, rows: list[tuple[int, int]]) -> Contents:
        """`rows` by id."""
        table = np.array(rows, dtype=np.int64).reshape(-1, 2)
        return cls(table[:, 0], table[:, 1])

    def __len__(self) -> int:
        return len(self.ids)

    def standing(self, other: Contents) -> NDArray[np.bool_]:
        """Which of the other's rows, in whatever order, are among these."""
        if not len(self):
            return np.zeros(len(other), dtype=bool)
        places = np.minimum(np.searchsorted(self.ids, other.ids), len(self) - 1)
        return (self.ids[places] == other.ids) & (self.marks[places] == other.marks)

    def without(self, *others: Contents) -> Contents:
        """What none of the others has as it is here."""
        known = np.zeros(len(self), dtype=bool)
        for other in others:
            known |= np.isin(self.ids, other.ids[self.standing(other)])
        return Contents(self.ids[~known], self.marks[~known])
