"""Sums, means and medians of numbers as the decimal fractions that they are written as, rounded once at the end.

Each number is taken as the shortest decimal fraction that stands for it, all are brought to one power of ten, and
added up as integers: the result does not depend on the order, and both engines find the same to the last bit.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.engines.columnar.operands import Array
from singledisease.engines.columnar.table import Indices

How = Literal["sum", "mean", "median"]

_PLACES = 12
"""So many decimals are looked for by arithmetic; what has more is taken from its text."""
_CERTAIN = 1e15
"""Below this a decimal fraction of at most 15 digits has one nearest double, and is the shortest that stands for it."""
_EXACT = 2**53
_ROOM = 2**62


@frozen(eq=False)
class Scaled:
    """Numbers as integers times a power of ten: ``values`` / 10 ** ``places``; Python integers if they are long."""

    values: Array
    places: int


def scaled(numbers: NDArray[np.float64]) -> Scaled:
    """Take finite numbers as the shortest decimal fractions that stand for them."""
    integers = np.zeros(len(numbers), np.int64)
    needed = np.full(len(numbers), -1)
    left = np.flatnonzero(np.abs(numbers) < _CERTAIN)
    for places in range(_PLACES + 1):
        power = 10.0**places
        rounded = np.rint(numbers[left] * power)
        right = (rounded / power == numbers[left]) & (np.abs(rounded) < _CERTAIN)
        integers[left[right]], needed[left[right]] = rounded[right].astype(np.int64), places
        left = left[~right]
        if not len(left):
            break
    if (needed < 0).any():
        return _from_text(numbers)
    most = int(needed.max(initial=0))
    largest = int(np.abs(integers).max(initial=0))
    if largest * 10**most >= _ROOM:
        return _from_text(numbers)
    return Scaled(integers * np.array([10**i for i in range(most + 1)], np.int64)[most - needed], most)


def _from_text(numbers: NDArray[np.float64]) -> Scaled:
    decimals = [Decimal(repr(float(number))) for number in numbers]
    places = max(-int(decimal.as_tuple().exponent) for decimal in decimals)
    places = max(places, 0)
    return Scaled(np.array([int(decimal.scaleb(places)) for decimal in decimals], object), places)


def reduced(how: How, numbers: NDArray[np.float64], cell: Indices, size: int) -> NDArray[np.float64]:
    """Give the sum, mean or median of the numbers of each cell; of none, NaN."""
    found = np.full(size, np.nan)
    if not len(numbers):
        return found
    order = np.argsort(cell, kind="stable") if how != "median" else np.lexsort((numbers, cell))
    cell = cell[order]
    first = np.flatnonzero(np.append(True, cell[1:] != cell[:-1]))
    count = np.diff(np.append(first, len(cell)))
    whole = scaled(numbers)
    values = whole.values[order]
    if how == "median":
        middle, above = values[first + (count - 1) // 2], values[first + count // 2]
        # Twice the median, so that it is an integer.
        total, parts = middle + above, np.full(len(count), 2)
    else:
        total, parts = _totals(values, first), count if how == "mean" else np.ones(len(count), np.int64)
    found[cell[first]] = _divided(total, parts, whole.places)
    return found


def _totals(values: Array, first: Indices) -> Array:
    """Add up the integers of each cell; in Python where they might not fit."""
    if values.dtype != object and int(np.abs(values).max()) * len(values) >= _ROOM:
        values = values.astype(object)
    return np.add.reduceat(values, first)


def _divided(total: Array, parts: Array, places: int) -> NDArray[np.float64]:
    """Divide integers by how many they are and by the power of ten, rounding once."""
    below = 10**places
    is_plain = total.dtype != object and int(np.abs(total).max()) < _EXACT and int(parts.max()) * below < _EXACT
    if is_plain:
        return np.asarray(total / (parts * below).astype(np.float64))
    return np.array([_quotient(int(above), int(part) * below) for above, part in zip(total, parts, strict=True)])


def _quotient(above: int, below: int) -> float:
    try:
        return above / below
    except OverflowError:
        return float("nan")
