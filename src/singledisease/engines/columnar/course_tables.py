"""The tables of what the courses of a disease make: stays, runs of timings, breaches and linked sequences."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from attrs import astuple
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.engines.columnar.linked import first_rows
from singledisease.engines.columnar.operands import Array, Day, Number, Operand, Text
from singledisease.engines.columnar.stays import owner_of
from singledisease.engines.columnar.table import Indices, RowTable
from singledisease.errors import UsageError
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Flags, coded
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import NO_ROW, OUTCOMES, Courses, Obligations

Days = NDArray[np.int32]

# SPELLS


def spells_table(courses: Courses) -> RowTable:
    """Give the stays in states, as they stand on the last day seen."""
    states, course = courses.disease.pathway.states, owner_of(courses)
    row = _by_person(courses, course, courses.spells.entered)
    spells = _Stays(*_in_order(row, courses.spells.state, courses.spells.entered, courses.spells.left))
    code = spells.state.astype(np.int16) + 1
    managed = np.array([state.managed for state in states], np.int8)
    columns: dict[str, AnyColumn] = {
        "state": Coded(code, ("", *[state.id for state in states])),
        "stage": _coded(spells.state, [state.stage for state in states]),
        "managed": Flags(managed[spells.state]),
    }

    def left(index: Indices, seen: Days) -> Operand:
        days = spells.left.take(index)
        return Day(np.where(days > np.minimum(seen, courses.until), np.int32(MISSING), days))

    def days(index: Indices, seen: Days) -> Operand:
        until = np.minimum(spells.left.take(index), np.minimum(seen, courses.until) + 1)
        return Number((until - spells.entered.take(index)).astype(np.float64))

    return RowTable(
        source="spells",
        date=spells.entered,
        owner=_owners(courses, course, row),
        columns=columns,
        as_seen={"left": left, "days": days},
        ends=("left", 1),
        courses=courses,
        course=None if row is None else course[row],
        row=row,
    )


def _coded(codes: NDArray[Any], names: list[str]) -> Coded:
    """Give the names of codes as a column."""
    distinct = {"": 0}
    number = np.array([distinct.setdefault(name, len(distinct)) for name in names], np.int16)
    return Coded(number[codes], tuple(distinct))


class _Stays(NamedTuple):
    state: NDArray[np.uint8]
    entered: Days
    left: Days


def _by_person(courses: Courses, course: Array, *columns: Array) -> Indices | None:
    """Give the order by person and some columns, the last one least; ``None`` where rows stand so already.

    Rows stand by course: a person has several if each linked sequence has one.
    """
    return None if courses.owner is None else np.lexsort((*reversed(columns), courses.owner[course]))


def _in_order(row: Indices | None, *columns: Array) -> tuple[Array, ...]:
    return columns if row is None else tuple(column[row] for column in columns)


def _owners(courses: Courses, course: NDArray[np.int32], row: Indices | None) -> Array:
    """Give the person of each row; mostly that is the number of its course."""
    return course if row is None else courses.whose[course[row]]


# SERVICES AND BREACHES

OUTCOME_NAMES = ("", "met", "late", "missed", "cancelled", "open")
_MET, _LATE, _MISSED, _CANCELLED, _OPEN = range(1, 6)


def _obligations(courses: Courses, what: str) -> Obligations:
    if courses.obligations is None:
        name = courses.disease.id
        raise UsageError(f"an expression asks for {what} of {name!r}; walk it with obligations=True")
    return courses.obligations


def services_table(courses: Courses) -> RowTable:
    """Give every run of every timing, as it stands on the last day seen."""
    made, disease = _obligations(courses, "services"), courses.disease
    row = _by_person(courses, made.person, made.started, made.timing)
    made = Obligations(*_in_order(row, *astuple(made, recurse=False)))
    role = {service.id: service.role for service in disease.services}
    columns: dict[str, AnyColumn] = {
        "item": _coded(made.timing, [timing.id for timing in disease.timings]),
        "role": _coded(made.timing, [role.get(timing.id, "") for timing in disease.timings]),
        "due": Dates(made.due),
    }
    met_on = np.where(made.outcome == OUTCOMES.index("breached"), made.resolved, made.ended)
    met_on = np.where(made.row == NO_ROW, np.int32(MISSING), met_on)

    def met(index: Indices, seen: Days) -> Operand:
        days = met_on.take(index)
        return Day(np.where(days > seen, np.int32(MISSING), days))

    def outcome(index: Indices, seen: Days) -> Operand:
        return Text(_outcomes(made, met_on, index, seen), OUTCOME_NAMES)

    return RowTable(
        source="services",
        date=made.started,
        owner=courses.whose[made.person],
        columns=columns,
        as_seen={"met": met, "outcome": outcome},
        courses=courses,
        course=None if row is None else made.person,
        row=row,
    )


def _outcomes(made: Obligations, met_on: Days, index: Indices, seen: Days) -> NDArray[np.int8]:
    """Say what has become of some runs by the end of a day for each."""
    final = np.array([_MET, _MISSED, _CANCELLED, _OPEN], np.int8)[made.outcome.take(index)]
    ended, met = made.ended.take(index), met_on.take(index)
    is_late = (final == _MISSED) & (met != MISSING) & (met <= seen)
    now = np.where(is_late, np.int8(_LATE), final)
    return np.where((ended == MISSING) | (ended > seen), np.int8(_OPEN), now).astype(np.int8)


def breaches_table(courses: Courses) -> RowTable:
    """Give the missed timings that count as breaches, by person and in the order in which they fell."""
    made = _obligations(courses, "breaches")
    timings = courses.disease.timings
    counts = np.array([timing.breach for timing in timings], np.bool_)
    missed = np.flatnonzero((made.outcome == OUTCOMES.index("breached")) & counts[made.timing])
    moves = np.array([timing.leads_to is not None for timing in timings], np.bool_)
    date, timing = made.ended[missed], made.timing[missed]
    chosen = missed[np.lexsort((timing, moves[timing], date, courses.whose[made.person[missed]]))]
    course = made.person[chosen]
    columns: dict[str, AnyColumn] = {
        "timing": Coded(made.timing[chosen] + 1, ("", *[timing.id for timing in timings])),
        "due": Dates(made.due[chosen]),
    }
    return RowTable(
        source="breaches",
        date=made.ended[chosen],
        owner=courses.whose[course].astype(np.int32),
        columns=columns,
        row=chosen,
        courses=courses,
        course=None if courses.owner is None else course,
    )


# LINKED SEQUENCES


def sequences_table(log: EventLog, courses: Courses) -> RowTable:
    """Give the linked sequences of a disease, by person and in the order of their first events."""
    if courses.owner is None or courses.link is None:
        name = courses.disease.id
        raise UsageError(f"sequences of {name} are asked for, whose pathway runs over people, not links")
    row = first_rows(log, courses.disease, courses.until)
    institution = log.columns.get("institution")
    columns: dict[str, AnyColumn] = {"link": coded(courses.link)}
    if institution is not None:
        columns["institution"] = institution[row]
    return RowTable(
        source="sequences",
        date=log.date[row],
        owner=courses.owner,
        columns=columns,
        courses=courses,
        course=np.arange(courses.people),
    )
