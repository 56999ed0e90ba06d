"""The rows of a table that meet what is asked of each by itself, before they are told apart by period."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from singledisease.engines.columnar.context import EvaluationContext, evaluate_mask
from singledisease.engines.columnar.domain import Domain, Everyone, SelectedRows, kept_on
from singledisease.engines.columnar.event_rows import rows_between
from singledisease.engines.columnar.filters import Filters, SelectionPlan, column_of_codes
from singledisease.engines.columnar.scopes import asks_linked, is_of_codes, is_timeless, names_outer_row
from singledisease.engines.columnar.table import RowTable
from singledisease.engines.columnar.windows import Bounds, bounds_of, everything
from singledisease.language import nodes as n


def days_of(context: EvaluationContext, filters: Filters, domain: Domain) -> Bounds:
    """Give the days on which the date of a row has to lie."""
    bounds = everything(domain)
    for window in filters.windows:
        bounds &= bounds_of(context, window, domain)
    for window in filters.overlapping:
        last = bounds_of(context, window, domain).last
        bounds &= Bounds(np.full_like(last, np.iinfo(np.int32).min + 1), last)
    return bounds


def rows_in_hull(table: RowTable, plan: SelectionPlan, hull: tuple[int, int], everyone: Everyone) -> SelectedRows:
    """Give the rows of the kinds asked for, on the days that hold all windows; of no kind, those with a code."""
    kinds = frozenset(plan.base.kinds if isinstance(plan.base, n.Events | n.Activities) else ())
    known = "" if kinds else column_of_codes(plan.filters.conditions)

    def work() -> SelectedRows:
        index = rows_between(table, kinds, *hull, known)
        return SelectedRows(table=table, index=index, root=everyone, outer=everyone, kinds=kinds)

    rows: SelectedRows = kept_on(table, ("rows", kinds, known, hull), work)
    return rows


def is_early(context: EvaluationContext, table: RowTable, everyone: Everyone, condition: n.Value) -> bool:
    """Say whether a condition can be asked of rows that are not yet told apart by period and outer row."""
    own = {table.courses.disease.id} if table.courses is not None and table.source == "sequences" else set()
    if asks_linked(context.common, condition) - own:
        return False
    if everyone.periods == 1:
        return not names_outer_row(condition)
    return is_timeless(context.common, condition, frozenset(table.as_seen))


def narrowed(context: EvaluationContext, rows: SelectedRows, conditions: Sequence[n.Value]) -> SelectedRows:
    """Leave the rows that meet some conditions: those on codes all at once, then one after the other the rest."""
    of_codes = [condition for condition in conditions if is_of_codes(context.common, condition)]
    if of_codes:
        rows = _meeting(context, rows, of_codes)
    for condition in conditions:
        if not is_of_codes(context.common, condition):
            rows = meeting_one(context, rows, condition)
    return rows


def _meeting(context: EvaluationContext, rows: SelectedRows, conditions: Sequence[n.Value]) -> SelectedRows:
    """Leave the rows that meet all of some conditions, gathering once."""

    def work() -> SelectedRows:
        return rows.where(reduce(np.logical_and, (evaluate_mask(context, each, rows) for each in conditions)))

    met: SelectedRows = kept_on(rows, ("met", frozenset(map(context.common.of, conditions))), work)
    return met


def meeting_one(context: EvaluationContext, rows: SelectedRows, condition: n.Value) -> SelectedRows:
    """Leave the rows that meet a condition."""
    key = "kept", context.common.of(condition)
    kept: SelectedRows = kept_on(rows, key, lambda: rows.where(evaluate_mask(context, condition, rows)))
    return kept
