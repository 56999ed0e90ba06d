"""What the nodes mean that are no operators: columns, attributes, picks, reductions, cases."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from singledisease.engines.columnar import coverage, reductions
from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar.arithmetic import age
from singledisease.engines.columnar.code_sets import has_code
from singledisease.engines.columnar.concerns import concerning
from singledisease.engines.columnar.context import (
    EvaluationContext,
    Function,
    asked_on,
    births_of,
    day_of,
    evaluate,
    evaluate_mask,
    seen_until,
)
from singledisease.engines.columnar.domain import Domain, Everyone, SelectedRows, shape_of
from singledisease.engines.columnar.exact_sums import How, reduced
from singledisease.engines.columnar.institutions import institution
from singledisease.engines.columnar.late_rows import has_late_row
from singledisease.engines.columnar.operands import Operand
from singledisease.engines.columnar.select_rows import picked, selected, selected_rows, written_out
from singledisease.engines.columnar.state_queries import days_in, status_during, status_on
from singledisease.engines.columnar.typed_columns import as_kind
from singledisease.engines.columnar.windows import are_ends_known, seen_bounds
from singledisease.eventlog.columns import AnyColumn, Dates
from singledisease.language import nodes as n

# COLUMNS


def _column(context: EvaluationContext, node: n.Column, rows: SelectedRows) -> Operand:
    found = rows.table.column(node.name, rows.index, lambda: seen_until(rows))
    return o.missing(node.kind, rows.shape) if found is None else as_kind(found, node.kind)


def _this(context: EvaluationContext, node: n.This, rows: SelectedRows) -> Operand:
    """Give each row a column of its outer row."""
    outer = rows.outer
    assert isinstance(outer, SelectedRows)
    found = outer.table.column(node.name, outer.index, lambda: seen_until(outer))
    return o.missing(node.kind, rows.shape) if found is None else o.on_arrays(as_kind(found, node.kind), rows.of_outer)


def _concerns(context: EvaluationContext, node: n.Concerns, rows: SelectedRows) -> Operand:
    # Other rows are of one disease: that they concern one is refused where expressions are made.
    log = rows.table.log
    assert log is not None
    return o.certain(lambda: concerning(log, context.disease(node.disease), rows.index, rows.kinds))


def _attribute(context: EvaluationContext, node: n.Attribute, everyone: Everyone) -> Operand:
    people = context.log.people
    assert everyone.owners == "people"  # Of an institution it is refused where expressions are made.
    if node.name == "patient_id":
        return o.Text(np.arange(1, len(people) + 1).reshape(1, -1), ("", *people.ids))
    days = {"birth_date": people.birth, "death_date": people.death, "death_recorded": people.death_recorded}
    column: AnyColumn | None = people.sex if node.name == "sex" else people.attributes.get(node.name)
    if node.name in days:
        column = Dates(days[node.name])
    elif node.kind != "text":
        column = people.typed.get(node.name, column)
    return (
        o.missing(node.kind, (1, 1)) if column is None else as_kind(o.of_column(column, np.s_[np.newaxis]), node.kind)
    )


def _age(context: EvaluationContext, node: n.Age, domain: Domain) -> Operand:
    return age(births_of(context, domain), day_of(context, node.on, domain))


def _period_start(context: EvaluationContext, node: n.PeriodStart, domain: Domain) -> Operand:
    assert not isinstance(domain, SelectedRows)
    return o.Day(domain.start)


def _period_end(context: EvaluationContext, node: n.PeriodEnd, domain: Domain) -> Operand:
    return o.Day(asked_on(domain))


# ROWS MADE INTO ONE VALUE


def _picked(context: EvaluationContext, node: n.Picked, domain: Domain) -> Operand:
    if isinstance(domain, SelectedRows) and domain.pick == context.common.of(node.row):
        return evaluate(context, node.value, domain)
    rows = written_out(picked(context, node.row, domain))
    value = o.on_arrays(evaluate(context, node.value, rows), lambda values: np.broadcast_to(values, rows.shape))
    return o.scattered(value, rows.cell, shape_of(domain, rows))


def _reduce(context: EvaluationContext, node: n.Reduce, domain: Domain) -> Operand:
    if node.how == "count":
        counted = selected(context, node.source, domain)
        return _number(reductions.counts(counted, shape_of(domain, counted)))
    if node.how == "exists":
        is_there = has_late_row(context, node.source, domain) if isinstance(domain, Everyone) else None
        if is_there is not None:
            return o.certain(lambda: is_there)
        found = selected(context, node.source, domain)
        return o.certain(lambda: reductions.exists(found, shape_of(domain, found)))
    rows = selected_rows(context, node.source, domain)
    shape = shape_of(domain, rows)
    columns = [
        o.on_arrays(evaluate(context, column, rows), lambda values: np.broadcast_to(values, rows.shape))
        for column in node.columns
    ]
    match node.how:
        case "count_days":
            return _number(reductions.count_days(rows, shape))
        case "count_distinct":
            return _number(reductions.count_distinct(rows, columns, shape))
        case "minimum" | "maximum":
            return reductions.extreme(rows, node.how, columns[0], shape)
        case how:
            return _exact(how, rows, columns[0], shape)


def _exact(how: How, rows: SelectedRows, column: Operand, shape: tuple[int, ...]) -> Operand:
    assert isinstance(column, o.Number)
    there = np.flatnonzero(o.known(column))
    return o.Number(reduced(how, column.values[there], rows.cell[there], math.prod(shape)).reshape(shape))


def _number(counted: o.Array) -> Operand:
    return o.Number(counted.astype(np.float64, copy=False))


def _cover(measure: Callable[..., o.Array]) -> Function:
    """Make a number of days of a window, unknown where the window is."""

    def measured(context: EvaluationContext, node: n.Covered | n.Gap, domain: Domain) -> Operand:
        rows, window = selected_rows(context, node.source, domain), seen_bounds(context, node.window, domain)
        found = coverage.intervals_of(rows, window, domain, node.open_ended)
        days = measure(found, window, domain).astype(np.float64)
        is_known = are_ends_known(context, node.window, domain)
        # What no row covers before the first day there is has no length.
        if isinstance(node, n.Gap) and isinstance(node.window, n.Between) and node.window.start is None:
            is_known = np.zeros_like(is_known)
        return o.Number(np.where(is_known, days, np.nan))

    return measured


# CASES


def _case(context: EvaluationContext, node: n.Case, domain: Domain) -> Operand:
    chosen = []
    undecided: Any = np.True_
    for condition, value in node.whens:
        chosen.append((undecided & evaluate_mask(context, condition, domain), evaluate(context, value, domain)))
        undecided = undecided & evaluate_mask(context, condition, domain, False)
    if node.otherwise is not None:
        chosen.append((undecided, evaluate(context, node.otherwise, domain)))
    return o.choose(chosen)


NODES: Mapping[type, Function] = MappingProxyType(
    {
        n.Literal: lambda context, node, domain: o.constant(node.value, node.kind),
        n.Column: _column,
        n.This: _this,
        n.Concerns: _concerns,
        n.HasCode: has_code,
        n.Attribute: _attribute,
        n.Institution: institution,
        n.PeriodStart: _period_start,
        n.PeriodEnd: _period_end,
        n.Age: _age,
        n.Picked: _picked,
        n.Reduce: _reduce,
        n.Covered: _cover(lambda found, window, domain: coverage.days_covered(found, domain.shape)),
        n.Gap: _cover(coverage.longest_gap),
        n.Case: _case,
        n.StatusOn: status_on,
        n.StatusDuring: status_during,
        n.DaysIn: days_in,
    }
)
"""What each kind of node means."""
