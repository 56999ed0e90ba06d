"""Databases in and out: a registry read by queries, results written back as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from singledisease.api.data import load_rules, table_of
from singledisease.api.definitions import AnyDiseases, known
from singledisease.errors import UsageError, did_you_mean
from singledisease.eventlog.load_rules import Impossible
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import TableName
from singledisease.eventlog.to_tables import tables_of
from singledisease.io import database
from singledisease.io.database.columns import column_of_cells, column_of_log
from singledisease.io.omop.read import read_omop_database
from singledisease.io.readers import check_options, reader_named
from singledisease.vocabulary import Quantity


def read_database(
    connection: Any,
    patients: str | None = None,
    events: str | None = None,
    institutions: str | None = None,
    *,
    teams: str | None = None,
    activities: str | None = None,
    tables: Mapping[str, str] | Sequence[str] = (),
    mapping: str | Path | None = None,
    format: str | None = None,
    diseases: AnyDiseases | None = None,
    quantities: Sequence[Quantity] = (),
    columns: Sequence[Any] = (),
    impossible: Impossible = "reading",
    local_dates: bool = False,
    strict: bool = False,
    **options: Any,
) -> EventLog:
    """Read a registry from a database; ``log.report`` says what became of every row.

    Rows are fetched in batches, from DuckDB and ADBC as Arrow.  In the report and in explanations the table or query
    stands in the place of the file, and the number of the row, from 1 in the order in which they came, in that of the
    line.  Nothing is committed.

    Parameters
    ----------
    connection
        Of any driver with Python's database interface (``sqlite3``, ``psycopg`` …), of DuckDB or ADBC; or an engine,
        connection or session of SQLAlchemy.  (A URL is what ``sd.read`` takes.)
    patients, events, institutions, teams, activities
        The name of a table or view, with its schema if need be, or a query.
    tables
        In their place, for a mapping with sources of its own: the foreign tables among which it finds them, by name,
        ``["person", "visit"]``, or what the mapping calls each to its table or query.
    mapping
        A TOML file that names foreign tables, columns and codes, or the name of a shipped one; as in ``read``.
    format
        ``omop``: the tables are those of the OMOP CDM, and none is named.
    diseases, quantities, columns, impossible, local_dates, strict
        As in ``read``.
    options
        Of the format: of OMOP ``schema`` and ``vocabulary_schema``, ``enrolment``, ``follow_up`` … as in ``read``.

    Raises
    ------
    DataError
        If the database cannot run a query, or what it gives cannot be read as a registry at all; single rows are
        refused and reported.
    UsageError
        If it is no connection, or it is not said what to read.

    >>> import sqlite3
    >>> connection = sqlite3.connect(":memory:")
    >>> _ = connection.executescript('''
    ...     create table person (patient_id text, birth_date text, sex text);
    ...     insert into person values ('P1', '1960-01-01', 'female');
    ...     create table visit (patient_id text, date text, kind text, disease text, sbp real);
    ...     insert into visit values ('P1', '2024-03-01', 'follow_up', 'hypertension', 138);
    ...     insert into visit values ('P1', 'soon', 'follow_up', 'hypertension', null);
    ... ''')
    >>> log = read_database(connection, "person", "select * from visit order by date")
    >>> [(one.file, one.line, one.value) for one in log.report.refusals]
    [('select * from visit order by date', 2, 'soon')]
    """
    given: dict[TableName, str | None] = {
        "patients": patients,
        "events": events,
        "institutions": institutions,
        "teams": teams,
        "activities": activities,
    }
    rules = load_rules(diseases, quantities, columns, impossible=impossible, local_dates=local_dates, strict=strict)
    asked = {name: query for name, query in given.items() if query is not None}
    if format is not None:
        _check_format(format, options, [*asked, *(["tables"] if tables else []), *(["mapping"] if mapping else [])])
        return read_omop_database(connection, diseases=tuple(known(diseases).values()), rules=rules, **options)
    if options:
        raise UsageError(f"{', '.join(options)}: 未知参数 / unknown; {did_you_mean(next(iter(options)), _OF_OMOP)}")
    return database.read_database(
        connection,
        asked,
        tables=tables,
        mapping=mapping,
        rules=rules,
    )


_OF_OMOP = ("format", *(option.name for option in reader_named("omop").options))


def _check_format(format: str, options: Mapping[str, Any], named: Sequence[str]) -> None:
    if format != "omop":
        hint = did_you_mean(str(format), ["omop"])
        raise UsageError(f"{format!r}: 不能如此从数据库读取 / no format that a database is read in; {hint}")
    if named:
        raise UsageError(f"omop: 各表自有其名 / the tables have names of their own, do not give {', '.join(named)}")
    check_options(reader_named("omop"), options, {})


def write_database(
    what: Any, connection: Any, table: str | None = None, *, overwrite: bool = False, commit: bool = True
) -> dict[str, int]:
    """Write a result or a log as tables of a database, whole or not at all, and give the rows of each by its name.

    Parameters
    ----------
    what
        A log, which becomes ``patients``, ``events`` … that ``read_database`` reads back; or what ``to_frame`` takes:
        a table, a scorecard, a worklist, an estimate …, or a list of results of one kind.
    connection
        As in ``read_database``.
    table
        What the table is called, with its schema if need be; of a log, what its tables' names begin with.
    overwrite
        Replace tables of these names; otherwise one that is there is refused.
    commit
        Commit at the end, with whatever else stands open on the connection; ``False`` leaves that to you.

    Raises
    ------
    DataError
        If a table is there already, or the database refuses what is written; everything that was not committed on
        the connection is then rolled back.
    UsageError
        If it is no result or no connection, or the table has no name.

    >>> import sqlite3
    >>> from singledisease.tables import Table
    >>> connection = sqlite3.connect(":memory:")
    >>> write_database(Table({"state": ["managed", "lost"], "people": [3, None]}), connection, "states")
    {'states': 2}
    >>> connection.execute("select * from states").fetchall()
    [('managed', 3), ('lost', None)]
    """
    if isinstance(what, EventLog):
        written = {
            f"{table or ''}{one.name}": {name: column_of_log(column) for name, column in one.columns.items()}
            for one in tables_of(what)
            if one.columns
        }
    elif table:
        cells = table_of(what).flat().columns
        written = {table: {name: column_of_cells(values) for name, values in cells.items()}}
    else:
        raise UsageError("table: 请给出表名 / say what the table is to be called: table='scorecard_2024'")
    return database.write_tables(written, connection, overwrite=overwrite, commit=commit)
