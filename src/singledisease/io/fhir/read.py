"""A FHIR R4 export as an event log, with every resource accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from singledisease.definitions.disease import Disease
from singledisease.eventlog.build import build
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog, Provenance
from singledisease.io.fhir.accounts import FhirReading, report_of
from singledisease.io.fhir.assemble import Assembled, assemble
from singledisease.io.fhir.collecting import CollectedRows
from singledisease.io.fhir.enrolments import Diagnosed, Stated, assumed, stated
from singledisease.io.fhir.files import list_files, resources
from singledisease.io.fhir.identities import Identities, institutions_of, people_of
from singledisease.io.fhir.intake import Intake
from singledisease.io.fhir.moments import PartialDates
from singledisease.io.fhir.options import (
    Enrolment,
    FollowUp,
    Glucose,
    OtherObservations,
    Recorded,
    Responsible,
    make_options,
)
from singledisease.io.fhir.reader_words import with_reader_words
from singledisease.io.fhir.tables import events_of, institutions_table, patients_of
from singledisease.io.fhir.versions import versions_of


def read_fhir(
    path: str | Path,
    *,
    time_zone: str | None = None,
    enrolment: Enrolment = "first_condition",
    follow_up: FollowUp = "encounter_with_reading",
    glucose: Glucose = "glucose",
    responsible: Responsible = "most_visited",
    recorded: Recorded = "last_updated",
    partial_dates: PartialDates = "unknown",
    other_observations: OtherObservations = "skip",
    patient_identifier: str = "",
    codes: str | Path | None = None,
    diseases: Sequence[Disease] = (),
    rules: LoadRules | None = None,
) -> EventLog:
    """Read FHIR R4 as an event log: bundles, bulk NDJSON, either compressed, one file or a folder of them.

    Conditions become diagnoses, encounters follow-ups or encounters with the readings that were made at them, stays
    admissions and discharges, episodes of care enrolments; medication, procedures, vaccinations, referrals,
    appointments and contracts events of those kinds.  What is entered in error is taken back on the day of its last
    update.  What else the export holds is counted by type.

    Parameters
    ----------
    path
        The folder, or the file.
    time_zone
        IANA name of a time zone for whose days moments stand; ``None``: as they are written.
    enrolment
        What enrols a person whom no episode of care of the disease enrols: the onset of the first condition
        (``first_condition``), a care plan that addresses one (``care_plan``), the first follow-up from then on
        (``first_follow_up``), or nothing (``none``).
    follow_up
        Which encounters at a clinic or at home are follow-ups: ``encounter_with_reading`` those with a pressure, a
        glucose or an HbA1c, ``encounter`` all, ``none`` none.
    glucose
        What glucose of unspecified fasting state is: ``glucose``, or ``fpg`` if you know that it was taken fasting.
    responsible
        Whether the organization that saw a person most often is responsible where none is stated.
    recorded
        The day on which a resource became known: ``last_updated``, else what it states itself; ``stated``, the other
        way round; ``none``, the day of the event.
    partial_dates
        What a date known to the year or month is: ``unknown``, or the ``first`` of its days.
    other_observations
        Whether observations of codes that are no quantity here are left out (``skip``) or kept as text (``keep``).
    patient_identifier
        System of the identifier by which people are called; blank: by the id of the resource.
    codes
        A code map laid over the one that is shipped; see ``io.fhir.code_map``.
    diseases
        Those that conditions may be of.
    rules
        What else is read by; ``None``: what the diseases declare.

    Raises
    ------
    DataError
        If there is no FHIR JSON, a file cannot be read to its end, or the code map is not sound; single resources
        are refused and reported, not raised.
    UsageError
        If the time zone or an option does not exist.
    """
    if rules is None:
        rules = LoadRules(quantities=tuple(quantity for one in diseases for quantity in one.quantities))
    options = make_options(
        time_zone=time_zone,
        partial_dates=partial_dates,
        codes=codes,
        diseases=diseases,
        quantities=rules.quantities,
        patient_identifier=patient_identifier,
        glucose=glucose,
        enrolment=enrolment,
        follow_up=follow_up,
        responsible=responsible,
        recorded=recorded,
        other_observations=other_observations,
    )
    files = list_files(path)
    intake = Intake(options)
    for found in resources(files, path):
        intake.take(found)
    intake.close()
    return _log(intake, files, with_reader_words(rules))


def _log(intake: Intake, files: Sequence[Path], rules: LoadRules) -> EventLog:
    people, places = people_of(intake, files), institutions_of(intake)
    versions = versions_of(intake.resources, people.number)
    assembled = assemble(intake.events, intake.panels, versions, people.number, intake.options)
    numbers = dict(zip(intake.people, people.number.tolist(), strict=True))
    known = {(condition, numbers[patient]): tag for (condition, patient), tag in intake.diseases.items()}
    said = stated(intake.enrolments, versions, known, numbers)
    further = _further(intake, assembled, said, people, numbers)
    events = events_of(intake, assembled.columns, further, people, places)
    patients = patients_of(intake, versions, assembled.columns, people, places)
    institutions = institutions_table(intake, versions, places)
    log = build(patients.table, events.table, institutions.table, rules=rules)
    reading = FhirReading(
        intake=intake,
        versions=versions,
        assembled=assembled,
        stated=said,
        events=events,
        patients=patients,
        institutions=institutions,
        replaced=_replaced(intake, people),
        log=log,
    )
    return evolve(log, source=_source(reading), report=report_of(reading))


def _further(
    intake: Intake, assembled: Assembled, said: Stated, people: Identities, numbers: Mapping[str, int]
) -> CollectedRows:
    """Give the enrolments and exits: those that are stated, and those that are assumed."""
    rows = intake.like_events()
    for row in said.rows:
        rows.add(row)
    keys = intake.events
    found = Diagnosed(
        assembled.columns,
        people.number[assembled.columns["patient_id"]],
        kinds=keys.keys("kind").texts(),
        diseases=keys.keys("disease").texts(),
        people=keys.keys("patient_id").texts(),
    )
    known = {
        (numbers[row["patient_id"]], disease)
        for row in said.rows
        if row["kind"] == "enrolment" and "withdrawn" not in row
        for disease in row["disease"].split("|")
    }
    for row in assumed(found, known, intake.options.enrolment):
        rows.add(row)
    return rows


def _replaced(intake: Intake, people: Identities) -> NDArray[np.int64]:
    """Give the numbers of the patients in whose place others came."""
    gone = np.array([key in people.replaced for key in intake.people], np.bool_)
    return np.asarray(intake.patients.array("_resource")[gone[intake.patients.array("_key")]])


def _source(reading: FhirReading) -> Provenance:
    """Give each event the file and the entry or line of the resource it comes from."""
    resources_read, number = reading.intake.resources, reading.events.resource[reading.log.source.line]
    files = tuple(reading.intake.files)
    kind = np.uint16 if len(files) <= np.iinfo(np.uint16).max + 1 else np.uint32
    return Provenance(
        files=files,
        file=resources_read.array("file")[number].astype(kind),
        line=resources_read.array("line")[number],
    )
