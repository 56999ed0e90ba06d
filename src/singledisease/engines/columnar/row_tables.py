"""The tables that rows are selected from: events, and what the courses of a disease make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.engines.columnar.concerns import concerning
from singledisease.engines.columnar.context import EvaluationContext, seen_until
from singledisease.engines.columnar.domain import Rows, kept_on
from singledisease.engines.columnar.institutions import text_column
from singledisease.engines.columnar.operands import LAST_DAY, Day, Number, Operand, Text
from singledisease.engines.columnar.table import Indices, Table
from singledisease.errors import UsageError
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Flags, coded
from singledisease.eventlog.log import EventLog
from singledisease.language import nodes as n
from singledisease.pathway_courses import NO_ROW, OUTCOMES, Courses, Obligations

Days = NDArray[np.int32]


def table_of(context: EvaluationContext, base: Any) -> Table:
    """Give the table that rows of a kind are taken from."""
    key = "table", type(base), getattr(base, "disease", "")
    table: Table = kept_on(context, key, lambda: _TABLES[type(base)](context, base))
    return table


def row_ends(rows: Rows) -> Days:
    """Give the last day of each row; one that goes on ends after every day."""
    last = _last_days(rows)
    return np.where(last == MISSING, np.int32(LAST_DAY + 1), last)


def _last_days(rows: Rows) -> Days:
    """Give the last day that each row names, ``MISSING`` where it names none."""
    name, before = rows.table.ends
    column = rows.table.column(name, rows.index, lambda: seen_until(rows))
    if not isinstance(column, Day):
        return np.full(len(rows.index), MISSING, np.int32)
    return np.where(column.values == MISSING, np.int32(MISSING), column.values - np.int32(before))


def covered_until(rows: Rows, open_ended: bool) -> Days:
    """Give the last day that each row covers: where it names none, its own, or it goes on, as every stay does."""
    last = _last_days(rows)
    goes_on = open_ended or rows.table.source == "spells"
    return np.where(last == MISSING, np.int32(LAST_DAY + 1) if goes_on else rows.dates, last)


# EVENTS


def events_table(log: EventLog) -> Table:
    """Give the events of a log."""
    person = np.repeat(np.arange(len(log.people), dtype=np.int32), np.diff(log.offsets))
    columns = {**log.columns, "kind": log.kind}
    return Table(source="events", date=log.date, owner=person, columns=columns, ends=("until", 0), log=log)


# SPELLS


def _spells_table(courses: Courses) -> Table:
    """Give the stays in states, as they stand on the last day seen."""
    spells, states = courses.spells, courses.disease.pathway.states
    owner = np.repeat(np.arange(courses.people, dtype=np.int32), np.diff(spells.offsets))
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

    return Table(
        source="spells",
        date=spells.entered,
        owner=owner,
        columns=columns,
        as_seen={"left": left, "days": days},
        ends=("left", 1),
        courses=courses,
    )


def _coded(codes: NDArray[Any], names: list[str]) -> Coded:
    """Give the names of codes as a column."""
    distinct = {"": 0}
    number = np.array([distinct.setdefault(name, len(distinct)) for name in names], np.int16)
    return Coded(number[codes], tuple(distinct))


# SERVICES AND BREACHES

OUTCOME_NAMES = ("", "met", "late", "missed", "cancelled", "open")
_MET, _LATE, _MISSED, _CANCELLED, _OPEN = range(1, 6)


def _obligations(courses: Courses, what: str) -> Obligations:
    if courses.obligations is None:
        name = courses.disease.id
        raise UsageError(f"an expression asks for {what} of {name!r}; walk it with obligations=True")
    return courses.obligations


def _services_table(courses: Courses) -> Table:
    """Give every run of every timing, as it stands on the last day seen."""
    made = _obligations(courses, "services")
    disease = courses.disease
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

    return Table(
        source="services",
        date=made.started,
        owner=made.person,
        columns=columns,
        as_seen={"met": met, "outcome": outcome},
        courses=courses,
    )


def _outcomes(made: Obligations, met_on: Days, index: Indices, seen: Days) -> NDArray[np.int8]:
    """Say what has become of some runs by the end of a day for each."""
    final = np.array([_MET, _MISSED, _CANCELLED, _OPEN], np.int8)[made.outcome.take(index)]
    ended, met = made.ended.take(index), met_on.take(index)
    is_late = (final == _MISSED) & (met != MISSING) & (met <= seen)
    now = np.where(is_late, np.int8(_LATE), final)
    return np.where((ended == MISSING) | (ended > seen), np.int8(_OPEN), now).astype(np.int8)


def _breaches_table(courses: Courses) -> Table:
    """Give the missed timings that count as breaches, by person and in the order in which they fell."""
    made = _obligations(courses, "breaches")
    timings = courses.disease.timings
    counts = np.array([timing.breach for timing in timings], np.bool_)
    missed = np.flatnonzero((made.outcome == OUTCOMES.index("breached")) & counts[made.timing])
    moves = np.array([timing.leads_to is not None for timing in timings], np.bool_)
    date, timing = made.ended[missed], made.timing[missed]
    chosen = missed[np.lexsort((timing, moves[timing], date, made.person[missed]))]
    columns: dict[str, AnyColumn] = {
        "timing": Coded(made.timing[chosen] + 1, ("", *[timing.id for timing in timings])),
        "due": Dates(made.due[chosen]),
    }
    return Table(
        source="breaches",
        date=made.ended[chosen],
        owner=made.person[chosen].astype(np.int32),
        columns=columns,
        row=chosen,
        courses=courses,
    )


# LINKED SEQUENCES


def first_rows(log: EventLog, courses: Courses) -> Indices:
    """Give the first event of each linked sequence that concerns the disease."""
    assert courses.owner is not None
    link = log.columns["link"]
    assert isinstance(link, Coded)
    rows = np.flatnonzero((link.codes != 0) & concerning(log, courses.disease))
    person = np.searchsorted(log.offsets, rows, "right") - 1
    key = person * len(link.categories) + link.codes[rows]
    return np.sort(rows[np.unique(key, return_index=True)[1]])


def _sequences_table(context: EvaluationContext, courses: Courses) -> Table:
    """Give the linked sequences of a disease, by person and in the order of their first events."""
    if courses.owner is None or courses.link is None:
        name = courses.disease.id
        raise UsageError(f"an expression asks for sequences of {name!r}, whose pathway runs over people, not links")
    row = first_rows(context.log, courses)
    institution = context.log.columns.get("institution")
    columns: dict[str, AnyColumn] = {"link": coded(courses.link)}
    if institution is not None:
        columns["institution"] = institution[row]
    return Table(
        source="sequences",
        date=context.log.date[row],
        owner=courses.owner,
        columns=columns,
        courses=courses,
    )


# INSTITUTIONS AND WHAT THEY DO

_UNDATED = np.int32(-(2**31) + 1)
"""The day of what has none: before every day, so that it is there in every period."""


def _institutions_table(log: EventLog) -> Table:
    """Give the institutions of the registry."""
    number = len(log.institutions.ids)
    names = ("institution", *log.institutions.columns)
    columns: dict[str, AnyColumn] = {name: column for name in names if (column := text_column(log, name)) is not None}
    return Table(
        source="institutions",
        date=np.full(number, _UNDATED),
        owners="institutions",
        owner=np.arange(number),
        columns={**columns, **log.institutions.typed},
        is_dated=False,
    )


def _activities_table(log: EventLog) -> Table:
    """Give what institutions did that is about no one person."""
    activities = log.activities
    number = {name: i for i, name in enumerate(log.institutions.ids)}
    known = np.array([number.get(name, NO_ROW) for name in activities.institution.categories])
    owner = known[activities.institution.codes]
    # What is not in the table of institutions comes first.
    order = np.argsort(owner, kind="stable")
    sorted_by_owner = activities.take(order)
    return Table(
        source="activities",
        date=sorted_by_owner.date,
        owners="institutions",
        owner=owner[order],
        columns={
            **sorted_by_owner.columns,
            "kind": sorted_by_owner.kind,
            "institution": sorted_by_owner.institution,
        },
        row=order,
    )


def _of_courses(make: Callable[[Courses], Table]) -> Callable[[EvaluationContext, Any], Table]:
    return lambda context, base: make(context.courses_of(base.disease))


_TABLES: dict[type, Callable[[EvaluationContext, Any], Table]] = {
    n.Events: lambda context, _: events_table(context.log),
    n.Spells: _of_courses(_spells_table),
    n.Services: _of_courses(_services_table),
    n.Breaches: _of_courses(_breaches_table),
    n.Sequences: lambda context, base: _sequences_table(context, context.courses_of(base.disease)),
    n.Institutions: lambda context, _: _institutions_table(context.log),
    n.Activities: lambda context, _: _activities_table(context.log),
}
