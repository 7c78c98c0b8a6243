from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cooperation_portal.work import registry
from cooperation_portal.work.models import Queue, Work
from cooperation_portal.work.registry import Kind


@pytest.fixture
def stored() -> list[tuple[str, Any]]:
    """What the errands of a test have stored, in order."""
    return []


@pytest.fixture
def errand(stored: list[tuple[str, Any]]) -> Iterator[Callable[..., str]]:
    """Makes a kind of work that exists for this test only; returns its name."""
    names = []

    def make(
        compute: Callable[..., Any] = lambda subject, progress: f"result of {subject}",
        store: Callable[..., None] | None = None,
        name: str = "errand",
        queue: Queue = Queue.INTERACTIVE,
    ) -> str:
        keep = store or (lambda subject, result: stored.append((subject, result)))
        registry.register(Kind(name, name, queue, compute, keep))
        names.append(name)
        return name

    yield make
    for name in names:
        registry._KINDS.pop(name, None)


@pytest.fixture
def row() -> Callable[..., Work]:
    """The row of a subject as it stands in the database now."""
    return lambda subject="1", kind="errand": Work.objects.get(kind=kind, subject=str(subject))
