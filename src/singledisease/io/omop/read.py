"""A database of the OMOP Common Data Model as an event log, with every row of every table accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from attrs import evolve

from singledisease.definitions.disease import Disease
from singledisease.eventlog.build import build
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog, Provenance
from singledisease.eventlog.raw import RawTable, raw_rows
from singledisease.io.fhir.reader_words import with_reader_words
from singledisease.io.omop.accounts import report_of
from singledisease.io.omop.clinical import Sources, conditions, drug_exposures, tell_follow_ups, visits
from singledisease.io.omop.drafts import Drafts
from singledisease.io.omop.files import CONCEPT, SourceTable, list_files, read_tables
from singledisease.io.omop.measurements import measurements
from singledisease.io.omop.options import Enrolment, FollowUp, Glucose, PartialDates, Responsible, make_options
from singledisease.io.omop.people import deaths, institutions, people, settle
from singledisease.io.omop.vocabulary import read_vocabulary

_EVENT_TABLES = ("visit_occurrence", "condition_occurrence", "measurement", "drug_exposure")
_EVENT_COLUMNS = ("patient_id", "date", "kind")


def read_omop(
    path: str | Path,
    *,
    enrolment: Enrolment = "first_condition",
    follow_up: FollowUp = "encounter_with_reading",
    glucose: Glucose = "glucose",
    responsible: Responsible = "most_visited",
    partial_dates: PartialDates = "unknown",
    codes: str | Path | None = None,
    diseases: Sequence[Disease] = (),
    rules: LoadRules | None = None,
) -> EventLog:
    """Read a folder with the tables of the OMOP CDM, version 5.3 or 5.4, as an event log.

    PERSON, DEATH and CARE_SITE become people and institutions; visits follow-ups, encounters, admissions and
    discharges; conditions of the diseases diagnoses; measurements readings; drug exposures medications.

    Parameters
    ----------
    path
        The folder: CSV, parted by commas or tabs, or Parquet; the case of names makes no difference.
    enrolment
        What enrols a person in the management of a disease, for which OMOP has no word: the onset of the first
        condition (``first_condition``), the first follow-up from then on (``first_follow_up``), ``none``.
    follow_up
        Which outpatient visits are follow-ups: ``encounter_with_reading`` those with a pressure, a glucose or an
        HbA1c, ``encounter`` all, ``none`` none.
    glucose
        What glucose of unspecified fasting state is: ``glucose``, or ``fpg`` if you know that it was taken fasting.
    responsible
        Whether the care site that saw a person most often is responsible where PERSON names none.
    partial_dates
        What a date of birth known to the year or month is: ``unknown``, or the ``first`` of its days.
    codes
        A code map laid over the one that is shipped; see ``io.fhir.code_map``.
    diseases
        Those that conditions may be of.
    rules
        What else the tables are read by; ``None``: what the diseases declare.

    Raises
    ------
    DataError
        If this is no OMOP CDM, a file cannot be read, or the code map is not sound; single rows are refused and
        reported, not raised.
    UsageError
        If an option does not exist.
    """
    if rules is None:
        rules = LoadRules(quantities=tuple(quantity for one in diseases for quantity in one.quantities))
    options = make_options(
        codes=codes,
        diseases=diseases,
        quantities=rules.quantities,
        enrolment=enrolment,
        follow_up=follow_up,
        glucose=glucose,
        responsible=responsible,
        partial_dates=partial_dates,
    )
    files = list_files(Path(path))
    tables = read_tables(files)
    vocabulary = read_vocabulary(files.get(CONCEPT), set(_concepts(tables)))
    sources = Sources(Drafts(tables), vocabulary, options)
    return _log(sources, files, with_reader_words(rules))


def _concepts(tables: Mapping[str, SourceTable]) -> Iterator[str]:
    """Give the ids of the concepts that the tables name."""
    for table in tables.values():
        for column in table.columns:
            if column.endswith("_concept_id"):
                yield from {table.key(i, column) for i in _first_of_each(table, column)}


def _first_of_each(table: SourceTable, column: str) -> list[int]:
    cells = table.columns[column]
    values = np.asarray(getattr(cells, "codes", getattr(cells, "values", None)))
    first: list[int] = np.unique(values, return_index=True)[1].tolist()
    return first


def _log(sources: Sources, files: Mapping[str, Path], rules: LoadRules) -> EventLog:
    drafts = sources.drafts
    seen = visits(sources)
    measurements(sources, seen)
    tell_follow_ups(sources)
    conditions(sources)
    drug_exposures(sources, seen)
    patients = people(sources, deaths(drafts), seen.values())
    places = institutions(sources)
    log = build(patients, _events(drafts), places, rules=rules)
    settle(drafts, "person", patients, log.people.ids.tolist(), "patient_id")
    settle(drafts, "care_site", places, log.institutions.ids, "institution")
    return evolve(log, source=_provenance(log, drafts), report=report_of(log, sources, files))


def _events(drafts: Drafts) -> RawTable:
    """Make the table of events; its line numbers are the places of the drafts."""
    names = dict.fromkeys((*_EVENT_COLUMNS, *(name for draft in drafts.events for name in draft.columns)))
    columns = {name: [draft.columns.get(name) for draft in drafts.events] for name in names}
    return evolve(raw_rows("events", columns), line=np.arange(len(drafts.events), dtype=np.int64))


def _provenance(log: EventLog, drafts: Drafts) -> Provenance:
    """Give each event the file and line of its lead row in the place of the number of its draft."""
    leads = [drafts.events[i].rows[0] for i in log.source.line.tolist()]
    places = {name: place for place, name in enumerate(_EVENT_TABLES)}
    return Provenance(
        files=tuple(drafts.tables[name].file for name in _EVENT_TABLES),
        file=np.array([places[name] for name, _ in leads], np.uint16),
        line=np.array([drafts.tables[name].line[i] for name, i in leads], np.int64),
    )
