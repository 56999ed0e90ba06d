"""Queries that are run: their rows as a raw table, or as they come, and what a database says if it refuses one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from singledisease.errors import DataError, Fault, SingleDiseaseError
from singledisease.eventlog.raw import RawTable, TableName
from singledisease.io.database.connection import Database
from singledisease.io.database.rows import raw_from_cursor
from singledisease.io.database.statements import select_of

BATCH = 10_000
"""Rows fetched at a time: enough that the way there does not count, few enough that they do not."""


def raw_of(database: Database, query: str, name: TableName, file: str, batch: int = BATCH) -> RawTable:
    """Give what a table or query holds as a raw table; ``file`` is what refusals call it.

    Raises
    ------
    DataError
        If the database refuses the query, or what it gives is no table.
    """
    statement = select_of(query, database.family)
    with _told(statement, file), database.rows(statement) as cursor:
        return raw_from_cursor(cursor, name, file, batch)


def rows_of(database: Database, statement: str, what: str, batch: int = BATCH) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a statement one by one, fetched in batches.

    Raises
    ------
    DataError
        If the database refuses it.
    """
    with _told(statement, what), database.cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(batch):
            yield from rows


def columns_of(database: Database, table: str, what: str) -> tuple[str, ...]:
    """Name the columns of a table, as the database does, without reading its rows.

    Raises
    ------
    DataError
        If the database refuses it.
    """
    statement = f"select * from {table} where 1 = 0"
    with _told(statement, what), database.rows(statement) as cursor:
        return tuple(str(column[0]) for column in cursor.description)


@contextmanager
def _told(statement: str, what: str) -> Iterator[None]:
    """Let what goes wrong inside be told as a fault with the statement."""
    try:
        yield
    except SingleDiseaseError:
        raise
    except Exception as error:  # each driver has exceptions of its own
        fault = Fault("query", what, str(error).strip() or type(error).__name__, f"asked: {statement}")
        raise DataError(f"{what}: 数据库未能执行查询 / the database could not run the query", [fault]) from error
