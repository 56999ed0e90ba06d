"""Two logs joined into one, as if their rows had been loaded together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from singledisease.definitions.citation import Names
from singledisease.definitions.typed_column import TypedColumn
from singledisease.errors import DataError, Fault
from singledisease.eventlog.build import build
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Flags, Numbers, blank_like, together
from singledisease.eventlog.deduplicate import restated
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog, Provenance
from singledisease.eventlog.parse_column import as_text
from singledisease.eventlog.raw import RawTable
from singledisease.eventlog.report import LoadReport, Refusal, TableReport
from singledisease.eventlog.to_tables import tables_of
from singledisease.eventlog.validation_rules import REFUSED_ELSEWHERE
from singledisease.vocabulary import QUANTITIES, Quantity, ValueKind


def join(first: EventLog, second: EventLog) -> EventLog:
    """Join two logs: what is identical merges, people and institutions whose rows differ are refused.

    A person refused when either log was loaded stays refused.  Logs known until different days are joined as
    known on the earlier one.

    Raises
    ------
    DataError
        If a column holds numbers in one log and text in the other.
    """
    if first.known_until != second.known_until:
        until = min(day for day in (first.known_until, second.known_until) if day is not None)
        first, second = first.as_of(until), second.as_of(until)
    faults = mismatches(first, second)
    if faults:
        raise DataError("两份数据不能合并 / the two logs cannot be joined", faults)
    pairs = zip(tables_of(first), tables_of(second), strict=True)
    patients, events, institutions, teams, activities = (stacked(*pair) for pair in pairs)
    patients = _without_refused(patients, first.report, second.report)
    joined = build(
        patients,
        events,
        institutions if institutions.columns else None,
        teams=teams if teams.columns else None,
        activities=activities if activities.columns else None,
        rules=LoadRules(
            quantities=unbounded(events),
            attributes=_declared(first.people.typed, second.people.typed),
            institution_columns=_declared(first.institutions.typed, second.institutions.typed),
        ),
    )
    source = joined_source(first.source, second.source)
    return evolve(
        joined,
        source=rows_of_source(source, joined.source.line),
        report=_joined_report(first.report, second.report, placed(joined.report, source)),
        known_until=first.known_until,
    )


def mismatches(first: EventLog, second: EventLog) -> list[Fault]:
    """Name the columns that hold numbers in one log and text in the other: they cannot be one column."""
    return [
        Fault(
            "column_type", name, "一份为数字，一份为文本 / numbers in one log, text in the other", "declare it in both"
        )
        for name in first.columns.keys() & second.columns.keys()
        if type(first.columns[name]) is not type(second.columns[name])
    ]


_KINDS: Mapping[type, ValueKind] = {Coded: "text", Numbers: "number", Dates: "date", Flags: "bool"}


def _declared(*typed: Mapping[str, AnyColumn]) -> tuple[TypedColumn, ...]:
    """Declare again what was declared when the logs were read."""
    kinds = {name: _KINDS[type(column)] for columns in typed for name, column in columns.items()}
    return tuple(TypedColumn(name=name, names=Names(name, name), kind=kind) for name, kind in kinds.items())


# ROWS


def stacked(first: RawTable, second: RawTable) -> RawTable:
    """Put one table under the other; lines become places in the stack."""
    columns = {
        name: together(
            first.columns.get(name, blank_like(given, len(first))),
            second.columns.get(name, blank_like(given, len(second))),
        )
        for name, given in {**first.columns, **second.columns}.items()
    }
    return evolve(first, columns=columns, line=np.arange(len(first) + len(second)))


def unbounded(events: RawTable) -> tuple[Quantity, ...]:
    """Declare again the further quantities of events that were read before: whatever is in them is possible."""
    return tuple(
        Quantity(name, "", -np.inf, np.inf, name, name)
        for name, column in events.columns.items()
        if isinstance(column, Numbers) and name not in QUANTITIES
    )


def _without_refused(patients: RawTable, *reports: LoadReport) -> RawTable:
    """Refuse the rows of people who have been refused: whole, they would have been too."""
    refused = {found.key for report in reports for found in report.refusals if found.table == "patients"} - {""}
    ids = as_text(patients.columns["patient_id"])
    gone = np.array([text in refused for text in ids.categories], np.bool_)[ids.codes]
    if not gone.any():
        return patients
    keep = np.flatnonzero(~gone)
    return evolve(
        patients,
        columns={name: column[keep] for name, column in patients.columns.items()},
        line=patients.line[keep],
        refused=tuple(_refused_elsewhere(ids.categories[code]) for code in ids.codes[gone].tolist()),
    )


def _refused_elsewhere(key: str) -> Refusal:
    problem = REFUSED_ELSEWHERE
    return Refusal("patients", "", 0, "patient_id", key, problem.check, problem.reason, key)


# PLACES AND REPORT


def joined_source(first: Provenance, second: Provenance) -> Provenance:
    """Give file and line of the rows of two logs, one below the other."""
    files = tuple(dict.fromkeys((*first.files, *second.files)))
    moved = [np.array([files.index(file) for file in part.files], np.uint16)[part.file] for part in (first, second)]
    return Provenance(files=files, file=np.concatenate(moved), line=np.concatenate([first.line, second.line]))


def rows_of_source(source: Provenance, rows: NDArray[np.int64]) -> Provenance:
    """Give file and line of some rows."""
    return evolve(source, file=source.file[rows], line=source.line[rows])


def placed(report: LoadReport, source: Provenance) -> LoadReport:
    """Put file and line where a refusal, or a slip, of the stack has a place in it; people have none."""

    def where(table: str, row: int) -> tuple[str, int]:
        return (source.files[source.file[row]], int(source.line[row])) if table == "events" else ("", 0)

    refusals, slips = [], []
    for refusal in report.refusals:
        file, line = where(refusal.table, refusal.line)
        refusals.append(evolve(refusal, file=file, line=line))
    for slip in report.slips:
        file, line = where(slip.table, slip.line) if slip.column else ("", 0)
        slips.append(evolve(slip, file=file, line=line))
    return evolve(report, refusals=restated(report.refusals, refusals), slips=tuple(slips))


def _joined_report(first: LoadReport, second: LoadReport, new: LoadReport) -> LoadReport:
    names = dict.fromkeys(table.table for report in (first, second, new) for table in report.tables)
    return LoadReport(
        tables=tuple(_joined_counts(first.table(name), second.table(name), new.table(name)) for name in names),
        refusals=(*first.refusals, *second.refusals, *new.refusals),
        # What is refused of a reading is not in the log any more, and is not found again.
        readings=(*first.readings, *second.readings),
        not_done=(*first.not_done, *second.not_done),
        slips=(*first.slips, *second.slips),
        notes=(*first.notes, *second.notes),
    )


def _joined_counts(first: TableReport, second: TableReport, new: TableReport) -> TableReport:
    read = first.read + second.read
    duplicates = first.duplicates + second.duplicates + new.duplicates
    refused = first.refused + second.refused + new.refused
    skipped, aside = first.skipped + second.skipped, first.not_done + second.not_done
    accepted = read - duplicates - refused - skipped - aside
    readings = first.readings + second.readings
    return TableReport(first.table, read, accepted, duplicates, refused, skipped, aside, readings)
