"""The cells of a sheet as a text file would hold them: a day as a day, a number as it was written, one line a row."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from singledisease.eventlog.raw import plain_number

EXACT = 10**15
"""Spreadsheets keep fifteen digits of a number: what has more has lost its end."""

Merged = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of merged ones, each as row and column from 0."""


def text_of(value: Any) -> str:
    """Give a cell as text; a number that the spreadsheet has shortened keeps an exponent, by which it is known.

    >>> text_of(152.0), text_of(3.71081197005050e17), text_of(dt.datetime(2024, 1, 5))
    ('152', '3.7108119700505E+17', '2024-01-05')
    """
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float() if abs(value) >= EXACT:
            return str(np.format_float_scientific(value, trim="-")).upper()
        case int() | float():
            return plain_number(float(value))
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return " ".join(str(value).splitlines()) if value is not None else ""


def laid_out(cells: Sequence[Sequence[Any]], merged: Iterable[Merged] = ()) -> str:
    r"""Write a sheet as comma-separated text: row 7 of the sheet is line 7, columns that are blank throughout are left.

    Parameters
    ----------
    cells
        From the first row and the first column on.
    merged
        Which cells are one.

    >>> laid_out([["id", "sbp", ""], ["", "", ""], ["P1", 152.0, ""]])
    'id,sbp\n\nP1,152\n'
    """
    rows = [[text_of(value) for value in row] for row in cells]
    _fill_down(rows, list(merged))
    width = max((i + 1 for row in rows for i, text in enumerate(row) if text.strip()), default=0)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        if any(text.strip() for text in row):
            writer.writerow(row[:width])
        else:
            out.write("\n")
    return out.getvalue()


def _fill_down(rows: list[list[str]], merged: Sequence[Merged]) -> None:
    """Let a cell that was merged over several rows stand in each of them: it is true of all.

    Not in a line that also has cells merged over several columns: that is a title or names groups of columns, and
    which of its two lines says what is for the layout to tell.
    """
    above = {first[0] for first, last in merged if last[1] > first[1]}
    for (top, left), (bottom, right) in merged:
        if left == right and top not in above and top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
