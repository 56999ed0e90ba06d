"""The tables that rows are selected from: events, and what the courses of a disease make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.engines.columnar.context import EvaluationContext, seen_until
from singledisease.engines.columnar.course_tables import breaches_table, sequences_table, services_table, spells_table
from singledisease.engines.columnar.domain import SelectedRows, kept_on
from singledisease.engines.columnar.event_rows import person_of
from singledisease.engines.columnar.institutions import text_column
from singledisease.engines.columnar.operands import LAST_DAY, Day
from singledisease.engines.columnar.table import RowTable
from singledisease.eventlog.columns import AnyColumn
from singledisease.eventlog.log import EventLog
from singledisease.language import nodes as n
from singledisease.pathway_courses import NO_ROW, Courses

Days = NDArray[np.int32]


def table_of(context: EvaluationContext, base: Any) -> RowTable:
    """Give the table that rows of a kind are taken from."""
    key = "table", type(base), getattr(base, "disease", "")
    table: RowTable = kept_on(context, key, lambda: _TABLES[type(base)](context, base))
    return table


def row_ends(rows: SelectedRows) -> Days:
    """Give the last day of each row; one that goes on ends after every day."""
    last = _last_days(rows)
    return np.where(last == MISSING, np.int32(LAST_DAY + 1), last)


def _last_days(rows: SelectedRows) -> Days:
    """Give the last day that each row names, ``MISSING`` where it names none."""
    name, before = rows.table.ends
    column = rows.table.column(name, rows.index, lambda: seen_until(rows))
    if not isinstance(column, Day):
        return np.full(len(rows.index), MISSING, np.int32)
    return np.where(column.values == MISSING, np.int32(MISSING), column.values - np.int32(before))


def covered_until(rows: SelectedRows, open_ended: bool) -> Days:
    """Give the last day that each row covers: where it names none, its own, or it goes on, as every stay does."""
    last = _last_days(rows)
    goes_on = open_ended or rows.table.source == "spells"
    return np.where(last == MISSING, np.int32(LAST_DAY + 1) if goes_on else rows.dates, last)


# EVENTS


def events_table(log: EventLog) -> RowTable:
    """Give the events of a log."""
    columns = {**log.columns, "kind": log.kind}
    return RowTable(source="events", date=log.date, owner=person_of(log), columns=columns, ends=("until", 0), log=log)


# INSTITUTIONS AND WHAT THEY DO

_UNDATED = np.int32(-(2**31) + 1)
"""The day of what has none: before every day, so that it is there in every period."""


def _institutions_table(log: EventLog) -> RowTable:
    """Give the institutions of the registry."""
    number = len(log.institutions.ids)
    names = ("institution", *log.institutions.columns)
    columns: dict[str, AnyColumn] = {name: column for name in names if (column := text_column(log, name)) is not None}
    return RowTable(
        source="institutions",
        date=np.full(number, _UNDATED),
        owners="institutions",
        owner=np.arange(number),
        columns={**columns, **log.institutions.typed},
        is_dated=False,
    )


def _activities_table(log: EventLog) -> RowTable:
    """Give what institutions did that is about no one person."""
    activities = log.activities
    number = {name: i for i, name in enumerate(log.institutions.ids)}
    known = np.array([number.get(name, NO_ROW) for name in activities.institution.categories])
    owner = known[activities.institution.codes]
    # What is not in the table of institutions comes first.
    order = np.argsort(owner, kind="stable")
    sorted_by_owner = activities.take(order)
    return RowTable(
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


def _of_courses(make: Callable[[Courses], RowTable]) -> Callable[[EvaluationContext, Any], RowTable]:
    return lambda context, base: make(context.courses_of(base.disease))


_TABLES: dict[type, Callable[[EvaluationContext, Any], RowTable]] = {
    n.Events: lambda context, _: events_table(context.log),
    n.Spells: _of_courses(spells_table),
    n.Services: _of_courses(services_table),
    n.Breaches: _of_courses(breaches_table),
    n.Sequences: lambda context, base: sequences_table(context.log, context.courses_of(base.disease)),
    n.Institutions: lambda context, _: _institutions_table(context.log),
    n.Activities: lambda context, _: _activities_table(context.log),
}
