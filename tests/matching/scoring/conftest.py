from __future__ import annotations

import pytest

from matching.scoring import demand_pool, engines, offer_pool
from matching.scoring.services import references
from tests.matching.scoring.cheap_encoder import CheapEncoder


def forget() -> None:
    """As if this were another process."""
    engines._engines.clear()
    engines._texts.clear()
    offer_pool.forget()
    demand_pool.forget()


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests(settings, tmp_path) -> None:
    settings.MATCHING_SNAPSHOTS_DIR = tmp_path / "snapshots"
    forget()


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> CheapEncoder:
    """Scoring with vectors that cost nothing."""
    chosen = CheapEncoder()
    monkeypatch.setattr(engines, "encoder", lambda: chosen)
    monkeypatch.setattr(references, "encoder", lambda: chosen)
    return chosen
