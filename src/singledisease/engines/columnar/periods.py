"""Rows put into the periods in whose windows they are dated: written out, or as a range of each person."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from singledisease.engines.columnar.domain import Everyone, Rows
from singledisease.engines.columnar.row_ranges import RowRanges
from singledisease.engines.columnar.table import Indices
from singledisease.engines.columnar.windows import Bounds


def in_periods(rows: Rows, bounds: Bounds, everyone: Everyone) -> Rows:
    """Put rows into periods: a row into none, one or several.  Rows have to lie within the hull of the bounds."""
    first, last = np.broadcast_arrays(bounds.first, bounds.last)
    if bounds.is_same_for_all:
        if everyone.periods == 1:
            return rows
        if do_follow(bounds):
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
    several = everyone.periods > 1
    return rows.put(np.concatenate(chosen), np.repeat(np.arange(everyone.periods), number) if several else None)


def do_follow(bounds: Bounds) -> bool:
    """Say whether windows that are the same for all follow one another, so that no day is in two."""
    first, last = np.broadcast_arrays(bounds.first[:, 0], bounds.last[:, 0])
    return bool((first[1:] > last[:-1]).all() and (first <= last).all())


def _in_one_each(rows: Rows, first: NDArray[np.int32], last: NDArray[np.int32]) -> Rows:
    """Put rows into windows that follow one another: no row into two."""
    days = np.arange(first[0], last[-1] + 1)
    period_of_day = np.searchsorted(last, days)
    period_of_day[days < first[period_of_day]] = -1
    period = period_of_day.take(rows.dates - first[0])
    placed = np.flatnonzero(period >= 0)
    return rows.put(placed, period.take(placed))


# WINDOWS THAT OVERLAP


def are_ranges_fewer(rows: Rows, bounds: Bounds, everyone: Everyone) -> bool:
    """Say whether windows that are the same for all hold so many rows that a range for each person takes less."""
    if everyone.periods == 1 or not bounds.is_same_for_all or do_follow(bounds):
        return False
    pairs = sum(
        int(np.count_nonzero((rows.dates >= first) & (rows.dates <= last)))
        for first, last in zip(
            *(days[:, 0].tolist() for days in np.broadcast_arrays(bounds.first, bounds.last)), strict=True
        )
    )
    return pairs > _PAIRS_OF_A_RANGE * everyone.periods * everyone.size


_PAIRS_OF_A_RANGE = 2
"""To find where the rows of an element begin and end takes as long as to write out so many of them."""


def ranges_in_periods(rows: Rows, bounds: Bounds, everyone: Everyone) -> RowRanges:
    """Give of each period and owner where rows begin and end that are dated in a window, which is the same for all.

    A row may lie in the windows of many periods: it is counted once for each end of a window, and written out for
    none.  Rows have to stand by owner and date.
    """
    behind = np.cumsum(np.bincount(rows.owner, minlength=everyone.size))
    begin = behind - np.bincount(rows.owner, minlength=everyone.size)
    shape = everyone.periods, 1
    low = begin + _earlier(rows, np.broadcast_to(bounds.first, shape)[:, 0], everyone, "right")
    high = begin + _earlier(rows, np.broadcast_to(bounds.last, shape)[:, 0], everyone, "left")
    return RowRanges(
        rows=rows, outer=everyone, low=low.reshape(-1), high=np.maximum(high, low).reshape(-1), root=everyone
    )


def _earlier(rows: Rows, day: NDArray[np.int32], everyone: Everyone, side: Literal["left", "right"]) -> Indices:
    """Count of each period and owner the rows before a day of the period; ``left``: those on the day as well."""
    order = np.argsort(day, kind="stable")
    passed = _passed(rows.dates, day[order], side)
    if not len(passed) or int(passed.min()) == len(day):
        return np.zeros((len(day), everyone.size), np.intp)
    cells = (len(day) + 1) * everyone.size
    number = np.bincount(passed * everyone.size + rows.owner, minlength=cells).reshape(-1, everyone.size)
    found = np.empty((len(day), everyone.size), np.intp)
    found[order] = np.cumsum(number[:-1], axis=0)
    return found


_DAYS = 2**16


def _passed(dates: NDArray[np.int32], days: NDArray[np.int32], side: Literal["left", "right"]) -> Indices:
    """Say how many of some days, ascending, each date has passed, or with ``right`` come to."""
    first, last = (int(dates.min()), int(dates.max())) if len(dates) else (0, 0)
    if last - first >= _DAYS:
        return np.searchsorted(days, dates, side)
    # Far more rows than days: each day is looked up once.
    return np.searchsorted(days, np.arange(first, last + 1, dtype=np.int32), side).take(dates - np.int32(first))
