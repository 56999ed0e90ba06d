"""Rows put into the periods in whose windows they are dated: written out, or as a range of each person."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from singledisease.engines.columnar.domain import Everyone, SelectedRows
from singledisease.engines.columnar.row_ranges import RowRanges
from singledisease.engines.columnar.row_runs import Places, RowRuns
from singledisease.engines.columnar.table import Indices
from singledisease.engines.columnar.windows import Bounds


def in_periods(rows: SelectedRows, bounds: Bounds, everyone: Everyone) -> SelectedRows:
    """Put rows into periods: a row into none, one or several.  Rows have to lie within the hull of the bounds."""
    first, last = np.broadcast_arrays(bounds.first, bounds.last)
    if bounds.is_same_for_all:
        if everyone.periods == 1:
            return rows
        if do_follow(bounds):
            return _in_one_each(rows, first[:, 0], last[:, 0])
    if not bounds.is_same_for_all and np.count_nonzero(first <= last) * _ROWS_OF_A_SEARCH < len(rows.index):
        return _in_few(rows, bounds, everyone)
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


_ROWS_OF_A_SEARCH = 2
"""To look for the rows in the window of one element takes as long as to look at so many rows in every period."""

_SHIFT = np.int64(2**31)


def _in_few(rows: SelectedRows, bounds: Bounds, everyone: Everyone) -> SelectedRows:
    """Put rows into windows that hardly any element has: each is searched for."""
    first, last = (np.broadcast_to(days, everyone.shape) for days in (bounds.first, bounds.last))
    cells = np.flatnonzero(first <= last)
    owner = (cells % max(everyone.size, 1)) << 32
    day = (rows.owner.astype(np.int64) << 32) + (rows.dates + _SHIFT)
    low = np.searchsorted(day, owner + (first.reshape(-1).take(cells) + _SHIFT))
    number = np.searchsorted(day, owner + (last.reshape(-1).take(cells) + _SHIFT), "right") - low
    place = np.repeat(low - (np.cumsum(number) - number), number) + np.arange(int(number.sum()))
    return SelectedRows(
        table=rows.table,
        index=rows.index.take(place),
        root=rows.root,
        outer=rows.outer,
        cell=np.repeat(cells, number),
        kinds=rows.kinds,
    )


def do_follow(bounds: Bounds) -> bool:
    """Say whether windows that are the same for all follow one another, so that no day is in two."""
    first, last = np.broadcast_arrays(bounds.first[:, 0], bounds.last[:, 0])
    return bool((first[1:] > last[:-1]).all() and (first <= last).all())


def _in_one_each(rows: SelectedRows, first: NDArray[np.int32], last: NDArray[np.int32]) -> SelectedRows:
    """Put rows into windows that follow one another: no row into two."""
    days = np.arange(first[0], last[-1] + 1)
    period_of_day = np.searchsorted(last, days)
    period_of_day[days < first[period_of_day]] = -1
    period = period_of_day.take(rows.dates - first[0])
    placed = np.flatnonzero(period >= 0)
    return rows.put(placed, period.take(placed))


# WINDOWS THAT MOVE ON


def do_move_on(*ends: NDArray[np.int32]) -> bool:
    """Say whether ends of windows are the same for all, and none is before that of the period before."""
    return all(days.shape[-1] == 1 and bool((days[1:] >= days[:-1]).all()) for days in ends)


def runs_in_periods(rows: SelectedRows, bounds: Bounds, everyone: Everyone) -> RowRuns:
    """Put rows into the periods in whose windows, which have to move on, they are dated."""
    shape = everyone.periods, 1
    first, last = (np.broadcast_to(days, shape)[:, 0] for days in (bounds.first, bounds.last))
    begin, behind = _passed(rows.dates, last, "left"), _passed(rows.dates, first, "right")
    is_somewhere = begin < behind
    if not is_somewhere.all():
        some = np.flatnonzero(is_somewhere)
        rows, begin, behind = rows.at(some), begin.take(some), behind.take(some)
    return RowRuns(rows=rows, begin=begin, behind=behind, everyone=everyone)


# WINDOWS THAT OVERLAP IN ANY OTHER WAY


def are_ranges_fewer(rows: SelectedRows, bounds: Bounds, everyone: Everyone) -> bool:
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


def ranges_in_periods(rows: SelectedRows, bounds: Bounds, everyone: Everyone) -> RowRanges:
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


def _earlier(rows: SelectedRows, day: NDArray[np.int32], everyone: Everyone, side: Literal["left", "right"]) -> Indices:
    """Count of each period and owner the rows before a day of the period; ``left``: those on the day as well."""
    order = np.argsort(day, kind="stable")
    passed = _passed(rows.dates, day[order], side)
    if not len(passed) or int(passed.min()) == len(day):
        return np.zeros((len(day), everyone.size), np.intp)
    cells = (len(day) + 1) * everyone.size
    number = np.bincount(passed * np.intp(everyone.size) + rows.owner, minlength=cells).reshape(-1, everyone.size)
    found = np.empty((len(day), everyone.size), np.intp)
    found[order] = np.cumsum(number[:-1], axis=0)
    return found


_DAYS = 2**16


def _passed(dates: NDArray[np.int32], days: NDArray[np.int32], side: Literal["left", "right"]) -> Places:
    """Say how many of some days, ascending, each date has passed, or with ``right`` come to."""
    kind = np.min_scalar_type(len(days))
    first, last = (int(dates.min()), int(dates.max())) if len(dates) else (0, 0)
    if last - first >= _DAYS:
        return np.searchsorted(days, dates, side).astype(kind)
    # Far more rows than days: each day is looked up once.
    every = np.arange(first, last + 1, dtype=np.int32)
    return np.searchsorted(days, every, side).astype(kind).take(dates - np.int32(first))
