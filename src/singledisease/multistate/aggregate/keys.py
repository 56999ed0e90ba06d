"""Equal things counted once: what makes a likelihood of a million visits one of some thousand groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singledisease.multistate.arrays import Codes
from singledisease.sorting import sort


def table_size(rows: int) -> int:
    """Return for how many different values a table is worth while, rather than sorting."""
    return max(4 * rows, 2**16)


def sorted_by(*columns: Codes) -> Codes:
    """Return the order of rows by columns of whole numbers, the first counting most; equal rows stay as they stand.

    Sorting one number that holds all columns and the row takes a third of the time of sorting by one after another.

    >>> sorted_by(np.array([2, 1, 2, 1]), np.array([0, 5, -1, 5])).tolist()
    [1, 3, 2, 0]
    """
    columns = (*columns, np.arange(len(columns[0])))
    low = [int(column.min(initial=0)) for column in columns]
    bits = [(int(column.max(initial=0)) - least).bit_length() for column, least in zip(columns, low, strict=True)]
    if sum(bits) > 63:
        return np.lexsort(columns[-2::-1])
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column, least, wide in zip(columns, low, bits, strict=True):
        key = (key << wide) | (column.astype(np.int64) - least)
    sort(key)
    return key & ((1 << bits[-1]) - 1)


def dense(*columns: Codes) -> tuple[Codes, NDArray[np.intp]]:
    """Return each distinct row of columns of whole numbers a number: that of each row, and a row of each number.

    Numbers follow the order of the rows' values, the first column counting most.

    >>> number, first = dense(np.array([1, 0, 1, 1]), np.array([5, 5, 5, 7]))
    >>> number.tolist(), first.tolist()
    ([1, 0, 1, 2], [1, 0, 3])
    """
    number, count = ranked(*columns)
    return number, firsts(number, count)


def firsts(number: Codes, count: int) -> NDArray[np.intp]:
    """Return the first row of each number below ``count``."""
    first = np.empty(count, dtype=np.intp)
    first[number[::-1]] = np.arange(len(number))[::-1]
    return first


def ranked(*columns: Codes) -> tuple[Codes, int]:
    """Return each distinct row of columns a number, as ``dense`` does, and say how many there are.

    A key is made of all columns; it is made smaller on the way only where it would outgrow a table of its values.
    """
    key, width = _spanned(columns[0])
    for column in columns[1:]:
        other, more = _spanned(column)
        if width * more > table_size(len(key)):
            key, width = _compressed(key, width)
        key, width = key * more + other, width * more
    return _compressed(key, width)


def _spanned(column: Codes) -> tuple[Codes, int]:
    """Shift values to begin at 0, and rank them if they lie far apart; give one more than the last."""
    if not len(column):
        return column.astype(np.int64), 1
    low, high = int(column.min()), int(column.max())
    if high - low >= table_size(len(column)):
        found, number = np.unique(column, return_inverse=True)
        return number.astype(np.int64), len(found)
    return (column - low if low else column), high - low + 1


def _compressed(key: Codes, width: int) -> tuple[Codes, int]:
    """Rank keys below ``width``: by a table if they lie close together, or by sorting."""
    if width > table_size(len(key)):
        found, number = np.unique(key, return_inverse=True)
        return number.astype(np.int64), len(found)
    there = np.zeros(width, dtype=bool)
    there[key] = True
    return (np.cumsum(there) - 1)[key], int(there.sum())
