"""Results are written into a database whole or not at all, and a log reads back the same."""

from __future__ import annotations

import datetime as dt
import sqlite3
import sys

import adbc_driver_sqlite.dbapi
import duckdb
import pytest
import sqlalchemy

import singledisease as sd
from singledisease.io.database.columns import DatabaseColumn, column_of_cells
from singledisease.io.database.connection import opened
from singledisease.io.database.write import write_tables

TABLE = sd.Table(
    {
        "group": ["a", None],
        "people": [3, 4],
        "rate": [0.5, None],
        "day": [dt.date(2024, 3, 1), None],
        "met": [True, False],
        "by": [{"sex": "female"}, {"sex": "male"}],
    }
)
KINDS = ["sqlite", "autocommit", "duckdb", "adbc", "engine", "sqlalchemy"]


@pytest.fixture
def connecting(tmp_path):
    """Give what opens a database of a kind, a second one on the same, and closes both."""
    files = {"duckdb": tmp_path / "registry.duckdb"}
    closing = []

    def connect(kind):
        file = files.get(kind, tmp_path / "registry.db")
        made = {
            "sqlite": lambda: sqlite3.connect(file),
            "autocommit": lambda: sqlite3.connect(file, isolation_level=None),
            "duckdb": lambda: duckdb.connect(file),
            "adbc": lambda: adbc_driver_sqlite.dbapi.connect(str(file)),
            "engine": lambda: sqlalchemy.create_engine(f"sqlite:///{file}", poolclass=sqlalchemy.NullPool),
            "sqlalchemy": lambda: sqlalchemy.create_engine(
                f"sqlite:///{file}", poolclass=sqlalchemy.NullPool
            ).connect(),
        }[kind]()
        closing.append(made)
        return made

    yield connect
    for connection in closing:
        getattr(connection, "close", lambda: None)()


def people_of(log):
    """Give everybody with their events, and the institutions."""
    people = [(log.person_at(i), log.events_of(i)) for i in range(len(log.people))]
    return people, log.institutions.ids, dict(log.institutions.columns)


def rows_of(connection, query):
    """Give the rows of a query."""
    with opened(connection) as database:
        with database.rows(query) as cursor:
            found = cursor.fetchall()
        if database.family == "adbc":
            database.raw.rollback()  # what has read holds a lock until then
        return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_is_written(kind, connecting):
    """Every cell stands in the database, and is committed: another connection sees it."""
    assert sd.write_database(TABLE, connecting(kind), "figures") == {"figures": 2}
    found = rows_of(connecting(kind), 'select "group", people, rate, cast("day" as text) from figures order by people')
    assert [tuple(row) for row in found] == [("a", 3, 0.5, "2024-03-01"), (None, 4, None, None)]
    assert [row[0] for row in rows_of(connecting(kind), "select met from figures order by people")] == [1, 0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_log_reads_back_the_same(kind, connecting):
    """A registry that is written, dates, numbers and institutions with it, reads back as an equal log."""
    log = sd.simulate(patients=30, seed=2).log()
    written = sd.write_database(log, connecting(kind), "county_")
    assert written["county_events"] == len(log)
    names = {name.removeprefix("county_"): name for name in written}
    assert people_of(sd.read_database(connecting(kind), **names)) == people_of(log)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_overwritten_unless_told(kind, connecting):
    """A table that is there stays as it is, and is replaced if told."""
    sd.write_database(TABLE, connecting(kind), "figures")
    with pytest.raises(sd.DataError, match="overwrite=True"):
        sd.write_database(TABLE.first(1), connecting(kind), "figures")
    assert rows_of(connecting(kind), "select count(*) from figures")[0][0] == 2
    sd.write_database(TABLE.first(1), connecting(kind), "figures", overwrite=True)
    assert rows_of(connecting(kind), "select count(*) from figures")[0][0] == 1


@pytest.mark.parametrize("kind", KINDS)
def test_whole_or_not_at_all(kind, connecting):
    """If the last of several tables cannot be written, the first is not there, and what it replaced is."""
    sd.write_database(TABLE, connecting(kind), "patients")
    sd.write_database(TABLE, connecting(kind), "events")
    log = sd.simulate(patients=5, seed=2).log()
    connection = connecting(kind)
    with pytest.raises(sd.DataError):
        sd.write_database(log, connection)
    assert rows_of(connecting(kind), "select count(*) from patients")[0][0] == 2
    tables = {
        "patients": {"a": column_of_cells([1])},
        "others": {"a": column_of_cells([1]), "A": DatabaseColumn("whole", [1])},
    }
    with pytest.raises(sd.DataError):
        write_tables(tables, connection, overwrite=True)
    assert rows_of(connecting(kind), "select count(*) from patients")[0][0] == 2


@pytest.mark.parametrize("kind", ["sqlite", "duckdb", "adbc", "sqlalchemy"])
def test_the_commit_can_be_left_to_the_caller(kind, connecting):
    """With commit=False the tables are there for this connection, and gone when it rolls back."""
    connection = connecting(kind)
    sd.write_database(TABLE, connection, "figures", commit=False)
    assert rows_of(connection, "select count(*) from figures")[0][0] == 2
    with opened(connection) as database:
        database.raw.rollback()
    with pytest.raises(sd.DataError):
        sd.read_database(connection, "figures", "figures")


def test_an_open_transaction_is_joined(connecting):
    """In DuckDB a transaction that is open already is the one that is committed."""
    connection = connecting("duckdb")
    connection.execute("begin")
    connection.execute("create table other (a integer)")
    sd.write_database(TABLE, connection, "figures")
    assert rows_of(connection, "select count(*) from other, figures")[0][0] == 0
    connection.execute("begin")


def test_rows_go_in_without_arrow(connecting, monkeypatch):
    """DuckDB takes rows one by one, and gives them in batches, where pyarrow is not installed."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    log = sd.simulate(patients=3, seed=2).log()
    names = sd.write_database(log, connecting("duckdb"))
    assert people_of(sd.read_database(connecting("duckdb"), **{name: name for name in names})) == people_of(log)


def test_results_are_tables():
    """A scorecard and a worklist are written by their tables."""
    connection = sqlite3.connect(":memory:")
    log = sd.simulate(patients=50, seed=1).log()
    score = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension"), log, period="2024", by="sex")
    assert sd.write_database(score, connection, "score") == {"score": len(score.table())}
    work = sd.worklist(log, on="2024-06-30")
    assert sd.write_database(work, connection, "due")["due"] > 0
    connection.close()


def test_calls_that_make_no_sense_are_refused():
    """A result without a name, a table without columns, and an engine that nobody could commit are refused."""
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sd.UsageError, match="table="):
        sd.write_database(TABLE, connection)
    with pytest.raises(sd.UsageError, match="no columns"):
        sd.write_database(sd.Table({}), connection, "figures")
    with pytest.raises(sd.UsageError, match="engine"):
        sd.write_database(TABLE, sqlalchemy.create_engine("sqlite://"), "figures", commit=False)
    with pytest.raises(sd.UsageError, match="no result"):
        sd.write_database(3, connection, "figures")
    connection.close()
