"""The rows of a cursor as a raw table: Arrow where the cursor hands it over, otherwise batch by batch."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.errors import DataError, Fault
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.parse_column import recoded
from singledisease.eventlog.raw import RawTable, TableName
from singledisease.io.arrow import raw_from_arrow
from singledisease.io.arrow_scalars import type_fault
from singledisease.io.cell_text import cell_text
from singledisease.io.database.connection import has_arrow

_READERS = ("to_arrow_reader", "fetch_record_batch")
"""How a cursor is asked for Arrow: by DuckDB of today, and by ADBC and DuckDB of before."""


def raw_from_cursor(cursor: Any, name: TableName, file: str, batch: int) -> RawTable:
    """Make a raw table of what a cursor holds; rows are numbered from 1, in the order in which they come.

    Parameters
    ----------
    cursor
        One on which a query was run, or a relation of DuckDB; ``None`` has no rows.
    name
        Which table it is.
    file
        What refusals call the source.
    batch
        How many rows are fetched at a time.

    Raises
    ------
    DataError
        If the statement gives no rows, two columns have one name, or a column's type means nothing here.
    """
    if cursor is None or not cursor.description:
        fault = Fault("no_rows", file, "语句不返回行 / the statement gives no rows", "pass a table or a select")
        raise DataError(f"{file}: 不能作为 {name} 表读取 / cannot be read as {name}", [fault])
    names = _names([str(column[0]) for column in cursor.description])
    if twice := [column for column, count in Counter(names).items() if count > 1]:
        faults = [
            Fault("duplicate_column", file, f"列名重复 / two columns are named {one!r}", f"rename one: … as {one}_2 …")
            for one in twice
        ]
        raise DataError(f"{file}: 不能作为 {name} 表读取 / cannot be read as {name}", faults)
    reader = _arrow_reader(cursor)
    if reader is not None:
        return raw_from_arrow(reader.read_all().rename_columns(names), name, file)
    return _raw_from_batches(_batches(cursor, batch), names, name, file)


def _names(names: list[str]) -> list[str]:
    """Give names of columns; in small letters if all are capitals, as some databases write what nobody quoted."""
    return [name.lower() for name in names] if all(name.isupper() and name.isascii() for name in names) else names


def _arrow_reader(cursor: Any) -> Any:
    """Give a reader of Arrow batches, ``None`` if the cursor has none or pyarrow is not there to read them."""
    ask = next((getattr(cursor, way) for way in _READERS if hasattr(cursor, way)), None)
    return None if ask is None or not has_arrow() else ask()


def _batches(cursor: Any, batch: int) -> Iterator[Sequence[Sequence[Any]]]:
    while rows := cursor.fetchmany(batch):
        yield rows


def _raw_from_batches(
    batches: Iterator[Sequence[Sequence[Any]]], names: Sequence[str], name: TableName, file: str
) -> RawTable:
    columns = [_Growing(column, file) for column in names]
    count = 0
    for rows in batches:
        count += len(rows)
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            column.add(values)
    if faults := [column.fault for column in columns if column.fault is not None]:
        raise DataError(f"{file}: 不能作为 {name} 表读取 / cannot be read as {name}", faults)
    made = {column.name: column.coded() for column in columns}
    return RawTable(name=name, columns=made, file=file, line=np.arange(1, count + 1))


class _Growing:
    """A column that grows by batches: every value is kept once, and the rows are codes of values."""

    def __init__(self, name: str, file: str) -> None:
        self.name = name
        self.file = file
        self.fault: Fault | None = None
        self._texts = [""]
        self._codes: list[NDArray[np.int32]] = []
        # By type too: 1, 1.0 and True are equal, but not written alike.
        self._known: dict[tuple[type, Any], int] = {}

    def add(self, values: Sequence[Any]) -> None:
        """Add the values of a batch."""
        known = self._known
        codes = np.empty(len(values), np.int32)
        for i, value in enumerate(values):
            try:
                code = known.get((value.__class__, value))
            except TypeError:  # a list or the like, which is no plain value
                code = self._refuse(type_fault(self.name, type(value).__name__, self.file))
            codes[i] = self._new(value) if code is None else code
        self._codes.append(codes)

    def _new(self, value: Any) -> int:
        code = self._code(value)
        self._known[value.__class__, value] = code
        return code

    def _code(self, value: Any) -> int:
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return 0
        text = cell_text(value)
        if text is None:
            return self._refuse(type_fault(self.name, type(value).__name__, self.file))
        self._texts.append(text)
        return len(self._texts) - 1

    def _refuse(self, fault: Fault) -> int:
        self.fault = self.fault or fault
        return 0

    def coded(self) -> Coded:
        """Give the column."""
        codes = np.concatenate([np.empty(0, np.int32), *self._codes])
        return recoded(codes, self._texts)
