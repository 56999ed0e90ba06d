"""Which days of a window rows cover: how many, and the longest run of days that none does."""

from __future__ import annotations

from singledisease.engines.reference.compile import CompiledValue, compile_value
from singledisease.engines.reference.context import PersonContext
from singledisease.engines.reference.rows import Row, TableRow
from singledisease.engines.reference.selections import last_day, rows
from singledisease.engines.reference.windows import ALWAYS, days
from singledisease.language import nodes


@compile_value.register
def _(node: nodes.Covered) -> CompiledValue:
    source, window = rows(node.source), days(node.window)

    def value(context: PersonContext) -> float | None:
        span = window(context.before_rows())
        if span is None:
            return None
        stretches = covered(source(context), span.first, span.last, node.open_ended)
        return float(sum(last - first + 1 for first, last in stretches))

    return value


@compile_value.register
def _(node: nodes.Gap) -> CompiledValue:
    source, window = rows(node.source), days(node.window)

    def value(context: PersonContext) -> float | None:
        span = window(context.before_rows())
        if span is None or span.first == ALWAYS:
            return None  # a window without a start has no longest run
        longest, free = 0, span.first
        for first, last in covered(source(context), span.first, span.last, node.open_ended):
            longest, free = max(longest, first - free), last + 1
        return float(max(longest, span.last - free + 1))

    return value


def covered(found: tuple[Row, ...], first: int, last: int, open_ended: bool) -> list[tuple[int, int]]:
    """Give the stretches of days from ``first`` to ``last`` that rows cover, in time; no day is in two of them."""
    stretches: list[tuple[int, int]] = []
    free = first
    for begins, ends in sorted(_days_of(row, last, open_ended) for row in found if row.date is not None):
        stretch = max(begins, free), min(ends, last)
        if stretch[0] <= stretch[1]:
            stretches.append(stretch)
            free = stretch[1] + 1
    return stretches


def _days_of(row: Row, last: int, open_ended: bool) -> tuple[int, int]:
    """Give the first and last day of a row; without a known end it is one day, or goes on, as a stay always does."""
    assert row.date is not None
    end, goes_on = last_day(row), open_ended or (isinstance(row, TableRow) and row.source == "spells")
    return row.date, (last if goes_on else row.date) if end is None else end
