"""Rows into their final places: by person, in canonical order, without exact duplicates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.eventlog.columns import AnyColumn, Coded, Dates
from singledisease.eventlog.order import canonical_order, without_repeats

_BLOCK = 1 << 21


@frozen(eq=False)
class Arranged:
    """Which rows stand, in their order; where each person's begin; how many were exact duplicates."""

    rows: NDArray[np.int64]
    offsets: NDArray[np.int64]
    duplicates: int


def arrange(
    people: int,
    *,
    person: NDArray[Any],
    date: NDArray[np.int32],
    kind: Coded,
    columns: Mapping[str, AnyColumn],
    chosen: NDArray[np.int64] | None = None,
) -> Arranged:
    """Put the chosen rows in order.

    Parameters
    ----------
    people
        How many people there are.
    person, date, kind, columns
        All rows, chosen or not.
    chosen
        int64: the rows to take; all, if ``None``.
    """
    order, again = canonical_order(person, date, kind, columns, chosen)
    recorded = columns.get("recorded")
    kept = without_repeats(order, again, recorded.values if isinstance(recorded, Dates) else date)
    offsets = np.zeros(people + 1, np.int64)
    np.cumsum(_rows_of_each(person if chosen is None and kept is order else person.take(kept), people), out=offsets[1:])
    return Arranged(kept, offsets, len(order) - len(kept))


def _rows_of_each(person: NDArray[Any], people: int) -> NDArray[np.int64]:
    """Count the rows of each person, some rows at a time: NumPy would widen all of them at once."""
    counts = np.zeros(people, np.int64)
    for first in range(0, len(person), _BLOCK):
        counts += np.bincount(person[first : first + _BLOCK], minlength=people)
    return counts
