"""What the pages of the catalogue show: options with their numbers, cards with the words that were looked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters import FilterSet

from matching.catalogue.models import Technology, TechnologyText
from matching.catalogue.search import Search, folded

SUMMARY = 140
OPTIONS_AT_ONCE = 8
Part = tuple[str, bool]
"""A piece of text, and whether it is one of the words that were looked for."""


# --- filters ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int | None  # None where it is not counted
    is_chosen: bool
    children: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    options: tuple[Option, ...]
    is_single: bool = False

    @property
    def first(self) -> tuple[Option, ...]:
        """Those that are seen at once: the first ones, and further down what is chosen."""
        return tuple(o for place, o in enumerate(self.options) if place < OPTIONS_AT_ONCE or o.is_chosen)

    @property
    def further(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option not in self.first)

    @property
    def nothing_chosen(self) -> bool:
        return not any(o.is_chosen or any(child.is_chosen for child in o.children) for o in self.options)


@dataclass(frozen=True)
class Chip:
    """A condition that holds, and the address without it."""

    label: str
    kind: str
    query: str


# In the order of the page; those of the staff come last.
FACETS = (
    "country", "field", "original_language", "stage", "ipr_status", "cooperation", "direction", "status", "disclosure",
    "korean",
)  # fmt: skip
SINGLE = ("field", "direction", "korean")
UNCOUNTED = ("korean",)


def facets(filtered: FilterSet, counts: Mapping[str, Mapping[str, int]]) -> list[Facet]:
    """Options that would leave nothing are left out, unless they are chosen."""
    shown = []
    for name in FACETS:
        if name not in filtered.filters:
            continue
        make = _field_options if name == "field" else _options
        options = make(filtered, name, counts.get(name, {}))
        shown.append(Facet(name, str(filtered.filters[name].label), tuple(options), name in SINGLE))
    return [facet for facet in shown if facet.options]


def _choices(filtered: FilterSet, name: str) -> Iterator[tuple[str, str]]:
    choices: Any = filtered.form.fields[name]
    yield from ((str(value), str(label)) for value, label in choices.choices if str(value))


def _options(filtered: FilterSet, name: str, counts: Mapping[str, int]) -> Iterator[Option]:
    chosen = filtered.data.getlist(name)
    for value, label in _choices(filtered, name):
        count = counts.get(value, 0) if name not in UNCOUNTED else None
        if count != 0 or value in chosen:
            yield Option(value, label, count, value in chosen)


def _field_options(filtered: FilterSet, name: str, counts: Mapping[str, int]) -> Iterator[Option]:
    """The parts of a field are shown once it is chosen."""
    chosen = filtered.form.cleaned_data.get("field")
    choices: Any = filtered.form.fields["field"]
    fields = list(choices.queryset)
    open_one = (chosen.parent_id or chosen.pk) if chosen else None
    for parent in (each for each in fields if not each.parent_id):
        parts = [
            Option(each.code, each.name, counts.get(each.code, 0), each == chosen)
            for each in fields
            if each.parent_id == parent.pk and (counts.get(each.code) or each == chosen)
        ]
        if parts or parent == chosen:
            total = sum(part.count or 0 for part in parts)
            yield Option(
                parent.code, parent.name, total, parent == chosen, tuple(parts) if parent.pk == open_one else ()
            )


def chips(filtered: FilterSet, shown: Iterable[Facet]) -> list[Chip]:
    """What is typed stands in its field; everything else that holds can be taken away here."""
    found = []
    for facet in shown:
        for option in (each for one in facet.options for each in (one, *one.children)):
            if option.is_chosen:
                found.append(Chip(option.label, facet.label, without(filtered.data, facet.name, option.value)))
    years = {"year_from": _("%(year)s년부터"), "year_to": _("%(year)s년까지")}
    for name, words in years.items():
        if year := filtered.form.cleaned_data.get(name):
            found.append(Chip(words % {"year": year}, _("개발 연도"), without(filtered.data, name)))
    return found


def without(data: QueryDict, name: str, value: str = "") -> str:
    """The query of the address without one of its conditions, from the first page."""
    left = data.copy()
    left.setlist(name, [each for each in left.getlist(name) if value and each != value])
    left.pop("page", None)
    return f"?{left.urlencode()}"


def without_blanks(data: QueryDict) -> str | None:
    """The query without fields that were left empty; None where there are none."""
    if all(value for values in dict(data.lists()).values() for value in values):
        return None
    left = QueryDict(mutable=True)
    for name, values in data.lists():
        left.setlist(name, [value for value in values if value])
    return left.urlencode()


def meaning_query(filtered: FilterSet) -> str:
    """The address of the same search by meaning; empty where words are not looked for, or are looked for so."""
    if filtered.is_by_meaning or not filtered.search.words:
        return ""
    address = filtered.data.copy()
    address.pop("page", None)
    address["by"] = "meaning"
    return f"?{address.urlencode()}"


def sorts(filtered: FilterSet) -> list[dict[str, Any]]:
    """The ways to sort as links. With words the best hits come first unless something else is asked for."""
    searched, current = bool(filtered.search.words), filtered.form.cleaned_data.get("sort") or ""
    choices = list(_choices(filtered, "sort"))
    if searched:
        choices.insert(0, ("", _("뜻이 가까운 순") if filtered.is_by_meaning else _("정확도순")))
    found = []
    for value, label in choices:
        address = filtered.data.copy()
        address.pop("page", None)
        address.pop("sort", None)
        if value != ("" if searched else "newest"):
            address["sort"] = value
        is_current = value == current or (not current and not searched and value == "newest")
        found.append({"label": label, "query": f"?{address.urlencode()}", "current": is_current})
    return found


# --- cards ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    technology: Technology
    title: list[Part]
    summary: list[Part]
    text: TechnologyText | None  # whose title and summary are shown
    original_title: list[Part] = field(default_factory=list)  # beside a Korean title
    elsewhere: list[Part] = field(default_factory=list)  # where the words stand, if not in what is shown
    is_bookmarked: bool = False


def card(technology: Technology, search: Search | None = None, is_bookmarked: bool = False) -> Card:
    pattern = search.pattern if search else None
    text, original = technology.korean or technology.original, technology.original
    title = marked(text.title if text else "", pattern)
    summary = excerpt(text.body if text else "", pattern)
    beside = marked(original.title, pattern) if original and original is not text else []
    elsewhere: list[Part] = []
    if pattern and original and not any(is_hit for _text, is_hit in (*title, *summary, *beside)):
        elsewhere = _elsewhere(technology, original, pattern)
    return Card(technology, title, summary, text, beside, elsewhere, is_bookmarked)


def cards(technologies: Iterable[Technology], search: Search, bookmarks: set[int]) -> list[Card]:
    return [card(technology, search, technology.pk in bookmarks) for technology in technologies]


def _elsewhere(technology: Technology, original: TechnologyText, pattern: re.Pattern[str]) -> list[Part]:
    open_parts = [name for name in ("advantages", "specification") if name not in technology.hidden]
    for text in (original.body, *(getattr(original, name) for name in open_parts)):
        parts = excerpt(text, pattern)
        if any(is_hit for _text, is_hit in parts):
            return parts
    return []


def excerpt(text: str, pattern: re.Pattern[str] | None, length: int = SUMMARY) -> list[Part]:
    """The beginning, or where the first of the words stands further down."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    start = 0
    if pattern and (hits := _hits(line, pattern)) and hits[0][1] > length:
        start = line.rfind(" ", 0, max(0, hits[0][0] - length // 4)) + 1
        start = start if hits[0][0] - start < length // 2 else hits[0][0] - length // 4
    shown = line[start : start + length]
    parts = marked(shown, pattern)
    before = [("… ", False)] if start else []
    after = [("…", False)] if start + length < len(line) else []
    return [*before, *parts, *after]


def marked(text: str, pattern: re.Pattern[str] | None) -> list[Part]:
    """The text in pieces, in their order."""
    text = unicodedata.normalize("NFC", text)
    parts: list[Part] = []
    end = 0
    for start, stop in _hits(text, pattern) if pattern else []:
        if start > end:
            parts.append((text[end:start], False))
        parts.append((text[start:stop], True))
        end = stop
    return [*parts, (text[end:], False)] if end < len(text) else parts


_folded_letter = cache(folded)  # of the few letters that texts are written in


def _hits(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """Places in the text itself of what was found in its folded form."""
    letters, places = [], []
    for place, letter in enumerate(text):
        for plain in _folded_letter(letter):
            letters.append(plain)
            places.append(place)
    found = (match.span() for match in pattern.finditer("".join(letters)))
    return [(places[start], places[stop - 1] + 1) for start, stop in found if stop > start]
