"""Rows of a table sent to the part of their person, some rows at a time: no table is ever whole in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from singledisease.errors import DataError, Fault
from singledisease.io.optional_imports import needed

ROWS = 1 << 18
"""How many rows are sent at once."""
GROUP = 1 << 16
"""How many rows of a part are gathered at most before they are written."""
_CELLS = 1 << 26
"""How many cells of all parts wait at most."""
PERSON = "patient_id"


def part_of(patient_id: str, parts: int) -> int:
    """Give the part of a person, which depends on the id alone, blanks around it left out.

    >>> part_of("P001", 64) == part_of(" P001 ", 64)
    True
    """
    return zlib.crc32(patient_id.strip().encode()) % parts


def schema_of(file: Path, encoding: str) -> Any:
    """Give the Arrow schema of the rows of a CSV or Parquet file, with texts in the place of coded texts.

    Each batch codes its texts by itself, and the codes of several may be too many for the width that each has.

    Raises
    ------
    DataError
        If the file cannot be read, or has no column ``patient_id``.
    """
    with _told(file):
        if file.suffix == ".parquet":
            with needed("pyarrow.parquet", "parquet").ParquetFile(file) as opened:
                schema = opened.schema_arrow
        else:
            arrow = needed("pyarrow", "parquet")
            schema = arrow.schema([(name, arrow.string()) for name in _headings(file, encoding)])
    _check_columns(schema, file)
    for i, column in enumerate(schema):
        if hasattr(column.type, "value_type") and hasattr(column.type, "index_type"):
            schema = schema.set(i, column.with_type(column.type.value_type))
    return schema


def batches_of(file: Path, encoding: str) -> Iterator[Any]:
    """Give the rows of a CSV or Parquet file in Arrow record batches; cells of CSV are texts.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    with _told(file):
        yield from _parquet(file) if file.suffix == ".parquet" else _csv(file, encoding)


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """Say of a file that cannot be read why."""
    arrow = needed("pyarrow", "parquet")
    try:
        yield
    except (OSError, UnicodeError, arrow.ArrowException) as error:
        fault = Fault("unreadable_file", file.name, str(error).partition("\n")[0] or type(error).__name__)
        raise DataError(f"{file}: 无法读取 / cannot be read", [fault]) from None


def _parquet(file: Path) -> Iterator[Any]:
    parquet = needed("pyarrow.parquet", "parquet")
    with parquet.ParquetFile(file) as opened:
        yield from opened.iter_batches(ROWS)


def _csv(file: Path, encoding: str) -> Iterator[Any]:
    arrow, reader = needed("pyarrow", "parquet"), needed("pyarrow.csv", "parquet")
    types = dict.fromkeys(_headings(file, encoding), arrow.string())
    convert = reader.ConvertOptions(column_types=types, strings_can_be_null=False)
    with reader.open_csv(file, **_options(encoding), convert_options=convert) as opened:
        yield from opened


def _headings(file: Path, encoding: str) -> list[str]:
    with needed("pyarrow.csv", "parquet").open_csv(file, **_options(encoding)) as opened:
        return list(opened.schema.names)


def _options(encoding: str) -> dict[str, Any]:
    reader = needed("pyarrow.csv", "parquet")
    utf8 = encoding.lower().startswith("utf")
    read = reader.ReadOptions(encoding="utf8" if utf8 else encoding, block_size=1 << 24)
    return {"read_options": read, "parse_options": reader.ParseOptions(newlines_in_values=True)}


def _check_columns(schema: Any, file: Path) -> None:
    if PERSON not in schema.names:
        hint = "读取映射后的数据：先 sd.read(…, mapping=…)，再 sd.partition(log, …) / read it with its mapping first"
        fault = Fault("missing_column", file.name, f"缺少列 / there is no column {PERSON}", hint)
        raise DataError(f"{file.stem}: 无法分片 / cannot be partitioned", [fault])


class Sending:
    """Rows of each part that wait to be written, and the file of each part that has any.

    Parameters
    ----------
    schema
        What the rows of every batch are made to have.
    folder
        Where the files are written.
    parts
        How many parts there are.
    """

    def __init__(self, schema: Any, folder: Path, parts: int) -> None:
        self._schema, self._folder = schema, folder
        self._group = min(GROUP, max(_CELLS // (len(schema) * parts), 1))
        self._files: dict[int, Any] = {}
        self._waiting: list[list[Any]] = [[] for _ in range(parts)]
        self._opened = ExitStack()

    @staticmethod
    def piece(folder: Path, part: int) -> Path:
        """Give the file of the rows of a part, if it has any."""
        return folder / f"{part:05d}.arrow"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        with self._opened:
            if kind is None:
                for number in range(len(self._waiting)):
                    self._write(number)

    def take(self, batch: Any) -> None:
        """Send the rows of a batch to their parts."""
        arrow = needed("pyarrow", "parquet")
        batch = self._alike(batch, arrow)
        part = _parts_of(batch.column(PERSON), len(self._waiting))
        order = np.argsort(part, kind="stable")
        ends = np.cumsum(np.bincount(part, minlength=len(self._waiting)))
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

    def _write(self, number: int) -> None:
        if self._waiting[number]:
            table = needed("pyarrow", "parquet").Table.from_batches(self._waiting[number]).combine_chunks()
            self._file(number).write_table(table)
            self._waiting[number] = []

    def _file(self, number: int) -> Any:
        """Give the file of a part, opened when it is first written to."""
        if number not in self._files:
            arrow = needed("pyarrow", "parquet")
            quick = "lz4" if arrow.Codec.is_available("lz4_frame") else None
            options = arrow.ipc.IpcWriteOptions(compression=quick)
            written = self._opened.enter_context(arrow.OSFile(str(self.piece(self._folder, number)), "wb"))
            made = arrow.ipc.new_stream(written, self._schema, options=options)
            self._files[number] = self._opened.enter_context(made)
        return self._files[number]


def _parts_of(ids: Any, parts: int) -> NDArray[np.int64]:
    """Give the part of each row by its person; a blank person is in that of the blank text."""
    coded = ids.dictionary_encode() if not hasattr(ids, "dictionary") else ids
    known = np.array([part_of("" if name is None else str(name), parts) for name in coded.dictionary.to_pylist()] + [0])
    known[-1] = part_of("", parts)
    codes = coded.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)
    return np.asarray(known[codes], np.int64)
