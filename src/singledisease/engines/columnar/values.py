"""Valuing expressions for many periods in one pass: for everyone, or for the rows of a selection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, overload

import numpy as np
from attrs import frozen

from singledisease.dates import MISSING, Maturity, Period
from singledisease.domains import RowDomain
from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar.common_subexpressions import CommonSubexpressions
from singledisease.engines.columnar.context import EvaluationContext, evaluate
from singledisease.engines.columnar.domain import SelectedRows
from singledisease.engines.columnar.filters import plan_of
from singledisease.engines.columnar.make_context import make_context
from singledisease.engines.columnar.prepare import prepared
from singledisease.engines.columnar.row_tables import table_of
from singledisease.engines.columnar.select_rows import selected_rows
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Selection, Value
from singledisease.pathway_courses import Courses
from singledisease.person_values import Values

Matures = Maturity | Literal[0]
"""How much longer than to the end of each period anything is seen; 0: no longer."""


@frozen(eq=False)
class OnDemand(Sequence[Values]):
    """Values of expressions, each worked out when it is taken: what nobody asks for costs nothing.

    What expressions have in common is worked out once all the same; that one value is kept is left to who takes it.
    """

    _work: Callable[[int], Values]
    _size: int

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> Values: ...
    @overload
    def __getitem__(self, place: slice) -> list[Values]: ...
    def __getitem__(self, place: int | slice) -> Values | list[Values]:
        """Work out the values of an expression, or of several."""
        if isinstance(place, slice):
            return [self._work(each) for each in range(self._size)[place]]
        return self._work(range(self._size)[place])

    def __iter__(self) -> Iterator[Values]:
        # By default an IndexError in the work would be taken for the end.
        return map(self._work, range(self._size))


def values(
    expressions: Sequence[Value],
    log: EventLog,
    periods: Sequence[Period],
    courses: Mapping[str, Courses],
    *,
    matures: Matures = 0,
) -> list[Values]:
    """Value expressions for every person and period.

    Parameters
    ----------
    expressions
        Resolved expressions of a person; what they have in common is worked out once.
    log
        The events; ``log.as_of`` has been asked already.
    periods
        The periods, in any order; they may overlap.  Periods that follow one another cost least.
    courses
        By id, the courses of every disease the expressions name, walked at least until the last day seen.
    matures
        How much longer than to the end of each period rows and states are seen.

    Returns
    -------
    One ``Values`` per expression, with arrays (periods, people).

    Raises
    ------
    UsageError
        If an expression names a disease without courses, or breaches or services of courses without obligations.
    """
    return list(values_on_demand(expressions, log, periods, courses, matures=matures))


def values_on_demand(
    expressions: Sequence[Value],
    log: EventLog,
    periods: Sequence[Period],
    courses: Mapping[str, Courses],
    *,
    matures: Matures = 0,
) -> OnDemand:
    """Value expressions for every person and period, each when it is taken; all else as for ``values``."""
    shared = prepared(expressions, _linked(courses))
    context = _context(log, periods, courses, shared.common, matures)
    everyone = context.everyone

    def value(place: int) -> Values:
        return as_values(evaluate(context, shared[place], everyone), everyone.shape)

    return OnDemand(value, len(expressions))


def row_values(
    of: Selection,
    expressions: Sequence[Value],
    log: EventLog,
    periods: Sequence[Period],
    courses: Mapping[str, Courses],
    *,
    matures: Matures = 0,
) -> tuple[RowDomain, list[Values]]:
    """Value expressions for each row of a selection, in every period in which it is selected.

    Parameters
    ----------
    of
        A resolved selection of a person, or of institutions or activities.
    expressions
        Resolved expressions of a row of it.
    log, periods, courses, matures
        As for ``values``.

    Returns
    -------
    The rows, by period, owner and canonical order, and one ``Values`` per expression, with one-dimensional arrays.

    Raises
    ------
    UsageError
        As for ``values``.
    """
    domain, found = row_values_on_demand(of, expressions, log, periods, courses, matures=matures)
    return domain, list(found)


def row_values_on_demand(
    of: Selection,
    expressions: Sequence[Value],
    log: EventLog,
    periods: Sequence[Period],
    courses: Mapping[str, Courses],
    *,
    matures: Matures = 0,
) -> tuple[RowDomain, OnDemand]:
    """Value expressions for each row of a selection, each when it is taken; all else as for ``row_values``."""
    shared = prepared((of, *expressions), _linked(courses))
    source, context = shared[0], _context(log, periods, courses, shared.common, matures)
    owners = table_of(context, plan_of(source).base).owners
    rows = selected_rows(context, source, context.everyone if owners == "people" else context.institutions())
    # Rows that were written out for each period stand by period already.
    if rows.period is not None and (rows.period[1:] < rows.period[:-1]).any():
        rows = rows.at(np.argsort(rows.period, kind="stable"))

    def value(place: int) -> Values:
        return as_values(evaluate(context, shared[place + 1], rows), rows.shape)

    return _row_domain(rows), OnDemand(value, len(expressions))


def _linked(courses: Mapping[str, Courses]) -> frozenset[str]:
    return frozenset(name for name, course in courses.items() if course.owner is not None)


def _context(
    log: EventLog,
    periods: Sequence[Period],
    courses: Mapping[str, Courses],
    common: CommonSubexpressions,
    matures: Matures,
) -> EvaluationContext:
    diseases = {name: course.disease for name, course in courses.items()}
    return make_context(log, diseases, courses, periods, common, matures=matures or None)


def _row_domain(rows: SelectedRows) -> RowDomain:
    table, number = rows.table, len(rows.index)
    return RowDomain(
        source=table.source,
        period=np.zeros(number, np.int32) if rows.period is None else rows.period.astype(np.int32),
        owner=rows.owner.astype(np.int64),
        row=rows.index.astype(np.int64) if table.row is None else table.row.take(rows.index),
        date=rows.dates if table.is_dated else np.full(number, MISSING, np.int32),
    )


def as_values(found: o.Operand, shape: tuple[int, ...]) -> Values:
    """Give what was found of rows or people as values, with what is known of them."""
    # What is certain is known of everybody alike, which whoever reads it sees at once.
    is_certain = isinstance(found, o.Truth) and found.is_certain
    known = np.broadcast_to(np.True_ if is_certain else o.known(found), shape)
    match found:
        case o.Truth():
            return Values("bool", np.broadcast_to(found.yes, shape), known)
        case o.Number(numbers):
            return Values("number", np.broadcast_to(numbers, shape), known)
        case o.Day(days):
            return Values("date", np.broadcast_to(days, shape), known)
        case _:
            names = np.array(found.categories, dtype=object)
            return Values("text", np.broadcast_to(names[found.codes], shape), known)
