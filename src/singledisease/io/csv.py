"""CSV files: made into raw tables with nothing but the standard library, one row at a time.

A row that has the wrong number of cells, or cannot be split into cells, is refused; a file that cannot be
read as text, or whose quotation marks do not close, is a ``DataError``.
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np

from singledisease.errors import DataError, Fault, UsageError
from singledisease.eventlog.columns import TextCoder
from singledisease.eventlog.raw import RawTable, TableName
from singledisease.eventlog.report import Refusal
from singledisease.io.layout import LAYOUT, Layout, joined

if TYPE_CHECKING:
    from _csv import Reader

DEFAULT_ENCODING = "utf-8-sig"
_BLOCK = 1 << 15
_BOM = "\ufeff"
"""A mark that some programs put first; before a quotation mark it would make the mark a part of the cell."""


def read_csv(path: str | Path, name: TableName, encoding: str = DEFAULT_ENCODING, layout: Layout = LAYOUT) -> RawTable:
    """Read a CSV file as a raw table: a header, then rows of cells, which are parted by commas.

    Parameters
    ----------
    path
        The file.
    name
        Which table it holds.
    encoding
        Its encoding; a byte-order mark is ignored.
    layout
        Of a foreign file: where its header stands, what parts its cells, that names may repeat.

    Raises
    ------
    DataError
        If the file cannot be opened, is not text in this encoding, is empty, names a column twice, or has
        quotation marks that do not close.
    UsageError
        If there is no such encoding.
    """
    _check_encoding(encoding)
    file = Path(path).name
    try:
        with open(path, encoding=encoding, newline="") as stream:
            return read_text(stream, name, file, layout)
    except UnicodeError as error:
        raise _not_text(Path(path), encoding, error) from None
    except OSError as error:
        raise DataError(
            f"{path}: 无法打开 / cannot be opened", [Fault("unreadable_file", file, error.strerror or str(error))]
        ) from None


def _check_encoding(encoding: str) -> None:
    try:
        codecs.lookup(encoding)
        "".encode(encoding)
    except (LookupError, ValueError):
        raise UsageError(
            f"没有编码 {encoding!r} / there is no text encoding {encoding!r}; try utf-8 or gb18030"
        ) from None


def _not_text(path: Path, encoding: str, error: UnicodeError) -> DataError:
    hint = "save the file as UTF-8"
    if _decodes(path, "gb18030"):
        hint = "看起来是 GB18030 编码 / it looks like GB18030: read it with --encoding gb18030"
    fault = Fault("not_text", path.name, f"不是 {encoding} 文本 / not text in {encoding}: {error}", hint)
    return DataError(f"{path}: 编码不符 / another encoding", [fault])


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with open(path, encoding=encoding) as stream:
            while stream.read(1 << 20):
                pass
    except UnicodeError:
        return False
    return True


# ROWS

Row = tuple[int, list[str]]


def read_header(path: str | Path, encoding: str = DEFAULT_ENCODING, layout: Layout = LAYOUT) -> tuple[str, ...]:
    """Give the names of the columns of a CSV file, as ``read_csv`` does, without reading its rows; all, if any.

    Raises
    ------
    OSError, UnicodeError, DataError
        If there is no such file, or no header to be read.
    """
    with open(path, encoding=encoding, newline="") as stream:
        return header_of_text(stream, Path(path).name, layout)


def header_of_text(stream: TextIO, file: str, layout: Layout) -> tuple[str, ...]:
    """Give the names of the columns of an open text; raises ``DataError`` if there is no header to be read."""
    return tuple(_header(_Lines(stream, layout), file)[0])


def read_text(stream: TextIO, name: TableName, file: str, layout: Layout) -> RawTable:
    """Read an open text as ``read_csv`` does a file, which refusals call ``file``."""
    reader = _Lines(stream, layout)
    header, notes = _header(reader, file)
    coders = [TextCoder() for _ in header]
    lines: list[int] = []
    refused: list[Refusal] = []
    while block := list(islice(stream, _BLOCK)):
        first = reader.line_num + 1
        rows = reader.one_each(block, len(header))
        if rows is None:
            picked = list(_rows(reader.over(block), name, file, len(header), refused))
            lines += [line for line, _ in picked]
            rows = [row for _, row in picked]
        else:
            lines += range(first, first + len(rows))
        for coder, cells in zip(coders, zip(*rows, strict=True), strict=bool(rows)):
            coder.add(cells)
    columns = {column: coder.column() for column, coder in zip(header, coders, strict=True) if column}
    return RawTable(
        name=name, columns=columns, file=file, line=np.array(lines, np.int64), refused=tuple(refused), notes=notes
    )


class _Lines:
    """A reader of rows that counts the lines of the file, the ones above the header included."""

    def __init__(self, stream: TextIO, layout: Layout) -> None:
        above = [stream.readline() for _ in range(layout.header - 1)]
        first = stream.readline().removeprefix(_BOM)
        self.layout = layout
        self._stream = stream
        self._separator = layout.separator_of(first)
        self._above = len(above)
        self._last: int | None = None
        self._reader = self._over(chain([first], stream))

    def _over(self, lines: Iterable[str]) -> Reader:
        return csv.reader(lines, delimiter=self._separator, strict=True)

    @property
    def line_num(self) -> int:
        return self._above + self._reader.line_num

    def __next__(self) -> list[str]:
        if self._last is not None and self.line_num >= self._last:
            raise StopIteration
        return next(self._reader)

    def one_each(self, block: list[str], width: int) -> list[list[str]] | None:
        """Give the rows of some lines at once, if each line is a row of the right width; else nothing is taken.

        As many rows as lines is one row a line: a row that goes over several would leave fewer.
        """
        reader = self._over(block)
        try:
            rows = list(reader)
        except csv.Error:
            return None
        if len(rows) != len(block) or set(map(len, rows)) != {width}:
            return None
        self._above, self._reader = self.line_num, reader
        return rows

    def over(self, block: list[str]) -> _Lines:
        """Go through some lines row by row, and through further ones as far as their last row goes."""
        self._above = self.line_num
        self._last = self._above + len(block)
        self._reader = self._over(chain(block, self._stream))
        return self


def _rows(reader: _Lines, name: TableName, file: str, width: int, refused: list[Refusal]) -> Iterator[Row]:
    """Give the rows of the right width with the line they begin on; put the others into ``refused``."""
    for line, row in _split(reader, file):
        if isinstance(row, csv.Error):
            reason = f"无法分成单元格 / cannot be split into cells: {row}"
            refused.append(Refusal(name, file, line, "", "", "unreadable_row", reason))
        elif len(row := reader.layout.cells(row, width)) != width:
            reason = f"有 {len(row)} 格，表头有 {width} 列 / {len(row)} cells where the header has {width}"
            refused.append(Refusal(name, file, line, "", ",".join(row)[:80], "wrong_number_of_cells", reason))
        else:
            yield line, row


def _split(reader: _Lines, file: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Give every row that is not an empty line, or why it is none.

    After an error the reader goes on with the next line.  That is right if the row was one line; if a
    quotation mark has swallowed further lines, rows are lost that could not be accounted for.
    """
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if reader.line_num > line:
                raise DataError(f"{file}: 引号没有闭合 / quotation marks do not close", [_open(file, line)]) from None
            yield line, error
        else:
            if row:
                yield line, row


def _open(file: str, line: int) -> Fault:
    message = "从这一行起引号没有正确闭合 / a quotation mark opened here does not close properly"
    return Fault("open_quotation", f"{file}:{line}", message, "double a quotation mark that stands inside a cell")


# HEADER


def _header(reader: _Lines, file: str) -> tuple[list[str], tuple[str, ...]]:
    first = next(_split(reader, file), None)
    if first is None:
        hint = "export it anew; a table that is not needed may be removed"
        fault = Fault("empty_file", file, "没有列名 / no header line", hint)
        raise DataError(f"{file}: 文件为空 / the file is empty", [fault])
    line, row = first
    if isinstance(row, csv.Error):
        raise DataError(f"{file}: 表头无法读取 / the header cannot be read", [Fault("header", file, str(row))])
    cells = [cell.lstrip("\ufeff").strip() for cell in row]
    if reader.layout.header_lines > 1:
        below = next(_split(reader, file), (line, []))[1]
        cells = joined(cells, [cell.strip() for cell in below] if isinstance(below, list) else [])
    names = reader.layout.named(cells)
    faults = [
        Fault("duplicate_column", f"{file}:{line}", f"列名重复 / two columns are named {column!r}", "rename one")
        for column, count in Counter(names).items()
        if count > 1 and column
    ]
    if any("\0" in column for column in names):
        faults.append(Fault("not_text", file, "含有空字符 (NUL) / holds NUL characters", "save the file as UTF-8"))
    if len(names) == 1 and any(mark in names[0] for mark in ";\t"):
        faults.append(Fault("separator", file, "只有一列 / there is one column only", "separate cells by commas"))
    if faults:
        raise DataError(f"{file}: 表头有误 / the header is not sound", faults)
    blank = [i + 1 for i, column in enumerate(names) if not column]
    notes = (f"{file}: 没有列名的列被略去 / left out columns without a name: {blank}",) if blank else ()
    return names, notes
