"""The operators: what each of them does with the values of its operands."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import Any

import numpy as np

from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar.arithmetic import (
    OPPOSITE,
    compute,
    distance,
    extreme_of,
    holds,
    is_aged,
    months_compared,
    moved,
    start_of,
    texts_where,
)
from singledisease.engines.columnar.context import (
    EvaluationContext,
    Function,
    births_of,
    day_of,
    evaluate,
    evaluate_mask,
)
from singledisease.engines.columnar.domain import Domain, SelectedRows, kept_on
from singledisease.engines.columnar.operands import Mask, Operand
from singledisease.engines.columnar.reductions import days_by_cell
from singledisease.engines.columnar.select_rows import selected_rows
from singledisease.language import nodes as n

# CONDITIONS


def _connected(context: EvaluationContext, node: n.Apply, domain: Domain) -> Operand:
    """Join conditions: "and" is true if all are true and false if one is false; "or" the other way round."""
    truths = [truth for arg in node.args if isinstance(truth := evaluate(context, arg, domain), o.Truth)]

    def where(wanted: bool) -> Mask:
        join = o.both if (node.operation == "and") == wanted else o.either
        return reduce(join, (truth.where(wanted) for truth in truths))

    return o.certain(lambda: where(True)) if all(truth.is_certain for truth in truths) else o.Truth(where)


def _not(context: EvaluationContext, node: n.Apply, domain: Domain) -> Operand:
    truth = evaluate(context, node.args[0], domain)
    assert isinstance(truth, o.Truth)
    return o.Truth(lambda wanted: truth.where(not wanted), truth.is_certain)


def _compare(context: EvaluationContext, node: n.Apply, domain: Domain) -> Operand:
    left, right = node.args
    if isinstance(left, n.Age) and isinstance(right, n.Literal) and node.operation not in ("==", "!="):
        return _aged(context, node, domain)
    if isinstance(left, n.Apply) and left.operation == "months_between" and isinstance(right, n.Literal):
        first, last = (o.Day(day_of(context, arg, domain)) for arg in left.args)
        if last.values.size < first.values.size:
            months = float(right.value)
            return o.Truth(
                lambda wanted: months_compared(
                    node.operation if wanted else OPPOSITE[node.operation], first, last, months
                )
            )
    if isinstance(left, n.Reduce) and left.how == "count_days" and isinstance(right, n.Literal):
        rows = selected_rows(context, left.source, domain)
        if _SPARSE * len(rows.index) < math.prod(domain.shape):
            return _days_compared(node.operation, rows, float(right.value), domain.shape)
    both = evaluate(context, left, domain), evaluate(context, right, domain)
    return o.Truth(lambda wanted: holds(node.operation if wanted else OPPOSITE[node.operation], *both))


_SPARSE = 4


def _days_compared(operation: str, rows: SelectedRows, bound: float, shape: tuple[int, ...]) -> Operand:
    """Compare numbers of days with a constant; where hardly any element has a row, most have none to be compared."""
    cells, days = days_by_cell(rows)

    def where() -> Mask:
        none, some = (
            holds(operation, o.Number(number), o.Number(np.array([bound])))
            for number in (np.zeros(1), days.astype(np.float64))
        )
        found = np.full(shape, bool(none[0]))
        found.reshape(-1)[cells] = some
        return found

    return o.certain(where)


def _aged(context: EvaluationContext, node: n.Apply, domain: Domain) -> Operand:
    """Compare an age with a constant, as "has had that birthday": far cheaper than everyone's age."""
    age, bound = node.args
    assert isinstance(age, n.Age)
    assert isinstance(bound, n.Literal)
    limit = float(bound.value)
    years = math.ceil(limit) if node.operation in (">=", "<") else math.floor(limit) + 1
    on = day_of(context, age.on, domain)
    key = "aged", context.common.of(age), years
    aged: tuple[Mask, Mask] = kept_on(domain, key, lambda: is_aged(births_of(context, domain), on, years))
    is_older = node.operation in (">=", ">")
    return o.Truth(lambda wanted: aged[0] if is_older == wanted else aged[1])


def _texts(test: Callable[[str, tuple[str, ...]], bool]) -> Function:
    """Make a condition on a text of a test of the text and the constant texts."""

    def tested(context: EvaluationContext, node: n.Apply, domain: Domain) -> Operand:
        text = evaluate(context, node.args[0], domain)
        assert isinstance(text, o.Text)
        return o.Truth(lambda wanted: texts_where(text, lambda name: test(name, node.texts), wanted))

    return tested


def _known(context: EvaluationContext, node: n.Apply, domain: Domain) -> Operand:
    return o.certain(lambda: o.known(evaluate(context, node.args[0], domain)))


# NUMBERS AND DATES


def _arithmetic(context: EvaluationContext, node: n.Apply, domain: Domain) -> Operand:
    left, right = node.args
    return compute(node.operation, evaluate(context, left, domain), evaluate(context, right, domain))


def _distance(context: EvaluationContext, node: n.Apply, domain: Domain) -> Operand:
    start, end = (o.Day(day_of(context, arg, domain)) for arg in node.args)
    return distance(node.operation.removesuffix("_between"), start, end)


def _moved(context: EvaluationContext, node: n.Apply, domain: Domain) -> Operand:
    day, steps = o.Day(day_of(context, node.args[0], domain)), evaluate(context, node.args[1], domain)
    assert isinstance(steps, o.Number)
    return moved(node.operation.removeprefix("plus_"), day, steps)


def _start_of(context: EvaluationContext, node: n.Apply, domain: Domain) -> Operand:
    months = {"start_of_month": 1, "start_of_quarter": 3, "start_of_year": 12}[node.operation]
    return start_of(months, o.Day(day_of(context, node.args[0], domain)))


def _extreme(context: EvaluationContext, node: n.Apply, domain: Domain) -> Operand:
    is_first = node.operation in ("earliest", "smallest")
    return extreme_of([evaluate(context, arg, domain) for arg in node.args], lowest=is_first)


def _worst(context: EvaluationContext, node: n.Apply, domain: Domain) -> Operand:
    """Give the text that stands last in the order: as codes are places in it, the greatest code."""
    place = {name: i for i, name in enumerate(node.texts, 1)}
    worst: Any = np.int32(0)
    for arg in node.args:
        text = evaluate(context, arg, domain)
        assert isinstance(text, o.Text)
        ranks = np.array([0, *(place.get(name, 0) for name in text.categories[1:])], np.int32)
        worst = np.maximum(worst, ranks[text.codes])
    return o.Text(worst, ("", *node.texts))


def _how_many(context: EvaluationContext, node: n.Apply, domain: Domain) -> Operand:
    number: Any = np.float64(0)
    for arg in node.args:
        yes, no = evaluate_mask(context, arg, domain), evaluate_mask(context, arg, domain, False)
        number = number + np.where(yes | no, yes.astype(np.float64), np.nan)
    return o.Number(number)


def _coalesce(context: EvaluationContext, node: n.Apply, domain: Domain) -> Operand:
    chosen = []
    undecided: Any = np.True_
    for arg in node.args:
        value = evaluate(context, arg, domain)
        there = o.known(value)
        chosen.append((undecided & there, value))
        undecided = undecided & ~there
    return o.choose(chosen)


OPERATORS: Mapping[str, Function] = MappingProxyType(
    {
        "and": _connected,
        "or": _connected,
        "not": _not,
        **dict.fromkeys(OPPOSITE, _compare),
        "is_in": _texts(lambda text, texts: text in texts),
        "starts_with": _texts(lambda text, texts: text.startswith(texts)),
        "known": _known,
        **dict.fromkeys(("+", "-", "*", "/", "//"), _arithmetic),
        "coalesce": _coalesce,
        "worst": _worst,
        "how_many": _how_many,
        **dict.fromkeys(("days_between", "months_between", "years_between"), _distance),
        **dict.fromkeys(("plus_days", "plus_months", "plus_years"), _moved),
        **dict.fromkeys(("start_of_month", "start_of_quarter", "start_of_year"), _start_of),
        **dict.fromkeys(("earliest", "latest", "smallest", "largest"), _extreme),
    }
)
"""What each operator does, by name."""
