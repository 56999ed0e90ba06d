"""Parquet files, through pyarrow (extra ``parquet``)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from singledisease.errors import DataError, Fault
from singledisease.events.raw import RawTable, TableName
from singledisease.io.arrow import raw_from_arrow
from singledisease.io.extras import needed


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
        table = parquet.read_table(path, read_dictionary=_repetitive(parquet.ParquetFile(path)))
        return raw_from_arrow(table, name, file)
    except (OSError, UnicodeError, arrow.ArrowException) as error:
        fault = Fault("unreadable_file", file, str(error).partition("\n")[0] or type(error).__name__)
        raise DataError(f"{path}: 无法作为 Parquet 读取 / cannot be read as Parquet", [fault]) from None


def _repetitive(file: Any) -> list[str]:
    """Name the columns of text that take at most three bytes a row: those whose dictionaries are small."""
    sizes: Counter[str] = Counter()
    for group in range(file.metadata.num_row_groups):
        columns = file.metadata.row_group(group)
        for i in range(columns.num_columns):
            sizes[columns.column(i).path_in_schema] += columns.column(i).total_uncompressed_size
    return [
        field.name
        for field in file.schema_arrow
        if str(field.type) in ("string", "large_string") and sizes[field.name] <= 3 * file.metadata.num_rows
    ]
