"""The sentence that is shown first as evidence is one that the score rests on."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from matching.engine.documents import Document
from matching.engine.encoders import Encoder, Vectors
from matching.engine.evaluation import read_topics
from matching.engine.prepared import Prepared, prepare
from matching.engine.ranking import Engine
from matching.engine.reference import Reference
from matching.training.train import TOPICS_FILE

TOPICS = 30
TOP = 10
FEWEST_SENTENCES = 3


class Remembering:
    """Encodes no text twice: a text without a sentence has the other sentences still."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder, self.known = encoder, dict[tuple[str, str], Vectors]()
        self.name, self.version, self.dimensions, self.key = (
            encoder.name,
            encoder.version,
            encoder.dimensions,
            encoder.key,
        )

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Vectors:
        asked = list(zip(texts, languages, strict=True))
        missing = [one for one in dict.fromkeys(asked) if one not in self.known]
        if missing:
            fresh = self.encoder.encode([text for text, _ in missing], [language for _, language in missing])
            self.known |= zip(missing, fresh, strict=True)
        return np.stack([self.known[one] for one in asked])


def without(offer: Prepared, place: int) -> Document:
    document, sentence = offer.document, offer.sentence_texts[place]
    key = f"{document.key} without {place}"
    if place == 0 and sentence == document.plain_title:
        return replace(document, title="", key=key)
    assert sentence in document.plain_body
    return replace(document, body=document.plain_body.replace(sentence, "", 1), key=key)


def another(offer: Prepared, shown: int) -> int:
    others = [place for place in range(len(offer.sentence_texts)) if place != shown]
    return Random(offer.document.text_hash()).choice(others)


def fewer(path: Path) -> list[tuple[Document, tuple[Document, ...]]]:
    topics = read_topics(path)
    return [(topic.demand, topic.pool) for topic in topics[:: len(topics) // TOPICS][:TOPICS]]


@pytest.fixture(scope="module")
def falls(encoder: Encoder) -> list[tuple[float, float]]:
    """Of each pair: how far its score falls without the sentence shown first, and without a random other one."""
    topics, encoder = fewer(TOPICS_FILE), Remembering(encoder)
    demands = prepare([demand for demand, _pool in topics], encoder)
    offers = prepare([offer for _demand, pool in topics for offer in pool], encoder)
    engine = Engine(encoder, Reference.build(offers, demands, encoder))
    catalogue = engine.catalogue(offers)
    asked: list[tuple[Prepared, float, tuple[Document, Document]]] = []
    for demand in demands:
        for candidate in engine.rank(demand, catalogue, per_language=None)[:TOP]:
            offer = offers[candidate.row]
            if len(offer.sentence_texts) >= FEWEST_SENTENCES:
                shown = offer.sentence_texts.index(engine.reasons(demand, offer).sentence_pairs[0].offer)
                deleted = without(offer, shown), without(offer, another(offer, shown))
                asked.append((demand, candidate.score, deleted))
    different = {document.key: document for *_, deleted in asked for document in deleted}
    ready = {one.key: one for one in engine.prepare(list(different.values()))}
    found = []
    for demand, score, deleted in asked:
        shown_fall, other_fall = (score - engine.score(demand, [ready[one.key] for one in deleted]).total).tolist()
        found.append((shown_fall, other_fall))
    return found


def test_score_falls_more_without_the_evidence_than_without_another_sentence(falls: list[tuple[float, float]]) -> None:
    assert len(falls) > 200
    assert sum(shown > other for shown, other in falls) / len(falls) >= 0.9


def test_score_falls_without_the_evidence(falls: list[tuple[float, float]]) -> None:
    assert sum(shown > 0 for shown, _other in falls) / len(falls) >= 0.98
