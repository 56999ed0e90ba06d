"""Equal things counted once: what makes a likelihood of a million visits one of some thousand groups."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.cohort.histories import Codes

Numbers = NDArray[Any]


def dense(*columns: Codes) -> tuple[Codes, NDArray[np.intp]]:
    """Give each distinct row of columns of codes ≥ 0 a number: that of each row, and a row of each number.

    Numbers follow the order of the rows' values, the first column counting most.

    >>> number, first = dense(np.array([1, 0, 1, 1]), np.array([5, 5, 5, 7]))
    >>> number.tolist(), first.tolist()
    ([1, 0, 1, 2], [1, 0, 3])
    """
    number, count = _ranked(columns[0])
    for column in columns[1:]:
        low, high = (int(column.min()), int(column.max())) if len(column) else (0, 0)
        other, width = (column - low, high - low + 1) if high - low < FEW else _ranked(column)
        number, count = _ranked(number * width + other)
    first = np.empty(count, dtype=np.intp)
    first[number[::-1]] = np.arange(len(number))[::-1]
    return number, first


FEW = 2**12


def _ranked(key: Codes) -> tuple[Codes, int]:
    """Rank values and count the different ones: by a table if they lie close together, or by sorting."""
    if not len(key):
        return key.astype(np.int64), 0
    low, high = int(key.min()), int(key.max())
    if high - low > max(4 * len(key), 2**16):
        found, number = np.unique(key, return_inverse=True)
        return number.astype(np.int64), len(found)
    key = key - low if low else key
    there = np.zeros(high - low + 1, dtype=bool)
    there[key] = True
    return (np.cumsum(there) - 1)[key], int(there.sum())


@frozen(eq=False)
class Scatter:
    """Adding rows to places: ``total[place] += rows``, with the order worked out once."""

    order: NDArray[np.intp] | None
    starts: NDArray[np.intp]
    found: Codes
    size: int

    def add(self, rows: Numbers) -> Numbers:
        """Give the sums, (size, …)."""
        total = np.zeros((self.size, *rows.shape[1:]), dtype=rows.dtype)
        if len(self.starts):
            total[self.found] = np.add.reduceat(rows if self.order is None else rows[self.order], self.starts, axis=0)
        return total


def scatter(place: Codes, size: int) -> Scatter:
    """Prepare adding to ``place``, each below ``size``.

    >>> scatter(np.array([2, 0, 2]), 3).add(np.array([1.0, 5.0, 2.0])).tolist()
    [5.0, 0.0, 3.0]
    """
    order = None if (place[1:] >= place[:-1]).all() else np.argsort(place, kind="stable")
    ordered = place if order is None else place[order]
    starts = np.flatnonzero(np.concatenate((np.ones(min(1, len(place)), dtype=bool), ordered[1:] != ordered[:-1])))
    return Scatter(order, starts, ordered[starts], size)
