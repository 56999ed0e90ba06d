"""Parquet files, through pyarrow (extra ``parquet``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from singledisease.errors import DataError, Fault
from singledisease.eventlog.raw import RawTable, TableName
from singledisease.io.arrow import named_twice, raw_from_arrow, raw_of_columns
from singledisease.io.column_stream import ROWS, Open, read_columns_of
from singledisease.io.optional_imports import needed
from singledisease.vocabulary import CODE_LISTS

_FEW_VALUES = frozenset(
    (
        *CODE_LISTS,
        *("kind", "sex", "disease", "institution", "team", "region", "status", "reason", "item"),
        *("code", "system", "package", "source"),
    )
)


def read_parquet(path: str | Path, name: TableName) -> RawTable:
    """Read a Parquet file as a raw table; rows are numbered from 1.

    Parameters
    ----------
    path
        The file.
    name
        Which table it holds.

    Raises
    ------
    DataError
        If the file cannot be read, names a column twice, or has a column of a type that means nothing here.
    MissingExtraError
        If pyarrow is not installed.
    """
    arrow, parquet = needed("pyarrow", "parquet"), needed("pyarrow.parquet", "parquet")
    file = Path(path).name
    try:
        coded = _repetitive(parquet.read_schema(path))
        return _read(lambda: parquet.ParquetFile(path, read_dictionary=coded), name, file)
    except (OSError, UnicodeError, arrow.ArrowException) as error:
        fault = Fault("unreadable_file", file, str(error).partition("\n")[0] or type(error).__name__)
        raise DataError(f"{path}: 无法作为 Parquet 读取 / cannot be read as Parquet", [fault]) from None


def _read(opened: Open, name: TableName, file: str) -> RawTable:
    with opened() as parquet:
        rows, names = parquet.metadata.num_rows, parquet.schema_arrow.names
        if rows <= ROWS or named_twice(names, file):
            return raw_from_arrow(parquet.read(), name, file)
    made = read_columns_of(opened, file)
    # Arrow keeps what it has let go of for the next reading, which may never come.
    needed("pyarrow", "parquet").default_memory_pool().release_unused()
    return raw_of_columns(made, rows, name, file)


def _repetitive(schema: Any) -> list[str]:
    """Name the columns of text that hold few different values, which are read by their dictionaries.

    By name, not by the sizes that the file states: asking pyarrow for those of a damaged file ends the process.
    """
    return [
        field.name for field in schema if field.name in _FEW_VALUES and str(field.type) in ("string", "large_string")
    ]
