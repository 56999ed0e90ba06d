"""Who has a row in a window that ends alike for all: whoever has a last row that is not earlier than it begins."""

from __future__ import annotations

import numpy as np

from singledisease.dates import MISSING
from singledisease.engines.columnar.context import EvaluationContext
from singledisease.engines.columnar.domain import Everyone, kept_on
from singledisease.engines.columnar.filters import plan_of
from singledisease.engines.columnar.narrowed_rows import days_of, is_early, narrowed, rows_in_hull
from singledisease.engines.columnar.operands import Array, Mask
from singledisease.engines.columnar.periods import do_move_on, runs_in_periods
from singledisease.engines.columnar.row_tables import table_of
from singledisease.engines.columnar.table import RowTable
from singledisease.engines.columnar.windows import Bounds
from singledisease.language import nodes as n


def has_late_row(context: EvaluationContext, selection: n.Selection, everyone: Everyone) -> Mask | None:
    """Say who has a row in windows that end alike for all and begin for each person on another day.

    Somebody's last row before the end says it: it is not earlier than the window begins.  ``None``: windows are none
    such, or more than a window tells rows apart by period.
    """
    plan = plan_of(selection)
    table, filters = table_of(context, plan.base), plan.filters
    if plan.further or filters.overlapping or filters.same or everyone.owners != table.owners:
        return None
    bounds = days_of(context, filters, everyone)
    if bounds.first.shape[-1] == 1 or not do_move_on(bounds.last):
        return None
    if not all(is_early(context, table, everyone, condition) for condition in filters.conditions):
        return None
    hull = _begun_early(table, bounds.hull)
    rows = narrowed(context, rows_in_hull(table, plan, hull, everyone), filters.conditions)

    def work() -> Array:
        last = runs_in_periods(rows, Bounds(np.full((1, 1), hull[0], np.int32), bounds.last), everyone)
        of_last = last.outermost("last")
        return of_last.spread_array(of_last.rows.dates, MISSING)

    days = kept_on(rows, ("last days", bounds.last.tobytes()), work)
    return np.asarray(days >= np.maximum(bounds.first, np.int32(MISSING + 1)))


_EARLIEST = -(2**31) + 1


def _begun_early(table: RowTable, hull: tuple[int, int]) -> tuple[int, int]:
    """Let days that leave hardly any row out begin before all rows: so does whatever else is asked of the same rows."""
    first: int = kept_on(table, ("first day",), lambda: int(table.date.min(initial=2**31 - 1)))
    return (_EARLIEST, hull[1]) if hull[0] - first < (hull[1] - first) // 4 else hull
