from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from tests.contracts.listings import Listing
from tests.contracts.rows import Row

if TYPE_CHECKING:
    from tests.contracts.world import World


def build(world: World) -> SimpleNamespace:
    return SimpleNamespace()


ROWS: tuple[Row, ...] = ()
LISTINGS: tuple[Listing, ...] = ()
