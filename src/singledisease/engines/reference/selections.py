"""Windows, selections of rows, and what is made of them: a picked row, a count, a minimum."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any

from singledisease import dates
from singledisease.engines.reference.compile import CompiledValue, compile_value
from singledisease.engines.reference.context import PersonContext
from singledisease.engines.reference.rows import Row
from singledisease.errors import DefinitionError, Fault, UsageError
from singledisease.eventlog.columns import PlainValue
from singledisease.language import nodes

Days = Callable[[PersonContext], tuple[int, int] | None]
"""First and last day of a window, both included; ``None`` if a bound is unknown."""

Rows = Callable[[PersonContext], tuple[Row, ...]]

ALWAYS = -(2**31)
"""Before every day."""


# WINDOWS


@singledispatch
def days(node: Any) -> Days:
    """Turn a window into a function from a context to its first and last day; none is later than the day asked on."""
    raise _unsupported(node)


@days.register
def _(node: nodes.PeriodWindow) -> Days:
    return lambda context: (context.start, context.asked)


@days.register
def _(node: nodes.CalendarWindow) -> Days:
    months = {"months": 1, "quarters": 3, "years": 12}[node.unit]

    def value(context: PersonContext) -> tuple[int, int]:
        held = dates.month_number(context.asked) // months
        end = dates.month_start((held + node.last + 1) * months) - 1
        return dates.month_start((held + node.first) * months), min(end, context.asked)

    return value


@days.register
def _(node: nodes.Between) -> Days:
    start = None if node.start is None else compile_value(node.start)
    end = None if node.end is None else compile_value(node.end)

    def value(context: PersonContext) -> tuple[int, int] | None:
        first = ALWAYS if start is None else start(context)
        last = context.asked if end is None else end(context)
        return None if first is None or last is None else (int(first), min(int(last), context.asked))

    return value


# SELECTIONS


@singledispatch
def rows(node: Any) -> Rows:
    """Turn a selection into a function from a context to its rows, in order; none is later than the day asked on."""
    raise _unsupported(node)


@rows.register
def _(node: nodes.Events) -> Rows:
    def value(context: PersonContext) -> tuple[Row, ...]:
        return tuple(
            event
            for event in context.events
            if event.date <= context.asked and (not node.kinds or event.kind in node.kinds)
        )

    return value


@rows.register
def _(node: nodes.Breaches) -> Rows:
    def value(context: PersonContext) -> tuple[Row, ...]:
        breaches = context.course(node.disease).breaches
        if breaches is None:
            raise UsageError(f"breaches of {node.disease} are asked for, but its courses were made without obligations")
        return tuple(breach for breach in breaches if breach.date <= context.asked)

    return value


@rows.register
def _(node: nodes.Where) -> Rows:
    source, condition = rows(node.source), compile_value(node.condition)
    return lambda context: tuple(row for row in source(context) if condition(context.at(row)))


@rows.register
def _(node: nodes.Within) -> Rows:
    source, window = rows(node.source), days(node.window)

    def value(context: PersonContext) -> tuple[Row, ...]:
        bounds = window(context)
        if bounds is None:
            return ()
        return tuple(row for row in source(context) if bounds[0] <= row.date <= bounds[1])

    return value


# WHAT IS MADE OF THEM


def row(node: nodes.Pick) -> Callable[[PersonContext], Row | None]:
    """Turn a pick into a function from a context to the row that it names, ``None`` if there is none."""
    source, place = rows(node.source), 0 if node.which == "first" else -1

    def value(context: PersonContext) -> Row | None:
        found = source(context)
        return found[place] if found else None

    return value


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
            return lambda context: float(len({row.date for row in source(context)}))
        case "exists":
            return lambda context: bool(source(context))
        case "minimum" | "maximum" if node.columns:
            name, extreme = node.columns[0].name, min if node.how == "minimum" else max
            return lambda context: extreme(_known(source(context), name), default=None)
    raise _unsupported(node)


def _known(found: tuple[Row, ...], column: str) -> list[Any]:
    return [value for row in found if (value := row.get(column)) is not None]


def _unsupported(node: Any) -> DefinitionError:
    what = f"{type(node).__name__} {node.how}" if isinstance(node, nodes.Reduce) else type(node).__name__
    fault = Fault("unsupported_node", what, f"{what} is not supported", "see definitions.checks.unsupported")
    return DefinitionError("this expression cannot be evaluated", [fault])
