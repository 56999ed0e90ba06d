"""Many rows made into one value per period and person."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from singledisease.dates import MISSING
from singledisease.engines.columnar.domain import Indices, Rows
from singledisease.engines.columnar.operands import Array, Day, Mask, Number, Operand, known

Shape = tuple[int, int]
_LAST = np.iinfo(np.int32).max


@frozen(eq=False)
class Cells:
    """Rows, and the cell (period, person) that each belongs to, as index into the flattened shape."""

    rows: Rows
    cell: Indices
    shape: Shape


def cells_of(rows: Rows, periods: int, people: int) -> Cells:
    """Say to which cell each row belongs."""
    cell = rows.person if rows.period is None else rows.period * people + rows.person
    return Cells(rows, cell, (periods, people))


def _size(cells: Cells) -> int:
    return cells.shape[0] * cells.shape[1]


def count(cells: Cells) -> Number:
    """Count rows."""
    return Number(np.bincount(cells.cell, minlength=_size(cells)).astype(np.float64).reshape(cells.shape))


def count_days(cells: Cells) -> Number:
    """Count different days; rows of a cell stand by day, so a day begins where cell or date changes."""
    date, cell = cells.rows.dates, cells.cell
    begins = np.ones(len(cell), np.bool_)
    begins[1:] = (cell[1:] != cell[:-1]) | (date[1:] != date[:-1])
    return count(Cells(cells.rows, cell[begins], cells.shape))


def exists(cells: Cells) -> Mask:
    """Say where there is a row."""
    found = np.zeros(_size(cells), np.bool_)
    found[cells.cell] = True
    return found.reshape(cells.shape)


def picked(cells: Cells, which: str, pick: int) -> Rows:
    """Give the first or last row of each cell that has one; rows of a cell stand together, in canonical order."""
    changes = np.flatnonzero(cells.cell[1:] != cells.cell[:-1])
    places = np.append(0, changes + 1) if which == "first" else np.append(changes, len(cells.cell) - 1)
    return cells.rows.at(places[: len(cells.cell)], pick)


def extreme(cells: Cells, how: str, operand: Operand) -> Operand:
    """Give the smallest or largest value, missing ones left out."""
    assert isinstance(operand, Number | Day)
    there = known(operand)
    cell, values = cells.cell[there], operand.values[there]
    if isinstance(operand, Number):
        found = _extremes(np.full(_size(cells), np.inf), cell, values, how)
        return Number(np.where(np.isinf(found), np.nan, found).reshape(cells.shape))
    days = _extremes(np.full(_size(cells), _LAST, np.int32), cell, values, how)
    return Day(np.where(abs(days) == _LAST, np.int32(MISSING), days).reshape(cells.shape))


def _extremes(beyond: Array, cell: Indices, values: Array, how: str) -> Array:
    """Give the extreme value of each cell, or what lies beyond all values."""
    if how == "minimum":
        np.minimum.at(beyond, cell, values)
        return beyond
    np.negative(beyond, out=beyond)
    np.maximum.at(beyond, cell, values)
    return beyond
