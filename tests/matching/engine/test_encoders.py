import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from matching.engine.encoders import UniversalSentenceEncoder, storable

TEXTS = ["기어 열처리", "закалка", "海水淡化", "歯車の熱処理", "Gear hardening"]


def test_rows_have_unit_length_and_survive_half_precision() -> None:
    rows = storable(np.random.default_rng(3).normal(size=(20, 512)))
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=5e-4)
    assert (rows.astype(np.float16).astype(np.float32) == rows).all()


def test_zero_rows_stay_zero() -> None:
    assert not storable(np.zeros((2, 8))).any()


def test_threads_that_load_the_model_together_get_the_same_vectors(encoder: UniversalSentenceEncoder) -> None:
    fresh = UniversalSentenceEncoder()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: fresh.encode(TEXTS, ["ko"] * 5), range(8)))
    expected = encoder.encode(TEXTS, ["ko"] * 5)
    assert all((answer == expected).all() for answer in answers)


def _encode_in_child(encoder: UniversalSentenceEncoder, queue: "multiprocessing.Queue[list[list[float]]]") -> None:
    queue.put(encoder.encode(TEXTS, ["ko"] * 5).tolist())


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_gets_the_same_vectors(encoder: UniversalSentenceEncoder) -> None:
    expected = encoder.encode(TEXTS, ["ko"] * 5)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_encode_in_child, args=(encoder, queue))
    child.start()
    answer = queue.get(timeout=60)
    child.join(timeout=60)
    assert (np.array(answer, dtype=np.float32) == expected).all()


def test_no_texts_give_no_rows(encoder: UniversalSentenceEncoder) -> None:
    assert encoder.encode([], []).shape == (0, 512)
