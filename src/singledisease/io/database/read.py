"""A registry read from a database: each table by its name or by a query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from singledisease.errors import UsageError
from singledisease.eventlog.build import build
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import RawTable, TableName
from singledisease.io.database.connection import opened
from singledisease.io.database.queries import BATCH, raw_of
from singledisease.io.database.statements import called
from singledisease.io.layout import Layout
from singledisease.io.mapping import RecordSystem, read_mapping
from singledisease.io.mapping.apply_source import taken
from singledisease.io.mapping.combine import gather
from singledisease.io.sources import FileTables, PathLike, read_sources

_NEEDED: tuple[TableName, ...] = ("patients", "events")


def read_database(
    connection: Any,
    queries: Mapping[TableName, str],
    *,
    tables: Mapping[str, str] | Sequence[str] = (),
    mapping: str | Path | None = None,
    rules: LoadRules | None = None,
    batch: int = BATCH,
) -> EventLog:
    """Read a registry.

    Parameters
    ----------
    connection
        As in ``connection.opened``; nothing is committed on it.
    queries
        ``patients``, ``events`` and perhaps ``institutions``, ``teams``, ``activities`` to a table's name or a query.
    tables
        In their place, the foreign tables that a mapping with sources names: names of tables, or what the mapping
        calls each to its table or query.
    mapping
        A file that names foreign tables, columns and codes, or the name of a shipped one.
    rules
        What else the tables are read by.
    batch
        How many rows are fetched at a time.

    Raises
    ------
    DataError
        If the database refuses a query, or what it gives is no registry.  Single rows are refused and stand in
        ``log.report``.
    UsageError
        If it is no connection, or what is to be read is not said.
    """
    system = RecordSystem() if mapping is None else read_mapping(mapping)
    named = _named(tables)
    _check_asked(queries, named, system)
    with opened(connection) as database:
        if system.sources:
            found = {Path(name): raw_of(database, query, "events", name, batch) for name, query in named.items()}
            return read_sources("database", system, rules=rules, known=Queried(found))
        raw = {name: raw_of(database, query, name, called(query), batch) for name, query in queries.items()}
    if system.tables:
        return gather([taken(system, table) for table in raw.values()], rules)
    return build(
        raw["patients"],
        raw["events"],
        raw.get("institutions"),
        teams=raw.get("teams"),
        activities=raw.get("activities"),
        rules=rules,
    )


class Queried(FileTables):
    """Tables of a database in the place of files."""

    def __init__(self, tables: Mapping[Path, RawTable]) -> None:
        super().__init__()
        self._queried = tables

    def files(self, path: PathLike | Sequence[PathLike]) -> list[Path]:
        """Give the tables."""
        return list(self._queried)

    def read(self, file: Path, encoding: str, layout: Layout, name: TableName = "events") -> RawTable:
        """Give a table; it has neither encoding nor layout."""
        return self._queried[file]

    def head(self, file: Path, size: int) -> bytes:
        """Give no bytes: a table has no lines above its columns."""
        return b""

    def read_header(self, file: Path, encoding: str, layout: Layout) -> tuple[str, ...]:
        """Give the names of the columns of a table."""
        return tuple(self._queried[file].columns)


def _named(tables: Mapping[str, str] | Sequence[str]) -> dict[str, str]:
    if isinstance(tables, str):
        raise UsageError(f"tables: 应为列表 / pass a list of names: [{tables!r}]")
    return dict(tables) if isinstance(tables, Mapping) else {called(name): name for name in tables}


def _check_asked(queries: Mapping[TableName, str], tables: Mapping[str, str], system: RecordSystem) -> None:
    if system.sources and (queries or not tables):
        raise UsageError(
            "对照表按来源命名，请给出 tables= / the mapping names sources of its own: say which tables it is to find, "
            "tables=['person', 'visit'] or tables={'what the mapping calls it': 'select …'}, not patients="
        )
    if tables and not system.sources:
        raise UsageError("tables= 需要带来源的对照表 / tables= needs a mapping with sources: mapping='ours.toml'")
    if not system.sources and (lacking := [name for name in _NEEDED if name not in queries]):
        raise UsageError(
            f"缺少 / say where {' and '.join(lacking)} stand: {', '.join(f'{name}=…' for name in lacking)}, a table's "
            "name or a query"
        )
