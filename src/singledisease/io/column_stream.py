"""The columns of a large Parquet file, two at a time, each some rows at a time: the file never stands in memory whole.

Every column is read as ``io.arrow`` reads it.  Where that cannot be told from some of the rows, or a column holds too
many different texts, it is read as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.errors import Fault
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Flags, Numbers, smallest_codes
from singledisease.io.arrow import TEXTS, column_of, plain_text
from singledisease.io.digit_texts import coded_digits
from singledisease.io.optional_imports import needed

ROWS = 1 << 17
"""Rows that are turned over at once: what Arrow and NumPy make of them stays in the cache."""
_FEW = 1 << 15
"""A column with more different texts is coded as a whole."""

Open = Callable[[], Any]
"""Opens the file, as ``pyarrow.parquet.ParquetFile``."""


def read_columns_of(opened: Open, file: str, rows: int = ROWS) -> dict[str, AnyColumn | Fault]:
    """Read every column, or say that its type means nothing here.

    Parameters
    ----------
    opened
        Opens the file, which names no column twice.
    file
        What faults call it.
    rows
        How many rows are turned over at once.

    Raises
    ------
    pyarrow.ArrowException
        If the file is damaged.
    """
    with opened() as parquet:
        schema, count = parquet.schema_arrow, parquet.metadata.num_rows

    def read(column: Any) -> AnyColumn | Fault:
        # Each with a file of its own: one that is read from is used by one thread only.
        with opened() as parquet:
            made = _streamed(column, lambda: _some(parquet, column.name, rows), count)
            if made is not None:
                return made
            return column_of(column.name, parquet.read(columns=[column.name]).column(column.name), file)

    # Texts take longest, and are begun first.
    todo = sorted(schema, key=lambda column: str(column.type) not in TEXTS)
    with ThreadPoolExecutor(2) as threads:
        made = dict(zip([column.name for column in todo], threads.map(read, todo), strict=True))
    return {name: made[name] for name in schema.names}


def _some(parquet: Any, name: str, rows: int) -> Iterator[Any]:
    arrow = needed("pyarrow", "parquet")
    for batch in parquet.iter_batches(rows, columns=[name], use_threads=False):
        if batch.num_rows:
            yield arrow.chunked_array([batch.column(name)])


def _streamed(column: Any, some: Callable[[], Iterator[Any]], count: int) -> AnyColumn | None:
    kind = str(column.type)
    if kind in TEXTS:
        digits = coded_digits((chunk for values in some() for chunk in plain_text(values).chunks), count)
        return digits if digits is not None else _texts(column.name, some(), count)
    if kind.startswith("dictionary"):
        return _texts(column.name, some(), count)
    # Whether moments in a time zone are within the calendar is asked of all of them.
    if kind.startswith("timestamp") and column.type.tz is not None:
        return None
    return _values(column.name, some(), count)


def _values(name: str, some: Iterator[Any], count: int) -> AnyColumn | None:
    """Read numbers, days or flags; ``None`` if some rows are another kind of column than the first."""
    kind: type[Numbers | Dates | Flags] | None = None
    values: NDArray[Any] = np.empty(0)
    done = 0
    for cells in some:
        part = column_of(name, cells, "")
        if isinstance(part, Coded | Fault) or (kind is not None and type(part) is not kind):
            return None
        if kind is None:
            kind, values = type(part), np.empty(count, part.values.dtype)
        values[done : done + len(part)] = part.values
        done += len(part)
    return None if kind is None or done < count else kind(values)


def _texts(name: str, some: Iterator[Any], count: int) -> Coded | None:
    """Read texts by their dictionaries; ``None`` if there are many, or it is no column of text."""
    lookup: dict[str, int] = {"": 0}
    codes: NDArray[Any] = np.zeros(count, np.uint8)
    done = 0
    for values in some:
        coded = values if hasattr(values.type, "index_type") else values.dictionary_encode()
        many = sum(len(chunk.dictionary) for chunk in coded.chunks) > _FEW
        part = None if many else column_of(name, coded, "")
        if not isinstance(part, Coded):
            return None
        moved = np.array([lookup.setdefault(text, len(lookup)) for text in part.categories], np.int32)
        if len(lookup) > _FEW:
            return None
        codes = smallest_codes(codes, len(lookup))
        codes[done : done + len(part)] = moved.astype(codes.dtype).take(part.codes)
        done += len(part)
    return None if done < count else Coded(codes, lookup)
