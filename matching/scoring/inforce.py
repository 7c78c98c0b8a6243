"""What the engine works with now: settings, glossary and the bounds of the words, shipped or taken into use by people.

Scoring does not know who decides on them: `matching.learning` provides a source when the portal starts. Everything that
makes or reads scores asks here, so that no two parts work with different ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from matching.engine.glossary import Concept, Glossary, shipped_glossary, shipped_version
from matching.engine.settings import DEFAULT, Settings, engine_version


@dataclass(frozen=True)
class InForce:
    settings: Settings
    glossary_version: str

    @property
    def version(self) -> str:
        return engine_version(self.settings, self.glossary_version)


@dataclass(frozen=True)
class Source:
    """`concepts` is asked only when a glossary of a version is not at hand."""

    in_force: Callable[[], InForce]
    concepts: Callable[[], Sequence[Concept]]


def _shipped() -> InForce:
    return InForce(DEFAULT, shipped_version())


_source: Source | None = None


def provide(source: Source) -> None:
    global _source
    _source = source


def in_force() -> InForce:
    return _source.in_force() if _source else _shipped()


def glossary_in_force(version: str) -> Glossary:
    """Raises ValueError for a version that is neither shipped nor in force."""
    return shipped_glossary() if version == shipped_version() else _made_ready(version)


@lru_cache(maxsize=2)
def _made_ready(version: str) -> Glossary:
    glossary = Glossary(_source.concepts() if _source else ())
    if glossary.version != version:
        raise ValueError(f"the glossary {version} is not in force any more")
    return glossary
