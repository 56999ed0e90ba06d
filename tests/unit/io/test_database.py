"""A registry read from a database is the registry, whichever driver hands it over, with every row accounted for."""

from __future__ import annotations

import datetime as dt
import sqlite3
from decimal import Decimal

import adbc_driver_sqlite.dbapi
import duckdb
import pytest
import sqlalchemy

import singledisease as sd
from singledisease.io.database.read import read_database as read
from singledisease.io.database.rows import raw_from_cursor

SCRIPT = """
create table person (patient_id text, birth_date date, sex text);
insert into person values ('P1', '1960-01-01', 'female'), ('P2', '1955-05-05', 'male');
create table visit (patient_id text, date text, kind text, disease text, sbp double precision, dbp integer);
insert into visit values
    ('P1', '2024-01-05', 'enrolment', 'hypertension', null, null),
    ('P1', '2024-03-01', 'follow_up', 'hypertension', 138.5, 84),
    ('P2', 'soon', 'follow_up', 'hypertension', 150, 90),
    ('P1', '2024-03-01', 'follow_up', 'hypertension', 138.5, 84);
"""
MAPPED = """
[sources.people]
table = "patients"
files = ["*居民*"]
columns = { "档案号" = "patient_id", "生日" = "birth_date", "性别" = "sex" }
codes.sex = { "男" = "male", "女" = "female" }

[sources.visits]
table = "events"
files = ["随访"]
constants = { kind = "follow_up", disease = "hypertension" }
columns = { "档案号" = "patient_id", "日期" = "date", "收缩压" = "sbp", "舒张压" = "dbp" }
"""
FOREIGN = """
create table "居民" ("档案号" text, "生日" text, "性别" text);
insert into "居民" values ('7', '1960-01-01', '女'), ('8', '1961-01-01', '?');
create table sf ("档案号" text, "日期" text, "收缩压" text, "舒张压" text);
insert into sf values ('7', '2024-03-01', '138', '84'), ('7', '2024-13-01', '138', '84');
"""


def by_sqlite(_, script):
    """Give a connection of the standard library."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    return connection


def by_duckdb(_, script):
    """Give a connection of DuckDB, which hands over Arrow."""
    connection = duckdb.connect(":memory:")
    connection.execute(script)
    return connection


def by_adbc(folder, script):
    """Give a connection of ADBC, which hands over Arrow."""
    by_file(folder, script)
    return adbc_driver_sqlite.dbapi.connect(str(folder / "registry.db"))


def by_engine(folder, script):
    """Give an engine of SQLAlchemy."""
    by_file(folder, script)
    return sqlalchemy.create_engine(f"sqlite:///{folder / 'registry.db'}", poolclass=sqlalchemy.NullPool)


def by_file(folder, script):
    """Write a database as a file."""
    connection = sqlite3.connect(folder / "registry.db")
    connection.executescript(script)
    connection.close()


WAYS = pytest.mark.parametrize("way", [by_sqlite, by_duckdb, by_adbc, by_engine])


@pytest.fixture
def opening(tmp_path):
    """Give what opens a database in a way, and closes it afterwards."""
    opened = []

    def opener(way, script=SCRIPT):
        opened.append(way(tmp_path, script))
        return opened[-1]

    yield opener
    for connection in opened:
        getattr(connection, "close", lambda: None)()


def people_of(log):
    """Give everybody with their events."""
    return [(log.person_at(i), log.events_of(i)) for i in range(len(log.people))]


@WAYS
def test_every_row_is_accounted_for(way, opening):
    """Rows are accepted, duplicates or refused alike by every driver, the refused one with query and row number."""
    log = sd.read_database(opening(way), "person", "select * from visit")
    counts = log.report.table("events")
    assert (counts.read, counts.accepted, counts.duplicates, counts.refused) == (4, 2, 1, 1)
    assert [(one.file, one.line, one.column, one.value) for one in log.report.refusals] == [
        ("select * from visit", 3, "date", "soon")
    ]
    assert [(event.get("sbp"), event.get("dbp")) for event in (log.event(0), log.event(1))] == [
        (None, None),
        (138.5, 84),
    ]
    assert log.source.files == ("select * from visit",)
    assert log.source.line.tolist() == [1, 2]


@WAYS
def test_drivers_agree(way, opening, tmp_path):
    """The log is equal to that which a folder with the same rows gives."""
    (tmp_path / "patients.csv").write_text("patient_id,birth_date,sex\nP1,1960-01-01,female\nP2,1955-05-05,male\n")
    (tmp_path / "events.csv").write_text(
        "patient_id,date,kind,disease,sbp,dbp\nP1,2024-01-05,enrolment,hypertension,,\n"
        "P1,2024-03-01,follow_up,hypertension,138.5,84\n"
    )
    assert people_of(sd.read_database(opening(way), "person", "visit")) == people_of(sd.read(tmp_path))


@pytest.mark.parametrize("batch", [1, 3, 4, 100])
def test_batches_make_no_difference(batch, opening):
    """However many rows are fetched at a time, the log is the same."""
    connection = opening(by_sqlite)
    queries = {"patients": "person", "events": "visit"}
    assert people_of(read(connection, queries, batch=batch)) == people_of(read(connection, queries))


def test_no_more_than_a_batch_is_fetched(opening):
    """Rows are asked for in batches: the cursor is never told to give all."""
    asked = []

    class Watched(sqlite3.Cursor):
        def fetchmany(self, size):
            asked.append(size)
            return super().fetchmany(size)

        def fetchall(self):
            raise AssertionError("all rows at once")

    cursor = Watched(opening(by_sqlite)).execute("select * from visit")
    assert len(raw_from_cursor(cursor, "events", "visit", 2)) == 4
    assert asked == [2, 2, 2]


@WAYS
def test_mapping_finds_its_sources_among_tables(way, opening, tmp_path):
    """A mapping with sources takes tables by name or by query, and refuses what it does not know, by table and row."""
    mapping = tmp_path / "ours.toml"
    mapping.write_text(MAPPED, "utf-8")
    tables = {"居民": "居民", "随访": "select * from sf"}
    log = sd.read_database(opening(way, FOREIGN), tables=tables, mapping=mapping)
    assert log.event(0)["sbp"] == 138
    assert [(one.file, one.line, one.value) for one in log.report.refusals] == [
        ("居民", 2, "?"),
        ("随访", 2, "2024-13-01"),
    ]


def test_short_mapping_names_columns(opening, tmp_path):
    """A mapping in its short form renames columns of the tables that are named."""
    mapping = tmp_path / "ours.toml"
    mapping.write_text('[events.columns]\n"systolic" = "sbp"\n', "utf-8")
    query = "select patient_id, date, kind, disease, sbp as systolic from visit"
    log = sd.read_database(opening(by_sqlite), "person", query, mapping=mapping)
    assert log.event(1)["sbp"] == 138.5


def test_columns_in_capitals_are_read_in_small_letters(opening):
    """A database that writes in capitals what nobody quoted gives the same registry."""
    connection = opening(by_sqlite)
    people = 'select patient_id as "PATIENT_ID", birth_date as "BIRTH_DATE", sex as "SEX" from person'
    small = sd.read_database(connection, "person", "visit")
    assert people_of(sd.read_database(connection, people, "visit")) == people_of(small)


class Rows:
    """A cursor with rows of any kind of value."""

    def __init__(self, rows):
        self.description = [(f"c{i}",) for i in range(len(rows[0]))]
        self._rows = [*rows]

    def fetchmany(self, size):
        """Give the next rows."""
        taken, self._rows = self._rows[:size], self._rows[size:]
        return taken


def test_values_are_written_as_in_a_file():
    """Numbers, days and truth values of Python become what a CSV file would hold; nothing and no number are blank."""
    rows = [(1, 1.0, True, Decimal("6.10"), dt.date(2024, 3, 1)), (None, float("nan"), False, None, None)]
    table = raw_from_cursor(Rows(rows), "events", "q", 1)
    assert [[column.text(i) for column in table.columns.values()] for i in (0, 1)] == [
        ["1", "1", "true", "6.10", "2024-03-01"],
        [None, None, "false", None, None],
    ]


@pytest.mark.parametrize(
    ("value", "check"),
    [
        (b"P1", "column_type"),
        ([1], "column_type"),
    ],
)
def test_values_that_mean_nothing_are_refused(value, check):
    """Bytes and lists refuse the table, by column."""
    with pytest.raises(sd.DataError) as caught:
        raw_from_cursor(Rows([("P1", None), ("P1", value)]), "events", "q", 10)
    assert [(one.check, one.where) for one in caught.value.faults] == [(check, "q, c1")]


@WAYS
def test_two_columns_of_one_name_are_refused(way, opening):
    """A query that gives two columns of one name is refused, and the way out is an alias."""
    with pytest.raises(sd.DataError, match="duplicate_column"):
        sd.read_database(opening(way), "person", "select v.*, p.patient_id from visit v, person p")


@WAYS
def test_what_the_database_refuses_is_said(way, opening):
    """A table that is not there is a fault with the statement that was asked."""
    with pytest.raises(sd.DataError, match="select \\* from visits"):
        sd.read_database(opening(way), "person", "visits")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "patients=…, events=…"),
        ({"patients": "person"}, "events=…"),
        ({"patients": "person", "events": " "}, "name a table"),
        ({"patients": "person", "events": "visit", "tables": ["sf"]}, "a mapping with sources"),
        ({"tables": "sf", "mapping": "bphs-forms"}, r"\['sf'\]"),
        ({"patients": "person", "events": "visit", "mapping": "bphs-forms"}, "say which tables"),
    ],
)
def test_what_is_not_said_is_asked_for(asked, said, opening):
    """A call that does not say what to read names what is lacking."""
    with pytest.raises(sd.UsageError, match=said):
        sd.read_database(opening(by_sqlite), **asked)


def test_a_path_is_no_connection():
    """A file's name is refused with the ways to open it."""
    with pytest.raises(sd.UsageError, match=r"sqlite3\.connect"):
        sd.read_database("registry.db", "person", "visit")


def test_a_statement_without_rows_is_refused(opening):
    """A call that gives no rows is no table."""
    cursor = opening(by_sqlite).execute("create table t (a)")
    with pytest.raises(sd.DataError, match="no_rows"):
        raw_from_cursor(cursor, "events", "q", 10)
