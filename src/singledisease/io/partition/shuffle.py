"""Rows of a table sent to the part of their person, some rows at a time: no table is ever whole in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.errors import DataError, Fault
from singledisease.io.optional_imports import needed
from singledisease.io.partition.manifest import part_folder

ROWS = 1 << 18
"""How many rows are sent at once."""
_GROUP, _CELLS = 1 << 16, 1 << 26
"""How many rows of a part, and cells of all parts, are gathered at most before they are written."""
PERSON = "patient_id"


def part_of(patient_id: str, parts: int) -> int:
    """Give the part of a person, which depends on the id alone, blanks around it left out.

    >>> part_of("P001", 64) == part_of(" P001 ", 64)
    True
    """
    return zlib.crc32(patient_id.strip().encode()) % parts


def batches_of(file: Path, encoding: str) -> Iterator[Any]:
    """Give the rows of a CSV or Parquet file in Arrow record batches; cells of CSV are texts.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    arrow = needed("pyarrow", "parquet")
    try:
        yield from _parquet(file) if file.suffix == ".parquet" else _csv(file, encoding)
    except (OSError, UnicodeError, arrow.ArrowException) as error:
        fault = Fault("unreadable_file", file.name, str(error).partition("\n")[0] or type(error).__name__)
        raise DataError(f"{file}: 无法读取 / cannot be read", [fault]) from None


def _parquet(file: Path) -> Iterator[Any]:
    parquet = needed("pyarrow.parquet", "parquet")
    with parquet.ParquetFile(file) as opened:
        yield from opened.iter_batches(ROWS)


def _csv(file: Path, encoding: str) -> Iterator[Any]:
    arrow, reader = needed("pyarrow", "parquet"), needed("pyarrow.csv", "parquet")
    utf8 = encoding.lower().startswith("utf")
    read = reader.ReadOptions(encoding="utf8" if utf8 else encoding, block_size=1 << 24)
    parse = reader.ParseOptions(newlines_in_values=True)
    with reader.open_csv(file, read_options=read, parse_options=parse) as opened:
        names = opened.schema.names
    convert = reader.ConvertOptions(column_types=dict.fromkeys(names, arrow.string()), strings_can_be_null=False)
    with reader.open_csv(file, read_options=read, parse_options=parse, convert_options=convert) as opened:
        yield from opened


def send(batches: Iterator[Any], table: str, folder: Path, parts: int) -> int:
    """Write the rows of a table as ``<table>.parquet`` of every part, and give how many there were.

    Raises
    ------
    DataError
        If the table has no column ``patient_id``.
    """
    parquet = needed("pyarrow.parquet", "parquet")
    rows = 0
    with ExitStack() as opened:
        gathered: _Gathered | None = None
        for batch in batches:
            if gathered is None:
                _check_columns(batch, table)
                gathered = _Gathered(parquet, _undivided(batch.schema), table, folder, parts, opened)
            gathered.take(batch)
            rows += batch.num_rows
        if gathered is not None:
            gathered.write_rest()
    return rows


def _undivided(schema: Any) -> Any:
    """Give a schema with texts in the place of coded texts.

    Each batch codes its texts by itself, and the codes of several may be too many for the width that each has.
    """
    for i, column in enumerate(schema):
        if hasattr(column.type, "value_type") and hasattr(column.type, "index_type"):
            schema = schema.set(i, column.with_type(column.type.value_type))
    return schema


def _check_columns(batch: Any, table: str) -> None:
    if PERSON not in batch.schema.names:
        hint = "读取映射后的数据：先 sd.read(…, mapping=…)，再 sd.partition(log, …) / read it with its mapping first"
        fault = Fault("missing_column", table, f"缺少列 / there is no column {PERSON}", hint)
        raise DataError(f"{table}: 无法分片 / cannot be partitioned", [fault])


class _Gathered:
    """Rows of each part that wait to be written, and the file of each part."""

    def __init__(  # noqa: PLR0917 - what it writes, and where
        self, parquet: Any, schema: Any, table: str, folder: Path, parts: int, opened: ExitStack
    ) -> None:
        def file_of(number: int) -> Any:
            made = part_folder(folder, number)
            made.mkdir(exist_ok=True)
            return opened.enter_context(parquet.ParquetWriter(made / f"{table}.parquet", schema))

        self._schema = schema
        self._group = min(_GROUP, max(_CELLS // (len(schema) * parts), 1))
        self._files = [file_of(number) for number in range(parts)]
        self._waiting: list[list[Any]] = [[] for _ in range(parts)]

    def take(self, batch: Any) -> None:
        """Send the rows of a batch to their parts."""
        arrow = needed("pyarrow", "parquet")
        batch = self._alike(batch, arrow)
        part = _parts_of(batch.column(PERSON), len(self._files))
        order = np.argsort(part, kind="stable")
        ends = np.cumsum(np.bincount(part, minlength=len(self._files)))
        sorted_rows = batch.take(arrow.array(order))
        for number, (first, last) in enumerate(zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)):
            if last > first:
                self._waiting[number].append(sorted_rows.slice(first, last - first))
                if sum(each.num_rows for each in self._waiting[number]) >= self._group:
                    self._write(number)

    def _alike(self, batch: Any, arrow: Any) -> Any:
        """Give a batch with the columns and types of the first, which another file may have otherwise."""
        if batch.schema.equals(self._schema):
            return batch
        try:
            cast = arrow.Table.from_batches([batch]).select(self._schema.names).cast(self._schema)
            (made,) = cast.combine_chunks().to_batches()
        except (KeyError, ValueError) as error:
            hint = "各文件夹须有相同的列 / every folder must have the same columns"
            raise DataError(
                "分片来源不同 / the folders differ", [Fault("columns_differ", "", str(error), hint)]
            ) from None
        return made

    def write_rest(self) -> None:
        """Write what still waits."""
        for number in range(len(self._files)):
            self._write(number)

    def _write(self, number: int) -> None:
        arrow = needed("pyarrow", "parquet")
        if self._waiting[number]:
            self._files[number].write_table(arrow.Table.from_batches(self._waiting[number]).combine_chunks())
            self._waiting[number] = []


def _parts_of(ids: Any, parts: int) -> NDArray[np.int64]:
    """Give the part of each row by its person; a blank person is in that of the blank text."""
    coded = ids.dictionary_encode() if not hasattr(ids, "dictionary") else ids
    known = np.array([part_of("" if name is None else str(name), parts) for name in coded.dictionary.to_pylist()] + [0])
    known[-1] = part_of("", parts)
    codes = coded.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)
    return np.asarray(known[codes], np.int64)
