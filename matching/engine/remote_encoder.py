"""An encoder behind HTTP that speaks the common embeddings protocol: POST {url}/v1/embeddings."""

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.encoders import EncoderError, Vectors, storable

_LARGEST_ANSWER = 256 * 1024 * 1024
_PASSING_TROUBLES = frozenset((408, 425, 429, 500, 502, 503, 504))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key to another address."""

    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        return None


class OpenAIEncoder:
    """`url` without "/v1/embeddings"; `dimensions` is what the model answers with; `version` is the operator's name for
    the state of the model, to be changed when the server changes it: vectors of different versions never meet.

    Server trouble that may pass is tried again `retries` times, waiting `back_off`, 2 `back_off`, … seconds. Whether a
    vector depends on the texts sent beside it is up to the server. The key never appears in messages or in `repr`.
    """

    def __init__(
        self,
        url: str,
        model: str,
        dimensions: int,
        api_key: str = "",
        version: str = "1",
        batch_size: int = 32,
        timeout: float = 30.0,
        retries: int = 3,
        back_off: float = 0.5,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the encoder's address must begin with http:// or https:// and name a host")
        if parts.username or parts.password:
            raise ValueError("the encoder's address must not hold a user name or a password")
        if not all("!" <= character <= "~" for character in api_key):
            raise ValueError("the encoder's key must consist of printable ASCII characters without spaces")
        self.name, self.version, self.dimensions = model, version, dimensions
        self.batch_size, self.timeout = max(1, batch_size), timeout
        self._address = f"{url.rstrip('/')}/v1/embeddings"
        self._shown = f"{parts.scheme}://{parts.netloc}"
        self._api_key, self._retries, self._back_off, self._sleep = api_key, retries, back_off, sleep
        self._opener = urllib.request.build_opener(_NoRedirect)

    def __repr__(self) -> str:
        return f"OpenAIEncoder({self._shown!r}, model={self.name!r}, dimensions={self.dimensions})"

    @property
    def key(self) -> str:
        return f"{self.name}@{self.version}/{self.dimensions}"

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float64)
        # Servers refuse empty input, and a text without content has no direction anyway.
        filled = [row for row, text in enumerate(texts) if any(character.isalnum() for character in text)]
        for start in range(0, len(filled), self.batch_size):
            rows = filled[start : start + self.batch_size]
            vectors[rows] = self._vectors([texts[row] for row in rows])
        return storable(vectors)

    def _vectors(self, texts: list[str]) -> NDArray[np.float64]:
        answer = self._answer(json.dumps({"model": self.name, "input": texts, "encoding_format": "float"}).encode())
        try:
            items = sorted(json.loads(answer)["data"], key=lambda item: item["index"])
            indexes = [item["index"] for item in items]
            vectors = [np.asarray(item["embedding"], dtype=np.float64) for item in items]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise EncoderError(f"The encoder at {self._shown} gave a malformed answer.") from None
        if indexes != list(range(len(texts))):
            raise EncoderError(f"The encoder at {self._shown} answered {len(items)} vectors for {len(texts)} texts.")
        for vector in vectors:
            if vector.shape != (self.dimensions,):
                raise EncoderError(
                    f"The encoder at {self._shown} answers {vector.size} dimensions instead of {self.dimensions}."
                )
            if not np.isfinite(vector).all():
                raise EncoderError(f"The encoder at {self._shown} answered a vector that is not finite.")
        return np.stack(vectors)

    def _answer(self, body: bytes) -> bytes:
        for attempt in range(self._retries + 1):
            trouble, may_pass, answer = self._attempt(body)
            if answer is not None:
                return answer
            if not may_pass:
                break
            if attempt < self._retries:
                self._sleep(self._back_off * 2**attempt)
        raise EncoderError(f"The encoder at {self._shown} {trouble}.")

    def _attempt(self, body: bytes) -> tuple[str, bool, bytes | None]:
        """(trouble, may pass, answer). No error of a library is quoted: it could hold the request."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._api_key:
            headers["Authorization"] = f"Bearer {self._api_key}"
        # The address was checked to be http or https when the encoder was made.
        request = urllib.request.Request(self._address, data=body, headers=headers, method="POST")  # noqa: S310
        try:
            with self._opener.open(request, timeout=self.timeout) as response:
                answer: bytes = response.read(_LARGEST_ANSWER + 1)
        except urllib.error.HTTPError as error:
            error.close()
            return f"answered with HTTP status {error.code}", error.code in _PASSING_TROUBLES, None
        except TimeoutError:
            return f"did not answer within {self.timeout:g} seconds", True, None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                return f"did not answer within {self.timeout:g} seconds", True, None
            return "cannot be reached", True, None
        except (OSError, http.client.HTTPException):
            return "broke off the connection", True, None
        if len(answer) > _LARGEST_ANSWER:
            return "gave an answer that is too large", False, None
        return "", False, answer
