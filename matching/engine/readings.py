"""Sino-Korean readings: 열처리 = 熱処理 = 热处理.

Most Korean technical words are Sino-Korean. Han characters are brought to the traditional forms and then to their
Korean readings (kHangul of the Unihan database), so that Korean, Japanese and Chinese texts share Hangul n-grams.
"""

import math
import re
import unicodedata
from functools import cache
from itertools import product

from matching.engine.data.build_hangul_readings import READINGS_FILE
from matching.engine.documents import COMPARED_CHARACTERS
from matching.engine.terms import TermSet

# What a shared n-gram is worth by its length: longer ones are rarely chance. Either text carries the square root.
NGRAM_WEIGHTS = {2: 0.4, 3: 0.8, 4: 1.2}
# A few characters have many readings; two or three of them cover the words.
_MAXIMUM_READINGS = 3

_HANGUL = r"가-힣"
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々"
_RUN = re.compile(f"[{_HANGUL}]+|[{_HAN}]+")
_CONVERSIONS = {"zh": "s2t", "ja": "jp2t"}

_FIRST = ord("가")
_VOWELS, _FINALS = 21, 28
_N, _R, _SILENT = 2, 5, 11
# ㅑ ㅒ ㅕ ㅖ ㅛ ㅠ ㅣ: the vowels before which an initial ㄴ or ㄹ falls silent.
_PALATAL_VOWELS = frozenset((2, 3, 6, 7, 12, 17, 20))


def folded(syllable: str) -> str:
    """One form for what the initial-sound rule (두음법칙) writes in two: 력 and 역, 로 and 노, 녀 and 여."""
    code = ord(syllable) - _FIRST
    if not 0 <= code < 11172:
        return syllable
    initial, rest = divmod(code, _VOWELS * _FINALS)
    if initial in (_N, _R):
        initial = _SILENT if rest // _FINALS in _PALATAL_VOWELS else _N
    return chr(_FIRST + initial * _VOWELS * _FINALS + rest)


def folded_word(word: str) -> str:
    return "".join(map(folded, word))


@cache
def _table() -> dict[str, tuple[str, ...]]:
    table = {}
    for line in READINGS_FILE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            character, _, readings = line.partition("\t")
            table[character] = tuple(dict.fromkeys(map(folded, readings.split())))[:_MAXIMUM_READINGS]
    return table


@cache
def _converter(language: str):  # type: ignore[no-untyped-def]
    import opencc

    return opencc.OpenCC(_CONVERSIONS[language])


def _traditional(text: str, language: str) -> str:
    """Of the same length as `text`, so that places in one are places in the other."""
    if language not in _CONVERSIONS:
        return text
    converted = _converter(language).convert(text)
    if len(converted) == len(text):
        return str(converted)
    return "".join((_converter(language).convert(c) + c)[0] for c in text)


def _unrepeated(run: str) -> str:
    """々 repeats the character before it."""
    characters = list(run)
    for place in range(1, len(characters)):
        if characters[place] == "々":
            characters[place] = characters[place - 1]
    return "".join(characters)


def syllable_runs(text: str, language: str) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Runs of Hangul or Han: the surface form, and for each character its folded readings.

    A Han character without a Korean reading ends a run.
    """
    text = unicodedata.normalize("NFC", text[:COMPARED_CHARACTERS])
    runs: list[tuple[str, list[tuple[str, ...]]]] = []
    for match in _RUN.finditer(text):
        surface = match.group()
        if "가" <= surface[0] <= "힣":
            runs.append((surface, [(folded(c),) for c in surface]))
        else:
            runs.extend(_read_runs(surface, language))
    return runs


def _read_runs(surface: str, language: str) -> list[tuple[str, list[tuple[str, ...]]]]:
    runs, start, table = [], 0, _table()
    readings = [table.get(c, ()) for c in _unrepeated(_traditional(surface, language))]
    for place in range(len(readings) + 1):
        if place == len(readings) or not readings[place]:
            if place > start:
                runs.append((surface[start:place], readings[start:place]))
            start = place + 1
    return runs


def ngrams(readings: list[tuple[str, ...]], length: int) -> set[str]:
    found: set[str] = set()
    for place in range(len(readings) - length + 1):
        found.update(map("".join, product(*readings[place : place + length])))
    return found


def packed(ngram: str) -> int:
    """Up to four syllables as one number without collisions: 14 bits each."""
    number = 0
    for syllable in ngram:
        number = number << 14 | (ord(syllable) - _FIRST + 1)
    return number


def reading_terms(text: str, language: str) -> TermSet:
    weights: dict[int, float] = {}
    for _, readings in syllable_runs(text, language):
        for length, weight in NGRAM_WEIGHTS.items():
            for ngram in ngrams(readings, length):
                weights[packed(ngram)] = math.sqrt(weight)
    return TermSet.of(weights)
