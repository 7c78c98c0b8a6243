"""Which concepts a text speaks of, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from matching.engine.documents import COMPARED_CHARACTERS
from matching.engine.glossary.concepts import Concept, shipped_concepts, version_of
from matching.engine.glossary.words import WORD_LANGUAGES, Word, letters_of, normal, words_of
from matching.engine.terms import TermSet, term_id

# What a wider concept counts for each step up.
BROADER_WEIGHT = 0.7
_MAXIMUM_STEPS = 4
# By so many letters terms are looked up: all that begin with them are tried, the longest first.
_BEGINNING = 2
_PIECE_LENGTHS = (2, 3)
# An abbreviation is known in the texts of every language.
_ABBREVIATION = re.compile(r"[A-Z0-9](?:[A-Za-z0-9-]*[A-Z0-9])")
_LATIN_RUN = re.compile(r"[a-z0-9]+(?:[-./+][a-z0-9]+)*")
_HANGUL, _KATAKANA = re.compile("[가-힣]"), re.compile("[ァ-ヺー]")
_HANGUL_RUN = re.compile("[가-힣]*")
# A Korean term of two syllables coincides with parts of other words: it counts at the beginning of a word, behind
# another term, or where only one of these follows.
_SHORT_KOREAN = 2
_ENDINGS = (
    "을 를 이 가 은 는 의 에 와 과 로 으로 에서 도 만 및 인 나 이나 라 적 화 등 용 형 식 률 별 시 후 전 간 내 "
    "상 하 중 기 부 재 제 성 이며 하여 하고 하는 된 되는 에는 에도 까지 부터 보다 에의 한 할 해 함 합니다 입니다 "
    "이다 도를 성을 용으로"
)
_KOREAN_ENDINGS = frozenset({"", *_ENDINGS.split()})


@dataclass(frozen=True)
class Mention:
    """`start`, `end`: places in the text in normal form KC."""

    concept: Concept
    start: int
    end: int
    surface: str


class Glossary:
    """Concepts ready to be recognised; safe to share between threads.

    Longest term first, from left to right. Of a term that two concepts claim, the first concept gets it.
    """

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self.concepts = tuple(concepts)
        self.by_key = {concept.key: concept for concept in self.concepts}
        self._phrases: dict[str, dict[tuple[str, ...], Concept]] = {name: {} for name in WORD_LANGUAGES}
        self._letters: dict[str, dict[str, Concept]] = {name: {} for name in ("ko", "ja", "zh")}
        self._abbreviations: dict[str, Concept] = {}
        for concept in self.concepts:
            for language, terms in concept.terms.items():
                for term in terms:
                    self._add(concept, language, normal(term))
        # Of the terms that begin alike, how long they are, the longest first: everything else is not looked up.
        self._phrase_lengths = {name: _lengths(phrases, 1) for name, phrases in self._phrases.items()}
        self._letter_lengths = {name: _lengths(terms, _BEGINNING) for name, terms in self._letters.items()}
        self._longest = {name: max(map(len, terms), default=0) for name, terms in self._letters.items()}

    def _add(self, concept: Concept, language: str, term: str) -> None:
        if _ABBREVIATION.fullmatch(term):
            self._abbreviations.setdefault(term.lower(), concept)
        if language in WORD_LANGUAGES:
            lemmas = tuple(word.lemma for word in words_of(term, language))
            if lemmas:
                self._phrases[language].setdefault(lemmas, concept)
        else:
            self._letters[language].setdefault(letters_of(term)[0], concept)

    @cached_property
    def version(self) -> str:
        return version_of(self.concepts)

    @cached_property
    def pieces(self) -> dict[str, frozenset[str]]:
        """Two or three letters that stand side by side in some term of Japanese or Chinese."""
        return {name: frozenset(_pieces(self._letters[name])) for name in ("ja", "zh")}

    def mentions(self, text: str, language: str) -> list[Mention]:
        """In the order of the text, none overlapping another."""
        read = normal(text[:COMPARED_CHARACTERS])
        found = self._in_letters(read, language) if language in self._letters else self._in_words(read, language)
        return [Mention(concept, start, end, read[start:end]) for concept, start, end in found]

    def terms(self, text: str, language: str) -> TermSet:
        """The concepts of a text with 1, wider ones with BROADER_WEIGHT for each step."""
        weights: dict[int, float] = {}
        for key, weight in self.weights(text, language).items():
            weights[term_id(key)] = weight
        return TermSet.of(weights)

    def weights(self, text: str, language: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for mention in self.mentions(text, language):
            for step, key in enumerate(self.line(mention.concept)):
                found[key] = max(found.get(key, 0.0), BROADER_WEIGHT**step)
        return found

    def line(self, concept: Concept) -> list[str]:
        """Its key and those of the wider concepts, the nearest first."""
        keys = [concept.key]
        while concept.broader in self.by_key and concept.broader not in keys and len(keys) <= _MAXIMUM_STEPS:
            concept = self.by_key[concept.broader]
            keys.append(concept.key)
        return keys

    # --- words --------------------------------------------------------------------------------------------------------

    def _in_words(self, text: str, language: str) -> Iterator[tuple[Concept, int, int]]:
        words = words_of(text, language)
        place = 0
        while place < len(words):
            length, concept = self._phrase_at(words, place, language)
            if concept is not None:
                yield concept, words[place].start, words[place + length - 1].end
            place += length

    def _phrase_at(self, words: list[Word], place: int, language: str) -> tuple[int, Concept | None]:
        lengths = self._phrase_lengths.get(language, {}).get((words[place].lemma,), ())
        for length in lengths:
            concept = self._phrases[language].get(tuple(word.lemma for word in words[place : place + length]))
            if concept is not None and place + length <= len(words):
                return length, concept
        surface = words[place].surface
        return 1, self._abbreviations.get(surface.lower()) if surface.isupper() else None

    # --- letters ------------------------------------------------------------------------------------------------------

    def _in_letters(self, text: str, language: str) -> Iterator[tuple[Concept, int, int]]:
        letters, places = letters_of(text)
        place = end_of_last = 0
        while place < len(letters):
            length, concept = self._term_at(_Read(text, letters, places), place, end_of_last, language)
            if concept is not None:
                yield concept, places[place], places[place + length - 1] + 1
                end_of_last = place + length
            place += length

    def _term_at(self, read: _Read, place: int, end_of_last: int, language: str) -> tuple[int, Concept | None]:
        latin = _LATIN_RUN.match(read.letters, place)
        shortest = latin.end() - place if latin else 0
        for length in self._possible_lengths(read.letters, place, shortest, language):
            concept = self._letters[language].get(read.letters[place : place + length])
            if concept is not None and self._stands_alone(read, place, length, place == end_of_last, language):
                return length, concept
        if latin:
            return shortest, self._abbreviations.get(latin.group()) or self._letters[language].get(latin.group())
        return 1, None

    def _possible_lengths(self, letters: str, place: int, shortest: int, language: str) -> Iterator[int]:
        by_beginning = self._letter_lengths[language]
        for beginning in range(_BEGINNING, 0, -1):
            for length in by_beginning.get(letters[place : place + beginning], ()):
                if shortest < length <= len(letters) - place:
                    yield length

    def _stands_alone(self, read: _Read, place: int, length: int, follows_a_term: bool, language: str) -> bool:
        if language == "ko":
            return length > _SHORT_KOREAN or read.is_korean_word(place, length, follows_a_term)
        if language == "ja":
            return self._is_katakana_word(read.letters, place, length, follows_a_term)
        return True

    def _is_katakana_word(self, letters: str, place: int, length: int, follows_a_term: bool) -> bool:
        """ガス is not meant in ガスケット: a term of katakana ends where its run ends or where another term begins."""
        end = place + length
        if not follows_a_term and place and _KATAKANA.match(letters[place]) and _KATAKANA.match(letters[place - 1]):
            return False
        if end < len(letters) and _KATAKANA.match(letters[end - 1]) and _KATAKANA.match(letters[end]):
            return any(letters[end : end + more] in self._letters["ja"] for more in range(2, self._longest["ja"] + 1))
        return True


def _lengths(terms: Iterable[Sequence[str]], beginning: int) -> dict[Sequence[str], list[int]]:
    found: dict[Sequence[str], set[int]] = {}
    for term in terms:
        found.setdefault(term[:beginning], set()).add(len(term))
    return {start: sorted(lengths, reverse=True) for start, lengths in found.items()}


def _pieces(terms: Iterable[str]) -> Iterator[str]:
    for term in terms:
        for length in _PIECE_LENGTHS:
            yield from (term[start : start + length] for start in range(len(term) - length + 1))


@dataclass(frozen=True)
class _Read:
    text: str
    letters: str
    places: list[int]

    def is_korean_word(self, place: int, length: int, follows_a_term: bool) -> bool:
        start, end = self.places[place], self.places[place + length - 1] + 1
        if end - start != length:
            return False
        if follows_a_term or not start or not _HANGUL.match(self.text[start - 1]):
            return True
        rest = _HANGUL_RUN.match(self.text, end)
        return rest is not None and rest.group() in _KOREAN_ENDINGS


@cache
def shipped_glossary() -> Glossary:
    return Glossary(shipped_concepts())
