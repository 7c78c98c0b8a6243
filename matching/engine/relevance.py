"""How well a pair fits in words for people (관련도), from raw evidence and not from the rank.

Evidence = (cosine of the whole texts + sentence cosine) / 2 + a bonus of at most WORDS_BONUS for shared words, where
the cosines are those of centred vectors and the words' strength is the length of the vector of raw word channels. One
weak agreement is chance, so the bonus begins at WORDS_FROM; it is small because Russian and English texts can share few
words with a Korean one, and a language must not decide. The evidence does not depend on how other offers fare, so all
candidates of a demand can be "low": nothing fits.

The thresholds are a first setting for the default encoder, read off the portal's sample data: of the pairs of its 29
demands nine in ten stay below .27; answers that were written for a demand lie between .34 and .55; the best offer for
the two demands that were written to have none reaches .35 and .45. They are not calibrated: measured precision is to
replace them.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matching.engine.offers import Comparison

Relevance = Literal["very_high", "high", "medium", "low"]
THRESHOLDS: tuple[tuple[Relevance, float], ...] = (("very_high", 0.46), ("high", 0.36), ("medium", 0.28))
WORDS_FROM, WORDS_FULL, WORDS_BONUS = 1.0, 2.5, 0.05


def relevance(comparison: Comparison) -> tuple[NDArray[np.float64], tuple[Relevance, ...]]:
    """Evidence (n,) rounded to 1e-9, so that a threshold divides the same way in every run; and the words."""
    words = np.sqrt((comparison.lexical**2).sum(axis=1))
    bonus = WORDS_BONUS * np.clip((words - WORDS_FROM) / (WORDS_FULL - WORDS_FROM), 0.0, 1.0)
    evidence = np.round((comparison.whole + comparison.sentences) / 2 + bonus, 9)
    return evidence, tuple(relevance_word(value) for value in evidence)


def relevance_word(evidence: float) -> Relevance:
    for word, threshold in THRESHOLDS:
        if evidence >= threshold:
            return word
    return "low"
