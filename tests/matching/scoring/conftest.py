from __future__ import annotations

import pytest

from matching.scoring import engines
from matching.scoring.services import references
from tests.matching.scoring.cheap_encoder import CheapEncoder


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests() -> None:
    engines._engines.clear()
    engines._catalogues.clear()
    engines._texts.clear()


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> CheapEncoder:
    """Scoring with vectors that cost nothing."""
    chosen = CheapEncoder()
    monkeypatch.setattr(engines, "encoder", lambda: chosen)
    monkeypatch.setattr(references, "encoder", lambda: chosen)
    return chosen
