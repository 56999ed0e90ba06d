"""CONCEPT as a file: row by row, because a vocabulary has millions of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from singledisease.errors import DataError, Fault
from singledisease.io.layout import Layout
from singledisease.io.omop.tables import ConceptRow
from singledisease.io.optional_imports import needed

CONCEPT_COLUMNS = ("concept_id", "concept_code", "vocabulary_id", "concept_name")


def concept_rows(file: Path) -> Iterator[ConceptRow]:
    """Give the rows of CONCEPT one by one.

    Raises
    ------
    DataError
        If the file cannot be read, or lacks a column.
    """
    try:
        yield from _rows(file)
    except (OSError, ValueError, csv.Error) as error:
        if isinstance(error, DataError):
            raise
        fault = Fault("unreadable_file", file.name, str(error), "CONCEPT, as Athena gives it, in UTF-8")
        raise DataError(f"{file}: 无法读取词表 / the vocabulary cannot be read", [fault]) from None


def _rows(file: Path) -> Iterator[ConceptRow]:
    if file.suffix.lower() == ".parquet":
        yield from _parquet_rows(file)
        return
    with open(file, encoding="utf-8-sig", newline="") as stream:
        first = stream.readline()
        separator = Layout().separator_of(first)
        # Athena parts cells by tabs and quotes nothing: quotation marks belong to the names.
        bare = separator == "\t"
        header = next(csv.reader([first], delimiter=separator))
        places = _places(file, [name.strip().lower() for name in header])
        quoted = csv.reader(stream, delimiter=separator)
        for row in csv.reader(stream, delimiter=separator, quoting=csv.QUOTE_NONE) if bare else quoted:
            if row:
                cells = [row[i].strip() if i < len(row) else "" for i in places]
                yield cells[0], cells[1], cells[2], cells[3]


def _parquet_rows(file: Path) -> Iterator[ConceptRow]:
    opened = needed("pyarrow.parquet", "parquet").ParquetFile(file)
    names = opened.schema_arrow.names
    wanted = [names[i] for i in _places(file, [name.strip().lower() for name in names])]
    for batch in opened.iter_batches(columns=wanted):
        columns = [batch.column(name).to_pylist() for name in wanted]
        for cells in zip(*columns, strict=True):
            concept, code, vocabulary, name = ("" if cell is None else str(cell) for cell in cells)
            yield concept, code, vocabulary, name


def _places(file: Path, header: list[str]) -> list[int]:
    faults = [
        Fault("missing_column", f"{file.name}: {name}", "缺少此列 / there is no such column", "CONCEPT of OMOP CDM")
        for name in CONCEPT_COLUMNS
        if name not in header
    ]
    if faults:
        raise DataError(f"{file}: 词表缺少列 / the vocabulary lacks columns", faults)
    return [header.index(name) for name in CONCEPT_COLUMNS]
