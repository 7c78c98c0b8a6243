"""The numbers of the formula, and the version that every stored score carries."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache

from matching.engine.data.build_hangul_readings import READINGS_FILE
from matching.engine.glossary.concepts import shipped_version
from matching.engine.projection import PROJECTION_FILE

FORMULA_VERSION = "3"
"""Raised by hand whenever the same texts, reference and settings would get another score."""

LEXICAL_CHANNELS = ("readings", "loan_words", "neutral", "concepts")
CHANNELS = ("semantic", *LEXICAL_CHANNELS)


@dataclass(frozen=True)
class Settings:
    """Weights multiply components that were standardised inside one (demand, offer language)."""

    semantic_weight: float = 1.0
    # Beside a glossary that knows most words these two add nothing; they stand in where it knows half of them.
    readings_weight: float = 0.03
    loan_words_weight: float = 0.02
    neutral_weight: float = 0.05
    concepts_weight: float = 0.35
    # Share of the sentence similarity in the semantic part; the rest is the whole text's.
    sentence_share: float = 0.45
    # How many of the nearest reference demands measure an offer's hubness.
    hub_neighbours: int = 10
    # A language with n texts is trusted by n / (n + shrinkage). Languages differ much more in their means (only Korean
    # offers share Hangul with a Korean demand) than a mean of a few texts errs, so means are shrunk little: otherwise
    # the language itself would move the score. See space.py and moments.py.
    shrinkage: float = 8.0
    mean_shrinkage: float = 2.0
    # In the order of LEXICAL_CHANNELS, as the next. The shared terms' worth is divided by the worth of all of the
    # offer's terms to this power: long texts share more words by chance, but hardly more concepts.
    length_powers: tuple[float, ...] = (0.25, 0.25, 0.25, 0.0)
    # Words that coincide by chance say less with each further one; concepts do not.
    word_powers: tuple[float, ...] = (0.5, 0.5, 0.5, 1.0)

    # From which evidence the words of 관련도 begin, in falling order: see relevance.py.
    thresholds: tuple[tuple[str, float], ...] = (("very_high", 0.48), ("high", 0.4), ("medium", 0.34))

    @property
    def weights(self) -> tuple[float, ...]:
        """In the order of CHANNELS."""
        return (
            self.semantic_weight,
            self.readings_weight,
            self.loan_words_weight,
            self.neutral_weight,
            self.concepts_weight,
        )


DEFAULT = Settings()


@cache
def engine_version(settings: Settings = DEFAULT, glossary_version: str = "") -> str:
    """Formula version, a hash over the settings and the data files, and the glossary's version (the shipped one's
    unless another is given), for example "2-3f9a0c12-77aa01be"."""
    digest = hashlib.sha256(json.dumps(asdict(settings), sort_keys=True).encode())
    for file in (READINGS_FILE, PROJECTION_FILE):
        digest.update(file.read_bytes())
    return f"{FORMULA_VERSION}-{digest.hexdigest()[:8]}-{glossary_version or shipped_version()}"
