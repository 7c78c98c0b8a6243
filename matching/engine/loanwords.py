"""Loan words by their consonants: 플라즈마 = плазма = プラズマ = plasma = p l z m.

Four scripts are brought to eleven consonants. Korean and Japanese keep the difference between voiced and voiceless
(ㄱ is g, ㅋ is k), so the others keep it too; r is l, f is p, v is b. Vowels and h are dropped, but a word that begins
with a vowel keeps the mark "A". Doubled consonants count once, and r is dropped where Korean and Japanese drop it:
at the end and before a consonant (sensor 센서 センサ, carbide 카바이드).
"""

import re
import unicodedata
from functools import lru_cache

from matching.engine.documents import COMPARED_CHARACTERS
from matching.engine.terms import TermSet

# Two consonants coincide too often to mean anything.
MINIMUM_CONSONANTS = 3
MAXIMUM_LENGTH = 8
# Russian and English words change at their end, so they also stand for what is left without a short ending. Korean
# words carry particles and further words behind them and stand for all of their beginnings.
ENDING_CONSONANTS = 2

_VOWEL_MARK = "A"
_SYMBOLS = _VOWEL_MARK + "kgtdpbszcmnl"
_WORD = re.compile(r"[가-힣]{2,}|[а-яё]{4,}|[ァ-ヴー]{3,}|[a-z]{4,}", re.IGNORECASE)
_DOUBLED = re.compile(r"(.)\1+")

_HANGUL_INITIALS = ("g", "k", "n", "d", "d", "l", "m", "b", "b", "s", "s", "", "z", "z", "c", "k", "t", "p", "")
_HANGUL_FINALS = ("", *"kkknnntllllllllmppttnttktp", "")
_SILENT_INITIAL = 11


def _by_letter(groups: dict[str, str]) -> dict[str, str]:
    return {letter: sound for sound, letters in groups.items() for letter in letters}


_CYRILLIC = _by_letter(
    {"g": "г", "k": "кх", "d": "д", "t": "т", "b": "бв", "p": "пф", "z": "зж", "s": "сшщ", "c": "цч", "m": "м",
     "n": "н", "l": "лр"}
)  # fmt: skip
_KANA = _by_letter(
    {"k": "カキクケコヵヶ", "g": "ガギグゲゴ", "t": "タチツテト", "d": "ダヂヅデド", "b": "バビブベボヴ",
     "p": "パピプペポフ", "s": "サシスセソ", "z": "ザジズゼゾ", "m": "マミムメモ", "n": "ナニヌネノン",
     "l": "ラリルレロ", "c": "c"}
)  # fmt: skip
_LATIN = _by_letter(
    {"k": "kqc", "g": "g", "t": "t", "d": "d", "p": "pf", "b": "bv", "s": "s", "z": "zj", "m": "m", "n": "n", "l": "lr",
     "ks": "x", "c": "C"}
)  # fmt: skip
_LATIN_SPELLINGS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("sch|sh", "s"), ("tch|ch|ts", "C"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("tion", "sn"), ("ng", "n"),
        ("^wr", "r"), ("^kn", "n"), ("c(?=[eiy])", "s"), ("g(?=[eiy])", "j"), ("(?<=[aeiou])s(?=[aeioum])", "z"),
        ("r(?:s|e|es)?$", ""), ("r(?=[bcdfgjklmnpqrstvwxzC])", ""),
    )
)  # fmt: skip
_CYRILLIC_SPELLINGS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (("нг", "н"), ("тс", "ц"), ("р$", ""), ("р(?=[бвгджзклмнпрстфхцчшщ])", ""))
)


@lru_cache(maxsize=65_536)
def skeleton(word: str) -> str:
    """For example "plzm" or, with a vowel first, "Anmn"; empty for a word of another script."""
    word = word.lower()
    first = word[:1]
    if "가" <= first <= "힣":
        starts_with_vowel, sounds = (ord(first) - ord("가")) // 588 == _SILENT_INITIAL, _hangul_sounds(word)
    elif "а" <= first <= "ё":
        starts_with_vowel, sounds = first in "аеёиоуыэюя", _spelled(word, _CYRILLIC_SPELLINGS, _CYRILLIC)
    elif "ァ" <= first <= "ー":
        starts_with_vowel = first in "アイウエオァィゥェォ"
        sounds = _spelled(word, ((re.compile("チ(?=[ャュョェ])"), "c"),), _KANA)
    else:
        starts_with_vowel, sounds = first in set("aeiou"), _spelled(word, _LATIN_SPELLINGS, _LATIN)
    return (_VOWEL_MARK if starts_with_vowel else "") + _DOUBLED.sub(r"\1", sounds)


def _hangul_sounds(word: str) -> str:
    codes = [ord(c) - ord("가") for c in word if "가" <= c <= "힣"]
    return "".join(_HANGUL_INITIALS[code // 588] + _HANGUL_FINALS[code % 28] for code in codes)


def _spelled(word: str, spellings: tuple[tuple[re.Pattern[str], str], ...], letters: dict[str, str]) -> str:
    for pattern, sound in spellings:
        word = pattern.sub(sound, word)
    return "".join(letters.get(letter, "") for letter in word)


# Vowels that stand for each other between the scripts. What Korean and Japanese put in between consonants (ㅡ, ウ) and
# what neither side spells alike (ㅓ) is missing from its table and never speaks against an agreement.
_VOWEL_KINDS = {
    "a": "ㅏㅑㅘㅐ" + "аяayア" + "カガサザタダナハバパマヤラワ",
    "e": "ㅐㅔㅖㅒㅞ" + "еэёаeaエ" + "ケゲセゼテデネヘベペメレ",
    "i": "ㅣ" + "иыiyイ" + "キギシジチニヒビピミリ",
    "o": "ㅗㅛ" + "оoaаオ" + "コゴソゾトドノホボポモヨロ",
    "u": "ㅜㅠ" + "уюuoоユ",
}
_MEDIALS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_INSERTED_KANA = frozenset("クグスズツヅトドヌフブプムユルウ")
_ANY_VOWEL = frozenset("аяеэёиыоуюaeiouy")


def _first_vowel_kinds(word: str) -> set[str]:
    """Empty where the first vowel decides nothing."""
    for letter in word.lower():
        code = ord(letter) - ord("가")
        is_hangul = 0 <= code < 11172
        vowel = _MEDIALS[code // 28 % 21] if is_hangul else letter
        if vowel == "ㅡ" or letter in _INSERTED_KANA:
            continue
        if is_hangul or letter in _ANY_VOWEL or letter in _KANA or letter in "アイエオ":
            return {kind for kind, vowels in _VOWEL_KINDS.items() if vowel in vowels}
    return set()


def first_vowels_agree(one: str, other: str) -> bool:
    kinds, others = _first_vowel_kinds(one), _first_vowel_kinds(other)
    return not kinds or not others or bool(kinds & others)


def minimum_length(classes: str) -> int:
    return MINIMUM_CONSONANTS + classes.startswith(_VOWEL_MARK)


def loan_words(text: str) -> dict[str, str]:
    """Skeleton → the first word of the text that has it."""
    found: dict[str, str] = {}
    for match in _WORD.finditer(unicodedata.normalize("NFKC", text[:COMPARED_CHARACTERS])):
        classes = skeleton(match.group())[:MAXIMUM_LENGTH]
        if len(classes) >= minimum_length(classes):
            found.setdefault(classes, match.group())
    return found


def beginnings(classes: str, word: str) -> list[str]:
    """The parts of a word's skeleton by which it may be found, shortest first."""
    shortest = minimum_length(classes)
    if not "가" <= word[0] <= "힣":
        shortest = max(shortest, len(classes) - ENDING_CONSONANTS)
    return [classes[:length] for length in range(shortest, len(classes) + 1)]


def packed(classes: str) -> int:
    """A skeleton as one number without collisions: 4 bits a symbol."""
    number = 0
    for symbol in classes:
        number = number << 4 | (_SYMBOLS.index(symbol) + 1)
    return number


def loan_word_terms(text: str) -> TermSet:
    """Every beginning is a term, so a longer agreement is worth more than a shorter one."""
    found = loan_words(text).items()
    return TermSet.of({packed(part): 1.0 for classes, word in found for part in beginnings(classes, word)})
