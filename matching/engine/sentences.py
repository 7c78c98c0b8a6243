"""Sentences of Korean, Russian, Japanese, Chinese and English texts, by punctuation alone.

No analyser is needed: the sentences serve as evidence ("this sentence fits that one"), and a wrong cut costs little.
"""

import re

MAXIMUM_SENTENCES = 32
# A sentence shorter than this says nothing by itself and joins its neighbour; a longer one than the other is cut.
MINIMUM_CHARACTERS = 8
MAXIMUM_CHARACTERS = 400

_FULL_WIDTH_END = r"[。！？!?；]+[」』）)\"'”’》]*"
# A Western full stop ends a sentence only before a space or the end: "0.05 mm", "v2.1" and "e.g." inside stay whole.
_STOP = r"(?:\.{1,3}|…)[\"'”’»)\]]*(?=\s|$)"
_SEMICOLON = r";(?=\s)"
_BOUNDARY = re.compile(f"{_FULL_WIDTH_END}|{_STOP}|{_SEMICOLON}|\n+")
_ABBREVIATED_WORDS = (
    "e.g i.e etc cf fig figs eq eqs no nos vol approx ca vs al inc ltd co corp dr mr mrs prof st resp min max temp "
    "т.е т.к т.д т.п т.н др пр см рис табл г гг руб тыс млн млрд ул проф акад ок напр кг шт ед чел им"
)
_ABBREVIATIONS = frozenset(_ABBREVIATED_WORDS.split())
_LAST_WORD = re.compile(r"[^\s(«\"“]+$")


def split_sentences(text: str, limit: int = MAXIMUM_SENTENCES) -> list[str]:
    """At most `limit` sentences in the order of the text, each of 1 to MAXIMUM_CHARACTERS characters."""
    sentences: list[str] = []
    for piece in _merged(_pieces(text)):
        for part in _cut(piece):
            if len(sentences) == limit:
                return sentences
            sentences.append(part)
    return sentences


def _pieces(text: str) -> list[str]:
    pieces, start = [], 0
    for match in _BOUNDARY.finditer(text):
        if match.group().startswith(".") and _is_abbreviation(text[max(start, match.start() - 30) : match.start()]):
            continue
        pieces.append(text[start : match.end()].strip())
        start = match.end()
    pieces.append(text[start:].strip())
    return [piece for piece in pieces if any(character.isalnum() for character in piece)]


def _is_abbreviation(before: str) -> bool:
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    bare = word.group()
    is_initial = len(bare) == 1 and bare.isupper()
    return is_initial or bare.casefold() in _ABBREVIATIONS


def _merged(pieces: list[str]) -> list[str]:
    merged: list[str] = []
    for piece in pieces:
        if merged and (len(piece) < MINIMUM_CHARACTERS or len(merged[-1]) < MINIMUM_CHARACTERS):
            merged[-1] = f"{merged[-1]} {piece}"
        else:
            merged.append(piece)
    return merged


def _cut(piece: str) -> list[str]:
    """Cuts a run-on piece at a space where there is one in the second half of the allowed length."""
    parts = []
    while len(piece) > MAXIMUM_CHARACTERS:
        space = piece.rfind(" ", MAXIMUM_CHARACTERS // 2, MAXIMUM_CHARACTERS)
        end = space if space > 0 else MAXIMUM_CHARACTERS
        parts.append(piece[:end].strip())
        piece = piece[end:].strip()
    return [*parts, piece] if piece else parts
