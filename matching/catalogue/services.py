"""What changes the catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import IO, Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from cooperation_portal.files.pictures import store_picture
from cooperation_portal.files.services import discard
from cooperation_portal.shared.conflicts import EditedMeanwhile
from matching.catalogue import search
from matching.catalogue.documents import document_of
from matching.catalogue.missing import Missing, missing_of
from matching.catalogue.models import (
    Bookmark,
    Technology,
    TechnologyPicture,
    TechnologyStatus,
    TechnologyText,
    TextOrigin,
)
from matching.catalogue.signals import technology_changed

Texts = Mapping[str, Mapping[str, Any]]
"""By language: the fields of a TechnologyText."""


@transaction.atomic
def add_technology(*, by: Any, texts: Texts, **fields: Any) -> Technology:
    """`texts` must hold the original; all others are translations."""
    technology = Technology.objects.create(**fields)
    return _write(technology, texts, by=by)


@transaction.atomic
def change_technology(
    technology: Technology,
    *,
    by: Any,
    texts: Texts | None = None,
    without: Collection[str] = (),
    edit_version: int | None = None,
    **fields: Any,
) -> Technology:
    """`texts` are those that were written anew, `without` the languages whose translation is taken away.

    Raises EditedMeanwhile when `edit_version` is given and is not the one that stands.
    """
    locked = Technology.objects.select_for_update().get(pk=technology.pk)
    if edit_version is not None and locked.edit_version != edit_version:
        raise EditedMeanwhile(locked)
    if fields.get("original_language", locked.original_language) != locked.original_language:
        locked.texts.filter(origin=TextOrigin.SOURCE).update(origin=TextOrigin.HUMAN)
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.edit_version += 1
    locked.save()
    locked.texts.filter(language__in=without).exclude(language=locked.original_language).delete()
    return _write(locked, texts or {}, by=by)


@transaction.atomic
def publish_technology(technology: Technology, *, by: Any) -> Technology:
    """Raises NotPublishable with what is missing. A retired technology comes back the same way."""
    current = Technology.objects.with_texts().get(pk=technology.pk)
    blocking = [missing for missing in missing_of(current) if missing.blocks]
    if blocking:
        raise NotPublishable(blocking)
    return change_technology(technology, by=by, status=TechnologyStatus.PUBLISHED)


def retire_technology(technology: Technology, *, by: Any) -> Technology:
    return change_technology(technology, by=by, status=TechnologyStatus.RETIRED)


def restore_technology(technology: Technology, *, by: Any) -> Technology:
    """As a draft: what was out of use is looked at before it is offered again."""
    return change_technology(technology, by=by, status=TechnologyStatus.DRAFT)


@transaction.atomic
def add_picture(technology: Technology, *, by: Any, file: IO[bytes], name: str, caption: str) -> TechnologyPicture:
    """Raises ValidationError for what is no picture."""
    last = technology.pictures.aggregate(last=Max("position"))["last"] or 0
    stored = store_picture(file, name=name, by=by)
    return TechnologyPicture.objects.create(technology=technology, file=stored, caption=caption, position=last + 1)


@transaction.atomic
def remove_picture(picture: TechnologyPicture, *, by: Any) -> None:
    picture.delete()
    discard(picture.file)


def add_bookmark(technology: Technology, *, by: Any) -> None:
    """Twice is as good as once."""
    Bookmark.objects.get_or_create(user=by, technology=technology)


def remove_bookmark(technology_pk: int, *, by: Any) -> None:
    Bookmark.objects.filter(user=by, technology_id=technology_pk).delete()


class NotPublishable(Exception):
    """What must be there before others may read the technology; the text names it."""

    def __init__(self, blocking: Iterable[Missing]) -> None:
        self.blocking = list(blocking)
        super().__init__(
            _("등록하려면 다음을 채워 주십시오: %(missing)s")
            % {"missing": ", ".join(str(missing.label) for missing in self.blocking)}
        )


def _write(technology: Technology, texts: Texts, *, by: Any) -> Technology:
    for language, fields in texts.items():
        values = {**fields, "is_stale": False}
        TechnologyText.objects.update_or_create(technology=technology, language=language, defaults=values)
    if technology.original_language in texts:
        _mark_translations_stale(technology, texts)
    search.index(technology)
    _tell_if_content_changed(technology, by=by)
    return technology


def _mark_translations_stale(technology: Technology, texts: Texts) -> None:
    """A translation that came with the new original is fresh; any other was made from the old one."""
    others = technology.texts.exclude(origin=TextOrigin.SOURCE).exclude(language__in=texts)
    others.filter(is_stale=False).update(is_stale=True)


def content_hash(technology: Technology, original: TechnologyText | None = None) -> str:
    """Over everything that the engine reads and whether the technology takes part at all."""
    document = document_of(technology, original)
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
