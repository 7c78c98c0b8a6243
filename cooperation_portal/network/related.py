"""What belongs to an institution or a company, told by the apps above that keep it.

An app registers one `Related` for each thing that it keeps, when it is ready; this app knows none of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Record = Any  # an Institution or a Company


@dataclass(frozen=True)
class Related:
    """`count` is of what the person may see, in one query; `url` leads to the list of it, or nowhere ("").
    Who may not open that list is led nowhere.

    While something that `hinders` is left, the record cannot be retired.
    """

    label: Any
    count: Callable[[Record, Any], int]
    url: Callable[[Record, Any], str]
    hinders: bool = False


@dataclass(frozen=True)
class Belonging:
    label: str
    count: int
    url: str
    hinders: bool


_RELATED: defaultdict[type, list[Related]] = defaultdict(list)


def register(model: type, related: Related) -> None:
    _RELATED[model].append(related)


def belongings(record: Record, user: Any) -> list[Belonging]:
    """Everything that is registered, also what there is none of."""
    return [
        Belonging(str(related.label), related.count(record, user), related.url(record, user), related.hinders)
        for related in _RELATED[type(record)]
    ]


def hindrances(record: Record, user: Any) -> list[Belonging]:
    """What would be left without its owner."""
    return [belonging for belonging in belongings(record, user) if belonging.hinders and belonging.count]
