from __future__ import annotations

from typing import Any

import pytest

from matching.engine.settings import CHANNELS, DEFAULT, engine_version
from tests.matching.triage.conftest import judge  # noqa: F401
from tests.people import make_demand, make_technology


def rank(demand: Any, technologies: list[Any], evidence: float = 0.45) -> None:
    """A list as the worker stores it, by the engine of today."""
    from matching.scoring.models import Match, Ranking

    for place, technology in enumerate(technologies):
        Match.objects.create(
            demand=demand,
            technology=technology,
            language=technology.original_language,
            score=3.0 - place / 10,
            relevance="high",
            components={
                "raw": dict.fromkeys(CHANNELS, 0.5),
                "contributions": dict.fromkeys(CHANNELS, 0.4),
                "evidence": evidence,
            },
            reasons={"sentence_pairs": [], "terms": [], "figures": [], "fields": [], "cautions": []},
            engine_version=engine_version(DEFAULT),
            encoder="cheap",
            reference_version="1",
            demand_hash="",
            technology_hash="",
        )
    Ranking.objects.update_or_create(
        demand=demand, defaults={"demand_version": demand.content_version, "considered": len(technologies)}
    )


@pytest.fixture
def ranked(db: None) -> tuple[Any, list[Any]]:
    """A demand with twelve technologies on its list, the best first."""
    demand = make_demand()
    first = make_technology()
    technologies = [first, *(make_technology(f"Технология {n}", owner=first.owner) for n in range(2, 13))]
    rank(demand, technologies)
    return demand, technologies
