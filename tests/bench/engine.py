"""Throughput of the whole formula on synthetic vectors and words drawn from the sample's texts."""

from __future__ import annotations

import random
import tomllib

import numpy as np

from cooperation_portal.home.sample_data import FOLDER
from matching.engine.documents import Document
from matching.engine.encoders import UniversalSentenceEncoder, storable
from matching.engine.prepared import Prepared, document_sentences
from matching.engine.ranking import Engine
from matching.engine.reference import Reference
from tests.bench.rows import Row, median_seconds

OFFERS, DEMANDS, DIMENSIONS = 2_000, 20, 512


def sample_sentences() -> dict[str, list[str]]:
    found = {}
    for language in ("ru", "ja", "zh", "en"):
        rows = tomllib.loads((FOLDER / f"technologies_{language}.toml").read_text(encoding="utf-8"))["technology"]
        documents = [Document(row["title"], row["body"], language) for row in rows]
        found[language] = [sentence for document in documents for sentence in document_sentences(document)]
    rows = tomllib.loads((FOLDER / "demands.toml").read_text(encoding="utf-8"))["demand"]
    texts = [Document(row["title"], row["problem"], "ko") for row in rows if row["language"] == "ko"]
    found["ko"] = [sentence for document in texts for sentence in document_sentences(document)]
    return found


def drawn_documents(count: int, language: str, sentences: list[str], seed: int) -> list[Prepared]:
    """Documents of six sentences put together by lot, with vectors drawn by lot."""
    lot, numbers = random.Random(seed), np.random.default_rng(seed)
    made = []
    for number in range(count):
        chosen = lot.sample(sentences, 6)
        document = Document(chosen[0], " ".join(chosen[1:]), language, key=f"{language}{number}")
        rows = numbers.standard_normal((len(document_sentences(document)) + 1, DIMENSIONS))
        vectors = storable(rows)
        made.append(Prepared.from_vectors(document, vectors[0], vectors[1:]))
    return made


def _stacked(documents: list[Prepared]) -> np.ndarray:
    vectors = [np.vstack([one.signals.whole[None], one.signals.sentences]) for one in documents]
    return np.concatenate(vectors).astype(np.float32)


def rows() -> list[Row]:
    sentences = sample_sentences()
    offers = [
        one
        for seed, language in enumerate(("ru", "ja", "zh", "en"))
        for one in drawn_documents(OFFERS // 4, language, sentences[language], seed)
    ]
    demands = drawn_documents(DEMANDS, "ko", sentences["ko"], seed=9)
    encoder = UniversalSentenceEncoder()
    engine = Engine(encoder, Reference.build(offers, demands, encoder))
    catalogue = engine.catalogue(offers)
    for demand in demands:
        engine.moments(demand)
    seconds = median_seconds(lambda: [engine.score(demand, catalogue) for demand in demands], times=3)
    left = np.concatenate([np.vstack([o.signals.whole[None], o.signals.sentences]) for o in offers]).astype(np.float32)
    right = (
        np.concatenate([np.vstack([d.signals.whole[None], d.signals.sentences]) for d in demands]).astype(np.float32).T
    )
    bare = median_seconds(lambda: np.matmul(left, right))
    pairs = OFFERS * DEMANDS
    return [
        Row(
            "engine: pairs a second, all channels (baseline: one numpy.matmul of all vectors)",
            pairs / seconds,
            "pairs/s",
            pairs / bare,
            bare / seconds,
        )
    ]
