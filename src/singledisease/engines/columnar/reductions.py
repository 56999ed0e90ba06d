"""Many rows made into one value for each element for which they were selected.

Rows of one element stand together, in canonical order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from singledisease.dates import MISSING
from singledisease.engines.columnar.domain import SelectedRows, Which
from singledisease.engines.columnar.operands import Array, Day, Mask, Number, Operand, Text, Truth, known
from singledisease.engines.columnar.row_ranges import RowRanges
from singledisease.engines.columnar.row_runs import RowRuns
from singledisease.engines.columnar.table import Indices

Shape = tuple[int, ...]
_LAST = np.iinfo(np.int32).max


def counts(rows: SelectedRows | RowRanges | RowRuns, shape: Shape) -> Array:
    """Count rows."""
    if isinstance(rows, RowRuns):
        return rows.counts()
    if isinstance(rows, RowRanges):
        return rows.counts.reshape(shape)
    return np.bincount(rows.cell, minlength=math.prod(shape)).reshape(shape)


def exists(rows: SelectedRows | RowRanges | RowRuns, shape: Shape) -> Mask:
    """Say where there is a row."""
    if isinstance(rows, RowRuns):
        return rows.exists()
    if isinstance(rows, RowRanges):
        return np.asarray(rows.counts > 0).reshape(shape)
    found = np.zeros(math.prod(shape), np.bool_)
    found[rows.cell] = True
    return found.reshape(shape)


def count_days(rows: SelectedRows, shape: Shape) -> Array:
    """Count different days; rows of a cell stand by day, so a day begins where cell or date changes."""
    date, cell = rows.dates, rows.cell
    begins = np.ones(len(cell), np.bool_)
    begins[1:] = (cell[1:] != cell[:-1]) | (date[1:] != date[:-1])
    first = cell.take(np.flatnonzero(begins))
    # With weights it gives floats at once: numbers are what is asked for.
    return np.bincount(first, np.ones(len(first)), math.prod(shape)).reshape(shape)


def days_by_cell(rows: SelectedRows) -> tuple[Indices, Indices]:
    """Give the cells that have rows, ascending, and how many different days each has."""
    date, cell = rows.dates, rows.cell
    begins = np.ones(len(cell), np.bool_)
    begins[1:] = (cell[1:] != cell[:-1]) | (date[1:] != date[:-1])
    of_days = cell.take(np.flatnonzero(begins))
    first, last = _ends(of_days)
    return of_days.take(first), last - first + 1


def count_distinct(rows: SelectedRows, columns: Sequence[Operand], shape: Shape) -> Array:
    """Count different combinations of values; rows in which one is missing are left out."""
    there = np.logical_and.reduce([known(column) for column in columns])
    kept = np.flatnonzero(np.broadcast_to(there, rows.cell.shape))
    keys = [rows.cell[kept], *[np.broadcast_to(_comparable(column), there.shape)[kept] for column in columns]]
    order = np.lexsort(keys[::-1])
    differs = np.ones(len(order), np.bool_)
    differs[1:] = np.logical_or.reduce([key[order[1:]] != key[order[:-1]] for key in keys])
    return np.bincount(keys[0][order[differs]], minlength=math.prod(shape)).reshape(shape)


def _comparable(column: Operand) -> Array:
    match column:
        case Truth():
            return column.yes
        case Text():
            return column.codes
        case _:
            return column.values


# SOME OF THE ROWS


def outermost(
    rows: SelectedRows | RowRanges | RowRuns, which: Which, pick: int | None = None
) -> SelectedRows | RowRuns:
    """Give the first or last row of each cell that has one."""
    if not isinstance(rows, SelectedRows):
        return rows.outermost(which, pick)
    first, last = _ends(rows.cell)
    return rows.at(first if which == "first" else last, pick)


def among_first(rows: SelectedRows, which: Which, number: int) -> SelectedRows:
    """Give the first or last few rows of each cell."""
    first, last = _ends(rows.cell)
    length = last - first + 1
    place = np.arange(len(rows.cell))
    nth = place - np.repeat(first, length) if which == "first" else np.repeat(last, length) - place
    return rows.where(nth < number)


def _ends(cell: Indices) -> tuple[Indices, Indices]:
    """Give the places of the first and the last row of each cell."""
    changes = np.flatnonzero(cell[1:] != cell[:-1])
    some = min(len(cell), 1)
    return np.append(np.zeros(some, np.intp), changes + 1), np.append(changes, np.full(some, len(cell) - 1))


# EXTREMES


def extreme(rows: SelectedRows, how: str, operand: Operand, shape: Shape) -> Operand:
    """Give the smallest or largest value, missing ones left out."""
    assert isinstance(operand, Number | Day)
    there = known(operand)
    cell, values, size = rows.cell[there], operand.values[there], math.prod(shape)
    if isinstance(operand, Number):
        found = _extremes(np.full(size, np.inf), cell, values, how)
        return Number(np.where(np.isinf(found), np.nan, found).reshape(shape))
    days = _extremes(np.full(size, _LAST, np.int32), cell, values, how)
    return Day(np.where(abs(days) == _LAST, np.int32(MISSING), days).reshape(shape))


def _extremes(beyond: Array, cell: Indices, values: Array, how: str) -> Array:
    """Give the extreme value of each cell, or what lies beyond all values."""
    if how == "minimum":
        np.minimum.at(beyond, cell, values)
        return beyond
    np.negative(beyond, out=beyond)
    np.maximum.at(beyond, cell, values)
    return beyond
