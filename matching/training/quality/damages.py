"""Demands as they really come in: badly copied, badly typed, or hidden behind a company's introduction of itself."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from matching.engine.documents import Document
from matching.engine.prepared import Prepared

INTRODUCTIONS_FILE = Path(__file__).with_name("introductions.txt")
INTRODUCTION_CHARACTERS = 3_000
LETTERS_PER_ERROR = 15
LETTERS_PER_LOSS = 10

Damage = Callable[[Prepared], Document]


def introductions() -> list[str]:
    """Invented companies, a paragraph of that many characters each; general talk without any technical need."""
    return INTRODUCTIONS_FILE.read_text(encoding="utf-8").strip().split("\n\n")


def without_spaces(demand: Prepared) -> Document:
    document = demand.document
    return replace(document, title="".join(document.title.split()), body="".join(document.body.split()))


def with_typing_errors(demand: Prepared) -> Document:
    """In every run of so many letters one has a part exchanged or dropped; always the same errors for a demand."""
    dice = random.Random(demand.key)  # noqa: S311 - drawn by lot for a measurement
    return replace(
        demand.document,
        title=_mistyped(demand.document.title, dice),
        body=_mistyped(demand.document.body, dice),
    )


def with_lost_syllables(demand: Prepared) -> Document:
    return replace(demand.document, title=_thinned(demand.document.title), body=_thinned(demand.document.body))


def behind_an_introduction(demand: Prepared) -> Document:
    texts = introductions()
    number = random.Random(demand.key).randrange(len(texts))  # noqa: S311 - drawn by lot for a measurement
    return replace(demand.document, body=f"{texts[number]} {demand.document.body}")


def need_alone(demand: Prepared) -> Document:
    return replace(demand.document, title="", body=demand.sentence_texts[demand.signals.need])


def title_alone(demand: Prepared) -> Document:
    return replace(demand.document, body="")


DAMAGES: dict[str, Damage] = {
    "all spaces removed": without_spaces,
    "typing errors (one letter in 15)": with_typing_errors,
    "every tenth syllable lost": with_lost_syllables,
    "behind a company introduction of 3,000 characters": behind_an_introduction,
    "the need sentence alone": need_alone,
    "the title alone": title_alone,
}
ASKED = dict.fromkeys(list(DAMAGES)[:4], 0.9)
"""What share of the original's nDCG is to be kept; a single sentence cannot."""


def _mistyped(text: str, dice: random.Random) -> str:
    letters = [place for place, letter in enumerate(text) if letter.isalpha()]
    spoilt = list(text)
    for start in range(0, len(letters) - LETTERS_PER_ERROR + 1, LETTERS_PER_ERROR):
        place = letters[start + dice.randrange(LETTERS_PER_ERROR)]
        spoilt[place] = _spoilt(text[place], dice)
    return "".join(spoilt)


def _spoilt(letter: str, dice: random.Random) -> str:
    """A Hangul syllable keeps its other parts; any other letter is dropped or becomes one near it in the alphabet."""
    parts = list(unicodedata.normalize("NFD", letter)) if "가" <= letter <= "힣" else [letter]
    place = dice.randrange(len(parts))
    if dice.random() < 0.5:
        del parts[place]
    else:
        parts[place] = _neighbour(parts[place], dice)
    return "".join(_written(part) for part in unicodedata.normalize("NFC", "".join(parts)))


def _written(part: str) -> str:
    """A part that stands alone, as a keyboard writes it."""
    kind, _, name = unicodedata.name(part, "").removeprefix("HANGUL ").partition(" ")
    return unicodedata.lookup(f"HANGUL LETTER {name}") if kind in ("CHOSEONG", "JUNGSEONG", "JONGSEONG") else part


# Conjoining initials, vowels and finals.
_JAMO = (range(0x1100, 0x1113), range(0x1161, 0x1176), range(0x11A8, 0x11C3))


def _neighbour(letter: str, dice: random.Random) -> str:
    code = ord(letter)
    for alphabet in _JAMO:
        if code in alphabet:
            return chr(dice.choice([other for other in alphabet if other != code]))
    return chr(code + dice.choice((-1, 1)))


def _thinned(text: str) -> str:
    kept, letters = [], 0
    for letter in text:
        letters += letter.isalpha()
        if not (letter.isalpha() and letters % LETTERS_PER_LOSS == 0):
            kept.append(letter)
    return "".join(kept)
