"""A file of either kind as a raw table, and its header alone."""

from __future__ import annotations

import csv
from pathlib import Path

from singledisease.errors import DataError, Fault
from singledisease.events.raw import RawTable, TableName
from singledisease.io.csv import DEFAULT_ENCODING, read_csv
from singledisease.io.extras import needed
from singledisease.io.parquet import read_parquet
from singledisease.io.plain_csv import read_plain

SUFFIXES = (".csv", ".parquet")
_PLAIN = ("utf-8", "utf8", DEFAULT_ENCODING)


def read_table(file: Path, name: TableName, encoding: str = DEFAULT_ENCODING) -> RawTable:
    """Read a CSV or Parquet file as a raw table.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    if file.suffix.lower() == ".parquet":
        return read_parquet(file, name)
    plain = read_plain(file, name, encoding)
    return read_csv(file, name, encoding) if plain is None else plain


def header_of(file: Path, encoding: str = DEFAULT_ENCODING) -> tuple[str, ...]:
    """Give the names of the columns of a file, without reading its rows.

    Raises
    ------
    DataError
        If there is no header to be read.
    """
    try:
        if file.suffix.lower() == ".parquet":
            return tuple(needed("pyarrow.parquet", "parquet").read_schema(file).names)
        with open(file, encoding=encoding, newline="") as stream:
            return tuple(name.lstrip("\ufeff").strip() for name in next(csv.reader(stream), []))
    except (OSError, ValueError, csv.Error) as error:
        # What is wrong is said better by reading the file whole: the hint of another encoding, for one.
        read_table(file, "events", encoding)
        raise DataError(f"{file}: 无法读取表头 / no header", [Fault("header", file.name, str(error))]) from None


def encoding_of(asked: str, *named: str) -> str:
    """Give the encoding in which to read: what was asked for, or if that is plain UTF-8, what a mapping names.

    >>> encoding_of("utf-8", "", "gb18030"), encoding_of("big5", "gb18030")
    ('gb18030', 'big5')
    """
    if asked.lower() not in _PLAIN:
        return asked
    return next((name for name in named if name), asked)
