"""What values mean that are not conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar import reductions
from singledisease.engines.columnar.arithmetic import age, compute, distance, extreme_of, moved, start_of
from singledisease.engines.columnar.context import EvaluationContext, Place, births_of, day_of, evaluate, evaluate_mask
from singledisease.engines.columnar.domain import Rows
from singledisease.engines.columnar.operands import Operand
from singledisease.engines.columnar.select_rows import cells_of, selected
from singledisease.engines.columnar.state_queries import days_held
from singledisease.eventlog.columns import Dates
from singledisease.language import nodes as n


def _column(q: EvaluationContext, node: n.Column, place: Rows) -> Operand:
    column = place.table.column(node.name)
    return o.missing(node.kind, place.index.shape) if column is None else o.of_column(column, place.index)


def _attribute(q: EvaluationContext, node: n.Attribute, place: Place) -> Operand:
    people = q.log.people
    if node.name == "patient_id":
        return o.Text(np.arange(1, q.people + 1).reshape(1, -1), ("", *people.ids))
    if node.name in ("birth_date", "death_date", "death_recorded"):
        days = {"birth_date": people.birth, "death_date": people.death, "death_recorded": people.death_recorded}
        return o.of_column(Dates(days[node.name]), np.s_[np.newaxis])
    column = people.sex if node.name == "sex" else people.attributes.get(node.name)
    return o.missing(node.kind, (1, 1)) if column is None else o.of_column(column, np.s_[np.newaxis])


def _picked(q: EvaluationContext, node: n.Picked, place: Rows) -> Operand:
    return evaluate(q, node.value, place)


def _reduce(q: EvaluationContext, node: n.Reduce, place: Place) -> Operand:
    cells = cells_of(q, selected(q, node.source))
    if node.how == "count":
        return reductions.count(cells)
    if node.how == "count_days":
        return reductions.count_days(cells)
    if node.how == "exists":
        found = reductions.exists(cells)
        return o.Truth(found, ~found)
    column = evaluate(q, node.columns[0], cells.rows)
    return reductions.extreme(
        cells, node.how, o.on_arrays(column, lambda values: np.broadcast_to(values, cells.cell.shape))
    )


def _arithmetic(q: EvaluationContext, node: n.Apply, place: Place) -> Operand:
    left, right = node.args
    return compute(node.operation, evaluate(q, left, place), evaluate(q, right, place))


def _distance(q: EvaluationContext, node: n.Apply, place: Place) -> Operand:
    start, end = node.args
    unit = node.operation.removesuffix("_between")
    return distance(unit, o.Day(day_of(q, start, place)), o.Day(day_of(q, end, place)))


def _moved(q: EvaluationContext, node: n.Apply, place: Place) -> Operand:
    day, steps = o.Day(day_of(q, node.args[0], place)), evaluate(q, node.args[1], place)
    assert isinstance(steps, o.Number)
    return moved(node.operation.removeprefix("plus_"), day, steps)


def _start_of(q: EvaluationContext, node: n.Apply, place: Place) -> Operand:
    months = {"start_of_month": 1, "start_of_quarter": 3, "start_of_year": 12}[node.operation]
    return start_of(months, o.Day(day_of(q, node.args[0], place)))


def _outermost(q: EvaluationContext, node: n.Apply, place: Place) -> Operand:
    is_first = node.operation in ("earliest", "smallest")
    return extreme_of([evaluate(q, arg, place) for arg in node.args], lowest=is_first)


def _case(q: EvaluationContext, node: n.Case, place: Place) -> Operand:
    chosen = []
    undecided: Any = np.True_
    for condition, value in node.whens:
        chosen.append((undecided & evaluate_mask(q, condition, place, True), evaluate(q, value, place)))
        undecided = undecided & evaluate_mask(q, condition, place, False)
    if node.otherwise is not None:
        chosen.append((undecided, evaluate(q, node.otherwise, place)))
    return o.choose(chosen)


def _coalesce(q: EvaluationContext, node: n.Apply, place: Place) -> Operand:
    chosen = []
    undecided: Any = np.True_
    for arg in node.args:
        value = evaluate(q, arg, place)
        there = o.known(value)
        chosen.append((undecided & there, value))
        undecided = undecided & ~there
    return o.choose(chosen)


def _how_many(q: EvaluationContext, node: n.Apply, place: Place) -> Operand:
    number: Any = np.float64(0)
    for arg in node.args:
        yes, no = evaluate_mask(q, arg, place, True), evaluate_mask(q, arg, place, False)
        number = number + np.where(yes | no, yes.astype(np.float64), np.nan)
    return o.Number(number)


def _days_in(q: EvaluationContext, node: n.DaysIn, place: Place) -> Operand:
    return o.Number(days_held(q, node, place).astype(np.float64))


OPERANDS: Mapping[Any, Callable[[EvaluationContext, Any, Any], Operand]] = {
    n.Literal: lambda q, node, place: o.constant(node.value, node.kind),
    n.Column: _column,
    n.Attribute: _attribute,
    n.PeriodStart: lambda q, node, place: o.Day(q.start),
    n.PeriodEnd: lambda q, node, place: o.Day(q.asked),
    n.Age: lambda q, node, place: age(births_of(q, place), day_of(q, node.on, place)),
    n.Picked: _picked,
    n.Reduce: _reduce,
    n.Case: _case,
    n.DaysIn: _days_in,
    **dict.fromkeys(("+", "-", "*", "/", "//"), _arithmetic),
    "coalesce": _coalesce,
    "how_many": _how_many,
    **dict.fromkeys(("days_between", "months_between", "years_between"), _distance),
    **dict.fromkeys(("plus_days", "plus_months", "plus_years"), _moved),
    **dict.fromkeys(("start_of_month", "start_of_quarter", "start_of_year"), _start_of),
    **dict.fromkeys(("earliest", "latest", "smallest", "largest"), _outermost),
}
"""Values that are not conditions, by operator or kind of node."""
