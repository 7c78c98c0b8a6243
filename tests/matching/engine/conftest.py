import hashlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from matching.engine.documents import Document
from matching.engine.encoders import UniversalSentenceEncoder, Vectors, storable
from matching.engine.prepared import Prepared, prepare
from matching.engine.ranking import Engine
from matching.engine.reference import Reference
from tests.matching.engine import texts


class LetterEncoder:
    """Vectors of letter counts: quick, deterministic, and alike for texts that share letters."""

    name, version, dimensions = "letters", "1", 48

    def __init__(self) -> None:
        self.encoded: list[str] = []

    @property
    def key(self) -> str:
        return f"{self.name}@{self.version}/{self.dimensions}"

    def encode(self, encoded: Sequence[str], languages: Sequence[str]) -> Vectors:
        self.encoded.extend(encoded)
        vectors = np.zeros((len(encoded), self.dimensions))
        for row, text in enumerate(encoded):
            for first, second in pairwise(text):
                digest = hashlib.blake2b((first + second).encode("utf-8", "surrogatepass"), digest_size=4).digest()
                vectors[row, digest[0] % self.dimensions] += 1.0 + digest[1] / 256
        return storable(vectors)


@pytest.fixture
def letter_encoder() -> LetterEncoder:
    return LetterEncoder()


@pytest.fixture(scope="session")
def encoder() -> UniversalSentenceEncoder:
    return UniversalSentenceEncoder()


@pytest.fixture(scope="session")
def demands(encoder: UniversalSentenceEncoder) -> list[Prepared]:
    return prepare(texts.DEMANDS, encoder)


@pytest.fixture(scope="session")
def offers(encoder: UniversalSentenceEncoder) -> list[Prepared]:
    return prepare(texts.OFFERS, encoder)


@pytest.fixture(scope="session")
def engine(encoder: UniversalSentenceEncoder, demands: list[Prepared], offers: list[Prepared]) -> Engine:
    return Engine(encoder, Reference.build(offers, demands, encoder))


@pytest.fixture(scope="session")
def by_key(demands: list[Prepared], offers: list[Prepared]) -> dict[str, Prepared]:
    return {prepared.document.key: prepared for prepared in (*demands, *offers)}


@pytest.fixture
def steel_demand() -> Document:
    return next(document for document in texts.DEMANDS if document.key == "steel")
