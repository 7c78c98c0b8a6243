"""How well a pair fits in words for people (관련도), from raw evidence and not from the rank.

Evidence = (cosine of the whole texts + sentence cosine) / 2 + a bonus of at most WORDS_BONUS for shared words, where
the cosines are those of centred vectors and the words' strength is the length of the vector of raw word channels. One
weak agreement is chance, so the bonus begins at WORDS_FROM; it is small because Russian and English texts can share few
words with a Korean one, and a language must not decide. The evidence does not depend on how other offers fare, so all
candidates of a demand can be "low": nothing fits.

The shipped thresholds come from the first ten of practice topics that the projection was not learned from, in pools of
600 (see matching/QUALITY.md, which `make quality` writes): from .48 on three in four are right, from .40 on half,
from .34 on a third, below that one in six. An office's own judgements replace them: see `matching.learning`.
"""

from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from matching.engine.offers import Comparison
from matching.engine.settings import Settings

Relevance = Literal["very_high", "high", "medium", "low"]
WORDS_FROM, WORDS_FULL, WORDS_BONUS = 1.0, 2.5, 0.05


def relevance(comparison: Comparison, settings: Settings) -> tuple[NDArray[np.float64], tuple[Relevance, ...]]:
    """Evidence (n,) rounded to 1e-9, so that a threshold divides the same way in every run; and the words."""
    words = np.sqrt((comparison.lexical**2).sum(axis=1))
    bonus = WORDS_BONUS * np.clip((words - WORDS_FROM) / (WORDS_FULL - WORDS_FROM), 0.0, 1.0)
    evidence = np.round((comparison.whole + comparison.sentences) / 2 + bonus, 9)
    return evidence, tuple(relevance_word(value, settings) for value in evidence.tolist())


def relevance_word(evidence: float, settings: Settings) -> Relevance:
    for word, threshold in settings.thresholds:
        if evidence >= threshold:
            return cast(Relevance, word)
    return "low"
