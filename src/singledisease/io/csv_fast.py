"""Large, plain CSV files by way of pyarrow, many times as fast as cell by cell.

*Plain* is what no two readers take differently: no quotation mark, every row on a line of its own and as wide as
the header, in UTF-8 or an encoding in which commas and ends of lines are nothing else either.  Of anything else,
and wherever anything is wrong, ``io.csv`` has the word: what is refused, and how that is said, must not depend on
the size of a file or on what is installed.
"""

from __future__ import annotations

import codecs
import csv
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve

from singledisease.eventlog.raw import Lines, RawTable, TableName
from singledisease.io.arrow import raw_from_arrow
from singledisease.io.optional_imports import needed

_LARGE = 1 << 22
"""Bytes: below, loading pyarrow would take longer than reading."""
_PART = 1 << 24
_ENCODINGS = ("utf-8", "utf-8-sig", "gb2312", "gbk", "gb18030")
_BOM = "\ufeff"


def read_plain(path: Path, name: TableName, encoding: str, large: int = _LARGE) -> RawTable | None:
    """Read a file as ``io.csv.read_csv`` does, if it is large and plain and pyarrow is installed.

    Parameters
    ----------
    path, name, encoding
        As ``read_csv`` is given them.
    large
        How many bytes a file has at least to be looked at.

    Returns
    -------
    RawTable or None
        ``None``: to be read cell by cell.
    """
    if not (_is_large(path, large) and _is_known(encoding) and find_spec("pyarrow")):
        return None
    names, lines = _names(path, encoding), _plain_lines(path)
    table = _arrow_table(path, names, encoding) if names and lines else None
    # pyarrow passes over empty lines without a word, and then no row's line would be known.
    if table is None or table.num_rows != lines - 1:
        return None
    return evolve(raw_from_arrow(table, name, path.name), line=Lines(2, lines - 1))


def _is_large(path: Path, large: int) -> bool:
    return path.is_file() and path.stat().st_size >= large


def _is_known(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name in _ENCODINGS
    except (LookupError, ValueError):
        return False


def _names(path: Path, encoding: str) -> list[str]:
    """Give the names of the columns; none, if there is anything to be said about them."""
    with open(path, "rb") as stream:
        first = stream.readline(csv.field_size_limit())
    try:
        names = [name.lstrip(_BOM).strip() for name in first.decode(encoding).split(",")]
    except UnicodeDecodeError:
        return []
    return names if len(names) > 1 and all(names) and len(set(names)) == len(names) else []


def _plain_lines(path: Path) -> int:
    """Count the lines; 0 if the file is not plain."""
    longest, lines = csv.field_size_limit(), 0
    with open(path, "rb") as stream:
        while part := stream.read(_PART) + stream.readline(longest):
            ends = np.flatnonzero(np.frombuffer(part, np.uint8) == ord("\n"))
            stops = np.append(ends, len(part) - 1) if not part.endswith(b"\n") else ends
            has_marks = b'"' in part or b"\0" in part or part.count(b"\r") != part.count(b"\r\n")
            if has_marks or np.diff(stops, prepend=-1).max() >= longest:
                return 0
            lines += len(stops)
    return lines


def _arrow_table(path: Path, names: list[str], encoding: str) -> Any:
    arrow, reader = needed("pyarrow"), needed("pyarrow.csv")
    try:
        return reader.read_csv(
            path,
            read_options=reader.ReadOptions(
                column_names=names, skip_rows=1, encoding="utf8" if encoding.startswith("utf") else encoding
            ),
            parse_options=reader.ParseOptions(quote_char=False),
            convert_options=reader.ConvertOptions(
                column_types=dict.fromkeys(names, arrow.string()), null_values=[""], strings_can_be_null=True
            ),
        )
    except (UnicodeError, arrow.ArrowInvalid):
        return None
