"""How terms are compared: Russian and English by dictionary form; Korean, Japanese and Chinese by letters."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import simplemma

WORD_LANGUAGES = frozenset({"ru", "en"})
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|[А-Яа-яЁё]+|\d+(?:[.,]\d+)*|[^\W\d_A-Za-zА-Яа-яЁё]+")
_CYRILLIC = re.compile("[а-яё]")
_LATIN = re.compile("[a-z]")
_UNREAD = re.compile(r"[\s・·]")


def normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


@dataclass(frozen=True)
class Word:
    """`start`, `end`: places in the normal text."""

    lemma: str
    start: int
    end: int
    surface: str


def words_of(text: str, language: str) -> list[Word]:
    """Of a normal text. A Latin word in a Russian text is compared as it stands."""
    return [
        Word(lemma_of(match.group(), language), match.start(), match.end(), match.group())
        for match in _WORD.finditer(text)
    ]


# The dictionary names a stranger for some words ("крем": "для"); whoever keeps so many letters is no stranger.
_KEPT_LETTERS = {"ru": 2, "en": 1}


@lru_cache(maxsize=200_000)
def lemma_of(word: str, language: str) -> str:
    lowered = word.lower()
    if len(word) > 1 and word.isupper():
        return lowered  # an abbreviation has no other form: AI is no form of "to be"
    if _CYRILLIC.match(lowered):
        return _dictionary_form(lowered, "ru").replace("ё", "е")
    if language == "en" and _LATIN.match(lowered):
        return _dictionary_form(lowered, "en")
    return lowered


def _dictionary_form(word: str, language: str) -> str:
    form: str = simplemma.lemmatize(word, language).lower()
    return form if form[: _KEPT_LETTERS[language]] == word[: _KEPT_LETTERS[language]] else word


def letters_of(text: str) -> tuple[str, list[int]]:
    """Of a normal text its letters in lower case without spaces, and where each of them stands."""
    places = [place for place, character in enumerate(text) if not _UNREAD.match(character)]
    return "".join(text[place].lower()[:1] for place in places), places
