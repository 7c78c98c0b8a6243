"""Everything the engine needs of one document, computed once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matching.engine.documents import ENCODED_CHARACTERS, Document
from matching.engine.encoders import Encoder, Vectors
from matching.engine.glossary import Glossary, shipped_glossary
from matching.engine.loanwords import loan_word_terms
from matching.engine.needs import need_of
from matching.engine.neutral import neutral_terms
from matching.engine.passages import in_question
from matching.engine.readings import reading_terms
from matching.engine.sentences import split_sentences
from matching.engine.terms import TermSet

CacheKey = tuple[str, str]
"""(text hash, encoder key)"""
StoredVectors = tuple[NDArray[np.floating], NDArray[np.floating]]
"""The whole text's vector (d,) and its sentences' vectors (n, d); any float type that holds half precision."""


class VectorCache(Protocol):
    """A place for vectors, such as a database table."""

    def get_many(self, keys: Sequence[CacheKey]) -> Mapping[CacheKey, StoredVectors]: ...

    def put_many(self, vectors: Mapping[CacheKey, StoredVectors]) -> None: ...


@dataclass(frozen=True, eq=False)
class Signals:
    """What is compared. `whole` (d,) and `sentences` (n, d) are float32, rounded to half precision.

    `need`: the row of the sentence that says what is wanted, -1 without sentences.
    """

    language: str
    whole: Vectors
    sentences: Vectors
    need: int
    readings: TermSet
    loan_words: TermSet
    neutral: TermSet
    concepts: TermSet


@dataclass(frozen=True, eq=False)
class Prepared:
    """`sentence_texts[i]` belongs to row i of `signals.sentences`."""

    document: Document
    signals: Signals
    sentence_texts: tuple[str, ...]

    @classmethod
    def from_vectors(
        cls,
        document: Document,
        whole: NDArray[np.floating],
        sentences: NDArray[np.floating],
        glossary: Glossary | None = None,
    ) -> "Prepared":
        """From stored vectors; by the shipped glossary unless another is given.

        Raises ValueError if the vectors do not belong to this text.
        """
        texts = tuple(document_sentences(document))
        whole32, sentences32 = _rounded(whole), _rounded(sentences).reshape(-1, len(whole))
        if len(sentences32) != len(texts):
            raise ValueError(f"{len(sentences32)} sentence vectors for {len(texts)} sentences")
        text = document.text
        signals = Signals(
            language=document.language,
            whole=whole32,
            sentences=sentences32,
            need=need_of(texts, document.language),
            readings=reading_terms(text, document.language),
            loan_words=loan_word_terms(text),
            neutral=neutral_terms(text),
            concepts=(glossary or shipped_glossary()).terms(text, document.language),
        )
        return cls(document, signals, texts)

    @property
    def key(self) -> str:
        return self.document.key or self.document.text_hash()


def _rounded(vectors: NDArray[np.floating]) -> Vectors:
    return np.asarray(vectors).astype(np.float16).astype(np.float32)


def document_sentences(document: Document) -> list[str]:
    """The title counts as the first sentence."""
    body = split_sentences(document.plain_body[:ENCODED_CHARACTERS])
    title = document.plain_title[:ENCODED_CHARACTERS]
    return [title, *body] if title else body


def prepare(
    documents: Iterable[Document], encoder: Encoder, cache: VectorCache | None = None, glossary: Glossary | None = None
) -> list[Prepared]:
    """In the order of `documents`; a long demand is cut to a passage. What the cache holds is not encoded; what
    it lacks is put there.

    Equal texts are encoded once, and so is a sentence that several of the documents share. Raises EncoderError.
    """
    ordered = [in_question(document, encoder) for document in documents]
    by_hash = {document.text_hash(): document for document in ordered}
    known: dict[str, StoredVectors] = {}
    if cache is not None:
        keys = [(text_hash, encoder.key) for text_hash in by_hash]
        stored = {key[0]: vectors for key, vectors in cache.get_many(keys).items()}
        # An engine that cuts sentences differently encodes anew instead of failing on its predecessor's vectors.
        known = {h: v for h, v in stored.items() if len(v[1]) == len(document_sentences(by_hash[h]))}
    missing = {text_hash: document for text_hash, document in by_hash.items() if text_hash not in known}
    fresh = encode_documents(missing, encoder)
    if cache is not None and fresh:
        cache.put_many({(text_hash, encoder.key): vectors for text_hash, vectors in fresh.items()})
    vectors = known | fresh
    return [Prepared.from_vectors(document, *vectors[document.text_hash()], glossary) for document in ordered]


def encode_documents(documents: Mapping[str, Document], encoder: Encoder) -> dict[str, StoredVectors]:
    if not documents:
        return {}
    wanted: dict[tuple[str, str], int] = {}
    places: dict[str, list[int]] = {}
    for name, document in documents.items():
        texts = [document.text[:ENCODED_CHARACTERS], *document_sentences(document)]
        places[name] = [wanted.setdefault((text, document.language), len(wanted)) for text in texts]
    vectors = encoder.encode([text for text, _ in wanted], [language for _, language in wanted])
    return {name: (vectors[rows[0]], vectors[rows[1:]]) for name, rows in places.items()}
