"""What every language writes alike: Latin words, model numbers, standards, formulas, figures with units."""

import math
import re
import unicodedata

from matching.engine.documents import COMPARED_CHARACTERS
from matching.engine.figures import figures_in
from matching.engine.terms import TermSet, term_id

# What a shared word is worth; either text carries the square root. A name of letters and digits (SUS304, YOLOv8, Al2O3)
# says more than a word, a figure says less: numbers coincide.
WORD_WEIGHT, NAME_WEIGHT, FIGURE_WEIGHT = 1.0, 1.5, 0.7

_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-./+][A-Za-z0-9]+)*|\d+(?:[-.]\d+)*[A-Za-z][A-Za-z0-9-]*")
_LETTERS = re.compile(r"[a-z]+")
_COMMON_ENGLISH_WORDS = (
    "a an and are as at be been but by can for from had has have in into is it its no not of on one only "
    "or other our out over per such than that the their them then there these they this to under up was "
    "we were which while who will with within without you your also may must should"
)
_COMMON_ENGLISH = frozenset(_COMMON_ENGLISH_WORDS.split())


def neutral_words(text: str) -> dict[str, str]:
    """Normal form → its first surface form; hyphens and points inside a name do not count (TPU-95A, TPU95A)."""
    found: dict[str, str] = {}
    for match in _TOKEN.finditer(unicodedata.normalize("NFKC", text[:COMPARED_CHARACTERS])):
        whole = match.group()
        for surface in dict.fromkeys((whole, *re.split(r"[-./+]", whole))):
            normal = re.sub(r"[-./+]", "", surface).lower()
            if len(normal) >= 2 and not normal.isdigit() and normal not in _COMMON_ENGLISH:
                found.setdefault(normal, surface)
    return found


def neutral_figures(text: str) -> dict[str, str]:
    """Normal form such as "0.00005 m" → its first surface form."""
    found: dict[str, str] = {}
    for figure in figures_in(text):
        for value in {figure.low, figure.high}:
            found.setdefault(f"{value:.6g} {figure.unit}", figure.surface)
    return found


def word_weight(normal: str) -> float:
    return WORD_WEIGHT if _LETTERS.fullmatch(normal) else NAME_WEIGHT


def neutral_terms(text: str) -> TermSet:
    weights = {term_id(word): math.sqrt(word_weight(word)) for word in neutral_words(text)}
    weights |= {term_id(figure): math.sqrt(FIGURE_WEIGHT) for figure in neutral_figures(text)}
    return TermSet.of(weights)
