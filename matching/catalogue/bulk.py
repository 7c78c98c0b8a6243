"""Many technologies in few statements, as an import brings them. The rules are those of `services`, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction

from cooperation_portal.shared.updates import update_many
from matching.catalogue.models import Technology, TechnologyText, TextOrigin
from matching.catalogue.search import index_many
from matching.catalogue.services import Texts, content_hash
from matching.catalogue.signals import catalogue_changed

BATCH = 1000


@dataclass(frozen=True)
class Arrival:
    """One technology on its way in: fields of the model, and the texts by language."""

    fields: Mapping[str, Any]
    texts: Texts = field(default_factory=dict)


@transaction.atomic
def add_technologies(arrivals: Sequence[Arrival], *, by: Any) -> list[int]:
    """Each must hold its original. Tells of all of them once. Primary keys in the order of the arrivals."""
    added: list[int] = []
    for batch in _batches(arrivals):
        technologies = [Technology(**arrival.fields) for arrival in batch]
        texts = [
            [TechnologyText(technology=technology, language=code, **parts) for code, parts in arrival.texts.items()]
            for technology, arrival in zip(technologies, batch, strict=True)
        ]
        for technology, written in zip(technologies, texts, strict=True):
            technology.content_hash = content_hash(technology, _original(technology, written))
            technology.content_version = 2  # as the single service leaves it: made, then found to have content
        Technology.objects.bulk_create(technologies)
        TechnologyText.objects.bulk_create([text for written in texts for text in written], BATCH)
        added += [technology.pk for technology in technologies]
    _tell(added, by=by)
    return added


@transaction.atomic
def change_technologies(changes: Mapping[int, Arrival], *, by: Any) -> None:
    """By primary key: only the fields and texts that an arrival names change."""
    to_tell: list[int] = []
    for batch in _batches(sorted(changes)):
        locked = list(Technology.objects.select_for_update(of=("self",)).with_texts().filter(pk__in=batch))
        written: list[TechnologyText] = []
        for technology in locked:
            before = technology.content_hash
            mine = _changed(technology, changes[technology.pk])
            written += mine
            technology.content_hash = content_hash(technology, _original(technology, mine) or technology.original)
            technology.edit_version += 1
            if technology.content_hash != before:
                technology.content_version += 1
                to_tell.append(technology.pk)
        named = {name for technology in locked for name in changes[technology.pk].fields}
        names = {*named, "content_hash", "content_version", "edit_version"}
        update_many(locked, sorted(names))
        _write_texts(written)
    _tell(to_tell, everything=list(changes), by=by)


def _changed(technology: Technology, arrival: Arrival) -> list[TechnologyText]:
    """Puts the fields into the technology; the texts as they will stand, with the translations that became stale."""
    for name, value in arrival.fields.items():
        setattr(technology, name, value)
    standing = {text.language: text for text in technology.texts.all()}
    written = []
    for language, parts in arrival.texts.items():
        text = standing.get(language) or TechnologyText(technology=technology, language=language)
        for name, value in parts.items():
            setattr(text, name, value)
        text.is_stale = False
        written.append(text)
    if technology.original_language in arrival.texts:
        for language, text in standing.items():
            if language not in arrival.texts and text.origin != TextOrigin.SOURCE and not text.is_stale:
                text.is_stale = True
                written.append(text)
    return written


def _write_texts(texts: Iterable[TechnologyText]) -> None:
    new = [text for text in texts if text.pk is None]
    old = [text for text in texts if text.pk is not None]
    TechnologyText.objects.bulk_create(new, BATCH)
    update_many(old, ["origin", "title", "body", "advantages", "specification", "is_stale"])


def _original(technology: Technology, written: Iterable[TechnologyText]) -> TechnologyText | None:
    return next((text for text in written if text.language == technology.original_language), None)


def _tell(changed: list[int], *, by: Any, everything: list[int] | None = None) -> None:
    index_many(changed if everything is None else everything)
    if changed:
        catalogue_changed.send(sender=Technology, technologies=changed, by=by)


def _batches(items: Iterable[Any]) -> Iterable[list[Any]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch
