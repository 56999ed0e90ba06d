"""From raw tables to the event log: check every row, put the rest in order, drop what repeats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from singledisease.eventlog.check_rows import find_persons, wrong_rows
from singledisease.eventlog.columns import AnyColumn, Coded, Dates
from singledisease.eventlog.log import EventLog, Institutions, People, Provenance
from singledisease.eventlog.parse_table import Checked, bad_rows, counted, read_columns, refusals, require
from singledisease.eventlog.people import build_institutions, build_people
from singledisease.eventlog.raw import RawTable
from singledisease.eventlog.report import LoadReport
from singledisease.eventlog.sort_rows import arrange
from singledisease.eventlog.validation_rules import EVENT_LISTS
from singledisease.vocabulary import EVENT_COLUMNS, QUANTITIES, Quantity, ValueKind

_MANY = 1 << 16


def build(
    patients: RawTable,
    events: RawTable,
    institutions: RawTable | None = None,
    quantities: Sequence[Quantity] = (),
) -> EventLog:
    """Make an event log of tables as they came in; its report accounts for every row.

    Parameters
    ----------
    patients, events, institutions
        The tables of the registry.
    quantities
        Further quantities that columns of ``events`` hold, beside the vocabulary's.

    Raises
    ------
    DataError
        If a table lacks a column it must have.  Single rows are refused and reported, not raised.

    >>> from singledisease.eventlog.raw import raw_rows
    >>> people = raw_rows("patients", {"patient_id": ["P1"], "birth_date": ["1960-01-01"]})
    >>> visits = raw_rows(
    ...     "events",
    ...     {
    ...         "patient_id": ["P1", "P1"],
    ...         "date": ["2024-03-01", "2024-02-30"],
    ...         "kind": ["follow_up", "follow_up"],
    ...         "sbp": [152, 148],
    ...     },
    ... )
    >>> log = build(people, visits)
    >>> str(log.event(0)), log.report.refusals[0].check
    ('2024-03-01 follow_up sbp=152.0', 'impossible_date')
    """
    people, of_patients = build_people(patients)
    places, of_institutions = (Institutions(), None) if institutions is None else build_institutions(institutions)
    log = _build_events(events, people, quantities)
    accounts = [account for account in (of_patients, of_institutions) if account is not None]
    tables = [table for table in (patients, institutions, events) if table is not None]
    return evolve(
        log,
        institutions=places,
        report=LoadReport(
            tables=(*(account.counts for account in accounts), *log.report.tables),
            refusals=(*(refusal for account in accounts for refusal in account.refusals), *log.report.refusals),
            notes=(*(note for table in tables for note in table.notes), *_absent(patients)),
        ),
    )


def _absent(patients: RawTable) -> Iterator[str]:
    """Say which columns everyone is blank in: a misspelt name would go unnoticed otherwise."""
    for name in ("sex", "institution"):
        if name not in patients.columns:
            yield f"{patients.file}: 没有列 {name}，一律视为未知 / there is no column {name}: unknown for everyone"


def _build_events(events: RawTable, people: People, quantities: Sequence[Quantity]) -> EventLog:
    require(events, ("patient_id", "date", "kind"), ("patient_id", *EVENT_COLUMNS))
    checked = _read_events(events, quantities)
    columns = dict(checked.columns)
    ids = cast(Coded, columns.pop("patient_id"))
    person = find_persons(ids, people)
    wrong = [*checked.wrong, *wrong_rows(ids, person, people, checked)]
    bad = bad_rows(len(events), wrong)
    date, kind = cast(Dates, columns.pop("date")), cast(Coded, columns.pop("kind"))
    columns = _recorded_filled(columns, date)
    chosen = np.flatnonzero(~bad) if bad.any() else None
    arranged = arrange(len(people), person=person, date=date.values, kind=kind, columns=columns, chosen=chosen)
    taken = _taken({"date": date, "kind": kind, **columns}, arranged.rows)
    return EventLog(
        people=people,
        offsets=arranged.offsets,
        date=cast(Dates, taken.pop("date")).values,
        kind=cast(Coded, taken.pop("kind")),
        columns=taken,
        source=_source(events, arranged.rows),
        report=LoadReport(
            (counted(events, bad, arranged.duplicates),), refusals(events, wrong, lambda row: ids.text(row) or "")
        ),
    )


def _read_events(events: RawTable, quantities: Sequence[Quantity]) -> Checked:
    known = {**QUANTITIES, **{quantity.name: quantity for quantity in quantities}}
    kinds: dict[str, ValueKind] = {**dict.fromkeys(known, "number"), **EVENT_COLUMNS}
    return read_columns(events, kinds, EVENT_LISTS, known)


def _recorded_filled(columns: Mapping[str, AnyColumn], date: Dates) -> dict[str, AnyColumn]:
    recorded = columns.get("recorded")
    if not isinstance(recorded, Dates):
        return dict(columns)
    return {**columns, "recorded": Dates(np.where(recorded.known, recorded.values, date.values))}


def _taken(columns: Mapping[str, AnyColumn], rows: NDArray[np.int64]) -> dict[str, AnyColumn]:
    """Take rows of every column; of many rows in threads, because it is waiting for memory that takes the time."""
    if len(rows) < _MANY:
        return {name: column[rows] for name, column in columns.items()}
    with ThreadPoolExecutor() as threads:
        return dict(zip(columns, threads.map(lambda column: column[rows], columns.values()), strict=True))


def _source(events: RawTable, rows: NDArray[np.int64]) -> Provenance:
    return Provenance(files=(events.file,), file=np.zeros(len(rows), np.uint16), line=events.line.take(rows))
