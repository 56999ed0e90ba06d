"""The tables of a folder in the OMOP Common Data Model, whatever the case of their names and how cells are parted."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen

from singledisease.errors import DataError, Fault, SingleDiseaseError
from singledisease.io.layout import Layout
from singledisease.io.omop.concept_file import concept_rows
from singledisease.io.omop.tables import CONCEPT, ConceptRow, SourceTable, source_table
from singledisease.io.optional_imports import needed
from singledisease.io.tables import FOREIGN_SUFFIXES, header_of, read_table

LAYOUT = Layout()
_SIGNS = {"person_id", "gender_concept_id", "year_of_birth"}
"""Columns by which PERSON of a Common Data Model is told from any other table of people."""


@frozen(eq=False)
class OmopFolder:
    """A folder with a file for each table, by the table's name in lower case; see ``tables.Cdm``."""

    files: Mapping[str, Path]

    @property
    def names(self) -> tuple[str, ...]:
        """The tables that there are."""
        return tuple(self.files)

    def header(self, name: str) -> set[str]:
        """Give the names of a table's columns, in lower case."""
        return {column.strip().lower() for column in header_of(self.files[name], layout=LAYOUT)}

    def read(self, name: str) -> SourceTable:
        """Read a table."""
        return source_table(name, read_table(self.files[name], "events", layout=LAYOUT))

    def count(self, name: str) -> int:
        """Count the rows of a table that is not read."""
        return count_rows(self.files[name])

    def concepts(self, used: set[str]) -> tuple[int, Iterator[ConceptRow]]:
        """Give how many rows CONCEPT has, and those of the concepts that are used."""
        rows, count = [], 0
        if CONCEPT in self.files:
            for row in concept_rows(self.files[CONCEPT]):
                count += 1
                if row[0] in used:
                    rows.append(row)
        return count, iter(rows)

    def place(self, name: str, column: str) -> str:
        """Name a column of a table as a fault does."""
        return f"{self.files[name].name}: {column}"


def is_omop_folder(folder: Path) -> bool:
    """Tell whether a folder holds a Common Data Model: by the columns of its table PERSON.

    Raises nothing: a file that cannot be read is no sign of anything.
    """
    found = [
        file for file in folder.iterdir() if file.stem.lower() == "person" and file.suffix.lower() in FOREIGN_SUFFIXES
    ]
    try:
        return len(found) == 1 and {one.strip().lower() for one in header_of(found[0], layout=LAYOUT)} >= _SIGNS
    except SingleDiseaseError:
        return False


def list_files(folder: Path) -> dict[str, Path]:
    """Give the file of every table by the table's name in lower case.

    Raises
    ------
    DataError
        If this is no folder of OMOP tables, or two files hold one table.
    """
    if not folder.is_dir():
        fault = Fault("no_folder", folder.name, "应为文件夹 / a folder of OMOP tables is wanted", "PERSON.csv …")
        raise DataError(f"{folder}: 不是文件夹 / not a folder", [fault])
    found: dict[str, Path] = {}
    faults = []
    for file in sorted(folder.iterdir()):
        if not file.is_file() or file.suffix.lower() not in FOREIGN_SUFFIXES:
            continue
        name = file.stem.lower()
        if name in found:
            message = f"与 {found[name].name} 是同一个表 / is the same table as {found[name].name}"
            faults.append(Fault("table_twice", file.name, message, "leave one of them"))
        found.setdefault(name, file)
    if "person" not in found:
        faults.append(Fault("missing_table", folder.name, "没有 PERSON 表 / there is no table PERSON", "PERSON.csv"))
    if faults:
        raise DataError(f"{folder}: 不能作为 OMOP CDM 读取 / cannot be read as OMOP CDM", faults)
    return found


def count_rows(file: Path) -> int:
    """Count the rows of a table that is not read.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    try:
        if file.suffix.lower() == ".parquet":
            return int(needed("pyarrow.parquet", "parquet").read_metadata(file).num_rows)
        with open(file, encoding="utf-8-sig", errors="replace", newline="") as stream:
            separator = LAYOUT.separator_of(stream.readline())
            return sum(1 for row in csv.reader(stream, delimiter=separator) if row)
    except (OSError, ValueError, csv.Error) as error:
        raise DataError(
            f"{file}: 无法读取 / cannot be read", [Fault("unreadable_file", file.name, str(error))]
        ) from None
