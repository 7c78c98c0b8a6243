"""Catalogues brought up to the sources."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cooperation_portal.shared.catalogues.files import (
    SOURCE_LANGUAGE,
    is_translated,
    key_of,
    mo_bytes,
    po_bytes,
    po_path,
    read,
)
from cooperation_portal.shared.catalogues.sources import extracted


@dataclass(frozen=True)
class Difference:
    """What an update changed in one catalogue."""

    language: str
    added: int
    removed: int
    missing: int


def update(root: Path, locale_folder: Path, languages: list[str]) -> list[Difference]:
    """Brings the catalogues up to the sources; a translation stays as long as its message does."""
    return [_update_one(root, locale_folder, language) for language in languages if language != SOURCE_LANGUAGE]


def _update_one(root: Path, locale_folder: Path, language: str) -> Difference:
    path = po_path(locale_folder, language)
    old = {key_of(message): message for message in read(path, language) if message.id}
    new = extracted(root, language)
    added = 0
    for message in new:
        if not message.id:
            continue
        known = old.pop(key_of(message), None)
        if known is None:
            added += 1
            continue
        message.string = known.string
        message.user_comments = known.user_comments
        if known.fuzzy:
            message.flags.add("fuzzy")
    _write(path, po_bytes(new))
    compile_one(locale_folder, language)
    missing = sum(not is_translated(message) for message in new if message.id)
    return Difference(language, added=added, removed=len(old), missing=missing)


def compile_one(locale_folder: Path, language: str) -> None:
    path = po_path(locale_folder, language)
    if path.exists():
        _write(path.with_suffix(".mo"), mo_bytes(read(path, language)))


def _write(path: Path, content: bytes) -> None:
    """Leaves a file alone that is already as it should be."""
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
