import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import nearest as module
from matching.engine.nearest import nearest


def by_sorting(rows: np.ndarray, queries: np.ndarray, count: int) -> tuple[list, list]:
    products = queries @ rows.T
    places = np.argsort(-products, axis=1, kind="stable")[:, :count]
    return places.tolist(), np.take_along_axis(products, places, axis=1).tolist()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 400), st.integers(1, 9), st.integers(1, 12), st.integers(1, 3), st.integers(1, 5), st.integers(0, 99)
)
def test_it_finds_what_sorting_finds(rows: int, queries: int, count: int, spread: int, width: int, seed: int) -> None:
    """Few different numbers, so that equal products are common; in growing order too, where every row is better."""
    chance = np.random.default_rng(seed)
    table = chance.integers(-spread, spread + 1, (rows, 3)).astype(np.float32)
    if seed % 2:
        table = table[np.argsort(table.sum(axis=1))]
    wanted = chance.integers(-1, 2, (queries, 3)).astype(np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_ROWS", 7 * width)
        patch.setattr(module, "_QUERIES", 4)
        patch.setattr(module, "_PATIENCE", 2 + width % 3)
        places, products = nearest(table, wanted, count)
    assert (places.tolist(), products.tolist()) == by_sorting(table, wanted, count)
