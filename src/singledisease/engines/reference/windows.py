"""Windows: from which day to which, as seen from a person's question or from a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from singledisease import dates
from singledisease.engines.reference.compile import CompiledOnce, compile_value, unsupported
from singledisease.engines.reference.context import PersonContext
from singledisease.language import nodes

ALWAYS = -(2**31)
"""Before every day."""


class Days(NamedTuple):
    """The days of a window, both ends included; none if it ends before it begins.

    ``wanted`` is the day on which it was to end, where it had to be cut at the last day seen.
    """

    first: int
    last: int
    wanted: int | None = None


Window = Callable[[PersonContext], Days | None]
"""The days of a window; ``None`` if a bound is unknown."""


@CompiledOnce
def days(node: Any) -> Window:
    """Turn a window into a function from a context to its days; none is later than the last day seen."""
    raise unsupported(node)


@days.register
def _(node: nodes.PeriodWindow) -> Window:
    return lambda context: Days(context.start, context.asked)


@days.register
def _(node: nodes.CalendarWindow) -> Window:
    months = {"months": 1, "quarters": 3, "years": 12}[node.unit]

    def value(context: PersonContext) -> Days:
        held = dates.month_number(context.asked) // months
        end = dates.month_start((held + node.last + 1) * months) - 1
        return Days(dates.month_start((held + node.first) * months), min(end, context.asked))

    return value


@days.register
def _(node: nodes.Between) -> Window:
    start = None if node.start is None else compile_value(node.start)
    end = None if node.end is None else compile_value(node.end)

    def value(context: PersonContext) -> Days | None:
        first = ALWAYS if start is None else start(context)
        last = context.seen if end is None else end(context)
        if first is None or last is None:
            return None
        if int(last) > context.seen:
            return Days(int(first), context.seen, wanted=int(last))
        return Days(int(first), int(last))

    return value
