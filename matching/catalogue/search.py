"""Finding technologies by words. Terms are made here; PostgreSQL keeps and compares them as they are.

Korean glues particles to its words, and Japanese and Chinese put no spaces between them: these scripts are found by
pairs of letters, at any place of a word, so that two syllables suffice. Other scripts are found by the beginnings of
words. Terms know their places: the pairs of a longer word are found side by side only, as they stand in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQueryField
from django.db import transaction
from django.db.models import BigIntegerField, BooleanField, Expression, F, FloatField, Func, Q, Value
from django.db.models.functions import Cast

from matching.catalogue.documents import document_of
from matching.catalogue.models import HideableField, Technology, TechnologyQuerySet, TechnologyTerms

PAIRED = (
    "\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff"  # Hangul
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # kana
    "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
_RUN = re.compile(rf"[{PAIRED}]+|[^\W_{PAIRED}]+")
_PAIRED_RUN = re.compile(rf"[{PAIRED}]")
# Marks that are not part of a letter (stress in Russian texts), soft hyphens and other letters that are not seen.
_UNSEEN = {"Mn", "Cf"}
_SAME_LETTER = str.maketrans({"ё": "е"})
# Endings of Russian words: a word that somebody copies from a sentence is found in its other cases.
_ENDING = re.compile(
    r"(?<=[а-я]{4})(?:иями|ями|ами|ыми|ими|ого|его|ому|ему|ией|иям|иях|ая|яя|ое|ее|ые|ие|ый|ий|ой|ей|ых|их|ым|им|ом|ем"
    r"|ам|ям|ах|ях|ов|ев|ую|юю|ию|ия|ью|ии|у|ю|а|я|о|е|ы|и|ь|й)$"
)
_NUMBER = re.compile(r"(?:t-?)?([0-9]{1,9})")

LONGEST_WORD = 40
MOST_WORDS = 8
LONGEST_QUERY = 200
# Limits of PostgreSQL: a place counts up to 16,383, a term has at most 255 of them, and all terms together have 1 MB.
_LAST_PLACE, _MOST_PLACES, _ROOM = 16_000, 255, 900_000
_BATCH = 500


def folded(text: str) -> str:
    """One form of every letter: NFKC, without case, without marks."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    seen = (letter for letter in plain if unicodedata.category(letter) not in _UNSEEN)
    return "".join(seen).translate(_SAME_LETTER)


def _runs(text: str) -> Iterator[list[str]]:
    """The terms of each run of one kind of letters. The last letter stands alone too: so a single one can be found."""
    for run in _RUN.findall(text):
        paired = _PAIRED_RUN.match(run)
        yield [run[place : place + 2] for place in range(len(run))] if paired else [run[:LONGEST_WORD]]


# --- the index --------------------------------------------------------------------------------------------------------


def index(technology: Technology) -> None:
    index_many([technology.pk])


def index_many(keys: Iterable[int]) -> None:
    """A fixed number of statements for 500 technologies.

    They are locked first, and their owners read after that: whoever comes later sees what the other has written.
    """
    waiting = iter(sorted(set(keys)))
    while batch := list(islice(waiting, _BATCH)):
        with transaction.atomic():
            locked = Technology.objects.select_for_update(of=("self",)).filter(pk__in=batch).order_by("pk")
            TechnologyTerms.objects.bulk_create(
                (
                    TechnologyTerms(
                        technology=technology,
                        terms=_vector(_searchable(technology)),
                        text_hash=_open_text_hash(technology),
                    )
                    for technology in locked.select_related("field").prefetch_related("texts", "owner__aliases")
                ),
                update_conflicts=True,
                unique_fields=["technology"],
                update_fields=["terms", "text_hash"],
            )


def index_missing(most: int = 2_000) -> int:
    """Those that came into the database by another way, or before there was a search. Says how many were left out."""
    unknown = Q(search__isnull=True) | Q(search__text_hash__isnull=True)
    missing = list(Technology.objects.filter(unknown).values_list("pk", flat=True)[:most])
    index_many(missing)
    return len(missing)


def _open_text_hash(technology: Technology) -> str:
    """Empty where a hidden part is among what is compared: nobody shall find out about it by trying words."""
    compared = {HideableField.ADVANTAGES, HideableField.SPECIFICATION}
    return "" if compared & set(technology.hidden) else document_of(technology).text_hash()


def _searchable(technology: Technology) -> Iterator[tuple[str, str]]:
    """Weight and text. Never a hidden part, for nobody; nor the name of a company, which is masked to most readers."""
    texts = sorted(technology.texts.all(), key=lambda text: text.pk)
    yield from (("A", text.title) for text in texts)
    if technology.owner:
        names = (technology.owner.name_ko, technology.owner.name_original, technology.owner.name_en)
        yield from (("B", name) for name in names)
        yield from (("B", alias.name) for alias in technology.owner.aliases.all())
    yield from (("C", text.body) for text in texts)
    for part in (HideableField.ADVANTAGES, HideableField.SPECIFICATION):
        if part not in technology.hidden:
            yield from (("C", getattr(text, part)) for text in texts)


def _vector(parts: Iterable[tuple[str, str]]) -> str:
    """A tsvector as PostgreSQL writes it. Places begin anew where they would run out."""
    places: dict[str, list[str]] = {}
    place, room = 0, _ROOM
    for weight, text in parts:
        for run in _runs(folded(text)):
            if place + len(run) > _LAST_PLACE:
                place = 0
            for term in run[:_LAST_PLACE]:
                place += 1
                if term not in places:
                    places[term] = []
                    room -= len(term.encode()) + 4
                if len(places[term]) < _MOST_PLACES and room > 0:
                    places[term].append(f"{place}{weight}")
                    room -= 2
        place += 1  # no word reaches from one text into the next
    return " ".join(f"{_quoted(term)}:{','.join(found)}" for term, found in places.items() if found)


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


# --- a search ---------------------------------------------------------------------------------------------------------


class _Found(Func):
    """The query's terms are compared as they are: no text configuration of the database changes them."""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


class _Rank(Func):
    function = "ts_rank"
    output_field = FloatField()


class Among(Func):
    """`pk = ANY(array)`: thousands of keys as one parameter, in PostgreSQL's own writing."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, keys: list[int]) -> None:
        array = Value("{" + ",".join(map(str, keys)) + "}")
        super().__init__(F("pk"), Cast(array, ArrayField(BigIntegerField())))


class PlaceAmong(Func):
    """Where a key stands in a list of keys."""

    function = "array_position"
    output_field = BigIntegerField()

    def __init__(self, keys: list[int]) -> None:
        array = Value("{" + ",".join(map(str, keys)) + "}")
        super().__init__(Cast(array, ArrayField(BigIntegerField())), F("pk"))


@dataclass(frozen=True)
class Search:
    """What somebody typed: every word must be there. Anything may be typed; nothing of it reaches SQL as such."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        words = [word for word in folded(self.text[:LONGEST_QUERY]).split() if _RUN.search(word)]
        return words[:MOST_WORDS]

    @cached_property
    def is_empty(self) -> bool:
        return not self.text.replace("\0", "").strip()

    def narrowed(self, technologies: TechnologyQuerySet) -> TechnologyQuerySet:
        """Those that hold every word; a number may also be the technology's own. Signs alone find nothing."""
        if self.is_empty:
            return technologies
        if not self.words:
            return technologies.none()
        plain = [word for word in self.words if not _NUMBER.fullmatch(word)]
        if plain:
            technologies = technologies.filter(_holding(plain))
        for word in self.words:
            if number := _NUMBER.fullmatch(word):
                technologies = technologies.filter(_holding([word]) | Q(pk=int(number[1])))
        return technologies

    def rank(self) -> Expression:
        """Higher where the words stand in the title or in the owner's name, and where they stand often."""
        return _Rank(F("search__terms"), _query(self.words))

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Finds the words in folded text, whole words where the script has such."""
        if not self.words:
            return None
        letter = rf"[^\W_{PAIRED}]"
        shapes = []
        for word in sorted(self.words, key=len, reverse=True):
            runs = _RUN.findall(word)
            start = "" if _PAIRED_RUN.match(runs[0]) else rf"(?<!{letter})"
            end = "" if _PAIRED_RUN.match(runs[-1]) or len(runs[-1]) == 1 else f"{letter}*"
            runs[-1] = _ENDING.sub("", runs[-1])
            shapes.append(start + r"[\W_]*".join(map(re.escape, runs)) + end)
        return re.compile("|".join(shapes))


def _holding(words: list[str]) -> Q:
    terms = TechnologyTerms.objects.filter(_Found(F("terms"), _query(words)))
    return Q(pk__in=terms.values("technology"))


def _query(words: list[str]) -> Expression:
    return Cast(Value(" & ".join(map(_phrase, words))), SearchQueryField())


def _phrase(word: str) -> str:
    """The terms of a word side by side. What stands last may go on in the text: a syllable, the beginning of a word."""
    runs = list(_runs(word))
    last = runs.pop()
    before = [_quoted(term) for run in runs for term in run]
    if _PAIRED_RUN.match(last[0]):
        ending = [_quoted(term) for term in last[:-1]] or [_quoted(last[0]) + ":*"]
    elif len(last[0]) == 1:
        ending = [_quoted(last[0])]
    else:
        ending = [_quoted(_ENDING.sub("", last[0])) + ":*"]
    return "(" + " <-> ".join([*before, *ending]) + ")"
