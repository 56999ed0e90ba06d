"""Adding rows to places, with the order worked out once."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.multistate.arrays import Codes, Numbers


@frozen(eq=False)
class Scatter:
    """Adding rows to places: ``total[place] += rows``, with the order worked out once."""

    order: NDArray[np.intp] | None
    starts: NDArray[np.intp]
    found: Codes
    size: int

    def add(self, rows: Numbers) -> Numbers:
        """Return the sums, (size, …)."""
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
