from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from tests.contracts.world import World, build_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once for a module, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        yield build_world()
        cache.clear()
        transaction.set_rollback(True)


@pytest.fixture
def unchanged(world: World) -> Iterator[World]:
    """The world, for a test that changes it: what it did is undone."""
    with transaction.atomic():
        yield world
        cache.clear()
        transaction.set_rollback(True)
