from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def put(record: Any, values: Mapping[str, Any]) -> set[str]:
    """Writes values into a record, as a new version of it. Names of the fields that differ: only they are stored."""
    changed = {name for name, value in values.items() if getattr(record, name) != value}
    for name in changed:
        setattr(record, name, values[name])
    record.edit_version += 1
    return changed
