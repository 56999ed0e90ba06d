"""Valuing expressions for everyone and for many periods in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from singledisease.dates import Period
from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar.common_subexpressions import numbered
from singledisease.engines.columnar.context import evaluate
from singledisease.engines.columnar.make_context import make_context
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Value
from singledisease.pathway_courses import Courses
from singledisease.person_values import Values


def values(
    expressions: Sequence[Value],
    log: EventLog,
    periods: Sequence[Period],
    courses: Mapping[str, Courses],
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
        By id, the courses of every disease the expressions name, walked at least until the last day asked on.

    Returns
    -------
    One ``Values`` per expression, with arrays (periods, people).

    Raises
    ------
    UsageError
        If an expression names a disease without courses, or breaches of courses without obligations.
    """
    shared, numbering = numbered(tuple(expressions))
    diseases = {name: course.disease for name, course in courses.items()}
    question = make_context(log, diseases, courses, tuple(periods), numbering)
    shape = question.periods, question.people
    return [_as_values(evaluate(question, expression, None), shape) for expression in shared]


def _as_values(found: o.Operand, shape: tuple[int, int]) -> Values:
    known = _spread(o.known(found), shape)
    match found:
        case o.Truth(yes, _):
            return Values("bool", _spread(yes, shape), known)
        case o.Number(numbers):
            return Values("number", _spread(numbers, shape), known)
        case o.Day(days):
            return Values("date", _spread(days, shape), known)
        case _:
            names = np.array(found.categories, dtype=object)
            return Values("text", _spread(names[found.codes], shape), known)


def _spread(values: o.Array, shape: tuple[int, int]) -> o.Array:
    """Give every period and person a value; one that is the same for all is written out.

    Reading one place over and over takes NumPy twenty times as long as reading along.
    """
    return np.full(shape, values[0, 0], values.dtype) if values.shape == (1, 1) else np.broadcast_to(values, shape)
