"""Gaps in time: months in which an institution, or everybody, wrote nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import date_of, month_number_array, month_start
from singledisease.eventlog.log import EventLog
from singledisease.explanation.quality.completeness import places
from singledisease.tables import Heading, Table

HEADINGS: dict[str, Heading] = {
    "institution": ("机构", "institution"),
    "from": ("自", "from"),
    "to": ("至", "to"),
    "months": ("月数", "months"),
}


def gaps(log: EventLog) -> Table:
    """List the runs of calendar months without an event between the first and the last one, the longest first.

    The first row of ``institution`` missing is of all events together.
    """
    names, _, of_event = places(log)
    months = month_number_array(log.date)
    rows = list(_runs(None, months))
    if len(names) > 1:
        order = np.argsort(of_event, kind="stable")
        bounds = np.searchsorted(of_event[order], np.arange(len(names) + 1))
        for i, name in enumerate(names):
            rows += _runs(name, months[order[bounds[i] : bounds[i + 1]]])
    rows.sort(key=lambda row: (row[0] is not None, -row[3], row[0] or "", row[1]))
    return Table.of_rows(tuple(HEADINGS), rows, headings=HEADINGS)


def _runs(name: str | None, months: NDArray[np.int64]) -> Iterator[tuple[Any, ...]]:
    present = np.unique(months)
    for i in np.flatnonzero(np.diff(present) > 1).tolist():
        first, after = int(present[i]) + 1, int(present[i + 1])
        yield name, date_of(month_start(first)), date_of(month_start(after) - 1), after - first
