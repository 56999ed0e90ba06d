"""The tables of a folder in the OMOP Common Data Model, whatever the case of their names and how cells are parted."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.dates import iso
from singledisease.errors import DataError, Fault
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Numbers
from singledisease.eventlog.raw import plain_number
from singledisease.eventlog.report import Refusal
from singledisease.io.layout import Layout
from singledisease.io.optional_imports import needed
from singledisease.io.tables import FOREIGN_SUFFIXES, header_of, read_table

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

LAYOUT = Layout()


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


def read_tables(files: Mapping[str, Path]) -> dict[str, SourceTable]:
    """Read the tables that are taken; one that is not there is empty.

    Raises
    ------
    DataError
        If a table lacks a column that is needed, with all that are lacking, or a file cannot be read.
    """
    present = {name: files[name] for name in NEEDED if name in files}
    faults = [fault for name, file in present.items() for fault in _lacking(name, file)]
    if faults:
        raise DataError("OMOP: 缺少列 / columns are lacking", faults)
    empty = {name: SourceTable(name, name, {}, np.zeros(0, np.int64)) for name in NEEDED}
    return empty | {name: _read(name, file) for name, file in present.items()}


def _lacking(name: str, file: Path) -> Iterator[Fault]:
    header = {column.strip().lower() for column in header_of(file, layout=LAYOUT)}
    for column in NEEDED[name]:
        if column not in header:
            hint = f"{name.upper()} of OMOP CDM 5.3 or 5.4"
            yield Fault("missing_column", f"{file.name}: {column}", "缺少此列 / there is no such column", hint)


def _read(name: str, file: Path) -> SourceTable:
    raw = read_table(file, "events", layout=LAYOUT)
    columns = {column.strip().lower(): cells for column, cells in raw.columns.items()}
    return SourceTable(name, file.name, columns, raw.line, tuple(evolve(one, table=name) for one in raw.refused))


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
