"""Floating-point numbers as whole numbers of a decimal unit, so that sums do not depend on their order.

A number stands for the shortest decimal fraction that is read back as it: 0.1 for one tenth.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

_QUICK = 9
_LARGEST = 2.0**53


def digits_of(values: NDArray[np.float64]) -> int:
    """Give after how many decimal places the last digit of any of some finite numbers stands.

    >>> digits_of(np.array([1.5, 2.0])), digits_of(np.array([100.0])), digits_of(np.array([1e-12]))
    (1, 0, 12)
    """
    for digits in range(_QUICK + 1):
        with np.errstate(over="ignore"):
            quick = np.round(values * 10.0**digits)
        if (np.abs(quick) < _LARGEST).all() and (quick / 10.0**digits == values).all():
            return digits
    exponents = (Decimal(repr(value)).as_tuple().exponent for value in values.tolist())
    return max((-exponent for exponent in exponents if isinstance(exponent, int) and exponent < 0), default=0)


def scaled(values: NDArray[np.float64], digits: int) -> NDArray[Any]:
    """Give finite numbers times 10 to the power of ``digits`` as whole numbers: int64, or Python's where that is small.

    ``digits`` is at least ``digits_of(values)``.
    """
    if digits <= _QUICK:
        with np.errstate(over="ignore"):
            quick = np.round(values * 10.0**digits)
        if (np.abs(quick) < _LARGEST).all():
            return quick.astype(np.int64)
    unit = Decimal(10) ** digits
    return np.array([int(Decimal(repr(value)) * unit) for value in values.tolist()], object)


def sums_by_cell(whole: NDArray[Any], cell: NDArray[np.int64], cells: int) -> NDArray[Any]:
    """Add whole numbers up by cell, as Python's whole numbers (objects), which never overflow."""
    found = np.zeros(cells, object)
    if whole.dtype == object or not _fits(whole):
        np.add.at(found, cell, whole.astype(object))
        return found
    low, high = whole & 0xFFFFFFFF, whole >> 32
    # Sums of 2**21 numbers below 2**32 are exact in float64, which is what bincount adds in.
    for first in range(0, len(whole), 2**20):
        part = slice(first, first + 2**20)
        lows = np.bincount(cell[part], low[part].astype(np.float64), cells).astype(np.int64)
        highs = np.bincount(cell[part], high[part].astype(np.float64), cells).astype(np.int64)
        found = found + lows.astype(object) + highs.astype(object) * 2**32
    return found


def _fits(whole: NDArray[Any]) -> bool:
    return not len(whole) or bool(np.abs(whole).max() < 2**53)


def divided(total: int, count: int, digits: int) -> float:
    """Give a sum of scaled numbers divided by a count and by their unit, rounded once.

    >>> divided(sum([1, 2]), 2, 1)
    0.15
    """
    # Python divides whole numbers of any size and rounds once.
    return float(total / (count * 10**digits))
