"""Values of an expression as a table: one for each person and period, with known or unknown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from singledisease.dates import Period, date_of
from singledisease.eventlog.log import EventLog
from singledisease.person_values import Values
from singledisease.tables import Heading, Table

_HEADINGS: dict[str, Heading] = {
    "patient_id": ("患者编号", "Patient"),
    "period_start": ("起始日", "From"),
    "period_end": ("截止日", "To"),
    "value": ("值", "Value"),
    "known": ("是否已知", "Known"),
}


def value_table(found: Values, log: EventLog, periods: Sequence[Period]) -> Table:
    """Write out what an engine gave for an expression.

    Parameters
    ----------
    found
        With arrays (periods, people).
    log
        Whose people they are.
    periods
        In the order in which the engine was asked.

    Returns
    -------
    Table
        ``patient_id``, ``period_start``, ``period_end``, ``value`` (missing where it is not known), ``known``; by
        period, then by id.
    """
    people = len(log.people)
    return Table(
        {
            "patient_id": np.tile(log.people.ids, len(periods)).tolist(),
            "period_start": [day for period in periods for day in [date_of(period.start)] * people],
            "period_end": [day for period in periods for day in [date_of(period.end)] * people],
            "value": _plain(found),
            "known": found.known.ravel().tolist(),
        },
        headings=_HEADINGS,
    )


def _plain(found: Values) -> list[Any]:
    values, known = found.value.ravel().tolist(), found.known.ravel().tolist()
    if found.kind == "date":
        return [date_of(value) if there else None for value, there in zip(values, known, strict=True)]
    return [value if there else None for value, there in zip(values, known, strict=True)]
