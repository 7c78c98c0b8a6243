"""The nearest rows of many, exactly: a search by meaning alone, without words and without standardisation."""

import numpy as np
from numpy.typing import NDArray

_ROWS, _QUERIES = 2_048, 1_024
_PATIENCE = 8
"""Places for candidates of a query, in multiples of what is wanted, before the worse ones are dropped."""


def nearest(
    rows: NDArray[np.float32], queries: NDArray[np.float32], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """(queries, count): places of the rows with the largest inner products, best first, equal ones in their order, and
    these products. Fewer rows than `count` make fewer columns. Memory holds one block of products."""
    count = min(count, len(rows))
    places = np.empty((len(queries), count), dtype=np.int64)
    products = np.empty((len(queries), count), dtype=np.float32)
    for first in range(0, len(queries), _QUERIES):
        some = slice(first, min(first + _QUERIES, len(queries)))
        places[some], products[some] = _nearest_of_some(rows, queries[some], count)
    return places, products


def _nearest_of_some(
    rows: NDArray[np.float32], queries: NDArray[np.float32], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    best = _Best(len(queries), count)
    space = np.empty((len(queries), min(_ROWS, len(rows))), np.float32)
    for start in range(0, len(rows), _ROWS):
        block = rows[start : start + _ROWS]
        out = space if len(block) == space.shape[1] else np.empty((len(queries), len(block)), np.float32)
        best.look_at(np.matmul(queries, block.T, out=out), start)
    return best.sorted()


class _Best:
    """The best so far of each query, found with one comparison for each product: few exceed the worst that is kept."""

    def __init__(self, queries: int, count: int) -> None:
        self.count, self.width = count, _PATIENCE * count
        self.products = np.full((queries, self.width), -np.inf, dtype=np.float32)
        self.places = np.full((queries, self.width), np.iinfo(np.int64).max)
        self.used = np.zeros(queries, dtype=np.int64)
        self.floors = np.full(queries, -np.inf, dtype=np.float32)

    def look_at(self, products: NDArray[np.float32], start: int) -> None:
        if start == 0 and products.shape[1] > self.width:
            self._begin(products)
            return
        queries, columns = np.divmod(np.flatnonzero((products > self.floors[:, None]).ravel()), products.shape[1])
        while len(queries):
            # The number of each find among those of its query: finds come query by query.
            number = np.arange(len(queries)) - np.searchsorted(queries, queries)
            fits = self.used[queries] + number < self.width
            q, c = queries[fits], columns[fits]
            self.products[q, self.used[q] + number[fits]] = products[q, c]
            self.places[q, self.used[q] + number[fits]] = start + c
            self.used += np.bincount(q, minlength=len(self.used))
            if fits.all():
                return
            full = np.flatnonzero(self.used == self.width)
            self._drop(full)
            queries, columns = queries[~fits], columns[~fits]

    def _begin(self, products: NDArray[np.float32]) -> None:
        """Everything in the first block exceeds nothing: here the best are picked out at once."""
        columns = _largest(products, np.broadcast_to(np.arange(products.shape[1]), products.shape), self.count)
        self.products[:, : self.count] = np.take_along_axis(products, columns, axis=1)
        self.places[:, : self.count] = columns
        self.used[:] = self.count
        self.floors = self.products[:, : self.count].min(axis=1)

    def _drop(self, full: NDArray[np.int64]) -> None:
        columns = _largest(self.products[full], self.places[full], self.count)
        products = np.take_along_axis(self.products[full], columns, axis=1)
        places = np.take_along_axis(self.places[full], columns, axis=1)
        self.products[full], self.places[full] = -np.inf, np.iinfo(np.int64).max
        self.products[full, : self.count], self.places[full, : self.count] = products, places
        self.used[full], self.floors[full] = self.count, products.min(axis=1)

    def sorted(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        order = np.lexsort((self.places, -self.products), axis=1)[:, : self.count]
        return np.take_along_axis(self.places, order, axis=1), np.take_along_axis(self.products, order, axis=1)


def _largest(products: NDArray[np.float32], places: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """(queries, count) columns of the largest products, equal ones by their places."""
    width = products.shape[1]
    if count >= width:
        return np.broadcast_to(np.arange(width), products.shape)
    columns = np.argpartition(-products, count - 1, axis=1)[:, :count]
    kept = np.take_along_axis(products, columns, axis=1)
    worst = kept.min(axis=1, keepdims=True)
    tied = np.flatnonzero((products >= worst).sum(axis=1) > count)
    if len(tied):
        columns[tied] = np.lexsort((places[tied], -products[tied]), axis=1)[:, :count]
    return columns
