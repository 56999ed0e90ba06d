"""One value out of rows: of a picked row, counts, extremes, and sums that are exact."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from singledisease.engines.reference.compile import CompiledValue, compile_value, unsupported
from singledisease.engines.reference.context import PersonContext
from singledisease.engines.reference.rows import Row
from singledisease.engines.reference.selections import row, rows
from singledisease.eventlog.columns import PlainValue
from singledisease.language import nodes


@compile_value.register
def _(node: nodes.Picked) -> CompiledValue:
    picked, of_row = row(node.row), compile_value(node.value)

    def value(context: PersonContext) -> PlainValue | None:
        found = picked(context)
        return None if found is None else of_row(context.at(found))

    return value


@compile_value.register
def _(node: nodes.Reduce) -> CompiledValue:
    source = rows(node.source)
    match node.how:
        case "count":
            return lambda context: float(len(source(context)))
        case "count_days":
            return lambda context: float(len({row.date for row in source(context)} - {None}))
        case "exists":
            return lambda context: bool(source(context))
        case "count_distinct" if node.columns:
            names = [column.name for column in node.columns]
            return lambda context: float(len(_combinations(source(context), names)))
    if not node.columns:
        raise unsupported(node)
    name, reduce = node.columns[0].name, _OF_VALUES[node.how]
    return lambda context: reduce(_known(source(context), name))


def _combinations(found: tuple[Row, ...], columns: list[str]) -> set[tuple[Any, ...]]:
    each = (tuple(row.get(column) for column in columns) for row in found)
    return {values for values in each if None not in values}


def _known(found: tuple[Row, ...], column: str) -> list[Any]:
    return [value for row in found if (value := row.get(column)) is not None]


# NUMBERS


def exactly(number: float) -> Fraction:
    """Give a number as the shortest decimal fraction that stands for it, which is what was written down.

    >>> exactly(0.1) + exactly(0.2) == exactly(0.3)
    True
    """
    return Fraction(repr(float(number)))


def nearest(number: Fraction) -> float | None:
    """Give the float nearest to an exact number, ``None`` beyond the largest there is."""
    try:
        return float(number)
    except OverflowError:
        return None


def _sum(values: list[Any]) -> float | None:
    return nearest(sum(map(exactly, values), Fraction())) if values else None


def _mean(values: list[Any]) -> float | None:
    return nearest(sum(map(exactly, values), Fraction()) / len(values)) if values else None


def _median(values: list[Any]) -> float | None:
    if not values:
        return None
    ordered = sorted(map(exactly, values))
    middle, is_odd = divmod(len(ordered), 2)
    return nearest(ordered[middle] if is_odd else (ordered[middle - 1] + ordered[middle]) / 2)


_OF_VALUES: dict[str, Callable[[list[Any]], Any]] = {
    "minimum": lambda values: min(values, default=None),
    "maximum": lambda values: max(values, default=None),
    "sum": _sum,
    "mean": _mean,
    "median": _median,
}
