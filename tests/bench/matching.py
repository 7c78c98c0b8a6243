"""The engine at the size of a national catalogue, beside bare matrix products, FAISS and the bare encoder.

Vectors are drawn by lot. Texts are put together from the sentences of the sample: a few thousand, repeated, with
vectors of their own. `BENCH_TECHNOLOGIES` and `BENCH_DEMANDS` set the size.
"""

from __future__ import annotations

import os
import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np

from matching.engine.documents import Document
from matching.engine.encoders import UniversalSentenceEncoder
from matching.engine.exact import whole_numbers
from matching.engine.index import TextIndex
from matching.engine.nearest import nearest
from matching.engine.offers import OfferIndex
from matching.engine.postings import Postings
from matching.engine.prepared import Prepared, document_sentences, encode_documents, prepare
from matching.engine.ranking import Catalogue, Engine
from matching.engine.reference import Reference
from matching.engine.settings import DEFAULT
from tests.bench.engine import DIMENSIONS, drawn_documents, sample_sentences
from tests.bench.rows import Row

TECHNOLOGIES = int(os.environ.get("BENCH_TECHNOLOGIES", "10000"))
DEMANDS = int(os.environ.get("BENCH_DEMANDS", "500"))
DIFFERENT = 2_000
"""Texts that are really different; a catalogue repeats them."""
TOP = 50
LANGUAGES = ("ru", "ja", "zh", "en")
SIZE = f"{DEMANDS:,} demands × {TECHNOLOGIES:,} technologies"


def seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@cache
def world() -> tuple[Engine, list[Prepared], list[Prepared]]:
    sentences = sample_sentences()
    offers = [
        one
        for seed, language in enumerate(LANGUAGES)
        for one in drawn_documents(DIFFERENT // 4, language, sentences[language], seed)
    ]
    demands = drawn_documents(min(DEMANDS, 1_000), "ko", sentences["ko"], seed=9)
    encoder = UniversalSentenceEncoder()
    return Engine(encoder, Reference.build(offers, demands, encoder)), offers, demands


def _unit_rows(count: int, seed: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    rows = np.empty((count, DIMENSIONS), dtype=np.float32)
    for start in range(0, count, 20_000):
        block = chance.standard_normal((min(20_000, count - start), DIMENSIONS))
        rows[start : start + len(block)] = whole_numbers(block / np.linalg.norm(block, axis=1, keepdims=True))
    return rows


def large_index(engine: Engine, offers: list[Prepared]) -> OfferIndex:
    base = OfferIndex.of([offer.signals for offer in offers], engine.population, DEFAULT)
    joined = TextIndex.joined([base.texts] * max(1, TECHNOLOGIES // DIFFERENT))
    whole, sentences = _unit_rows(len(joined), 1), _unit_rows(len(joined.sentences), 2)
    texts = TextIndex(joined.languages, joined.codes, whole, sentences, joined.starts, joined.postings, joined.columns)
    return OfferIndex(texts, DEFAULT)


def _without_words(index: OfferIndex) -> Catalogue:
    nothing = Postings.joined([])
    texts = index.texts
    empty = tuple(
        Postings(nothing.ids, nothing.starts, nothing.rows, nothing.worths, len(texts)) for _channel in texts.postings
    )
    bare = TextIndex(texts.languages, texts.codes, texts.whole, texts.sentences, texts.starts, empty, texts.columns)
    return Catalogue(OfferIndex(bare, DEFAULT), np.arange(len(texts)))


def _bare_products(index: OfferIndex, engine: Engine, demands: list[Prepared]) -> Callable[[], None]:
    """Whole texts by whole texts and sentences by sentences: all columns that the formula uses, in numpy's own way."""
    wanted = [engine.population.centred(demand.signals) for demand in demands]
    wholes = np.stack([one.whole for one in wanted])
    sentences = np.concatenate([one.sentences for one in wanted])

    def work() -> None:
        # In pieces of 200 MB: one product of everything would not fit into the memory.
        for right, left in ((wholes, index.texts.whole), (sentences, index.texts.sentences)):
            step = max(1, 50_000_000 // len(left))
            for start in range(0, len(right), step):
                np.matmul(left, right[start : start + step].T)

    return work


def rows() -> Iterator[Row]:
    engine, offers, demands = world()
    index = large_index(engine, offers)
    asked = (demands * (1 + DEMANDS // len(demands)))[:DEMANDS]
    for demand in demands:
        engine.moments(demand)
    catalogue, vectors_only = Catalogue(index, np.arange(len(index))), _without_words(index)

    def all_of(catalogue: Catalogue) -> None:
        for _list in engine.rank_many(asked, catalogue, per_language=TOP):
            pass

    products = _bare_products(index, engine, asked)
    turns = 3 if DEMANDS * TECHNOLOGIES <= 10_000_000 else 1
    bare = min(seconds(products) for _turn in range(turns))
    columns = sum(len(demand.signals.sentences) for demand in asked) / DEMANDS
    rate = f"{len(index.texts.sentences) / len(index):.1f} × {columns:.1f} sentences and whole texts"
    for name, part, most in (("vector part", vectors_only, 2), ("whole formula", catalogue, 4)):
        taken = min(seconds(lambda part=part: all_of(part)) for _turn in range(turns))  # type: ignore[misc]
        yield Row(
            f"{SIZE}, top {TOP}, {name} (baseline: bare GEMM of {rate})",
            taken, "s", bare, taken / bare, f"≤ {most}", taken / bare <= most,
        )  # fmt: skip
    yield _beside_faiss(index, engine, asked)
    most = _memory(index, lambda: list(engine.rank_many(asked[:100], catalogue, per_language=TOP))) / 2**30
    name = f"{SIZE}: the index and what comparing takes at most beside it"
    yield Row(name, most, "GiB", 2.0, most / 2, "≤ 2", most <= 2)
    yield from _encoding()


def _memory(index: OfferIndex, work: Callable[[], Any]) -> float:
    """In bytes. The process itself is no measure: it holds what it made the index from."""
    texts = index.texts
    arrays = [texts.whole, texts.sentences, texts.codes, texts.starts, *texts.columns.values()]
    for postings in texts.postings:
        arrays += [postings.ids, postings.starts, postings.rows, postings.worths]
    tracemalloc.start()
    work()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak + sum(array.nbytes for array in arrays)


def _beside_faiss(index: OfferIndex, engine: Engine, demands: list[Prepared]) -> Row:
    import faiss

    faiss.omp_set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    queries = _unit_rows(len(demands), 5)
    flat = faiss.IndexFlatIP(DIMENSIONS)
    flat.add(index.texts.whole)
    own, theirs = [], []
    for _turn in range(3):
        theirs.append(seconds(lambda: flat.search(queries, TOP)))
        own.append(seconds(lambda: nearest(index.texts.whole, queries, TOP)))
    ratio = min(theirs) / min(own)
    name = f"{SIZE}, top {TOP} by inner product alone (baseline: FAISS IndexFlatIP)"
    return Row(name, min(own), "s", min(theirs), ratio, "≥ .7", ratio >= 0.7)


def _encoding() -> Iterator[Row]:
    """Texts of about 250 letters; what both sides encode is the same."""
    sentences = sample_sentences()
    documents = [
        Document(s[0], " ".join(s[1:4]), language, key=str(n))
        for language in LANGUAGES
        for n, s in enumerate(zip(*[iter(sentences[language])] * 4, strict=False))
    ][:60]
    encoder = UniversalSentenceEncoder()
    encoder.encode(["ready"], ["en"])
    texts = list(dict.fromkeys(t for d in documents for t in (d.text, *document_sentences(d))))
    by_hash = {document.text_hash(): document for document in documents}
    prepare(documents, encoder)  # reads glossary and readings
    bare, encoded, whole = [], [], []
    for _turn in range(3):
        bare.append(seconds(lambda: encoder.encode(texts, ["ko"] * len(texts))))
        encoded.append(seconds(lambda: encode_documents(by_hash, encoder)))
        whole.append(seconds(lambda: prepare(documents, encoder)))
    bare_rate = len(documents) / min(bare)
    rate = len(documents) / min(encoded)
    ratio = rate / bare_rate
    yield Row("encoding texts (baseline: the bare encoder)", rate, "texts/s", bare_rate, ratio, "≥ .9", ratio >= 0.9)
    rate = len(documents) / min(whole)
    yield Row(
        "encoding texts and finding their terms (baseline: the bare encoder)",
        rate,
        "texts/s",
        bare_rate,
        rate / bare_rate,
    )
