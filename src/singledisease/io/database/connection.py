"""A connection of any driver as one thing: which family of databases it speaks to, and how values are passed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from attrs import frozen

from singledisease.errors import MissingExtraError, UsageError
from singledisease.io.optional_imports import needed

Family = Literal["sqlite", "duckdb", "adbc", "mysql", "other"]

_FAMILIES: dict[str, Family] = {
    "sqlite3": "sqlite",
    "duckdb": "duckdb",
    "adbc_driver_manager": "adbc",
    "mysql": "mysql",
    "MySQLdb": "mysql",
    "pymysql": "mysql",
}
_PLACEHOLDERS = {"qmark": "?", "format": "%s", "pyformat": "%s"}


@frozen(eq=False)
class Database:
    """A connection as its driver made it, and what has to be known to speak to it.

    Attributes
    ----------
    raw
        The driver's own connection.
    family
        What is particular about it; ``other`` keeps to the standard.
    paramstyle
        How the driver passes values, by PEP 249.
    """

    raw: Any
    family: Family
    paramstyle: str

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """Give a cursor, and close it afterwards."""
        if self.family == "duckdb":
            # A cursor of DuckDB is a connection of its own, which sees nothing that this one has not committed.
            yield self.raw
            return
        cursor = self.raw.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    @contextmanager
    def rows(self, query: str) -> Iterator[Any]:
        """Run a query, and give what holds its rows: a cursor, or a relation of DuckDB, ``None`` if there are none."""
        if self.family == "duckdb" and has_arrow():
            yield self.raw.sql(query)  # what ``execute`` gives would copy every row once more on its way to Arrow
            return
        with self.cursor() as cursor:
            cursor.execute(query)
            yield cursor

    def execute(self, statement: str) -> None:
        """Run a statement that gives no rows."""
        with self.cursor() as cursor:
            cursor.execute(statement)

    def placeholders(self, count: int) -> str:
        """Give what stands for the values of a row.

        >>> Database(None, "sqlite", "qmark").placeholders(2), Database(None, "other", "named").placeholders(2)
        ('?, ?', ':1, :2')
        """
        mark = _PLACEHOLDERS.get(self.paramstyle)
        return ", ".join(mark or f":{i}" for i in range(1, count + 1))


@contextmanager
def opened(connection: Any) -> Iterator[Database]:
    """Give the database behind a connection; one that an engine of SQLAlchemy opens for it is closed afterwards.

    Parameters
    ----------
    connection
        Of DB-API 2.0, DuckDB or ADBC; or an engine, connection or session of SQLAlchemy.

    Raises
    ------
    UsageError
        If it is none of them.
    """
    if "sqlalchemy" not in _packages(connection):
        yield _database(connection)
    elif hasattr(connection, "connect"):
        with connection.connect() as own:
            yield _database(own.connection.driver_connection)
    else:
        pooled = connection.connection() if callable(connection.connection) else connection
        yield _database(pooled.connection.driver_connection)


def has_arrow() -> bool:
    """Tell whether pyarrow is installed."""
    try:
        needed("pyarrow", "database")
    except MissingExtraError:
        return False
    return True


def _database(raw: Any) -> Database:
    if not (hasattr(raw, "cursor") and hasattr(raw, "commit")):
        raise UsageError(
            f"不是数据库连接 / a {type(raw).__name__} is no connection to a database; "
            "pass sqlite3.connect('registry.db'), duckdb.connect(…), psycopg.connect(…), an engine of SQLAlchemy …"
        )
    families = [_FAMILIES[package] for package in _packages(raw) if package in _FAMILIES]
    return Database(raw, families[0] if families else "other", _paramstyle(raw))


def _packages(value: Any) -> tuple[str, ...]:
    """Name the packages that a value's type comes from, its own first."""
    return tuple(dict.fromkeys(one.__module__.partition(".")[0].removeprefix("_") for one in type(value).__mro__))


def _paramstyle(raw: Any) -> str:
    """Give the way in which the driver passes values, which PEP 249 has its module say."""
    for one in type(raw).__mro__:
        parts = one.__module__.removeprefix("_").split(".")
        for count in range(len(parts), 0, -1):
            for name in (".".join(parts[:count]), ".".join([*parts[:count], "dbapi"])):
                style = getattr(sys.modules.get(name), "paramstyle", None)
                if isinstance(style, str):
                    return style
    return "qmark"
