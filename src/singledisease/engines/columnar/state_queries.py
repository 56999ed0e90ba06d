"""Whether a status held on a day or during a window, and for how many days, on any domain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar import stays
from singledisease.engines.columnar.context import EvaluationContext, day_of, seen_until
from singledisease.engines.columnar.domain import Domain, Everyone, Rows, kept_on
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
    if isinstance(domain, Rows) and is_own_date(node.on) and domain.table.log is not None and courses.owner is None:
        holds = stays.codes_of(courses.disease, node.status)
        return o.certain(lambda: holds[courses.at_row.take(domain.index)])
    day = day_of(context, node.on, domain)
    askable = (day != MISSING) & (day <= _latest(node, day, domain))
    held = o.certain(lambda: _held_on(context, node.status, day, domain))
    if askable.all():
        return held
    return o.Truth(lambda wanted: held.where(wanted) & askable)


def _latest(node: n.StatusOn, day: Array, domain: Domain) -> Array:
    # Rows that are not told apart by period are only asked about their own date.
    return day if isinstance(domain, Rows) and is_own_date(node.on) else seen_until(domain)


def _held_on(context: EvaluationContext, status: n.Status, day: Array, domain: Domain) -> Mask:
    courses = context.courses_of(status.disease)
    if _is_of_everyone(courses, domain):
        return _held_within(context, status, Bounds(day, day), domain)
    holds = stays.codes_of(courses.disease, status)
    course = course_of(courses, domain)
    days = np.broadcast_to(day, domain.shape)
    return holds[stays.state_on(courses, _owner(context, status.disease), course, days)]


def status_during(context: EvaluationContext, node: n.StatusDuring, domain: Domain) -> Operand:
    """Say where a status held on a day of a window."""
    return o.certain(lambda: _held_during(context, node, domain))


def _held_during(context: EvaluationContext, node: n.StatusDuring, domain: Domain) -> Mask:
    window = seen_bounds(context, node.window, domain)
    if _is_of_everyone(context.courses_of(node.status.disease), domain):
        return _held_within(context, node.status, window, domain)
    return _days_held(context, node.status, window, domain) > 0


def days_in(context: EvaluationContext, node: n.DaysIn, domain: Domain) -> Operand:
    """Count the days of a window on which a status held."""
    window = seen_bounds(context, node.window, domain)
    if _is_of_everyone(context.courses_of(node.status.disease), domain):
        assert isinstance(domain, Everyone)
        days: Array = stays.days_in(_layers(context, node.status, window, domain), window, domain.size)
    else:
        days = _days_held(context, node.status, window, domain)
    return o.Number(days.astype(np.float64))


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
    if courses.owner is None and not (isinstance(domain, Everyone) and domain.owners == "institutions"):
        return domain.owner
    found = sequence_of(courses, domain)
    if found is not None:
        return found
    name = courses.disease.id
    raise UsageError(f"{name!r} has a course for each linked sequence; ask its states in a row of sequences({name!r})")


def _owner(context: EvaluationContext, disease: str) -> NDArray[np.int32]:
    """Give the course of each spell."""
    courses = context.courses_of(disease)
    owner: NDArray[np.int32] = kept_on(context, ("course of spell", disease), lambda: stays.owner_of(courses))
    return owner


# KEPT FOR ALL WINDOWS WITHIN THE SAME DAYS


def _held_within(context: EvaluationContext, status: n.Status, window: Bounds, everyone: Domain) -> Mask:
    """Say for everyone whether a status held on a day of a window, as (periods or 1, people)."""
    assert isinstance(everyone, Everyone)
    if everyone.periods == 1 and window.is_same_for_all:
        # The spells inside a single window say it all: they need not be joined into stays.
        return stays.whose(_spells(context, status, window), _owner(context, status.disease), everyone.size)
    return stays.was_in(_layers(context, status, window, everyone), window, everyone.size)


def _days_held(context: EvaluationContext, status: n.Status, window: Bounds, domain: Domain) -> NDArray[np.int64]:
    course = course_of(context.courses_of(status.disease), domain)
    return stays.days_on(_stays(context, status, window), course, window)


def _spells(context: EvaluationContext, status: n.Status, window: Bounds) -> Indices:
    first, last = window.hull
    key = "spells held", context.common.of(status), first, last
    courses = context.courses_of(status.disease)
    held: Indices = kept_on(context, key, lambda: stays.held_spells(courses, status, first, last))
    return held


def _stays(context: EvaluationContext, status: n.Status, window: Bounds) -> stays.Stays:
    def work() -> stays.Stays:
        courses, owner = context.courses_of(status.disease), _owner(context, status.disease)
        return stays.stays_of(courses, owner, _spells(context, status, window))

    found: stays.Stays = kept_on(context, ("stays", context.common.of(status), *window.hull), work)
    return found


def _layers(
    context: EvaluationContext, status: n.Status, window: Bounds, everyone: Everyone
) -> tuple[stays.Layer, ...]:
    key = "layers", context.common.of(status), *window.hull
    layers: tuple[stays.Layer, ...] = kept_on(
        context, key, lambda: stays.layers_of(_stays(context, status, window), everyone.size)
    )
    return layers
