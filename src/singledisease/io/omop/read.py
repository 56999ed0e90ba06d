"""A database of the OMOP Common Data Model as an event log, with every row of every table accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve

from singledisease.definitions.disease import Disease
from singledisease.errors import UsageError
from singledisease.eventlog.build import build
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog, Provenance
from singledisease.eventlog.raw import RawTable, raw_rows
from singledisease.io.database.connection import opened
from singledisease.io.database.url import connected, is_url
from singledisease.io.fhir.reader_words import with_reader_words
from singledisease.io.omop.accounts import report_of
from singledisease.io.omop.clinical import Sources, conditions, drug_exposures, tell_follow_ups, visits
from singledisease.io.omop.database import cdm_of
from singledisease.io.omop.drafts import OmopDrafts
from singledisease.io.omop.files import OmopFolder, list_files
from singledisease.io.omop.measurements import measurements
from singledisease.io.omop.options import (
    DEFAULTS,
    Enrolment,
    FollowUp,
    Glucose,
    OmopOptions,
    PartialDates,
    Responsible,
    make_options,
)
from singledisease.io.omop.people import deaths, institutions, people, settle
from singledisease.io.omop.tables import Cdm, SourceTable, read_tables
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
    schema: str = "",
    vocabulary_schema: str = "",
    diseases: Sequence[Disease] = (),
    rules: LoadRules | None = None,
) -> EventLog:
    """Read the tables of the OMOP CDM, version 5.3 or 5.4, as an event log.

    PERSON, DEATH and CARE_SITE become people and institutions; visits follow-ups, encounters, admissions and
    discharges; conditions of the diseases diagnoses; measurements readings; drug exposures medications.

    Parameters
    ----------
    path
        The folder: CSV, parted by commas or tabs, or Parquet; the case of names makes no difference.  Or a database:
        ``duckdb:///cdm.duckdb``, ``postgresql://user@host/name``; see ``io.database.url``.
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
    schema, vocabulary_schema
        Of a database: the schema of the tables, and that of CONCEPT if it has one of its own.
    diseases
        Those that conditions may be of.
    rules
        What else the tables are read by; ``None``: what the diseases declare.

    Raises
    ------
    DataError
        If this is no OMOP CDM, a file or table cannot be read, or the code map is not sound; single rows are
        refused and reported, not raised.
    UsageError
        If an option does not exist.
    """
    rules = _rules(rules, diseases)
    options = make_options(
        diseases=diseases,
        quantities=rules.quantities,
        codes=codes,
        enrolment=enrolment,
        follow_up=follow_up,
        glucose=glucose,
        responsible=responsible,
        partial_dates=partial_dates,
    )
    if not is_url(path):
        if schema or vocabulary_schema:
            raise UsageError("schema: 只用于数据库 / a schema is of a database: 'postgresql://…', not of a folder")
        return _read(OmopFolder(list_files(Path(path))), options, rules)
    with connected(str(path)) as connection:
        return _read_connection(connection, schema, vocabulary_schema, options, rules)


def read_omop_database(
    connection: Any,
    *,
    schema: str = "",
    vocabulary_schema: str = "",
    diseases: Sequence[Disease] = (),
    rules: LoadRules | None = None,
    **chosen: Any,
) -> EventLog:
    """Read the tables of the OMOP CDM from a connection to a database; ``chosen`` are the options of ``read_omop``.

    Raises
    ------
    DataError
        If there is no such schema, it has no table PERSON, or a table lacks a column.
    UsageError
        If it is no connection, an option does not exist, or several schemas have a table PERSON and none is named.
    """
    rules = _rules(rules, diseases)
    options = make_options(diseases=diseases, quantities=rules.quantities, **{**DEFAULTS, **chosen})
    return _read_connection(connection, schema, vocabulary_schema, options, rules)


def _read_connection(
    connection: Any, schema: str, vocabulary_schema: str, options: OmopOptions, rules: LoadRules
) -> EventLog:
    with opened(connection) as database:
        return _read(cdm_of(database, schema, vocabulary_schema), options, rules)


def _rules(rules: LoadRules | None, diseases: Sequence[Disease]) -> LoadRules:
    if rules is not None:
        return rules
    return LoadRules(quantities=tuple(quantity for one in diseases for quantity in one.quantities))


def _read(cdm: Cdm, options: OmopOptions, rules: LoadRules) -> EventLog:
    tables = read_tables(cdm)
    vocabulary = read_vocabulary(cdm, set(_concepts(tables)))
    sources = Sources(OmopDrafts(tables), vocabulary, options)
    return _log(sources, cdm, with_reader_words(rules))


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


def _log(sources: Sources, cdm: Cdm, rules: LoadRules) -> EventLog:
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
    return evolve(log, source=_provenance(log, drafts), report=report_of(log, sources, cdm))


def _events(drafts: OmopDrafts) -> RawTable:
    """Make the table of events; its line numbers are the places of the drafts."""
    names = dict.fromkeys((*_EVENT_COLUMNS, *(name for draft in drafts.events for name in draft.columns)))
    columns = {name: [draft.columns.get(name) for draft in drafts.events] for name in names}
    return evolve(raw_rows("events", columns), line=np.arange(len(drafts.events), dtype=np.int64))


def _provenance(log: EventLog, drafts: OmopDrafts) -> Provenance:
    """Give each event the file and line of its lead row in the place of the number of its draft."""
    leads = [drafts.events[i].rows[0] for i in log.source.line.tolist()]
    places = {name: place for place, name in enumerate(_EVENT_TABLES)}
    return Provenance(
        files=tuple(drafts.tables[name].file for name in _EVENT_TABLES),
        file=np.array([places[name] for name, _ in leads], np.uint16),
        line=np.array([drafts.tables[name].line[i] for name, i in leads], np.int64),
    )
