"""Inner products of unit vectors that are the same to the last bit, whatever is multiplied beside them.

A matrix product adds in an order that depends on the shapes of the matrices, so that with fractions the last bits of a
pair would depend on the other pairs. With whole numbers they do not, as long as no sum leaves the range in which the
number format knows every whole number. A unit row times GRID, rounded, is at most GRID + sqrt(dimensions) / 2 long; by
Cauchy and Schwarz no partial sum of a product of two such rows exceeds the square of that, which stays below 2 ** 24
for any dimensions up to MAXIMUM_DIMENSIONS. Single precision, which is the fastest, is exact there.

A cosine is known to about 1e-5 in 512 dimensions; vectors come in half precision and are worth no more.
"""

import numpy as np
from numpy.typing import NDArray

GRID = 4_000
SCALE = float(GRID * GRID)
"""A product of whole-number rows divided by this is their cosine."""
MAXIMUM_DIMENSIONS = int((2 * (2**12 - GRID)) ** 2)


def whole_numbers(unit_rows: NDArray[np.float64]) -> NDArray[np.float32]:
    if unit_rows.shape[-1] > MAXIMUM_DIMENSIONS:
        raise ValueError(f"{unit_rows.shape[-1]} dimensions; products are exact up to {MAXIMUM_DIMENSIONS}")
    return np.rint(unit_rows * GRID).astype(np.float32)
