"""What a folder or a workbook holds that is not read, and tables that hold no row: nothing is passed over unsaid."""

from __future__ import annotations

import codecs
from collections.abc import Container, Iterator
from pathlib import Path

from attrs import evolve

from singledisease.eventlog.raw import RawTable
from singledisease.io.tables import FOREIGN_SUFFIXES, OTHER_PROGRAMS

_SMALL = 256
"""A file that is larger is not looked into to see whether it holds blanks alone."""
_DATA = tuple(suffix for suffix in (*FOREIGN_SUFFIXES, *OTHER_PROGRAMS) if suffix != ".txt")
"""How files end that are data; beside tables, a text is more often a remark about them."""
_OURS = ("truth.csv",)
"""What the simulation writes beside the tables of a registry."""


def is_blank(file: Path) -> bool:
    """Say whether a text file holds nothing but blanks and line ends."""
    if file.suffix.lower() not in FOREIGN_SUFFIXES or file.suffix.lower() == ".parquet" or not file.is_file():
        return False
    return file.stat().st_size <= _SMALL and not file.read_bytes().removeprefix(codecs.BOM_UTF8).strip(b" \t\r\n,;")


def blank_file(name: str) -> str:
    """Say of a file or sheet that it is empty and was passed over.

    >>> blank_file("2024.xlsx[随访]")
    '2024.xlsx[随访]: 是空的，未读 / is empty, not read'
    """
    return f"{name}: 是空的，未读 / is empty, not read"


def not_a_table(name: str) -> str:
    """Say of a file or sheet that it is called as no table here.

    >>> not_a_table("visits2.csv")
    'visits2.csv: 不是本库的表，未读 / is called as no table here, not read'
    """
    return f"{name}: 不是本库的表，未读 / is called as no table here, not read"


def beside(folder: Path, read: Container[Path]) -> Iterator[str]:
    """Say what in a folder looks like data and is not among the files that were read."""
    for file in sorted(folder.iterdir()):
        if file in read or file.name.startswith((".", "~$")) or file.name in _OURS:
            continue
        if file.is_dir():
            if any(one.suffix.lower() in _DATA for one in file.iterdir()):
                yield f"{file.name}/: 子文件夹，未读 / a folder inside, not read"
        elif is_blank(file):
            yield blank_file(file.name)
        elif file.suffix.lower() in _DATA:
            yield not_a_table(file.name)


def said_if_empty(table: RawTable) -> RawTable:
    """Give a table, with a note if its columns are named and no row follows."""
    if len(table) or table.refused:
        return table
    note = f"{table.file}: 只有列名，没有一行数据 / names its columns and holds no row"
    return evolve(table, notes=(*table.notes, note))
