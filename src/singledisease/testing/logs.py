"""Event logs out of rows of text, checked and ordered the way files are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from singledisease.eventlog.build import build
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import RawTable, TableName, raw_rows
from singledisease.testing.rows import RegistryRows, Row, columns_of

_NEEDED = {
    "patients": ("patient_id", "birth_date"),
    "events": ("patient_id", "date", "kind"),
    "institutions": ("institution",),
    "activities": ("institution", "date", "kind"),
}


def log_of(rows: RegistryRows) -> EventLog:
    """Make an event log of a registry's rows.

    >>> visit = {"patient_id": "p", "date": "2024-03-01", "kind": "follow_up"}
    >>> len(log_of(RegistryRows(({"patient_id": "p"},), (visit, visit))))
    1
    """
    institutions = table_of("institutions", rows.institutions) if rows.institutions else None
    activities = table_of("activities", rows.activities) if rows.activities else None
    people, events = table_of("patients", rows.patients), table_of("events", rows.events)
    return build(people, events, institutions, activities=activities)


def table_of(name: TableName, rows: Sequence[Row], columns: Iterable[str] | None = None) -> RawTable:
    """Make a raw table of rows, with the columns that some row fills and those that a table must have."""
    wanted = dict.fromkeys((*_NEEDED[name], *(columns_of(rows) if columns is None else columns)))
    return raw_rows(name, {column: [row.get(column) for row in rows] for column in wanted})
