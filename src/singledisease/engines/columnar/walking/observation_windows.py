"""From when to when each course is observed, and which rows lie within."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.engines.columnar.operands import Array, Mask
from singledisease.engines.columnar.table import Indices
from singledisease.engines.columnar.walking.timelines import Timelines, of_people
from singledisease.eventlog.log import EventLog


@frozen(eq=False)
class Observed:
    """Observed time of each course.

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
        The row of the exit that says so, ``NO_ROW`` if it is known otherwise.
    end_row
        The row after the last one that counts.
    """

    any: Mask
    start: NDArray[np.int32]
    last: NDArray[np.int32]
    dead: Mask
    death_row: Indices
    end_row: Indices


def observed_people(log: EventLog, until: int) -> Observed:
    """Find the observed time of every person, which is the same in all diseases."""
    found: Observed = log.kept.of(("observed", until), lambda: observed_of(of_people(log), until))
    return found


def observed_of(lines: Timelines, until: int) -> Observed:
    """Find the observed time of every course."""
    first_row, behind, date = lines.offsets[:-1], lines.offsets[1:], lines.date
    some = (lines.start != MISSING) & (lines.start <= until)
    dead = some & (lines.death != MISSING) & (lines.death <= until)
    last = np.where(dead, lines.death, np.int32(until)).astype(np.int32)
    end_row = np.where(some, behind, first_row)
    late = np.flatnonzero(some & (behind > first_row))
    late = late[date[behind[late] - 1] > last[late]]
    end_row[late] = first_row_from(date, first_row[late], behind[late], last[late] + 1)
    return Observed(some, lines.start, last, dead, lines.death_row, end_row)


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
