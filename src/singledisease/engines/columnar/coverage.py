"""Days of windows that rows cover, and the longest run of days that none does."""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.engines.columnar.domain import Domain, SelectedRows
from singledisease.engines.columnar.operands import Array
from singledisease.engines.columnar.row_ranges import flat
from singledisease.engines.columnar.row_tables import covered_until
from singledisease.engines.columnar.table import Indices
from singledisease.engines.columnar.windows import Bounds

Days = NDArray[np.int64]
_WIDTH, _SHIFT = np.int64(2**32), np.int64(2**31)


@frozen(eq=False)
class Intervals:
    """What rows cover of the window of their cell, by cell and in order of their first days.

    ``reached`` is the last day covered by what stands before in the same cell, or the day before the window.
    """

    cell: Indices
    first: Days
    last: Days
    reached: Days


def intervals_of(rows: SelectedRows, window: Bounds, domain: Domain, open_ended: bool) -> Intervals:
    """Cut what rows cover to the window of their cell; what lies outside is left out."""
    cell = rows.cell
    opens = flat(window.first, domain).astype(np.int64)[cell]
    first = np.maximum(rows.dates, opens)
    last = np.minimum(covered_until(rows, open_ended), flat(window.last, domain).astype(np.int64)[cell])
    inside = np.flatnonzero(first <= last)
    order = inside[np.lexsort((first[inside], cell[inside]))]
    cell, first, last, opens = cell[order], first[order], last[order], opens[order]
    # One ascending number for cell and day: the highest so far is one of the same cell.
    furthest = np.maximum.accumulate(cell * _WIDTH + (last + _SHIFT)) - cell * _WIDTH - _SHIFT
    reached = opens - 1
    follows = np.flatnonzero(cell[1:] == cell[:-1]) + 1
    reached[follows] = furthest[follows - 1]
    return Intervals(cell, first, last, reached)


def days_covered(found: Intervals, shape: tuple[int, ...]) -> Array:
    """Count the days that at least one row covers."""
    new = np.maximum(found.last - np.maximum(found.first - 1, found.reached), 0)
    total = np.zeros(math.prod(shape), np.int64)
    np.add.at(total, found.cell, new)
    return total.reshape(shape)


def longest_gap(found: Intervals, window: Bounds, domain: Domain) -> Array:
    """Give the length of the longest run of days of the window that no row covers."""
    opens, closes = flat(window.first, domain).astype(np.int64), flat(window.last, domain).astype(np.int64)
    behind = opens - 1
    np.maximum.at(behind, found.cell, found.last)
    longest = np.maximum(closes - behind, 0)
    np.maximum.at(longest, found.cell, found.first - found.reached - 1)
    return np.asarray(longest.reshape(domain.shape))
