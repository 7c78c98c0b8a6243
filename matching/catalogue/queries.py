from __future__ import annotations

from typing import Any

from django.db.models import Q

from matching.catalogue.models import Stage, Technology, TechnologyQuerySet, TechnologyText
from matching.engine.documents import Document

STAGE_ORDER = {stage.value: str(number) for number, stage in enumerate(Stage, start=1)}


def pool(direction: str) -> TechnologyQuerySet:
    """What demands of this direction are compared with."""
    return Technology.objects.published().filter(direction=direction)


def document_of(technology: Technology, original: TechnologyText | None = None) -> Document:
    """What the engine reads: the owner's own words, never the translation. `original` where it is not stored yet."""
    original = original or technology.original
    parts = (original.body, original.specification, original.advantages) if original else ()
    return Document(
        title=original.title if original else "",
        body="\n".join(part for part in parts if part),
        language=technology.original_language,
        fields=(technology.field.code,),
        stage=STAGE_ORDER.get(technology.stage),
        ipr=technology.ipr_status or None,
        key=str(technology.pk),
    )


def containing(technologies: TechnologyQuerySet, words: str) -> TechnologyQuerySet:
    """Technologies whose texts, owner or number contain every word; two letters suffice."""
    for word in words.split()[:8]:
        matches = (
            Q(texts__title__icontains=word)
            | Q(texts__body__icontains=word)
            | Q(owner__name_ko__icontains=word)
            | Q(owner__name_original__icontains=word)
            | Q(owner__name_en__icontains=word)
        )
        number = word.upper().removeprefix("T-")
        if number.isdecimal() and len(number) <= 9:
            matches |= Q(pk=int(number))
        technologies = technologies.filter(pk__in=Technology.objects.filter(matches).values("pk"))
    return technologies


def search(user: Any, words: str, direction: str) -> TechnologyQuerySet:
    """What an officer may add to a demand of this direction."""
    found = Technology.objects.visible_to(user).published().filter(direction=direction)
    return containing(found, words).with_texts().order_by("-pk")
