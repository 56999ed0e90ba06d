"""The rows of selections and picks, and the days of windows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING, month_number, month_start
from singledisease.engines.columnar import reductions
from singledisease.engines.columnar.context import EvaluationContext, Place, day_of, evaluate_mask
from singledisease.engines.columnar.domain import Rows
from singledisease.engines.columnar.filters import Bounds, Filters, filters_of, in_periods, rows_of_kinds
from singledisease.engines.columnar.null_strict_pick import is_timeless
from singledisease.engines.columnar.operands import Mask
from singledisease.engines.columnar.reductions import Cells
from singledisease.engines.columnar.row_tables import breaches_table
from singledisease.language import nodes as n

NO_START, NO_END = np.full((1, 1), -(2**31) + 1, np.int32), np.full((1, 1), 2**31 - 1, np.int32)


def selected(q: EvaluationContext, selection: n.Selection) -> Rows:
    """Give the rows of a selection, by period."""
    filters = filters_of(selection)
    windows = tuple([q.numbering.of(window) for window in filters.windows])
    bounds = Bounds(NO_START, q.asked)
    for window in filters.windows:
        bounds &= bounds_of(q, window, None)
    rows = _rows_in_hull(q, filters, bounds)
    late = []
    for condition in filters.conditions:
        if q.periods == 1 or is_timeless(q.numbering, condition):
            rows = _kept(q, rows, condition)
        else:
            late.append(condition)
    rows = q.once(("in periods", rows.number, windows), lambda: in_periods(rows, bounds, q.periods))
    for condition in late:
        rows = _kept(q, rows, condition)
    return rows


def _rows_in_hull(q: EvaluationContext, filters: Filters, bounds: Bounds) -> Rows:
    first, last = bounds.hull
    disease = filters.breaches_of
    table = (
        q.events if disease is None else q.once(("breaches", disease), lambda: breaches_table(q.courses_of(disease)))
    )
    days = (disease, first, last)
    among: Mask = q.once(("days", *days), lambda: (table.date >= first) & (table.date <= last))
    key = ("rows", frozenset(filters.kinds), *days)
    rows: Rows = q.once(key, lambda: rows_of_kinds(table, filters.kinds, among))
    return rows


def _kept(q: EvaluationContext, rows: Rows, condition: n.Value) -> Rows:
    key = ("kept", rows.number, q.numbering.of(condition))
    kept: Rows = q.once(key, lambda: rows.where(evaluate_mask(q, condition, rows, True)))
    return kept


def cells_of(q: EvaluationContext, rows: Rows) -> Cells:
    """Say to which period and person each row belongs."""
    cells: Cells = q.once(("cells", rows.number), lambda: reductions.cells_of(rows, q.periods, q.people))
    return cells


def picked_cells(q: EvaluationContext, pick: n.Pick) -> Cells:
    """Give the row that a pick finds for each period and person, where it finds one."""
    number = q.numbering.of(pick)

    def work() -> Rows:
        return reductions.picked(cells_of(q, selected(q, pick.source)), pick.which, number)

    return cells_of(q, q.once(("picked", number), work))


# WINDOWS


def bounds_of(q: EvaluationContext, window: n.Window, place: Place) -> Bounds:
    """Give the days of a window, for everyone or for each of some rows."""
    match window:
        case n.PeriodWindow():
            return Bounds(q.start, q.asked)
        case n.CalendarWindow(unit, first, last):
            months = {"months": 1, "quarters": 3, "years": 12}[unit]
            held = [month_number(int(day)) // months for day in q.asked[:, 0]]
            starts = [[month_start((number + first) * months)] for number in held]
            ends = [[month_start((number + last + 1) * months) - 1] for number in held]
            return Bounds(_days(starts), np.minimum(_days(ends), q.asked))
        case _:
            first_day = NO_START if window.start is None else day_of(q, window.start, place)
            last_day = NO_END if window.end is None else day_of(q, window.end, place)
            some = (first_day != MISSING) & (last_day != MISSING)
            # An unknown end holds no day: last before first, and both small enough to be subtracted.
            return Bounds(np.where(some, first_day, np.int32(1)), np.where(some, last_day, np.int32(0)))


def _days(rows: list[list[int]]) -> NDArray[np.int32]:
    return np.array(rows, np.int32).reshape(-1, 1)
