"""The tables of OMOP in a database give what the folder gives, whichever schema and driver; a folder tells itself."""

from __future__ import annotations

import sqlite3

import adbc_driver_sqlite.dbapi
import duckdb
import pytest
from test_omop import TABLES, counts, refused, told, write

import singledisease as sd

SHOWN = ("date", "kind", "disease", "code", "system", "sbp", "dbp", "fpg", "hba1c", "weight", "institution", "mode")
HELD = [name for name in TABLES if name != "NOTE"]


def fill(connection, folder, place=lambda name: name):
    """Make a table of DuckDB of every file, where ``place`` says."""
    for name in HELD:
        connection.execute(f"create table {place(name)} as select * from read_csv('{folder}/{name}.csv')")


def by_duckdb(folder):
    """Give a connection of DuckDB with the tables in a schema, beside another one with tables of other things."""
    connection = duckdb.connect(":memory:")
    connection.execute("create schema cdm; create schema results; create table results.cohort as select 1 as a")
    fill(connection, folder, lambda name: f"cdm.{name}")
    return connection


def by_sqlite(folder, path=":memory:"):
    """Give a connection of the standard library, every cell as text."""
    connection = sqlite3.connect(path)
    for name in HELD:
        header, *rows = [line.split(",") for line in (folder / f"{name}.csv").read_text("utf-8").splitlines()]
        rows = [row for row in rows if len(row) == len(header)]
        connection.execute(f"create table {name} ({', '.join(header)})")
        connection.executemany(f"insert into {name} values ({', '.join('?' * len(header))})", rows)
    connection.commit()
    return connection


def by_adbc(folder):
    """Give a connection that hands over Arrow, to a file that the standard library has written."""
    by_sqlite(folder, folder / "cdm.db").close()
    return adbc_driver_sqlite.dbapi.connect(str(folder / "cdm.db"))


@pytest.fixture
def folder(tmp_path):
    """Give the folder of the small database."""
    return write(tmp_path)


@pytest.mark.parametrize("given", [by_duckdb, by_sqlite, by_adbc])
def test_a_database_reads_as_the_folder(folder, given):
    """People, events, refusals and counts are those of the files; rows are numbered by their key."""
    files = sd.read(folder, format="omop")
    connection = given(folder)
    log = sd.read_database(connection, format="omop")
    connection.close()
    assert len(log) == len(files) > 10
    for who in "123":
        assert told(log, who, *SHOWN) == told(files, who, *SHOWN)
    assert [log.person_at(i) for i in range(3)] == [files.person_at(i) for i in range(3)]
    tables = ("person", "death", "visit_occurrence", "condition_occurrence", "measurement", "drug_exposure")
    for table in tables:
        assert counts(log, table) == counts(files, table)
    assert [check for _, check in refused(log, "measurement")] == [check for _, check in refused(files, "measurement")]
    assert refused(log, "measurement")[0][0] == refused(files, "measurement")[0][0] - 1


def test_only_concepts_that_are_used_are_fetched(folder):
    """Of CONCEPT the used ones are accepted and the others counted, as from a file."""
    log = sd.read_database(by_duckdb(folder), format="omop")
    assert counts(log, "concept") == counts(sd.read(folder, format="omop"), "concept")


def test_schemas(folder):
    """A schema is named, the vocabulary may have its own, and one that is not there is named with what there is."""
    connection = by_duckdb(folder)
    connection.execute("create schema vocab; create table vocab.concept as select * from cdm.concept where false")
    bare = sd.read_database(connection, format="omop", schema="CDM", vocabulary_schema="vocab")
    assert counts(bare, "concept") == (0, 0, 0, 0, 0)
    assert counts(bare, "measurement")[1] < counts(sd.read_database(connection, format="omop"), "measurement")[1]
    with pytest.raises(sd.DataError, match="did you mean cdm"):
        sd.read_database(connection, format="omop", schema="cdmm")
    with pytest.raises(sd.DataError, match="CONCEPT"):
        sd.read_database(connection, format="omop", schema="cdm", vocabulary_schema="results")
    with pytest.raises(sd.DataError, match="PERSON"):
        sd.read_database(connection, format="omop", schema="results")
    connection.execute("create schema old; create table old.person as select * from cdm.person")
    with pytest.raises(sd.UsageError, match="cdm, old"):
        sd.read_database(connection, format="omop")


def test_what_is_not_taken_is_counted(folder):
    """A table that is not read is counted by the database, and a column that is lacking is named with its table."""
    connection = by_duckdb(folder)
    connection.execute("create table cdm.note as select * from range(3)")
    assert counts(sd.read_database(connection, format="omop"), "note") == (3, 0, 0, 0, 3)
    connection.execute("alter table cdm.death drop column death_date; alter table cdm.concept drop column concept_code")
    with pytest.raises(sd.DataError, match="death: death_date"):
        sd.read_database(connection, format="omop")
    connection.execute("drop table cdm.death")
    with pytest.raises(sd.DataError, match="concept: concept_code"):
        sd.read_database(connection, format="omop")


def test_by_url(folder):
    """The URL of a file reads as the connection does, options are checked, and a folder has no schema."""
    connection = duckdb.connect(str(folder / "cdm.duckdb"))
    fill(connection, folder)
    connection.close()
    url = f"duckdb:///{folder / 'cdm.duckdb'}"
    log = sd.read(url, format="omop", enrolment="none")
    assert len(log) == len(sd.read(folder, format="omop", enrolment="none"))
    assert sd.inspect(url, format="omop").trouble == ""
    with pytest.raises(sd.UsageError, match="schema"):
        sd.read(folder, format="omop", schema="cdm")
    with pytest.raises(sd.UsageError, match="enrolment"):
        sd.read(url, format="omop", enrolment="firs_condition")
    with pytest.raises(sd.UsageError, match="synthea"):
        sd.read(url, format="synthea")


def test_what_read_database_may_be_told(folder):
    """A format that is none, tables beside one that names its own, and options without a format are wrong usage."""
    connection = by_sqlite(folder)
    with pytest.raises(sd.UsageError, match="did you mean omop"):
        sd.read_database(connection, format="omob")
    with pytest.raises(sd.UsageError, match="patients"):
        sd.read_database(connection, patients="person", format="omop")
    with pytest.raises(sd.UsageError, match="schema"):
        sd.read_database(connection, "person", "visit", schema="cdm")
    with pytest.raises(sd.UsageError, match="enrolment"):
        sd.read_database(connection, format="omop", enrollment="none")


def test_a_folder_is_known_by_its_person(folder):
    """A folder whose PERSON is one of OMOP is read and looked at as such, unless a mapping says what it is."""
    log = sd.read(folder)
    assert counts(log, "measurement") == (11, 6, 0, 4, 1)
    assert sd.inspect(folder).mapping == ""
    mapping = folder / "ours.toml"
    mapping.write_text('[sources.people]\ntable = "patients"\nfiles = ["PERSON"]\n', "utf-8")
    with pytest.raises(sd.DataError):
        sd.read(folder, mapping=mapping)
    (folder / "PERSON.csv").write_text("person_id,name\n1,x\n", "utf-8")
    with pytest.raises(sd.DataError, match="patients"):
        sd.read(folder)
    (folder / "PERSON.csv").write_bytes(b"PK\x03\x04")
    with pytest.raises(sd.DataError, match="patients"):
        sd.read(folder)
