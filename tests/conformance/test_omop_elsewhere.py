"""An OMOP CDM that others made: counts by plain reading of its tables, and by the reader.

The excerpt is taken unmodified from a sample of Synthea as OMOP CDM 5.4 (OHDSI, Apache-2.0): four people, with the
concepts that their rows name.
"""

import csv
from pathlib import Path

import duckdb
import pytest
from synthea_as_omop import write_tables
from test_fhir_elsewhere import EXPORTS, by_person, days_of, readings

import singledisease as sd
from singledisease.dates import MISSING

HERE = Path(__file__).parent / "data" / "omop"
SAMPLE = Path(__file__).resolve().parents[2].parent / "shared" / "samples" / "omop-synthea-27"
DATABASES = [
    pytest.param(HERE, id="excerpt"),
    pytest.param(
        SAMPLE,
        id="omop-synthea-27",
        marks=pytest.mark.skipif(not SAMPLE.is_dir(), reason="../shared/samples/omop-synthea-27 is not here"),
    ),
]


def rows(folder, name):
    """Give the rows of a table."""
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def events(log):
    """Give all events of a log."""
    return [event for i in range(len(log.people.ids)) for event in log.events_of(i)]


@pytest.mark.parametrize("folder", DATABASES)
def test_as_many_as_the_tables_hold(folder):
    """People, deaths, visits, diagnoses, drugs and pressures are as many as a plain reading of the tables finds."""
    log = sd.read(folder, format="omop")
    found = events(log)
    assert len(log.people.ids) == len(rows(folder, "PERSON"))
    assert int((log.people.death != MISSING).sum()) == len(rows(folder, "DEATH"))
    conditions = [row["condition_source_value"] for row in rows(folder, "CONDITION_OCCURRENCE")]
    for disease, codes in (("hypertension", ("59621000", "38341003")), ("type2-diabetes", ("44054006",))):
        said = [one for one in found if one["kind"] == "diagnosis" and one["disease"] == disease]
        assert len(said) == sum(code in codes for code in conditions)
    assert sum(one["kind"] == "medication" for one in found) == len(rows(folder, "DRUG_EXPOSURE"))
    stays = [row for row in rows(folder, "VISIT_OCCURRENCE") if row["visit_concept_id"] == "9201"]
    assert sum(one["kind"] == "admission" for one in found) == len(stays)
    pressures = [
        (row["person_id"], float(row["value_as_number"]))
        for row in rows(folder, "MEASUREMENT")
        if row["measurement_source_value"] == "8480-6"
    ]
    ids = log.people.ids.tolist()
    read = [(who, one["sbp"]) for i, who in enumerate(ids) for one in log.events_of(i) if one.get("sbp") is not None]
    assert sorted(read) == sorted(pressures)
    assert pressures


@pytest.mark.parametrize("folder", DATABASES)
def test_every_row_is_accounted_for(folder):
    """Every table balances, nothing is refused, and as many rows are read as the files hold."""
    report = sd.read(folder, format="omop").report
    assert not report.refusals
    for table in report.tables:
        assert table.balanced
        assert table.read == len(rows(folder, table.table.upper()))


# THE SAME PEOPLE AS CSV, AS OMOP IN FILES, AND AS OMOP IN A DATABASE


def in_database(tables, out):
    """Put the tables of a folder into a file of DuckDB, and give its URL."""
    connection = duckdb.connect(str(out))
    connection.execute("create schema cdm")
    for file in sorted(tables.iterdir()):
        connection.execute(f"create table cdm.{file.stem} as select * from read_csv('{file}')")
    connection.close()
    return f"duckdb:///{out}"


@pytest.mark.parametrize("export", EXPORTS)
def test_omop_gives_what_csv_gives(tmp_path, export):
    """People, readings, follow-ups, enrolments and the group of every person in every year are those of the CSV."""
    of_csv = sd.read(export, format="synthea")
    tables = write_tables(export, tmp_path / "cdm")
    groups = by_person(of_csv)
    assert {group for (*_, measure), group in groups.items() if measure == "hypertension.control"} > {"numerator"}
    for log in (sd.read(tables), sd.read(in_database(tables, tmp_path / "research.duckdb"), format="omop")):
        assert log.report.balanced
        assert log.people.ids.tolist() == of_csv.people.ids.tolist()
        assert log.people.birth.tolist() == of_csv.people.birth.tolist()
        assert log.people.death.tolist() == of_csv.people.death.tolist()
        assert readings(log) == readings(of_csv)
        for kind in ("follow_up", "enrolment", "diagnosis"):
            assert days_of(log, kind) == days_of(of_csv, kind)
        assert by_person(log) == groups
        late = [[one.key for one in each.report.refusals if one.check == "after_death"] for each in (log, of_csv)]
        assert sorted(late[0]) == sorted(late[1])
