"""What the test of queries is told about a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Making = Callable[[int], tuple[Any, str]]  # number of rows → reader (None for nobody) and address


@dataclass(frozen=True)
class Listing:
    make: Making
    queries: int
