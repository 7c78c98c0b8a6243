from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, CharField, Count, Expression, F, Func, Value, When

from matching.catalogue.meaning import closest
from matching.catalogue.models import Bookmark, Technology, TechnologyQuerySet
from matching.catalogue.search import Among, PlaceAmong, Search


def pool(direction: str) -> TechnologyQuerySet:
    """What demands of this direction are compared with."""
    return Technology.objects.published().filter(direction=direction)


def containing(technologies: TechnologyQuerySet, words: str) -> TechnologyQuerySet:
    """Technologies whose texts, owner or number hold every word; two letters suffice."""
    return Search(words).narrowed(technologies)


def search(user: Any, words: str, direction: str, *, by_meaning: bool = False) -> TechnologyQuerySet:
    """What an officer may add to a demand of this direction. By meaning it raises NotAvailableError."""
    found = Technology.objects.visible_to(user).published().filter(direction=direction)
    if by_meaning:
        keys = closest(found, words)
        return found.filter(Among(keys)).with_texts().order_by(PlaceAmong(keys))
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
