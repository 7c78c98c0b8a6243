"""What a benchmark reports, how it is timed, and where it stores what it makes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """`ratio` is value to baseline, both measured in this run; `met` is None where nothing was asked."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    asked: str = ""
    met: bool | None = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def median_seconds(work: Callable[[], Any], times: int = 5) -> float:
    """After one run that warms caches."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


@contextmanager
def fresh_database() -> Iterator[None]:
    from django.db import connections

    owner, default = connections["owner"], connections["default"]
    old_name = owner.settings_dict["NAME"]
    owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    default.close()
    default.settings_dict["NAME"] = owner.settings_dict["NAME"]
    try:
        yield
    finally:
        default.close()
        owner.creation.destroy_test_db(old_name, verbosity=0)


def _figure(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def table(rows: list[Row]) -> str:
    head = ("figure", "value", "unit", "baseline", "ratio", "asked", "met")
    lines = [head] + [
        (
            row.name,
            _figure(row.value),
            row.unit,
            _figure(row.baseline),
            _figure(row.ratio),
            row.asked,
            "" if row.met is None else "yes" if row.met else "NO",
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
