"""People by any kind of id, as codes."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.errors import DataError
from singledisease.multistate.arrays import Codes
from singledisease.multistate.inputs.labels import LARGEST
from singledisease.multistate.inputs.missing import missing, plain_texts

CLOSE = 8
"""Ids that span no more than so many times the rows are numbered without sorting."""


def read_ids(values: Any) -> tuple[NDArray[Any], Codes]:
    """Return the people of a column of ids, and for each row which of them it is; -1 where the id is missing.

    Raises
    ------
    DataError
        If it is not one id per row.

    >>> read_ids(["x", 7, None, "x"])[1].tolist()
    [0, 1, -1, 0]
    """
    array = np.asarray(values)
    if array.ndim != 1:
        raise DataError(f"id must be one per row, not an array of shape {array.shape}")
    array = plain_texts(array, values)
    if array.dtype.kind in "iub":
        return _of_numbers(array)
    new = _differs(array)
    people, codes = _distinct(array[new])
    return people, codes if new.all() else codes[np.cumsum(new) - 1]


def _differs(array: NDArray[Any]) -> NDArray[np.bool_]:
    """Say which ids are not that of the row before; rows mostly stand by person, and few need telling apart."""
    new = np.ones(len(array), dtype=bool)
    # The NA of pandas is neither equal to anything nor different.
    with suppress(TypeError):
        new[1:] = array[1:] != array[:-1]
    return new


def _distinct(array: NDArray[Any]) -> tuple[NDArray[Any], Codes]:
    """Return the ids that are not missing, sorted if they can be, and which of them each is."""
    gap = missing(array)
    codes = np.full(len(array), -1, dtype=np.int64)
    if array.dtype.kind != "O":
        people, codes[~gap] = np.unique(array[~gap], return_inverse=True)
        return people, codes
    column = array[~gap].tolist()
    place = {one: code for code, one in enumerate(_sorted_if_possible(dict.fromkeys(column)))}
    codes[~gap] = [place[one] for one in column]
    people = np.empty(len(place), dtype=object)
    people[:] = list(place)
    return people, codes


def _sorted_if_possible(ids: Iterable[Any]) -> list[Any]:
    try:
        return sorted(ids)
    except TypeError:
        return list(ids)


def _of_numbers(array: NDArray[Any]) -> tuple[NDArray[Any], Codes]:
    """Return each a number; rows that stand by person, and numbers that are close together, need no sorting."""
    if not len(array):
        return array, np.zeros(0, dtype=np.int64)
    if (array[1:] >= array[:-1]).all():
        new = np.append(True, array[1:] != array[:-1])
        return array[new], np.cumsum(new) - 1
    low, high = int(array.min()), int(array.max())
    if array.dtype.kind == "b" or high - low > CLOSE * len(array) or high > LARGEST:
        people, codes = np.unique(array, return_inverse=True)
        return people, codes.astype(np.int64)
    place = array.astype(np.int64) - low
    there = np.zeros(high - low + 1, dtype=bool)
    there[place] = True
    return np.flatnonzero(there) + low, (np.cumsum(there) - 1)[place]
