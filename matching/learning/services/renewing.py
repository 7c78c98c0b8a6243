from __future__ import annotations

from typing import Any

from matching.catalogue.models import Direction
from matching.catalogue.queries import pool
from matching.scoring.services import request_reference


def renew_lists(*, by: Any) -> None:
    """After what the engine works with changed: new references, which ask for every open demand's list anew.

    Scores that are there keep the version that they were made by until the worker replaces them.
    """
    for direction in Direction.values:
        if pool(direction).exists():
            request_reference(direction, by=by)
