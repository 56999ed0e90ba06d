"""The tables of the OMOP Common Data Model, wherever they are kept, with every name in lower case."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Protocol

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.dates import iso
from singledisease.errors import DataError, Fault
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Numbers
from singledisease.eventlog.raw import RawTable, plain_number
from singledisease.eventlog.report import Refusal

NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "person": ("person_id",),
        "observation_period": ("person_id", "observation_period_start_date", "observation_period_end_date"),
        "visit_occurrence": ("visit_occurrence_id", "person_id", "visit_concept_id", "visit_start_date"),
        "condition_occurrence": ("person_id", "condition_concept_id", "condition_start_date"),
        "measurement": ("person_id", "measurement_concept_id", "measurement_date", "value_as_number"),
        "drug_exposure": ("person_id", "drug_concept_id", "drug_exposure_start_date"),
        "death": ("person_id", "death_date"),
        "care_site": ("care_site_id",),
    }
)
"""The tables that are read, and the columns without which they cannot be."""

CONCEPT = "concept"
VOCABULARY = (
    "vocabulary",
    "domain",
    "concept_class",
    "concept_relationship",
    "relationship",
    "concept_synonym",
    "concept_ancestor",
    "source_to_concept_map",
    "drug_strength",
)
"""Tables of the vocabulary beside CONCEPT: they hold nothing of people, and are not opened."""

ConceptRow = tuple[str, str, str, str]
"""Of a row of CONCEPT: ``concept_id``, ``concept_code``, ``vocabulary_id``, ``concept_name``."""


@frozen(eq=False)
class SourceTable:
    """A table as it came in: columns by their names in lower case.

    Attributes
    ----------
    name
        In lower case, ``visit_occurrence``.
    line
        int64, the place of each row in the file; the header is line 1.
    broken
        Rows that could not be made into cells.
    """

    name: str
    file: str
    columns: Mapping[str, AnyColumn]
    line: NDArray[np.int64]
    broken: tuple[Refusal, ...] = ()

    def __len__(self) -> int:
        return len(self.line)

    def text(self, i: int, column: str) -> str:
        """Give a cell as it is written, blank if it is missing or there is no such column."""
        found = self.columns.get(column)
        match found:
            case Coded():
                return (found.text(i) or "").strip()
            case Numbers():
                number = found.number(i)
                return "" if number is None else plain_number(number)
            case Dates():
                day = found.day(i)
                return "" if day is None else iso(day)
            case _:
                return ""

    def key(self, i: int, column: str) -> str:
        """Give an id or a concept id; 0 says that there is none, and is blank."""
        found = self.text(i, column).removesuffix(".0")
        return "" if found == "0" else found


class Cdm(Protocol):
    """Where the tables are: a folder of files, or a schema of a database."""

    @property
    def names(self) -> Collection[str]:
        """The tables that there are, in lower case."""

    def header(self, name: str) -> set[str]:
        """Give the names of a table's columns, in lower case."""

    def read(self, name: str) -> SourceTable:
        """Read a table."""

    def count(self, name: str) -> int:
        """Count the rows of a table that is not read."""

    def concepts(self, used: set[str]) -> tuple[int, Iterator[ConceptRow]]:
        """Give how many rows CONCEPT has, and at least those of the concepts that are used; none if it is not there."""

    def place(self, name: str, column: str) -> str:
        """Name a column of a table as a fault does."""


def source_table(name: str, raw: RawTable) -> SourceTable:
    """Make a table of what was read of it."""
    columns = {column.strip().lower(): cells for column, cells in raw.columns.items()}
    return SourceTable(
        name, raw.file, columns, np.asarray(raw.line), tuple(evolve(one, table=name) for one in raw.refused)
    )


def read_tables(cdm: Cdm) -> dict[str, SourceTable]:
    """Read the tables that are taken; one that is not there is empty.

    Raises
    ------
    DataError
        If a table lacks a column that is needed, with all that are lacking, or cannot be read.
    """
    present = [name for name in NEEDED if name in cdm.names]
    faults = [
        Fault("missing_column", cdm.place(name, column), "缺少此列 / there is no such column", f"{name.upper()}: {OF}")
        for name in present
        for column in lacking(cdm.header(name), NEEDED[name])
    ]
    if faults:
        raise DataError("OMOP: 缺少列 / columns are lacking", faults)
    empty = {name: SourceTable(name, name, {}, np.zeros(0, np.int64)) for name in NEEDED}
    return empty | {name: cdm.read(name) for name in present}


OF = "OMOP CDM 5.3 or 5.4"


def lacking(header: Collection[str], needed: Collection[str]) -> list[str]:
    """Give the columns that are needed and not there."""
    return [column for column in needed if column not in header]
