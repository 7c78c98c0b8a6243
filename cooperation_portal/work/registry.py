"""Which kinds of work there are. An app registers its handler when it is ready; this app knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from cooperation_portal.work.models import Queue


class Progress(Protocol):
    def __call__(self, done: int, total: int) -> None: ...


@dataclass(frozen=True)
class Kind:
    """`compute` reads and calculates outside any transaction; `store` writes its result inside one.

    Both may run again after a kill. `store` must lock what it replaces. `describe` names the subject without telling
    business data, since the system administrator reads it.
    """

    name: str
    label: Any
    queue: Queue
    compute: Callable[[str, Progress], Any]
    store: Callable[[str, Any], None]
    describe: Callable[[str], str] = str


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _KINDS[kind.name] = kind


def kind_of(name: str) -> Kind:
    """Raises KeyError for a kind that no installed app knows."""
    return _KINDS[name]


def label_of(name: str) -> str:
    return str(_KINDS[name].label) if name in _KINDS else name


def describe(name: str, subject: str) -> str:
    return _KINDS[name].describe(subject) if name in _KINDS else subject
