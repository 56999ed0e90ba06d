"""Rows put into the periods in whose windows they are dated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singledisease.engines.columnar.domain import Everyone, Rows
from singledisease.engines.columnar.windows import Bounds


def in_periods(rows: Rows, bounds: Bounds, everyone: Everyone) -> Rows:
    """Put rows into periods: a row into none, one or several.  Rows have to lie within the hull of the bounds."""
    first, last = np.broadcast_arrays(bounds.first, bounds.last)
    if bounds.is_same_for_all:
        if everyone.periods == 1:
            return rows
        if (first[1:, 0] > last[:-1, 0]).all() and (first <= last).all():
            return _in_one_each(rows, first[:, 0], last[:, 0])
    dates = rows.dates
    chosen = []
    for period in range(everyone.periods):
        which = period if len(first) > 1 else 0
        # Asked for nobody, a window of a person has no column to take.
        who = 0 if bounds.is_same_for_all else rows.owner
        low, high = first[which, who], last[which, who]
        chosen.append(np.flatnonzero((dates >= low) & (dates <= high)))
    number = [len(part) for part in chosen]
    period = None if everyone.periods == 1 else np.repeat(np.arange(everyone.periods), number)
    return rows.put(np.concatenate(chosen), period)


def _in_one_each(rows: Rows, first: NDArray[np.int32], last: NDArray[np.int32]) -> Rows:
    """Put rows into windows that follow one another: no row into two."""
    days = np.arange(first[0], last[-1] + 1)
    period_of_day = np.searchsorted(last, days)
    period_of_day[days < first[period_of_day]] = -1
    period = period_of_day.take(rows.dates - first[0])
    placed = np.flatnonzero(period >= 0)
    return rows.put(placed, period.take(placed))
