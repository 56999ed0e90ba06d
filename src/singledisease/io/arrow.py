"""Arrow tables made into raw tables: text by its dictionary, everything else as NumPy arrays.

Everything is asked of the table itself, so that this module does not load pyarrow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.errors import DataError, Fault
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Flags, Numbers
from singledisease.eventlog.parse_column import recoded
from singledisease.eventlog.raw import Lines, RawTable, TableName
from singledisease.io.arrow_scalars import WHOLE, days_of, numbers_of, type_fault
from singledisease.io.dictionary_encode import numbered
from singledisease.io.digit_texts import coded_digits

TEXTS = ("string", "large_string", "string_view")
"""The types of columns of text."""


def raw_from_arrow(table: Any, name: TableName, file: str) -> RawTable:
    """Make a raw table of a ``pyarrow.Table``; rows are numbered from 1.

    Raises
    ------
    DataError
        If a column is named twice, or is of a type that means nothing here.
    """
    faults = named_twice(table.column_names, file)
    # Two at a time: both Arrow and NumPy let go of Python while they turn a column over.
    with ThreadPoolExecutor(2) as threads:
        turned = list(threads.map(column_of, table.column_names, table.columns, repeat(file)))
    columns = dict(zip(table.column_names, turned, strict=True))
    return raw_of_columns(columns, table.num_rows, name, file, faults)


def named_twice(names: Sequence[str], file: str) -> list[Fault]:
    """Say which columns have the name of another."""
    return [
        Fault("duplicate_column", file, f"列名重复 / two columns are named {column!r}", "rename one")
        for column, count in Counter(names).items()
        if count > 1
    ]


def raw_of_columns(
    made: Mapping[str, AnyColumn | Fault], rows: int, name: TableName, file: str, faults: Sequence[Fault] = ()
) -> RawTable:
    """Make a raw table of columns, or say all that is wrong with them; rows are numbered from 1.

    Raises
    ------
    DataError
        If there are faults.
    """
    faults = [*faults, *(one for one in made.values() if isinstance(one, Fault))]
    if faults:
        raise DataError(f"{file}: 不能作为 {name} 表读取 / cannot be read as {name}", faults)
    columns = {column: one for column, one in made.items() if not isinstance(one, Fault)}
    return RawTable(name=name, columns=columns, file=file, line=Lines(1, rows))


def column_of(name: str, values: Any, file: str) -> AnyColumn | Fault:
    """Read one column of a table, a ``pyarrow.ChunkedArray``; or say that its type means nothing here."""
    kind = str(values.type)
    if kind.startswith("dictionary"):
        of = values.type.value_type
        return _text(values) if str(of) in TEXTS else column_of(name, values.cast(of), file)
    if kind in TEXTS:
        return _text(values)
    if kind.startswith("decimal"):
        return _text(values.cast("string"))
    if kind == "null":
        return Coded(np.zeros(len(values), np.uint8), ("",))
    if kind == "bool":
        return Flags(_filled(values.cast("int8"), -1))
    if kind.startswith(("int", "uint")):
        return _integers(values)
    if kind in ("halffloat", "float", "double"):
        return numbers_of(values.to_numpy())
    return _time(name, values, file)


def _time(name: str, values: Any, file: str) -> AnyColumn | Fault:
    kind = str(values.type)
    if kind.startswith("date"):
        return Dates(_filled(values.cast("date32").cast("int32"), MISSING))
    if not kind.startswith("timestamp"):
        return type_fault(name, kind, file)
    if values.type.tz is not None:
        return _text(_written(values))
    return days_of(_filled(values.cast("int64"), 0), values.is_valid().to_numpy(), values.type.unit)


def _written(values: Any) -> Any:
    """Give moments in a time zone as a CSV file would hold them: which day each is is refused row by row."""
    try:
        return values.cast("string")
    except ValueError:  # beyond the calendar, or no table of zones: as the numbers that they are
        return values.cast("int64").cast("string")


def _filled(values: Any, missing: int) -> NDArray[Any]:
    return np.asarray(values.fill_null(missing).to_numpy())


def _integers(values: Any) -> AnyColumn:
    whole = _filled(values, 0)
    if len(whole) and max(-int(whole.min()), int(whole.max())) > WHOLE:
        return _text(values.cast("string"))
    return Numbers(np.where(values.is_valid().to_numpy(), whole.astype(np.float64), np.nan))


def _text(values: Any) -> Coded:
    if str(values.type).startswith("dictionary") and _is_small(values):
        encoded = values.unify_dictionaries().combine_chunks()
    else:
        plain = plain_text(values)
        known = coded_digits(plain.chunks, len(plain)) or numbered(plain)
        if known is not None:
            return known
        encoded = plain.cast("large_string").combine_chunks().dictionary_encode()
    codes = _filled(encoded.indices.cast("int32"), -1) + np.int32(1)
    texts = ["", *(text or "" for text in encoded.dictionary.to_pylist())]
    # A dictionary may hold a text twice, or the empty one.
    return Coded(codes, texts) if len(set(texts)) == len(texts) else recoded(codes, texts)


def plain_text(values: Any) -> Any:
    """Give a column of text in a form of which the characters stand one after the other."""
    return values if str(values.type) in ("string", "large_string") else values.cast("large_string")


def _is_small(values: Any) -> bool:
    """Tell whether unifying the dictionaries of all chunks takes less than coding the texts anew.

    With a million names in each of a hundred chunks it takes five times as long.
    """
    return sum(len(chunk.dictionary) for chunk in values.chunks) <= len(values)
