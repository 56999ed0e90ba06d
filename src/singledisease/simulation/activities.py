"""What the hospitals of a simulated county do for its townships and villages: people sent down, stations, rounds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from singledisease.dates import Period, date_of, day_of
from singledisease.eventlog.columns import AnyColumn, Dates, Numbers, coded
from singledisease.simulation.county import SimulatedInstitution

_EACH_MONTH: tuple[tuple[str, str, int], ...] = (
    ("dispatch", "township", 2),
    ("dispatch", "village", 1),
    ("round", "township", 1),
    ("round", "village", 2),
    ("station", "township", 1),
)
"""Kind, where to, and person-times for each township below a hospital: made up."""


def activity_table(places: Sequence[SimulatedInstitution], days: Period) -> dict[str, AnyColumn]:
    """Give the columns of ``activities``: each month, what each county hospital does for the townships below it."""
    first, last = date_of(days.start), date_of(days.end)
    months = [
        day_of(f"{number // 12:04d}-{number % 12 + 1:02d}-15")
        for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    ]
    rows = [
        (hospital, day, kind, count * below, level)
        for hospital, below in _below(places)
        for day in months
        if days.start <= day <= days.end
        for kind, level, count in _EACH_MONTH
    ]
    return {
        "institution": coded([row[0] for row in rows]),
        "date": Dates(np.array([row[1] for row in rows], np.int32)),
        "kind": coded([row[2] for row in rows]),
        "count": Numbers(np.array([row[3] for row in rows], np.float64)),
        "from_level": coded(["county"] * len(rows)),
        "to_level": coded([row[4] for row in rows]),
    }


def _below(places: Sequence[SimulatedInstitution]) -> list[tuple[str, int]]:
    return [
        (one.id, sum(other.parent == one.id for other in places))
        for one in places
        if one.level == "county" and any(other.parent == one.id for other in places)
    ]
