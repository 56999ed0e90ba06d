"""Counting pairs of codes fast: in pieces that stay in the cache, two bytes at a time, and sorting one number a row."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from singledisease.multistate.inputs.observations import Observations, check_lengths

CHUNK = 2**18
"""Rows counted at once: what is made of them on the way stays in the cache."""
BYTE = 256
LONG = 2.0**62


def count_as_they_are(
    id: ArrayLike, time: ArrayLike, state: ArrayLike
) -> tuple[tuple[Any, ...], NDArray[np.int64]] | None:
    """Count whole numbers that stand by person and time, without making anything of them first."""
    columns = tuple(np.asarray(column) for column in (id, time, state))
    if any(column.dtype.kind not in "iu" or column.ndim != 1 for column in columns) or not len(columns[0]):
        return None
    check_lengths(*columns)
    low, high = int(columns[2].min()), int(columns[2].max())
    if low < 0 or high >= BYTE:
        return None
    who, when, code = columns
    counted = _count_sorted(who, when, code.astype(np.uint8, copy=False), high + 1)
    return None if counted is None else (tuple(range(high + 1)), counted)


def count_packed(seen: Observations) -> NDArray[np.int64] | None:
    """Count rows in any order by sorting one number that holds person, time and state.

    ``None`` if that takes more than 63 bits, or somebody was seen twice at one time.
    """
    if len(seen.time) and np.ptp(seen.time) < LONG and (seen.time == np.rint(seen.time)).all():
        ticks = (seen.time - seen.time.min()).astype(np.int64)
    else:
        ticks = np.unique(seen.time, return_inverse=True)[1]
    low, middle = (int(n).bit_length() for n in (len(seen.states), ticks.max(initial=0)))
    if len(seen.people).bit_length() + middle + low > 63:
        return None
    key = np.sort((seen.person << (middle + low)) | (ticks << low) | seen.code)
    if (key[1:] >> low == key[:-1] >> low).any():
        return None
    person = key >> (middle + low)
    code = key & ((1 << low) - 1)
    return count_pairs(code[:-1], code[1:], person[1:] == person[:-1], len(seen.states))


def count_pairs(first: NDArray[Any], second: NDArray[Any], keep: NDArray[np.bool_], k: int) -> NDArray[np.int64]:
    """Count (first, second) where ``keep``, in pieces that stay in the cache: (k, k)."""
    total = np.zeros(max(k * k + 1, BYTE), dtype=np.int64)
    for lo in range(0, len(first), CHUNK):
        part = slice(lo, lo + CHUNK)
        total += _histogram(_cells(first[part], second[part], keep[part], k), len(total))
    return total[: k * k].reshape(k, k)


def _cells(first: NDArray[Any], second: NDArray[Any], keep: NDArray[np.bool_], k: int) -> NDArray[Any]:
    """Return the number of each cell, in as few bytes as hold it; one beyond the last is not counted."""
    kind: type[Any] = np.uint8 if k * k < BYTE else np.uint16 if k * k < BYTE**2 else np.int64
    cell: NDArray[Any] = first.astype(kind, copy=False) * kind(k) + second.astype(kind, copy=False)
    if kind is not np.uint8:
        return np.where(keep, cell, kind(k * k))
    # Of a byte the highest number is beyond all cells; to set all its bits is four times as fast as to choose.
    cell |= np.negative((~keep).view(np.uint8))
    return cell


def _histogram(cells: NDArray[Any], number: int) -> NDArray[np.int64]:
    """Count each number; of bytes two at a time, which halves the longest part of the work."""
    if cells.dtype != np.uint8:
        return np.bincount(cells, minlength=number)
    even = len(cells) // 2 * 2
    pairs = np.bincount(cells[:even].view(np.uint16), minlength=BYTE**2).reshape(BYTE, BYTE)
    found = pairs.sum(0) + pairs.sum(1)
    if even < len(cells):
        found[cells[-1]] += 1
    return np.asarray(found)


def _count_sorted(who: NDArray[Any], when: NDArray[Any], codes: NDArray[Any], k: int) -> NDArray[np.int64] | None:
    """Count the pairs of rows that stand by person and time; ``None`` if they do not, or a time stands twice."""
    total = np.zeros(max(k * k + 1, BYTE), dtype=np.int64)
    for lo in range(0, len(who) - 1, CHUNK):
        part, further = slice(lo, min(lo + CHUNK, len(who) - 1)), slice(lo + 1, lo + CHUNK + 1)
        same = who[further] == who[part]
        if not ((who[further] >= who[part]).all() and ((when[further] > when[part]) | ~same).all()):
            return None
        total += _histogram(_cells(codes[part], codes[further], same, k), len(total))
    return total[: k * k].reshape(k, k)
