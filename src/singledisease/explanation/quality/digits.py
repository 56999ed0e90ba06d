"""Digit preference: pressures that were rounded, or never measured, end in 0 too often."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.eventlog.columns import Numbers
from singledisease.eventlog.log import EventLog
from singledisease.explanation.quality.completeness import places
from singledisease.tables import Heading, Table

PRESSURES = ("sbp", "dbp")
DIGITS = tuple(str(digit) for digit in range(10))
FEW = 20
"""Of fewer readings an institution's shares say nothing."""

HEADINGS: dict[str, Heading] = {
    "institution": ("机构", "institution"),
    "column": ("列", "column"),
    "readings": ("读数", "readings"),
    **{digit: (f"末位{digit}", f"ends in {digit}") for digit in DIGITS},
}


def digits(log: EventLog) -> Table:
    """Give the share of each last digit of the pressures: of all, then by institution, most zeros first.

    A device gives each digit about a tenth of the time; a mercury manometer, read in twos, the even ones a fifth.
    Only whole numbers are looked at.
    """
    names, _, of_event = places(log)
    rows: list[tuple[Any, ...]] = []
    for column in PRESSURES:
        found = log.columns.get(column)
        if isinstance(found, Numbers):
            rows += _rows(column, found.values, names, of_event)
    return Table.of_rows(("institution", "column", "readings", *DIGITS), rows, headings=HEADINGS)


def _rows(
    column: str, values: NDArray[np.float64], names: tuple[str, ...], of_event: NDArray[np.int64]
) -> Iterator[tuple[Any, ...]]:
    whole = np.flatnonzero(values == np.floor(values))
    last = (values[whole] % 10).astype(np.int64)
    counts = np.bincount(of_event[whole] * 10 + last, minlength=len(names) * 10).reshape(-1, 10)
    if len(whole):
        yield _row(None, column, counts.sum(axis=0))
    shown = [i for i in range(len(names)) if counts[i].sum() >= FEW and len(names) > 1]
    for i in sorted(shown, key=lambda i: (-counts[i][0] / counts[i].sum(), names[i])):
        yield _row(names[i], column, counts[i])


def _row(institution: str | None, column: str, counts: NDArray[np.int64]) -> tuple[Any, ...]:
    return institution, column, int(counts.sum()), *(float(count) / float(counts.sum()) for count in counts)
