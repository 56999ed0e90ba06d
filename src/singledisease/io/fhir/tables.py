"""What was found as the three tables that an event log is built of."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Numbers, coded
from singledisease.eventlog.raw import RawTable, TableName
from singledisease.io.fhir.assemble import Arrays
from singledisease.io.fhir.collecting import CollectedRows, coded_of
from singledisease.io.fhir.identities import Identities
from singledisease.io.fhir.intake import DAYS, Intake
from singledisease.io.fhir.said import Row
from singledisease.io.fhir.versions import Versions

_ALWAYS = ("patient_id", "date", "kind")
_RANK = {"village": 0, "township": 1, "community": 1, "county": 2, "city": 3}
_PLACES = ("institution", "referred_to")


@frozen(eq=False)
class FhirTable:
    """A table to be built, and the resource that each of its rows comes from; its lines are the places of its rows."""

    table: RawTable
    resource: NDArray[np.int64]


def _table(name: TableName, columns: dict[str, AnyColumn], resource: NDArray[np.int64]) -> FhirTable:
    return FhirTable(RawTable(name=name, columns=columns, file=name, line=np.arange(len(resource))), resource)


# EVENTS


def events_of(
    intake: Intake, events: Arrays, further: CollectedRows, people: Identities, places: Identities
) -> FhirTable:
    """Make the table of events: of encounters, readings and others, and the enrolments and exits that follow."""
    columns = {name: np.concatenate([values, further.array(name)]) for name, values in events.items()}
    _fill_medication(intake, columns)
    made = {name: _column(intake, name, values, people, places) for name, values in columns.items() if name[0] != "_"}
    if "referred_to" in columns:
        made["direction"] = _direction(intake, columns, places)
    if (columns["recorded"] == columns["date"]).all():
        del made["recorded"]
    kept = {name: column for name, column in made.items() if name in _ALWAYS or column.known.any()}
    return _table("events", kept, columns["_resource"])


def _column(intake: Intake, name: str, values: NDArray[Any], people: Identities, places: Identities) -> AnyColumn:
    if name in DAYS:
        return Dates(values.astype(np.int32))
    if values.dtype == np.float64:
        return Numbers(values)
    if name == "patient_id":
        return coded_of(people.number[values], people.texts)
    if name in _PLACES:
        return coded_of(places.number[values], places.texts)
    return coded_of(values, intake.events.keys(name).texts())


def _fill_medication(intake: Intake, columns: Arrays) -> None:
    """Give the code of the medication that a request points at: of its file, else of its folder, else the only one."""
    if "_medication" not in columns:
        return
    texts = intake.events.keys("_medication").texts()
    rows = np.flatnonzero(columns["_medication"])
    files, place = list(intake.files), intake.resources.array("file")
    for name in ("code", "system", "display"):
        columns.setdefault(name, np.zeros(len(columns["date"]), np.int32))
    for row in rows.tolist():
        found = _meant(
            intake.medications.get(texts[columns["_medication"][row]], []), files[place[columns["_resource"][row]]]
        )
        for name, text in found.items():
            columns[name][row] = intake.events.keys(name)[text]


def _meant(medications: list[tuple[str, Row]], file: str) -> Row:
    """Give the medication that a request in a file means; of several that could be meant none."""
    folder = file.rpartition("/")[0]
    for near in (
        [code for where, code in medications if where == file],
        [code for where, code in medications if where.rpartition("/")[0] == folder],
        [code for _, code in medications],
    ):
        if near:
            return near[0] if all(code == near[0] for code in near) else {}
    return {}


def _direction(intake: Intake, columns: Arrays, places: Identities) -> Coded:
    """Say of a referral whether it goes up or down, where the levels of both institutions are known and differ."""
    level = {row["institution"]: row.get("level", "") for row in intake.institutions.rows() if "institution" in row}
    rank = np.array([_RANK.get(level.get(text, ""), -1) for text in places.texts], np.int8)[places.number]
    here, there = rank[columns["institution"]], rank[columns["referred_to"]]
    known = (here >= 0) & (there >= 0) & (columns["referred_to"] > 0)
    codes = np.where(known & (there > here), 1, np.where(known & (there < here), 2, 0))
    return Coded(codes.astype(np.uint8), ("", "up", "down"))


# PEOPLE AND INSTITUTIONS


def patients_of(
    intake: Intake, versions: Versions, events: Arrays, people: Identities, places: Identities
) -> FhirTable:
    """Make the table of people: of several versions the newest, and of those replaced by others the others."""
    rows, resource = intake.patients, intake.patients.array("_resource")
    keys = rows.array("_key")
    texts = np.array([key in people.replaced for key in intake.people], np.bool_)
    keep = np.flatnonzero(~(versions.gone | versions.older)[resource] & ~texts[keys])
    stated = places.number[rows.array("institution")]
    seen_at = _most_visited(events, people, places) if intake.options.responsible == "most_visited" else {}
    fallback = np.array([seen_at.get(int(person), 0) for person in people.number[keys]], np.int32)
    columns: dict[str, AnyColumn] = {
        **{name: rows.column(name)[keep] for name in ("patient_id", "sex", "region")},
        **{name: Dates(rows.array(name)[keep]) for name in ("birth_date", "death_date", "death_recorded")},
        "institution": coded_of(np.where(stated == 0, fallback, stated)[keep], places.texts),
    }
    blank = [
        name for name in ("region", "institution", "death_date", "death_recorded") if not columns[name].known.any()
    ]
    return _table("patients", {name: columns[name] for name in columns if name not in blank}, resource[keep])


def _most_visited(events: Arrays, people: Identities, places: Identities) -> dict[int, int]:
    """Give for each person the institution of most visits to a clinic or at home; of equals the first by its id."""
    visits: dict[int, Counter[int]] = defaultdict(Counter)
    chosen = (events["_own"] == 1) & (events["_visit"] == 1) & (events["withdrawn"] == MISSING)
    chosen &= events["institution"] > 0
    persons = people.number[events["patient_id"][chosen]].tolist()
    for person, place in zip(persons, places.number[events["institution"][chosen]].tolist(), strict=True):
        visits[person][place] += 1
    return {
        person: min(counts, key=lambda place: (-counts[place], places.texts[place]))
        for person, counts in visits.items()
    }


def institutions_table(intake: Intake, versions: Versions, places: Identities) -> FhirTable:
    """Make the table of institutions."""
    rows, resource = intake.institutions, intake.institutions.array("_resource")
    keep = np.flatnonzero(~(versions.gone | versions.older)[resource])
    columns: dict[str, AnyColumn] = {
        "institution": coded_of(places.number[rows.array("institution")[keep]], places.texts),
        "parent": coded_of(places.number[rows.array("parent")[keep]], places.texts),
        **{name: rows.column(name)[keep] for name in ("name", "level", "region")},
    }
    kept = {name: column for name, column in columns.items() if name == "institution" or column.known.any()}
    return _table("institutions", kept if len(keep) else {"institution": coded([])}, resource[keep])
