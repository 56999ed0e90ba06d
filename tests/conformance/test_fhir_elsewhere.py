"""The same people from FHIR as from other files, and as somebody else reads their bundles.

The fixtures are taken unmodified from samples of Synthea (Apache-2.0), people without their names: of a CSV export
those who have hypertension or diabetes, and of a set of R4 bundles those who have hypertension.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
from pathlib import Path

import pytest
from synthea_as_fhir import write_bundles, write_lines

import singledisease as sd
from singledisease.dates import iso

HERE = Path(__file__).parent / "data"
SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
EXPORTS = [
    pytest.param(HERE / "synthea", id="fixture"),
    pytest.param(
        SAMPLES / "synthea-27",
        id="synthea-27",
        marks=pytest.mark.skipif(
            not (SAMPLES / "synthea-27").is_dir(), reason="../shared/samples/synthea-27 is not here"
        ),
    ),
]
BUNDLES = [
    pytest.param(HERE / "fhir", id="fixture"),
    pytest.param(
        SAMPLES / "fhir-synthea",
        id="fhir-synthea",
        marks=pytest.mark.skipif(
            not (SAMPLES / "fhir-synthea").is_dir(), reason="../shared/samples/fhir-synthea is not here"
        ),
    ),
]


def by_person(log):
    """Give the group of each person in each measure and year."""
    score = sd.evaluate(
        sd.measures("cn-bphs-2017", diseases=["hypertension", "type2-diabetes"]),
        log,
        periods=[sd.period(str(year)) for year in range(2000, 2025)],
    )
    return {
        (row["patient_id"], row["period_start"], resolved.measure.id): row["group"]
        for resolved in score.measures
        for group in ("initial_population",)
        for row in sd.people(score, resolved.measure.id, group)
    }


def readings(log, names=("sbp", "dbp", "glucose", "hba1c", "bmi", "weight", "height")):
    """Give every reading that is a number, with person and day."""
    return sorted(
        (log.people.ids[person], iso(event.date), name, event[name])
        for person in range(len(log.people))
        for event in log.events_of(person)
        for name in names
        if event[name] is not None
    )


@pytest.mark.parametrize("write", [write_bundles, write_lines], ids=["bundles", "ndjson"])
@pytest.mark.parametrize("export", EXPORTS)
def test_fhir_gives_what_csv_gives(tmp_path, export, write):
    """People, readings, follow-ups, enrolments, refusals and the group of every person are those of the CSV export."""
    of_csv = sd.read(export, format="synthea")
    of_fhir = sd.read(write(export, tmp_path / "fhir"))
    assert of_fhir.report.balanced
    assert of_csv.people.ids.tolist() == of_fhir.people.ids.tolist()
    assert [of_csv.person_at(i) for i in range(len(of_csv.people))] == [
        of_fhir.person_at(i) for i in range(len(of_fhir.people))
    ]
    assert readings(of_csv) == readings(of_fhir)
    for kind in ("follow_up", "enrolment"):
        assert days_of(of_csv, kind) == days_of(of_fhir, kind)
    groups = by_person(of_csv)
    assert groups == by_person(of_fhir)
    assert {group for (*_, measure), group in groups.items() if measure == "hypertension.control"} > {"numerator"}
    assert sorted((one.check, one.key) for one in of_csv.report.refusals) == sorted(
        (one.check, one.key) for one in of_fhir.report.refusals if one.table == "Encounter"
    )


def days_of(log, kind):
    """Give person, day, mode and systolic pressure of every event of a kind."""
    return sorted(
        (log.people.ids[person], iso(event.date), event["mode"], event["sbp"])
        for person in range(len(log.people))
        for event in log.events_of(person)
        if event["kind"] == kind
    )


# AS SOMEBODY ELSE READS THE BUNDLES


def loaded(path):
    """Read a bundle whole, with nothing but the standard library."""
    raw = path.read_bytes()
    return json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)


def written_by_hand(bundles, folder):
    """Write what bundles say as the library's own tables, by a walk through each bundle as a whole."""
    people, events = [], []
    for path in sorted(bundles.iterdir()):
        entries = loaded(path)["entry"]
        by_url = {entry["fullUrl"]: entry["resource"] for entry in entries}
        for one in (entry["resource"] for entry in entries):
            if one["resourceType"] == "Patient":
                dead = one.get("deceasedDateTime", "")[:10]
                people.append([one["id"], one["birthDate"], one["gender"], dead])
        events += _events(by_url)
    folder.mkdir()
    _write(folder / "patients.csv", ["patient_id", "birth_date", "sex", "death_date"], people)
    _write(folder / "events.csv", ["patient_id", "date", "kind", "mode", "disease", "sbp", "dbp"], events)
    return folder


def _write(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def _events(by_url):
    pressures = {}
    for one in by_url.values():
        if one["resourceType"] == "Observation" and one["code"]["coding"][0]["code"] == "55284-4":
            parts = {c["code"]["coding"][0]["code"]: c["valueQuantity"]["value"] for c in one["component"]}
            pressures[one["encounter"]["reference"]] = (parts["8480-6"], parts["8462-4"])
    first = {}
    for url, one in by_url.items():
        who = by_url.get(one.get("subject", {}).get("reference", ""), {}).get("id")
        if one["resourceType"] == "Encounter":
            pressure = pressures.get(url, ("", "")) if one["class"]["code"] == "AMB" else ("", "")
            kind = ("follow_up", "clinic") if pressure[0] else ("encounter", "")
            yield [who, one["period"]["start"][:10], *kind, "", *pressure]
            if one["class"]["code"] == "IMP":
                yield [who, one["period"]["end"][:10], "discharge", "", "", "", ""]
        if one["resourceType"] == "Condition" and one["code"]["coding"][0]["code"] in ("38341003", "59621000"):
            day = one["onsetDateTime"][:10]
            yield [who, day, "diagnosis", "", "hypertension", "", ""]
            first[who] = min(day, first.get(who, day))
    yield from ([who, day, "enrolment", "", "hypertension", "", ""] for who, day in first.items())


@pytest.mark.parametrize("bundles", BUNDLES)
def test_bundles_say_what_a_walk_through_them_says(tmp_path, bundles):
    """Every person is in the group in which a plain walk through the bundle puts them, in every year."""
    by_hand = sd.read(written_by_hand(bundles, tmp_path / "by-hand"))
    of_fhir = sd.read(bundles)
    assert not by_hand.report.refusals
    assert not of_fhir.report.refusals
    assert readings(of_fhir, ("sbp", "dbp")) == readings(by_hand, ("sbp", "dbp"))
    assert by_person(of_fhir) == by_person(by_hand)
    assert len(by_person(of_fhir)) > 20


@pytest.mark.parametrize("bundles", BUNDLES)
def test_every_entry_is_counted(bundles):
    """The report counts as many resources of each type as the bundles have entries of it."""
    counts = {}
    for path in bundles.iterdir():
        for entry in loaded(path)["entry"]:
            kind = entry["resource"]["resourceType"]
            counts[kind] = counts.get(kind, 0) + 1
    names = {"patients": "Patient", "institutions": "Organization"}
    report = sd.read(bundles).report
    assert {names.get(one.table, one.table): one.read for one in report.tables} == counts
    assert report.balanced


def test_the_fixtures_span_the_years_that_are_asked_about():
    """The people of the fixtures were seen within the years of these tests, so that they say something."""
    log = sd.read(HERE / "fhir")
    assert iso(int(log.date.max())) > "2018"
    assert dt.date.fromisoformat(iso(int(log.date.min()))).year < 2010
