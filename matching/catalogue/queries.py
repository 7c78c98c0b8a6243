from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, CharField, Count, Expression, F, Func, Value, When

from matching.catalogue.models import Bookmark, Stage, Technology, TechnologyQuerySet, TechnologyText
from matching.catalogue.search import Search
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
    """Technologies whose texts, owner or number hold every word; two letters suffice."""
    return Search(words).narrowed(technologies)


def search(user: Any, words: str, direction: str) -> TechnologyQuerySet:
    """What an officer may add to a demand of this direction."""
    found = Technology.objects.visible_to(user).published().filter(direction=direction)
    return containing(found, words).with_texts().order_by("-pk")


# --- browsing ---------------------------------------------------------------------------------------------------------


class Unnest(Func):
    """One row for each element of an array."""

    function = "unnest"
    set_returning = True
    output_field = CharField()


def counted(parts: Mapping[str, tuple[TechnologyQuerySet, Expression | F]]) -> dict[str, dict[str, int]]:
    """Technologies of each part by an expression of its own, all parts in one statement."""
    first, *others = (
        technologies.order_by()
        .annotate(part=Value(name, CharField()), option=by)
        .values("part", "option")
        .annotate(count=Count("pk"))
        for name, (technologies, by) in parts.items()
    )
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in first.union(*others, all=True):
        counts[row["part"]][row["option"]] = row["count"]
    return counts


def bookmarked(user: Any, technologies: Iterable[Technology]) -> set[int]:
    """Primary keys of those that the person keeps as 관심기술."""
    mine = Bookmark.objects.visible_to(user).filter(technology__in=[technology.pk for technology in technologies])
    return set(mine.values_list("technology_id", flat=True)) if user.is_authenticated else set()


def related(readable: TechnologyQuerySet, technology: Technology, most: int = 4) -> TechnologyQuerySet:
    """Others of the same field, those of the same part of it first."""
    nearest = Case(When(field=technology.field_id, then=0), default=1)
    others = readable.published().exclude(pk=technology.pk).filter(field__parent=technology.field.parent_id)
    return others.order_by(nearest, "-pk")[:most]
