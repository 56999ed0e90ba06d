"""A line of headings that is not where a mapping looks for it, most often because a title stands above it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence

from singledisease.errors import Fault
from singledisease.io.layout import Layout
from singledisease.io.mapping.names import called
from singledisease.io.mapping.source import Source

FEW_LINES = 30
"""How many lines of a file are looked through."""


def misplaced(source: Source, file: str, header: Sequence[str], lines: Sequence[str], layout: Layout) -> Fault | None:
    """Give what is wrong if a table's columns are not named on the line on which they should be, but on another one.

    Parameters
    ----------
    source
        The table that the file is to be.
    file
        The file's name.
    header
        The names that stand where the mapping says.
    lines
        The first lines of the file.
    layout
        How the file is read.
    """
    wanted = (*source.columns, *source.split, *source.id_number)
    here = len(_named(wanted, header))
    rows = [_named(wanted, _cells(text, layout)) for text in lines[:FEW_LINES]]
    names = max(rows, key=len, default=[])
    if len(names) < 2 or 2 * here > len(names):
        return None
    line = 1 + rows.index(names)
    return Fault(
        "misplaced_headings",
        f"{file}:{layout.header}",
        f"这一行不是列名，可能是标题；列名在第 {line} 行 / is no line of headings, perhaps a title:"
        f" line {line} names the columns {', '.join(names)}",
        f'[sources."{source.name}"]: header = {line}',
    )


def _cells(text: str, layout: Layout) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([text], delimiter=layout.separator_of(text)), [])]
    except csv.Error:
        return []


def _named(wanted: Iterable[str], header: Sequence[str]) -> list[str]:
    return [name for name in wanted if called(name, header) is not None]
