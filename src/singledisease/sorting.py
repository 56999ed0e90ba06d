"""Sorting many numbers on two cores."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

_MANY = 1 << 16
"""From here on a second thread brings more than it costs."""


def sort(numbers: NDArray[np.int64]) -> None:
    """Sort numbers in place; many of them as two halves side by side.

    >>> numbers = np.array([3, 1, 2])
    >>> sort(numbers)
    >>> numbers.tolist()
    [1, 2, 3]
    """
    if len(numbers) < _MANY:
        numbers.sort()
        return
    half = len(numbers) // 2
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(np.ndarray.sort, (numbers[:half], numbers[half:])))
    # A stable sort looks for what is in order already: it merges the two halves in one pass.
    numbers.sort(kind="stable")
