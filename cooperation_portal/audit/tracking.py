"""How a model is put under history: one decorator for all of them."""

from collections.abc import Callable
from typing import Any

import pghistory


def audited(**options: Any) -> Callable[[type], type]:
    """Writes a row for every insert, update and delete, by trigger, row by row; options are those of `pghistory.track`.

    Row level, because statement level triggers go quadratic on connections that live long.
    """
    return pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options)
