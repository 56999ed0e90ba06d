"""A Synthea CSV export as an event log, with every row of every file accounted for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from attrs import evolve

from singledisease.eventlog.build import build
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog, Provenance
from singledisease.eventlog.raw import RawTable, TableName, raw_rows
from singledisease.eventlog.report import LoadReport, Refusal, TableReport
from singledisease.io.synthea.drafts import SyntheaDrafts, draft_events
from singledisease.io.synthea.files import SourceFile, SourceRow, local_time, read_files
from singledisease.io.synthea.words import (
    CONDITIONS,
    FACE_TO_FACE,
    SEXES,
    Enrolment,
    FollowUp,
    Glucose,
    Responsible,
    SyntheaOptions,
    check_options,
)

NOT_READ = "本库不读取此文件 / files that are not read"
_EVENT_FILES = ("encounters", "observations", "conditions")
_EVENT_COLUMNS = ("patient_id", "date", "kind")


def read_synthea(
    path: str | Path,
    *,
    time_zone: str = "UTC",
    enrolment: Enrolment = "first_condition",
    follow_up: FollowUp = "encounter_with_reading",
    glucose: Glucose = "glucose",
    responsible: Responsible = "most_visited",
    conditions: Mapping[str, tuple[str, ...]] = CONDITIONS,
    rules: LoadRules | None = None,
) -> EventLog:
    """Read the folder of a Synthea CSV export as an event log.

    Conditions of the diseases become diagnoses; every encounter becomes a follow-up in mode clinic or an
    encounter, with pressures, glucose, HbA1c, BMI, weight, height and heart rate of its observations;
    organizations become institutions.  What else the export holds is skipped, and counted as skipped.

    Parameters
    ----------
    path
        The folder with ``patients.csv``, ``encounters.csv``, ``observations.csv``, ``conditions.csv`` …
    time_zone
        IANA name of the clinic's time zone: Synthea's timestamps are UTC, events have local dates.
    enrolment
        What enrols a person in the management of a disease, once: ``first_condition`` the onset of the first
        condition, ``first_follow_up`` the first follow-up from then on, ``none`` nothing.
    follow_up
        Which encounters of class ambulatory, wellness or outpatient are follow-ups:
        ``encounter_with_reading`` those with a pressure, a glucose or an HbA1c, ``encounter`` all, ``none`` none.
    glucose
        What glucose of unspecified fasting state (LOINC 2339-0, 2345-7) is: ``glucose``, or ``fpg`` if you know
        that the samples were taken fasting; 1558-6 is always ``fpg``.  mg/dL are divided by 18.016.
    responsible
        Whether the organization that saw a person most often counts as responsible (``most_visited``).
    conditions
        SNOMED CT codes of each disease.
    rules
        What else the tables are read by.

    Raises
    ------
    DataError
        If this is no Synthea export; single rows are refused and reported, not raised.
    UsageError
        If the time zone or an option does not exist.
    """
    options = check_options(
        time_zone, conditions, enrolment=enrolment, follow_up=follow_up, glucose=glucose, responsible=responsible
    )
    files = read_files(Path(path))
    drafts = draft_events(files, options)
    log = build(_patients(files, options), _events(drafts), _institutions(files), rules=rules)
    return evolve(log, source=_provenance(log, drafts), report=_report(log, files, drafts))


# TABLES


def _table(name: TableName, file: SourceFile, columns: Mapping[str, Sequence[str]]) -> RawTable:
    lines = np.array([row.line for row in file.rows], np.int64)
    return evolve(raw_rows(name, columns, file=file.name), line=lines, refused=file.broken)


def _patients(files: Mapping[str, SourceFile], options: SyntheaOptions) -> RawTable:
    rows = files["patients"].rows
    seen_at = _responsible(files["encounters"].rows) if options.responsible == "most_visited" else {}
    columns = {
        "patient_id": [row["Id"] for row in rows],
        "birth_date": [local_time(row["BIRTHDATE"], options.zone)[0] for row in rows],
        "death_date": [local_time(row["DEATHDATE"], options.zone)[0] for row in rows],
        "sex": [SEXES.get(row["GENDER"], row["GENDER"]) for row in rows],
        "region": [row["COUNTY"] for row in rows],
        "institution": [seen_at.get(row["Id"], "") for row in rows],
    }
    return _table("patients", files["patients"], columns)


def _responsible(encounters: Iterable[SourceRow]) -> dict[str, str]:
    """Give for each person the organization of most face-to-face encounters; of equals the first by id."""
    visits: dict[str, Counter[str]] = defaultdict(Counter)
    for row in encounters:
        if row["ENCOUNTERCLASS"] in FACE_TO_FACE and row["ORGANIZATION"]:
            visits[row["PATIENT"]][row["ORGANIZATION"]] += 1
    return {person: min(counts, key=lambda id: (-counts[id], id)) for person, counts in visits.items()}


def _institutions(files: Mapping[str, SourceFile]) -> RawTable:
    rows = files["organizations"].rows
    columns = {
        "institution": [row["Id"] for row in rows],
        "name": [row["NAME"] for row in rows],
        "region": [row["CITY"] for row in rows],
    }
    return _table("institutions", files["organizations"], columns)


def _events(drafts: SyntheaDrafts) -> RawTable:
    """Make the table of events; its line numbers are the places of the drafts."""
    names = dict.fromkeys((*_EVENT_COLUMNS, *(name for draft in drafts.events for name in draft.columns)))
    columns = {name: [draft.columns.get(name) for draft in drafts.events] for name in names}
    return evolve(raw_rows("events", columns), line=np.arange(len(drafts.events), dtype=np.int64))


# WHAT BECAME OF EVERY ROW


def _provenance(log: EventLog, drafts: SyntheaDrafts) -> Provenance:
    """Give each event the file and line of its lead row in the place of the number of its draft."""
    files = tuple(f"{name}.csv" for name in _EVENT_FILES)
    leads = [drafts.events[i].rows[0] for i in log.source.line.tolist()]
    return Provenance(
        files=files,
        file=np.array([files.index(row.file) for row in leads], np.uint16),
        line=np.array([row.line for row in leads], np.int64),
    )


def _report(log: EventLog, files: Mapping[str, SourceFile], drafts: SyntheaDrafts) -> LoadReport:
    of_events = [refusal for refusal in log.report.refusals if refusal.table == "events"]
    others = [refusal for refusal in log.report.refusals if refusal.table != "events"]
    refused = {refusal.line for refusal in of_events}
    accepted = set(log.source.line.tolist())
    broken = [refusal for name in _EVENT_FILES for refusal in files[name].broken]
    # A condition and the enrolment that was assumed of it are refused for one reason, which is told once.
    moved = dict.fromkeys(_at_source(refusal, drafts.events[refusal.line].rows[0]) for refusal in of_events)
    tables = [table for table in log.report.tables if table.table != "events"]
    tables += [_count(files[name], drafts, accepted, refused) for name in _EVENT_FILES]
    unread = [file for name, file in files.items() if name not in (*_EVENT_FILES, "patients", "organizations")]
    tables += [
        TableReport(file.name.removesuffix(".csv"), file.read, refused=len(file.broken), skipped=len(file.rows))
        for file in unread
    ]
    refusals = (*others, *broken, *(refusal for file in unread for refusal in file.broken), *drafts.refused, *moved)
    readings = tuple(_at_source(one, drafts.events[one.line].rows[0]) for one in log.report.readings)
    return LoadReport(tuple(tables), refusals, readings, notes=_notes(drafts, unread))


def _at_source(refusal: Refusal, row: SourceRow) -> Refusal:
    return evolve(refusal, table=row.file.removesuffix(".csv"), file=row.file, line=row.line)


def _count(file: SourceFile, drafts: SyntheaDrafts, accepted: set[int], refused: set[int]) -> TableReport:
    """Count the rows of a file by what became of them: accepted if any event they say was."""
    fate: dict[int, str] = dict.fromkeys((row.line for row in drafts.repeated if row.file == file.name), "duplicates")
    fate |= dict.fromkeys((row.line for row, _ in drafts.skipped if row.file == file.name), "skipped")
    fate |= dict.fromkeys((refusal.line for refusal in drafts.refused if refusal.file == file.name), "refused")
    for wanted, numbers in (("refused", refused), ("accepted", accepted)):
        said = (row for i in numbers for row in drafts.events[i].rows if row.file == file.name)
        fate |= dict.fromkeys((row.line for row in said), wanted)
    counts = Counter(fate.get(row.line, "duplicates") for row in file.rows)
    counts["refused"] += len(file.broken)
    return TableReport(file.name.removesuffix(".csv"), file.read, **counts)


def _notes(drafts: SyntheaDrafts, unread: Sequence[SourceFile]) -> tuple[str, ...]:
    """Say why rows were skipped, and how many."""
    reasons = Counter((row.file, reason) for row, reason in drafts.skipped)
    reasons += Counter({(file.name, NOT_READ): len(file.rows) for file in unread})
    return tuple(f"{file}: 略过 {count} 行 skipped: {reason}" for (file, reason), count in sorted(reasons.items()))
