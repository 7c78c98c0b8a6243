"""What each part of the formula is good for: the engine without it."""

from dataclasses import replace

from matching.engine.settings import DEFAULT
from matching.training.quality.groups import Variant

_MEANING = replace(DEFAULT, readings_weight=0.0, loan_words_weight=0.0, neutral_weight=0.0, concepts_weight=0.0)
_WHOLE = replace(_MEANING, sentence_share=0.0)

FULL = "the full engine"
VARIANTS: dict[str, Variant] = {
    FULL: Variant(),
    "without the learned projection": Variant(projection=False),
    "without sentences": Variant(replace(DEFAULT, sentence_share=0.0)),
    "all sentences of a demand count alike": Variant(need=False),
    "without concepts": Variant(replace(DEFAULT, concepts_weight=0.0)),
    "without readings of characters": Variant(replace(DEFAULT, readings_weight=0.0)),
    "without loan words": Variant(replace(DEFAULT, loan_words_weight=0.0)),
    "without figures and Latin words": Variant(replace(DEFAULT, neutral_weight=0.0)),
    "without hubness": Variant(hubness=False),
    "without centring by language": Variant(centring=False),
    "meaning alone (no words)": Variant(_MEANING),
    "whole texts alone (no words, no sentences)": Variant(_WHOLE),
    "the encoder's cosine alone": Variant(_WHOLE, projection=False, hubness=False, centring=False),
}
