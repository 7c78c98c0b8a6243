"""What changes the catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from matching.catalogue.models import Technology, TechnologyStatus, TechnologyText, TextOrigin
from matching.catalogue.queries import document_of
from matching.catalogue.signals import technology_changed

Texts = Mapping[str, Mapping[str, Any]]
"""By language: the fields of a TechnologyText."""


@transaction.atomic
def add_technology(*, by: Any, texts: Texts, **fields: Any) -> Technology:
    """`texts` must hold the original; all others are translations."""
    technology = Technology.objects.create(**fields)
    return _write(technology, texts, by=by)


@transaction.atomic
def change_technology(technology: Technology, *, by: Any, texts: Texts | None = None, **fields: Any) -> Technology:
    locked = Technology.objects.select_for_update().get(pk=technology.pk)
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.save()
    return _write(locked, texts or {}, by=by)


def retire_technology(technology: Technology, *, by: Any) -> Technology:
    return change_technology(technology, by=by, status=TechnologyStatus.RETIRED)


def _write(technology: Technology, texts: Texts, *, by: Any) -> Technology:
    for language, fields in texts.items():
        TechnologyText.objects.update_or_create(technology=technology, language=language, defaults=dict(fields))
    if technology.original_language in texts:
        _mark_translations_stale(technology, texts)
    _tell_if_content_changed(technology, by=by)
    return technology


def _mark_translations_stale(technology: Technology, texts: Texts) -> None:
    """A translation that came with the new original is fresh; any other was made from the old one."""
    others = technology.texts.exclude(origin=TextOrigin.SOURCE).exclude(language__in=texts)
    others.filter(is_stale=False).update(is_stale=True)
    technology.texts.filter(language__in=texts, is_stale=True).update(is_stale=False)


def content_hash(technology: Technology) -> str:
    """Over everything that the engine reads and whether the technology takes part at all."""
    document = document_of(technology)
    parts = (
        document.text_hash(),
        *document.fields,
        document.stage,
        document.ipr,
        technology.status,
        technology.direction,
    )
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _tell_if_content_changed(technology: Technology, *, by: Any) -> None:
    fresh = Technology.objects.with_texts().get(pk=technology.pk)
    new_hash = content_hash(fresh)
    if new_hash == technology.content_hash:
        return
    Technology.objects.filter(pk=technology.pk).update(content_hash=new_hash, content_version=F("content_version") + 1)
    technology.refresh_from_db()
    technology_changed.send(sender=Technology, technology=technology, by=by)
