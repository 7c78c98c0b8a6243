"""Which passage of a long demand speaks of its matter.

A company's introduction around a demand drowns it: the whole text's vector would be the introduction's, and so would
most words. Of a long demand only its title and the passage are compared whose sentences stand out by likeness to the
title against the text's other sentences. Offers stay whole: they speak of one matter from end to end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.engine.documents import ENCODED_CHARACTERS, Document
from matching.engine.encoders import Encoder
from matching.engine.needs import need_of
from matching.engine.sentences import split_sentences

LONG = 1_200
"""Demands of up to so many characters stay as they are."""
_LONGEST_PASSAGE = 1_500
_SENTENCES = 128
# How far between the middle sentence and the best one a sentence must stand to belong to the passage.
_SHARE = 0.3
_NEIGHBOURS_SHARE = 0.5


def in_question(document: Document, encoder: Encoder) -> Document:
    """The document, or title and passage of a long demand. Raises EncoderError."""
    if not document.is_demand or len(document.plain_body) <= LONG:
        return document
    return _with_passage(document, encoder)  # type: ignore[arg-type]  # encoders are themselves only


@lru_cache(maxsize=256)
def _with_passage(document: Document, encoder: Encoder) -> Document:
    sentences = split_sentences(document.plain_body[:ENCODED_CHARACTERS], _SENTENCES)
    title = document.plain_title or sentences[need_of(sentences, document.language)]
    texts = [title, *sentences]
    vectors = np.asarray(encoder.encode(texts, [document.language] * len(texts)), np.float64)
    first, last = _passage(vectors, [len(sentence) for sentence in sentences])
    return replace(document, body=" ".join(sentences[first:last]))


def _passage(vectors: NDArray[np.float64], lengths: Sequence[int]) -> tuple[int, int]:
    """`vectors`: of the title, then of the sentences. First and behind the last sentence."""
    near = _likeness_to_title(vectors)
    least = np.median(near) + _SHARE * (near.max() - np.median(near))
    first = int(near.argmax())
    last, size = first + 1, lengths[first]
    while size < _LONGEST_PASSAGE:
        before = near[first - 1] if first else -np.inf
        after = near[last] if last < len(near) else -np.inf
        if max(before, after) < least:
            break
        if before >= after:
            first -= 1
            size += lengths[first]
        else:
            size += lengths[last]
            last += 1
    return first, last


def _likeness_to_title(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cosines of what sets a sentence apart from the text's mean, with half of its neighbours' own."""
    centred = vectors - vectors[1:].mean(axis=0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True) + 1e-9
    own = centred[1:] @ centred[0]
    padded = np.pad(own, 1, constant_values=np.nan)
    neighbours = np.stack([padded[:-2], padded[2:]])
    known = ~np.isnan(neighbours)
    means = np.where(known, neighbours, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.asarray(own + _NEIGHBOURS_SHARE * means)
