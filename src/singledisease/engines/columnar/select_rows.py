"""The rows of selections and picks, for the elements of a domain."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import numpy as np

from singledisease.engines.columnar.context import EvaluationContext, evaluate_mask
from singledisease.engines.columnar.domain import Domain, Everyone, Moments, Root, SelectedRows, Which, kept_on
from singledisease.engines.columnar.filters import Filters, SelectionPlan, plan_of
from singledisease.engines.columnar.narrowed_rows import days_of, is_early, meeting_one, narrowed, rows_in_hull
from singledisease.engines.columnar.operands import Mask
from singledisease.engines.columnar.periods import (
    are_ranges_fewer,
    do_follow,
    do_move_on,
    in_periods,
    ranges_in_periods,
    runs_in_periods,
)
from singledisease.engines.columnar.reductions import among_first, outermost
from singledisease.engines.columnar.row_keys import keys_of
from singledisease.engines.columnar.row_ranges import RowRanges, ranges_of
from singledisease.engines.columnar.row_runs import RowRuns
from singledisease.engines.columnar.row_tables import row_ends, table_of
from singledisease.engines.columnar.table import RowTable
from singledisease.engines.columnar.windows import bounds_of, seen_bounds
from singledisease.language import nodes as n

RowSet = SelectedRows | RowRanges | RowRuns
"""Rows of a selection, by the element for which they were selected."""


def selected(context: EvaluationContext, selection: n.Selection, domain: Domain) -> RowSet:
    """Give the rows of a selection for the elements of a domain."""
    key = "selected", context.common.of(selection)
    found: RowSet = kept_on(domain, key, lambda: _selected(context, plan_of(selection), domain))
    return found


def selected_rows(context: EvaluationContext, selection: n.Selection, domain: Domain) -> SelectedRows:
    """Give the rows of a selection, written out."""
    return written_out(selected(context, selection, domain))


def written_out(found: RowSet) -> SelectedRows:
    """Give rows one by one, each with its element."""
    if isinstance(found, SelectedRows):
        return found
    rows: SelectedRows = kept_on(found, ("written out",), found.written_out)
    return rows


def picked(context: EvaluationContext, pick: n.Pick, domain: Domain) -> SelectedRows | RowRuns:
    """Give the row that a pick finds for each element that has one."""
    found = selected(context, pick.source, domain)
    # Rows that were picked for other rows are not those that the same pick finds for them.
    number = None if isinstance(domain, SelectedRows) else context.common.of(pick)
    rows: SelectedRows | RowRuns = kept_on(
        found, ("picked", pick.which, number), lambda: outermost(found, pick.which, number)
    )
    return rows


def _selected(context: EvaluationContext, plan: SelectionPlan, target: Domain) -> RowSet:
    table = table_of(context, plan.base)
    if isinstance(target, Everyone):
        # Of an institution rows of people are asked in its row, and the other way round: else it was refused.
        assert target.owners == table.owners
        found: RowSet = _placed(context, plan, table, target)
    else:
        found = _ranged(context, plan, table, target)
    for step, filters in plan.further:
        which: Which = "first" if step.which == "earliest" else "last"
        found = _limited(found, which, step.number)
        if filters != Filters():
            found = _filtered(context, written_out(found), filters, target)
    return found


def _limited(found: RowSet, which: Which, number: int) -> RowSet:
    """Leave the first or the last few rows of each element."""
    if isinstance(found, RowRanges):
        return found.limited(which, number)
    if isinstance(found, RowRuns) and number == 1:
        return found.outermost(which)
    return among_first(written_out(found), which, number)


# FOR EVERYONE


def _placed(context: EvaluationContext, plan: SelectionPlan, table: RowTable, everyone: Everyone) -> RowSet:
    """Give rows by period; what is the same in all periods is asked before they are told apart."""
    filters = plan.filters
    bounds = days_of(context, filters, everyone)
    rows = rows_in_hull(table, plan, bounds.hull, everyone)
    holds_early = partial(is_early, context, table, everyone)
    rows = narrowed(context, rows, [condition for condition in filters.conditions if holds_early(condition)])
    days = tuple(context.common.of(window) for window in (*filters.windows, *filters.overlapping))
    key = "in periods", len(filters.windows), days
    late = [condition for condition in filters.conditions if not holds_early(condition)]
    if not late and not filters.overlapping:
        if everyone.periods > 1 and do_move_on(bounds.first, bounds.last) and not do_follow(bounds):
            runs: RowRuns = kept_on(rows, (*key, "runs"), lambda: runs_in_periods(rows, bounds, everyone))
            return runs
        if are_ranges_fewer(rows, bounds, everyone):
            ranges: RowRanges = kept_on(rows, (*key, "ranges"), lambda: ranges_in_periods(rows, bounds, everyone))
            return ranges
    rows = kept_on(rows, key, lambda: in_periods(rows, bounds, everyone))
    for condition in late:
        rows = meeting_one(context, rows, condition)
    return _overlapping(context, rows, filters.overlapping, everyone)


# FOR EACH ROW, MOMENT OR INSTITUTION


def _ranged(context: EvaluationContext, plan: SelectionPlan, table: RowTable, target: Moments | SelectedRows) -> RowSet:
    """Give the rows of each element by ranges; what compares them with the element is asked of the pairs."""
    filters = plan.filters
    bounds = days_of(context, filters, target)
    everyone = context.everyone if table.owners == "people" else context.institutions()
    rows = rows_in_hull(table, plan, bounds.hull, everyone)
    early = [condition for condition in filters.conditions if is_early(context, table, everyone, condition)]
    rows = narrowed(context, rows, early)
    root = target.root if isinstance(target, SelectedRows) else target
    # A column that depends on the last day seen differs between periods, which these rows are not told apart by yet.
    shared = tuple(name for name in filters.same if everyone.periods == 1 or name not in table.as_seen)
    found = ranges_of(rows, keys_of(context, rows, target, shared), bounds, target, _root(root, everyone))
    late = Filters(
        overlapping=filters.overlapping,
        same=tuple(name for name in filters.same if name not in shared),
        conditions=tuple(condition for condition in filters.conditions if condition not in early),
    )
    return found if late == Filters() else found.where(lambda pairs: _filtered(context, pairs, late, target))


def _root(root: Root, everyone: Everyone) -> Root:
    return root if isinstance(root, Moments) else everyone


def _filtered(context: EvaluationContext, rows: SelectedRows, filters: Filters, target: Domain) -> SelectedRows:
    """Narrow down rows that know their element."""
    for window in filters.windows:
        days = bounds_of(context, window, target)
        rows = rows.where((rows.dates >= rows.of_outer(days.first)) & (rows.dates <= rows.of_outer(days.last)))
    rows = _overlapping(context, rows, filters.overlapping, target)
    if filters.same:
        rows = rows.where(_shared(context, rows, target, filters.same))
    for condition in filters.conditions:
        rows = rows.where(evaluate_mask(context, condition, rows))
    return rows


def _shared(context: EvaluationContext, rows: SelectedRows, target: Domain, columns: tuple[str, ...]) -> Mask:
    assert not isinstance(target, Everyone)  # What is shared with a row is asked in a row.
    keys = keys_of(context, rows, target, columns)
    return np.asarray((keys.candidates >= 0) & (keys.candidates == keys.elements.take(rows.cell)))


def _overlapping(
    context: EvaluationContext, rows: SelectedRows, windows: Iterable[n.Window], target: Domain
) -> SelectedRows:
    """Leave the rows that have begun by the end of each window, and not ended before it began."""
    for window in windows:
        days = seen_bounds(context, window, target)
        first, last = rows.of_outer(days.first), rows.of_outer(days.last)
        begun = (rows.dates <= last) & (first <= last)
        rows = rows.where(begun & (row_ends(rows) >= np.maximum(first, rows.dates)))
    return rows
