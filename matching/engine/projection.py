"""A learned correction of demands' vectors: what a demand says is turned towards what answers to demands say.

A demand describes a trouble, an offer a solution. `matching.training` learns, from demands with graded offers, the
matrix A by which a centred demand vector v becomes v + v A. Offers stay as they are, so nothing in a catalogue changes
with it. It belongs to one encoder; vectors of any other are left alone.
"""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PROJECTION_FILE = Path(__file__).with_name("data") / "projection.npz"


@cache
def projection_of(encoder_key: str) -> NDArray[np.float64] | None:
    """A (d, d) for the encoder that it was learned with."""
    if not PROJECTION_FILE.exists():
        return None
    with np.load(PROJECTION_FILE, allow_pickle=False) as stored:
        return np.asarray(stored["matrix"], np.float64) if str(stored["encoder"]) == encoder_key else None


def projected(unit_rows: NDArray[np.float64], matrix: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Rows of unit length (or of zeros) again; row by row the same, whatever stands beside a row.

    Without BLAS, whose order of adding depends on the number of its threads.
    """
    if matrix is None or not len(unit_rows):
        return unit_rows
    turned = np.stack([row + np.einsum("i,ij->j", row, matrix) for row in unit_rows])
    lengths = np.linalg.norm(turned, axis=1, keepdims=True)
    return np.divide(turned, lengths, out=np.zeros_like(turned), where=lengths > 1e-9)


def write_projection(matrix: NDArray[np.float64], encoder_key: str, path: Path = PROJECTION_FILE) -> None:
    """In half precision: the third digit of a learned number says nothing."""
    with path.open("wb") as stored:
        np.savez_compressed(stored, matrix=matrix.astype(np.float16), encoder=np.array(encoder_key))
