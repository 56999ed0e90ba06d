"""Tables written into a database, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from singledisease.errors import DataError, Fault, UsageError
from singledisease.io.database.columns import DatabaseColumn
from singledisease.io.database.connection import Database, has_arrow, opened
from singledisease.io.database.statements import column_name, quoted
from singledisease.io.optional_imports import needed

Columns = Mapping[str, DatabaseColumn]
BATCH = 10_000
"""Rows handed over at a time."""

_VIEW = "singledisease_rows"


def write_tables(
    tables: Mapping[str, Columns], connection: Any, *, overwrite: bool = False, commit: bool = True
) -> dict[str, int]:
    """Write tables in one transaction, and give how many rows each has.

    Parameters
    ----------
    tables
        Columns of one length by name, by the name of their table.
    connection
        As in ``connection.opened``.
    overwrite
        Replace tables of these names; otherwise one that is there is refused.
    commit
        Commit at the end; ``False`` leaves the transaction open, for you to commit.

    Raises
    ------
    DataError
        If a table is there already, or the database refuses what is written.  What was not committed on the
        connection is then rolled back, so that nothing of it is there.
    UsageError
        If it is no connection, or a table has no columns.
    """
    if empty := [name for name, columns in tables.items() if not columns]:
        raise UsageError(f"没有列 / there are no columns to write: {', '.join(empty)}")
    own = "sqlalchemy" in type(connection).__module__ and hasattr(connection, "connect")
    if own and not commit:
        raise UsageError("commit=False 需要一个连接 / commit=False needs a connection; an engine opens one of its own")
    with opened(connection) as database, _transaction(database, commit=commit):
        for name, columns in tables.items():
            _written(name, columns, database, overwrite)
    return {name: len(next(iter(columns.values())).values) for name, columns in tables.items()}


# ONE TRANSACTION


@contextmanager
def _transaction(database: Database, *, commit: bool) -> Iterator[None]:
    """Let everything inside become one transaction; roll it back if anything goes wrong."""
    begun = _begin(database)
    try:
        yield
        if commit:
            _end(database, "commit", begun)
    except BaseException:
        _end(database, "rollback", begun)
        raise


def _begin(database: Database) -> bool:
    """Begin a transaction if the driver does not begin one of itself, and tell whether one was begun."""
    raw = database.raw
    match database.family:
        case "sqlite":
            # Of itself it begins one before rows are written, which is after the table was made.
            alone = not raw.in_transaction
        case "duckdb":
            alone = not _is_open(raw)
        case _:
            alone = getattr(raw, "autocommit", False) is True
    if alone:
        database.execute("begin")
    return alone


def _is_open(raw: Any) -> bool:
    """Tell whether a transaction is open in DuckDB, in which two statements have one number of it."""
    first, second = (raw.execute("select txid_current()").fetchone() for _ in range(2))
    return bool(first == second)


def _end(database: Database, how: str, begun: bool) -> None:
    if begun:
        database.execute(how)
    else:
        getattr(database.raw, how)()


# ONE TABLE


def _written(name: str, columns: Columns, database: Database, overwrite: bool) -> None:
    try:
        if database.family == "adbc":
            _ingest(name, columns, database, overwrite)
            return
        table = quoted(name, database.family)
        if overwrite:
            database.execute(f"drop table if exists {table}")
        declared = ", ".join(f"{column_name(one, database.family)} {column.sql}" for one, column in columns.items())
        database.execute(f"create table {table} ({declared})")
        if database.family == "duckdb" and has_arrow():
            _from_arrow(table, columns, database)
        else:
            _insert(table, columns, database)
    except Exception as error:  # each driver has exceptions of its own
        raise _refused(name, error) from error


def _refused(name: str, error: Exception) -> DataError:
    said = str(error).strip() or type(error).__name__
    if "exist" in said.lower() or "already" in said.lower():
        hint = "如要替换 / to replace it: overwrite=True, --overwrite; or choose another name"
        fault = Fault("table_exists", name, said, hint)
    else:
        fault = Fault("not_written", name, said)
    return DataError(f"{name}: 未写入，数据库保持原样 / not written, the database is as it was", [fault])


def _insert(table: str, columns: Columns, database: Database) -> None:
    values = [column.passed(database.family) for column in columns.values()]
    statement = f"insert into {table} values ({database.placeholders(len(values))})"
    with database.cursor() as cursor:
        for first in range(0, len(values[0]), BATCH):
            rows = zip(*(column[first : first + BATCH] for column in values), strict=True)
            cursor.executemany(statement, list(rows))


def _from_arrow(table: str, columns: Columns, database: Database) -> None:
    """Fill a table of DuckDB from Arrow, which is far faster than row by row."""
    database.raw.register(_VIEW, _arrow_table(columns))
    try:
        database.raw.execute(f"insert into {table} select * from {_VIEW}")
    finally:
        database.raw.unregister(_VIEW)


def _ingest(name: str, columns: Columns, database: Database, overwrite: bool) -> None:
    """Hand Arrow over to the driver, which makes the table."""
    schema, _, table = name.rpartition(".")
    where = {"db_schema_name": schema} if schema else {}
    mode = "replace" if overwrite else "create"
    with database.cursor() as cursor:
        cursor.adbc_ingest(table, _arrow_table(columns), mode=mode, **where)


def _arrow_table(columns: Columns) -> Any:
    arrow = needed("pyarrow", "database")
    kinds = {"date32": arrow.date32(), "timestamp[us]": arrow.timestamp("us")}
    return arrow.table(
        {name: arrow.array(one.values, kinds.get(one.arrow, one.arrow)) for name, one in columns.items()}
    )
