"""A registry in a database that is named by its URL."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from singledisease.errors import DataError, Fault, UsageError
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import TableName
from singledisease.io.database.connection import Database, opened
from singledisease.io.database.read import read_database
from singledisease.io.database.statements import is_query
from singledisease.io.database.tables_there import TablesThere, tables_there
from singledisease.io.database.url import connected, is_url
from singledisease.io.mapping import read_mapping

_NAMES: tuple[TableName, ...] = get_args(TableName)
_NEEDED = ("patients", "events")


def read_named(
    url: Any,
    *,
    patients: str | None = None,
    events: str | None = None,
    institutions: str | None = None,
    teams: str | None = None,
    activities: str | None = None,
    tables: str | None = None,
    schema: str = "",
    mapping: str | Path | None = None,
    rules: LoadRules | None = None,
) -> EventLog:
    """Read a registry from a database.

    Parameters
    ----------
    url
        Of the database; see ``io.database.url``.
    patients, events, institutions, teams, activities
        The name of a table or view, or a query; if it is not given, the table of that name.
    tables
        The tables, parted by commas, among which a mapping with sources of its own finds what it names; if none are
        given, all of the schema.
    schema
        Where the tables are; blank: where ``patients`` is.
    mapping, rules
        As in ``read_database``.

    Raises
    ------
    DataError
        If the database cannot be reached, there is no such schema or table, or what it holds is no registry.
    UsageError
        If it is no URL, or several schemas have such tables and none is named.
    """
    if not is_url(url):
        raise UsageError(f"{url}: 应为数据库网址 / the URL of a database is wanted, such as sqlite:///registry.db")
    given = (patients, events, institutions, teams, activities)
    asked = {name: query for name, query in zip(_NAMES, given, strict=True) if query}
    sourced = mapping is not None and bool(read_mapping(mapping).sources)
    with connected(url) as connection:
        with opened(connection) as database:
            among = _among(database, tables, schema) if sourced else {}
            queries = {} if sourced else _queries(database, asked, schema)
        return read_database(connection, queries, tables=among, mapping=mapping, rules=rules)


def _among(database: Database, tables: str | None, schema: str) -> dict[str, str]:
    """Give the tables among which a mapping finds its own, by name."""
    there = tables_there(database, schema)
    if tables is None:
        return dict(there.by_name)
    return {name: _found(there, name) for name in (one.strip() for one in tables.split(",")) if name}


def _queries(database: Database, asked: Mapping[TableName, str], schema: str) -> dict[TableName, str]:
    """Give for each table of a registry what reads it: what was asked for, else the table of that name."""
    by_name = [asked.get(name, name) for name in _NEEDED if not is_query(asked.get(name, name))]  # type: ignore[call-overload]
    there = tables_there(database, schema, having=by_name[0].lower()) if by_name else TablesThere({})
    queries: dict[TableName, str] = {}
    for name in _NAMES:
        wanted = asked.get(name, name)
        if is_query(wanted):
            queries[name] = wanted
        elif name in asked or name in _NEEDED or name in there.names:
            queries[name] = _found(there, wanted)
    return queries


def _found(there: TablesThere, name: str) -> str:
    """Give a table as a statement names it; one that is named with its schema is taken at its word."""
    if name.lower() in there.names:
        return there.by_name[name.lower()]
    if "." in name:
        return name
    listed = ", ".join(there.names) or "-"
    fault = Fault("no_table", name, "没有这个表 / there is no such table", f"there are: {listed[:400]}")
    raise DataError(f"{name}: 没有这个表 / there is no such table", [fault])
