"""Whether a status held on a day or during a window, and for how many days, on any domain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar import stays
from singledisease.engines.columnar.context import EvaluationContext, day_of, seen_until
from singledisease.engines.columnar.domain import Domain, Everyone, SelectedRows
from singledisease.engines.columnar.linked import sequence_of
from singledisease.engines.columnar.operands import Array, Mask, Operand
from singledisease.engines.columnar.scopes import is_own_date
from singledisease.engines.columnar.table import Indices
from singledisease.engines.columnar.windows import Bounds, seen_bounds
from singledisease.errors import UsageError
from singledisease.language import nodes as n
from singledisease.pathway_courses import Courses


def status_on(context: EvaluationContext, node: n.StatusOn, domain: Domain) -> Operand:
    """Say where a status held; it is unknown on an unknown day and on a day after the last one seen."""
    courses = context.courses_of(node.status.disease)
    if (
        isinstance(domain, SelectedRows)
        and is_own_date(node.on)
        and domain.table.log is not None
        and courses.owner is None
    ):
        holds = stays.codes_of(courses.disease, node.status)
        return o.certain(lambda: o.among(courses.at_row.take(domain.index), holds))
    day = day_of(context, node.on, domain)
    askable = (day != MISSING) & (day <= _latest(node, day, domain))
    held = o.certain(lambda: _held_on(context, node.status, day, domain))
    if askable.all():
        return held
    return o.Truth(lambda wanted: o.both(held.where(wanted), askable))


def _latest(node: n.StatusOn, day: Array, domain: Domain) -> Array:
    # Rows that are not told apart by period are only asked about their own date.
    return day if isinstance(domain, SelectedRows) and is_own_date(node.on) else seen_until(domain)


def _held_on(context: EvaluationContext, status: n.Status, day: Array, domain: Domain) -> Mask:
    courses = context.courses_of(status.disease)
    if _is_of_everyone(courses, domain):
        return stays.was_anyone_in(courses, status, Bounds(day, day))
    holds = stays.codes_of(courses.disease, status)
    course = course_of(courses, domain)
    days = np.broadcast_to(day, domain.shape)
    return o.among(stays.state_on(courses, course, days), holds)


def status_during(context: EvaluationContext, node: n.StatusDuring, domain: Domain) -> Operand:
    """Say where a status held on a day of a window."""
    return o.certain(lambda: _held_during(context, node, domain))


def _held_during(context: EvaluationContext, node: n.StatusDuring, domain: Domain) -> Mask:
    window, courses = seen_bounds(context, node.window, domain), context.courses_of(node.status.disease)
    if _is_of_everyone(courses, domain):
        return stays.was_anyone_in(courses, node.status, window)
    return _days_held(courses, node.status, window, domain) > 0


def days_in(context: EvaluationContext, node: n.DaysIn, domain: Domain) -> Operand:
    """Count the days of a window on which a status held."""
    window, courses = seen_bounds(context, node.window, domain), context.courses_of(node.status.disease)
    if _is_of_everyone(courses, domain):
        days: Array = stays.days_in(stays.layers_of(courses, node.status), window, courses.people)
    else:
        days = _days_held(courses, node.status, window, domain)
    return o.Number(days.astype(np.float64))


def _days_held(courses: Courses, status: n.Status, window: Bounds, domain: Domain) -> NDArray[np.int64]:
    return stays.days_on(stays.stays_of(courses, status), course_of(courses, domain), window)


# WHOSE COURSE


def _is_of_everyone(courses: Courses, domain: Domain) -> bool:
    """Say whether each person of a domain has one course, so that whole columns can be worked on."""
    return isinstance(domain, Everyone) and domain.owners == "people" and courses.owner is None


def course_of(courses: Courses, domain: Domain) -> Indices:
    """Give the course of each element of rows or moments: the person's, or that of the linked sequence it stands in.

    Raises
    ------
    UsageError
        If each linked sequence has a course of its own, and the element stands in none.
    """
    if courses.owner is None and not isinstance(domain, Everyone):
        return domain.owner
    found = sequence_of(courses, domain)
    if found is not None:
        return found
    name = courses.disease.id
    raise UsageError(f"{name!r} has a course for each linked sequence; ask its states in a row of sequences({name!r})")
