"""Finding technologies by what they mean, whatever language they are written in.

The catalogue cannot compare meanings: whoever makes vectors of texts provides the way when the portal starts.
"""

from __future__ import annotations

from collections.abc import Callable

from matching.catalogue.models import TechnologyQuerySet

MOST_CLOSE = 100
"""There is no end to what is a little alike; nobody reads further."""

Closest = Callable[[TechnologyQuerySet, str, int], list[int]]
"""(technologies, words, most) → primary keys of the closest among them, closest first. Raises NotAvailableError."""


class NotAvailableError(Exception):
    """Meanings cannot be compared now."""


_closest: Closest | None = None


def provide(way: Closest) -> None:
    global _closest
    _closest = way


def closest(technologies: TechnologyQuerySet, words: str) -> list[int]:
    """Primary keys, closest first. Technologies that keep a compared part to themselves are never found by meaning.

    Raises NotAvailableError.
    """
    if _closest is None:
        raise NotAvailableError("nobody compares meanings here")
    return _closest(technologies, words, MOST_CLOSE)
