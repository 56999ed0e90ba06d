"""Registries of a few rows, as logs."""

from singledisease.eventlog.build import build
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import raw_rows


def columns(names, rows):
    """Turn rows into columns; a row may be short at its end."""
    return {name: [row[i] if i < len(row) else None for row in rows] for i, name in enumerate(names.split())}


def registry(
    patients, events=(), institutions=(), *, patient_columns="", event_columns="", institution_columns=""
) -> EventLog:
    """Build a log of short tables; every row must be accepted.

    Patients start with ``patient_id``, events with ``patient_id date kind``, institutions with ``institution``.
    """
    people = columns(f"patient_id {patient_columns}", patients)
    people.setdefault("birth_date", [None] * len(patients))
    log = build(
        raw_rows("patients", people),
        raw_rows("events", columns(f"patient_id date kind {event_columns}", events), file="events.csv"),
        raw_rows("institutions", columns(f"institution {institution_columns}", institutions)) if institutions else None,
    )
    assert not log.report.refusals, log.report.refusals
    return log
