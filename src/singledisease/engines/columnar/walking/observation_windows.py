"""From when to when each person is observed, and which rows lie within."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.engines.columnar.concerns import died
from singledisease.engines.columnar.operands import Array, Mask
from singledisease.engines.columnar.table import Indices
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import NO_ROW


@frozen(eq=False)
class Observed:
    """Observed time of each person.

    Attributes
    ----------
    any
        Whether there is any.
    start
        First observed day; meaningless where there is none.
    last
        Last day on which anything happens: of death, else of observation.
    dead
        Whether death is reached.
    death_row
        The exit that says so, ``NO_ROW`` if it is known otherwise.
    end_row
        The row after the last one that counts.
    """

    any: Mask
    start: NDArray[np.int32]
    last: NDArray[np.int32]
    dead: Mask
    death_row: Indices
    end_row: Indices


def observed_of(log: EventLog, until: int) -> Observed:
    """Find the observed time of everyone in a log."""
    first_row, behind = log.offsets[:-1], log.offsets[1:]
    active = np.flatnonzero(behind > first_row)
    start = log.people.birth.copy()
    blank = active[start[active] == MISSING]
    start[blank] = log.date[first_row[blank]]
    some = (start != MISSING) & (start <= until)
    death, death_row = _deaths(log)
    dead = some & (death != MISSING) & (death <= until)
    last = np.where(dead, death, np.int32(until)).astype(np.int32)
    end_row = np.where(some, behind, first_row)
    late = active[some[active]]
    late = late[log.date[behind[late] - 1] > last[late]]
    end_row[late] = first_row_from(log.date, first_row[late], behind[late], last[late] + 1)
    return Observed(some, start, last, dead, death_row, end_row)


def _deaths(log: EventLog) -> tuple[NDArray[np.int32], Indices]:
    """Give the day of each death, and the row that says so unless it is known to be earlier."""
    exits = np.flatnonzero(died(log))[::-1]
    row = np.full(len(log.people), NO_ROW)
    # The first exit of a person is assigned last, and stays.
    row[np.searchsorted(log.offsets, exits, "right") - 1] = exits
    death = log.people.death.copy()
    said = np.flatnonzero(row != NO_ROW)
    day = log.date[row[said]]
    earlier = (death[said] == MISSING) | (day <= death[said])
    death[said[earlier]] = day[earlier]
    row[said[~earlier]] = NO_ROW
    return death, row


def first_row_from(date: NDArray[np.int32], low: Array, high: Array, day: Array) -> Indices:
    """Give for each stretch of rows the first dated on or after a day; the stretch's end if there is none."""
    low, high = low.astype(np.intp), high.astype(np.intp)
    searching = np.flatnonzero(low < high)
    # It is near the end more often than not: looking at a few rows there beats halving the stretch.
    for _ in range(4):
        searching = searching[np.flatnonzero(date[high[searching] - 1] >= day[searching])]
        high[searching] -= 1
        searching = searching[np.flatnonzero(low[searching] < high[searching])]
    while searching.size:
        middle = (low[searching] + high[searching]) // 2
        before = date[middle] < day[searching]
        low[searching[before]] = middle[before] + 1
        high[searching[~before]] = middle[~before]
        searching = searching[low[searching] < high[searching]]
    return high


def stretches(low: Indices, high: Indices) -> Indices:
    """Give all rows of stretches ``low:high``, one after the other."""
    length = high - low
    before = np.cumsum(length) - length
    return np.repeat(low - before, length) + np.arange(int(length.sum()))
