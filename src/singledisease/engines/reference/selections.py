"""Selections: which rows, in canonical order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from singledisease.engines.reference import course_rows
from singledisease.engines.reference.compile import CompiledOnce, compile_value, unsupported
from singledisease.engines.reference.context import DiseaseCourses, PersonContext
from singledisease.engines.reference.rows import Row, TableRow
from singledisease.engines.reference.windows import days
from singledisease.language import nodes

Rows = Callable[[PersonContext], tuple[Row, ...]]


@CompiledOnce
def rows(node: Any) -> Rows:
    """Turn a selection into a function from a context to its rows, in order; none is later than the last day seen."""
    raise unsupported(node)


# WHERE ROWS COME FROM


@rows.register
def _(node: nodes.Events) -> Rows:
    def value(context: PersonContext) -> tuple[Row, ...]:
        return tuple(
            event
            for event in context.events
            if event.date <= context.seen and (not node.kinds or event.kind in node.kinds)
        )

    return value


@rows.register
def _(node: nodes.Activities) -> Rows:
    def value(context: PersonContext) -> tuple[Row, ...]:
        return tuple(
            row
            for row in context.activities
            if row.date is not None and row.date <= context.seen and (not node.kinds or row.get("kind") in node.kinds)
        )

    return value


@rows.register
def _(node: nodes.Institutions) -> Rows:
    return lambda context: context.of_institutions


@rows.register
def _(node: nodes.Breaches) -> Rows:
    return _of_courses(node.disease, course_rows.breaches)


@rows.register
def _(node: nodes.Spells) -> Rows:
    return _of_courses(node.disease, course_rows.spells)


@rows.register
def _(node: nodes.Services) -> Rows:
    return _of_courses(node.disease, course_rows.services)


@rows.register
def _(node: nodes.Sequences) -> Rows:
    return _of_courses(node.disease, course_rows.sequences)


def _of_courses(disease: str, make: Callable[[DiseaseCourses, int], tuple[TableRow, ...]]) -> Rows:
    return lambda context: make(context.of_disease(disease), context.seen)


# FEWER OF THEM


@rows.register
def _(node: nodes.Where) -> Rows:
    source, condition = rows(node.source), compile_value(node.condition)
    return lambda context: tuple(row for row in source(context) if condition(context.at(row)))


@rows.register
def _(node: nodes.Within) -> Rows:
    source, window = rows(node.source), days(node.window)

    def value(context: PersonContext) -> tuple[Row, ...]:
        span = window(context.before_rows())
        if span is None:
            return ()
        return tuple(row for row in source(context) if row.date is not None and span.first <= row.date <= span.last)

    return value


@rows.register
def _(node: nodes.Overlapping) -> Rows:
    source, window = rows(node.source), days(node.window)

    def value(context: PersonContext) -> tuple[Row, ...]:
        span = window(context.before_rows())
        if span is None:
            return ()
        return tuple(row for row in source(context) if lasts_in(row, span.first, span.last))

    return value


def last_day(row: Row) -> int | None:
    """Give the last day of a row: ``until``, of a stay the day before ``left``; ``None`` if it goes on."""
    is_stay = isinstance(row, TableRow) and row.source == "spells"
    end = row.get("left" if is_stay else "until")
    return None if end is None else int(end) - is_stay


def lasts_in(row: Row, first: int, last: int) -> bool:
    """Say whether a row lasts on some day from ``first`` to ``last``; where no end is known it goes on."""
    if row.date is None:
        return False
    end = last_day(row)
    begins, ends = max(row.date, first), last if end is None else min(end, last)
    return begins <= ends


@rows.register
def _(node: nodes.Same) -> Rows:
    source = rows(node.source)

    def value(context: PersonContext) -> tuple[Row, ...]:
        outer = context.standing
        if outer is None:
            return ()
        shared = {name: outer.get(name) for name in node.columns}
        if None in shared.values():
            return ()
        return tuple(row for row in source(context) if all(row.get(name) == held for name, held in shared.items()))

    return value


@rows.register
def _(node: nodes.Outermost) -> Rows:
    source, number, earliest = rows(node.source), node.number, node.which == "earliest"

    def value(context: PersonContext) -> tuple[Row, ...]:
        found = source(context)
        return found[:number] if earliest else found[max(0, len(found) - number) :]

    return value


# ONE OF THEM


def row(node: nodes.Pick) -> Callable[[PersonContext], Row | None]:
    """Turn a pick into a function from a context to the row that it names, ``None`` if there is none."""
    source, place = rows(node.source), 0 if node.which == "first" else -1

    def value(context: PersonContext) -> Row | None:
        found = source(context)
        return found[place] if found else None

    return value
