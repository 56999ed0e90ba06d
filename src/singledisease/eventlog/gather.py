"""Columns put into another order: those that most rows lack by the rows that have something."""

from __future__ import annotations

from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Flags, Numbers

_MANY = 1 << 16
_SPARSE = 6
"""A column that fewer than one row in so many has is taken value by value."""


def taken(columns: MutableMapping[str, AnyColumn], rows: NDArray[np.int64]) -> dict[str, AnyColumn]:
    """Take rows of every column; of many rows in two threads, because it is waiting for memory that takes the time.

    ``columns`` is empty afterwards: each is let go of as soon as its rows are taken, so that of most columns there is
    never more than one copy.

    Parameters
    ----------
    columns
        Of one length.
    rows
        Which rows, none of them twice, in the order in which they are to stand.
    """
    names = list(columns)
    if len(rows) < _MANY:
        return {name: columns.pop(name)[rows] for name in names}
    count = len(columns[names[0]])
    place = np.full(count, -1, np.int32 if count < np.iinfo(np.int32).max else np.int64)
    place[rows] = np.arange(len(rows), dtype=place.dtype)
    with ThreadPoolExecutor(2) as threads:
        made = threads.map(lambda name: _in_order(columns.pop(name), rows, place), names)
        return dict(zip(names, made, strict=True))


def _in_order(column: AnyColumn, rows: NDArray[np.int64], place: NDArray[Any]) -> AnyColumn:
    known = column.known
    if np.count_nonzero(known) * _SPARSE >= len(known):
        return column[rows]
    given = np.flatnonzero(known)
    at = place.take(given)
    stands = at >= 0
    if not stands.all():
        given, at = given[stands], at[stands]
    values = column.codes if isinstance(column, Coded) else column.values
    made = np.full(len(rows), _missing(column), values.dtype)
    made[at] = values.take(given)
    return Coded(made, column.categories) if isinstance(column, Coded) else type(column)(made)


def _missing(column: AnyColumn) -> Any:
    match column:
        case Coded():
            return 0
        case Numbers():
            return np.nan
        case Dates():
            return MISSING
        case Flags():
            return -1
