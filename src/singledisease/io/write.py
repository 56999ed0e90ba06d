"""A registry written as the files it is read from: a folder of CSV or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from singledisease.errors import UsageError, did_you_mean
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Numbers
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.parse_column import as_text
from singledisease.eventlog.raw import TableName
from singledisease.eventlog.to_tables import tables_of
from singledisease.io.optional_imports import needed
from singledisease.io.whole_files import whole_folder
from singledisease.tables import harmless

Format = Literal["csv", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "parquet")
_ROWS = 1 << 16


def write_folder(log: EventLog, path: str | Path, format: Format = "csv", *, spreadsheet_safe: bool = False) -> None:
    """Write a log as a folder that reads back as an equal log.

    Parameters
    ----------
    log
        The log; what it refused is not in it.
    path
        The folder, made if need be; the files of a registry that stand there are replaced, all of them at once, and
        taken away where the log has no such table.
    format
        ``csv`` or ``parquet``.
    spreadsheet_safe
        Of CSV: whether cells that a spreadsheet would take for a formula are made harmless; see ``write_csv``.

    Raises
    ------
    UsageError
        If there is no such format, or the path is a file.
    OutputError
        If the files cannot be written; what stood there is as it was.
    MissingExtraError
        If Parquet is asked for and pyarrow is not installed.
    """
    tables = {str(table.name): table.columns for table in tables_of(log) if table.columns}
    with whole_folder(path, registry_files()) as folder:
        write_tables(tables, folder, format, spreadsheet_safe=spreadsheet_safe)


def registry_files() -> list[str]:
    """Give the names that the files of a registry may have."""
    return [f"{name}.{format}" for name in get_args(TableName) for format in FORMATS]


def write_tables(
    tables: Mapping[str, Mapping[str, AnyColumn]],
    folder: Path,
    format: Format = "csv",
    *,
    spreadsheet_safe: bool = False,
) -> None:
    """Write columns as files ``<name>.csv`` or ``<name>.parquet`` of a folder that ``whole_folder`` gave.

    Parameters
    ----------
    tables
        Columns of one length by name, by the name of their table.
    folder
        The folder.
    format
        ``csv`` or ``parquet``.
    spreadsheet_safe
        Of CSV: whether cells that a spreadsheet would take for a formula are made harmless; see ``write_csv``.

    Raises
    ------
    UsageError
        If there is no such format.
    MissingExtraError
        If Parquet is asked for and pyarrow is not installed.
    """
    if format not in FORMATS:
        raise UsageError(f"没有格式 / there is no format {format!r}; {did_you_mean(str(format), FORMATS)}")
    for name, columns in tables.items():
        if format == "csv":
            write_csv(columns, folder / f"{name}.csv", spreadsheet_safe=spreadsheet_safe)
        else:
            write_parquet(columns, folder / f"{name}.parquet")


def write_csv(columns: Mapping[str, AnyColumn], path: Path, *, spreadsheet_safe: bool = False) -> None:
    """Write columns as a CSV file in UTF-8, some rows at a time: the cells of all would take more room than the log.

    With ``spreadsheet_safe`` a text that begins with ``=``, ``+``, ``-``, ``@`` or a control character gets an
    apostrophe before it, so that no spreadsheet runs it; a number does not.  Such a file does not read back the same.
    """
    texts = [as_text(_harmless(column) if spreadsheet_safe else column) for column in columns.values()]
    names = [np.array(text.categories, np.object_) for text in texts]
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)  # with the line ends of RFC 4180: with plain ones it leaves a lone CR unquoted
        writer.writerow(columns)
        for first in range(0, len(texts[0]) if texts else 0, _ROWS):
            codes = (text.codes[first : first + _ROWS] for text in texts)
            cells = [known.take(code).tolist() for known, code in zip(names, codes, strict=True)]
            writer.writerows(zip(*cells, strict=True))


def _harmless(column: AnyColumn) -> AnyColumn:
    return Coded(column.codes, map(harmless, column.categories)) if isinstance(column, Coded) else column


def write_parquet(columns: Mapping[str, AnyColumn], path: Path) -> None:
    """Write columns as a Parquet file: text, float64, date and bool."""
    arrow, parquet = needed("pyarrow", "parquet"), needed("pyarrow.parquet", "parquet")
    parquet.write_table(arrow.table({name: _array(column, arrow) for name, column in columns.items()}), path)


def _array(column: AnyColumn, arrow: Any) -> Any:
    missing = ~column.known
    match column:
        case Coded():
            indices = arrow.array(column.codes, mask=missing)
            return arrow.DictionaryArray.from_arrays(indices, arrow.array(column.categories, arrow.string()))
        case Numbers():
            return arrow.array(column.values, mask=missing)
        case Dates():
            return arrow.array(column.values, mask=missing).cast("date32")
        case _:
            return arrow.array(column.values == 1, mask=missing)
