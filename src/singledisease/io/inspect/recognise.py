"""A file opened for the first time: its encoding, its layout, and then what it is."""

from __future__ import annotations

import codecs
from pathlib import Path

from singledisease.errors import DataError
from singledisease.io.inspect.profile import Looked, look
from singledisease.io.layout import Layout, heading_line
from singledisease.io.sources import FileTables

_HEAD_BYTES = 1 << 18
"""How much of a file is looked at for its encoding and layout."""
_FEW_LINES = 30


def look_at(file: Path, asked: str, read: FileTables) -> tuple[Looked, ...]:
    """Look at a file in the encoding asked for, or in GB18030 or UTF-16 if it is that."""
    if file.suffix.lower() == ".parquet":
        return look(read.table(file, asked, Layout()), "")
    encoding, layout = _kind_of(file, asked, read)
    try:
        table = read.table(file, encoding, layout)
    except DataError as error:
        # The first part of the file was plain ASCII, say, and the rest is not UTF-8.
        if encoding == "gb18030" or {fault.check for fault in error.faults} != {"not_text"}:
            raise
        encoding = "gb18030"
        table = read.table(file, encoding, layout)
    return look(table, encoding, layout)


def _kind_of(file: Path, asked: str, read: FileTables) -> tuple[str, Layout]:
    """Give the encoding and the layout that the beginning of a file speaks for."""
    head = read.head(file, _HEAD_BYTES)
    encoding = _encoding(head, asked)
    text = head.decode(encoding, "replace").lstrip("\ufeff")
    lines = text.splitlines(keepends=True)[:_FEW_LINES]
    line, count, separator = heading_line(lines)
    said = "" if line > len(lines) or Layout().separator_of(lines[line - 1]) == separator else separator
    return encoding, Layout(header=line, separator=said, header_lines=count)


def _encoding(head: bytes, asked: str) -> str:
    """Give the encoding asked for if the bytes are text in it, otherwise GB18030 or UTF-16 if they are that."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for name in (asked, "gb18030"):
        try:
            codecs.getincrementaldecoder(name)().decode(head)
        except UnicodeError:
            continue
        return name
    return asked
