"""The tables of the OMOP Common Data Model in a schema of a database."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from singledisease.errors import DataError, Fault
from singledisease.io.database.connection import Database
from singledisease.io.database.queries import columns_of, raw_of, rows_of
from singledisease.io.database.statements import column_name
from singledisease.io.database.tables_there import TablesThere, tables_there
from singledisease.io.omop.concept_file import CONCEPT_COLUMNS
from singledisease.io.omop.tables import CONCEPT, NEEDED, OF, ConceptRow, SourceTable, lacking, source_table

_AT_ONCE = 900
"""Concept ids in one query: databases bound how many values a list may have."""


@frozen(eq=False)
class OmopDatabase:
    """The tables of a schema, and the vocabulary there or in a schema of its own; see ``tables.Cdm``."""

    database: Database
    tables: TablesThere

    @property
    def names(self) -> tuple[str, ...]:
        """The tables that there are."""
        return self.tables.names

    def header(self, name: str) -> set[str]:
        """Give the names of a table's columns, in lower case."""
        return set(self._columns(name))

    def read(self, name: str) -> SourceTable:
        """Read a table, by its first key, so that a row has the same number each time."""
        table, columns = self.tables.by_name[name], self._columns(name)
        keys = [columns[key] for key in (f"{name}_id", *NEEDED[name]) if key in columns]
        order = column_name(keys[0], self.database.family)
        return source_table(name, raw_of(self.database, f"select * from {table} order by {order}", "events", name))

    def count(self, name: str) -> int:
        """Count the rows of a table that is not read."""
        statement = f"select count(*) from {self.tables.by_name[name]}"
        return int(next(rows_of(self.database, statement, name))[0])

    def concepts(self, used: set[str]) -> tuple[int, Iterator[ConceptRow]]:
        """Give how many rows CONCEPT has, and those of the concepts that are used, which alone are fetched."""
        return (self.count(CONCEPT), self._used(used)) if CONCEPT in self.names else (0, iter(()))

    def place(self, name: str, column: str) -> str:
        """Name a column of a table as a fault does."""
        return f"{name}: {column}"

    def _columns(self, name: str) -> dict[str, str]:
        """Give the columns of a table as the database calls them, by their names in lower case."""
        return {one.lower(): one for one in columns_of(self.database, self.tables.by_name[name], name)}

    def _used(self, used: set[str]) -> Iterator[ConceptRow]:
        columns = self._columns(CONCEPT)
        if missing := lacking(columns, CONCEPT_COLUMNS):
            faults = [Fault("missing_column", f"{CONCEPT}: {one}", "缺少此列 / no such column", OF) for one in missing]
            raise DataError(f"{CONCEPT}: 词表缺少列 / the vocabulary lacks columns", faults)
        names = [column_name(columns[one], self.database.family) for one in CONCEPT_COLUMNS]
        select = f"select {', '.join(names)} from {self.tables.by_name[CONCEPT]} where {names[0]} in"
        ids = sorted(one for one in used if one.isdecimal())
        for first in range(0, len(ids), _AT_ONCE):
            # As texts: a database makes numbers of them where the ids are numbers, and finds those kept as text too.
            chosen = ", ".join(f"'{one}'" for one in ids[first : first + _AT_ONCE])
            for row in rows_of(self.database, f"{select} ({chosen})", CONCEPT):
                concept, code, vocabulary, name = ("" if cell is None else str(cell).strip() for cell in row)
                yield concept, code, vocabulary, name


def cdm_of(database: Database, schema: str, vocabulary_schema: str) -> OmopDatabase:
    """Find the tables of a Common Data Model in a database.

    Parameters
    ----------
    database
        As it was opened.
    schema, vocabulary_schema
        Where the tables are, and where CONCEPT is if it has a schema of its own; blank: wherever they are found.

    Raises
    ------
    DataError
        If there is no such schema, or no table PERSON.
    UsageError
        If several schemas have a table PERSON, and none is named.
    """
    there = tables_there(database, schema, having="person")
    if vocabulary_schema:
        others = {name: found for name, found in there.by_name.items() if name != CONCEPT}
        words = tables_there(database, vocabulary_schema).by_name
        if CONCEPT not in words:
            fault = Fault("missing_table", vocabulary_schema, "没有 CONCEPT 表 / there is no table CONCEPT")
            raise DataError(f"{vocabulary_schema}: 没有词表 / there is no vocabulary", [fault])
        there = TablesThere({**others, CONCEPT: words[CONCEPT]})
    if "person" not in there.names:
        fault = Fault("missing_table", schema or "database", "没有 PERSON 表 / there is no table PERSON", "schema=…")
        raise DataError("数据库不能作为 OMOP CDM 读取 / the database cannot be read as OMOP CDM", [fault])
    return OmopDatabase(database, there)
