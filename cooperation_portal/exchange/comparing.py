"""A row held against the record that it means."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from cooperation_portal.exchange.sheets import Sheet, Values

_EMPTY: tuple[Any, ...] = (None, "", [])


def standing(sheet: Sheet, keys: set[str]) -> Mapping[str, Values]:
    """Records of these keys as a file would bring them back."""
    return {key: sheet.as_read(values) for key, values in sheet.present(keys).items()}


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))  # several choices have no order
    return one == other or (one in _EMPTY and other in _EMPTY)


def differences(values: Values, present: Values) -> Values:
    """What stands in the columns that the row would change."""
    return {name: present.get(name) for name, value in values.items() if not _alike(value, present.get(name))}


def fingerprint(present: Values | None, names: Iterable[str]) -> str:
    """Of the columns that a row names, as the record stands; empty where there is no record."""
    if present is None:
        return ""
    seen = [[name, present.get(name)] for name in sorted(names)]
    text = json.dumps(seen, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
