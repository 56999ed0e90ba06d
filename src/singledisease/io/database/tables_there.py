"""The tables and views that a database has, found by name whatever the case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from attrs import frozen

from singledisease.errors import DataError, Fault, UsageError, did_you_mean
from singledisease.io.database.connection import Database
from singledisease.io.database.queries import rows_of
from singledisease.io.database.statements import column_name

_OF_THE_SYSTEM = ("information_schema", "pg_catalog", "sys", "mysql", "performance_schema")
_LISTED = "select table_schema, table_name from information_schema.tables"


@frozen(eq=False)
class TablesThere:
    """Tables and views of one schema as a statement names them, by their names in lower case."""

    by_name: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in lower case."""
        return tuple(self.by_name)


def tables_there(database: Database, schema: str = "", *, having: str = "") -> TablesThere:
    """Find the tables and views of a schema of a database.

    Parameters
    ----------
    database
        As it was opened.
    schema
        Its name, whatever the case; blank: the one that has the table ``having``, or the only one.
    having
        A table by which the schema is known.

    Raises
    ------
    DataError
        If there is no such schema, or the database does not say what it has.
    UsageError
        If no schema is named and several have the table.
    """
    found: dict[str, dict[str, str]] = defaultdict(dict)
    catalog = _catalog(database)
    for of, name in _listed(database):
        parts = [column_name(part, database.family) for part in (catalog, of, name) if part]
        found[of][name.lower()] = ".".join(parts)
    if schema:
        chosen = [of for of in found if of.lower() == schema.lower()]
        if not chosen:
            hint = did_you_mean(schema, filter(None, found))
            fault = Fault("no_schema", schema, "没有此模式，或其中没有表 / no such schema, or it has no table", hint)
            raise DataError(f"{schema}: 没有这个模式 / there is no such schema", [fault])
    else:
        chosen = [of for of in found if not having or having in found[of]] or (list(found) if len(found) == 1 else [])
    if len(chosen) > 1:
        raise UsageError(
            f"{having or 'tables'}: 多个模式中有 / several schemas have such tables, say which: schema=… or --schema: "
            f"{', '.join(sorted(chosen))}"
        )
    return TablesThere(dict(sorted(found[chosen[0]].items())) if chosen else {})


def _catalog(database: Database) -> str:
    """Give what stands before a schema, blank if nothing has to: DuckDB takes a schema for a file of the same name."""
    if database.family != "duckdb":
        return ""
    return str(next(rows_of(database, "select current_database()", "current_database"))[0])


def _listed(database: Database) -> Iterator[tuple[str, str]]:
    """Give schema and name of every table and view; a database without schemas has blank ones."""
    match database.family:
        case "sqlite":
            query = "select '', name from sqlite_master where type in ('table', 'view')"
        case "duckdb":
            query = f"{_LISTED} where table_catalog = current_database()"
        case "adbc":
            yield from _objects(database)
            return
        case _:
            query = _LISTED
    for of, name in rows_of(database, query, "information_schema.tables"):
        if of not in _OF_THE_SYSTEM:
            yield of, name


def _objects(database: Database) -> Iterator[tuple[str, str]]:
    """Ask the driver itself, whichever database is behind it."""
    for catalog in database.raw.adbc_get_objects(depth="tables").read_all().to_pylist():
        for schema in catalog["catalog_db_schemas"] or ():
            of = schema["db_schema_name"] or ""
            if of not in _OF_THE_SYSTEM:
                yield from ((of, table["table_name"]) for table in schema["db_schema_tables"] or ())
