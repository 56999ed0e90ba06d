"""Days out of FHIR's dates and moments, each of which may stop at the year, the month or the day.

A moment stands for the day that its own offset says, or for that of a time zone that is asked for.  A date that is
not known to the day is no day: none is guessed unless the first of its days is asked for.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Literal
from zoneinfo import ZoneInfo

from attrs import frozen

from singledisease.dates import day_of
from singledisease.eventlog.validation_rules import IMPOSSIBLE_DATE, ValidationIssue
from singledisease.io.fhir.elements import element

PartialDates = Literal["unknown", "first"]
NO_SECOND = -1

_MOMENT = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII
)
PARTIAL = ValidationIssue(
    "partial_date",
    "日期只到年或月，不猜测日期 / the date is known to the year or month only; no day is guessed",
)
NOT_A_MOMENT = ValidationIssue("not_a_date", "不是 FHIR 日期 / no date as FHIR writes one")


@frozen
class Moment:
    """A day, and the second of it, ``NO_SECOND`` where only the day is known."""

    day: int
    second: int = NO_SECOND


@frozen
class Calendar:
    """How dates are read: in which time zone (``None``: as written), and what a part of a date is taken for."""

    zone: ZoneInfo | None = None
    partial: PartialDates = "unknown"

    def moment(self, text: Any) -> Moment | ValidationIssue:
        """Read a date or a moment.

        >>> Calendar().moment("2024-01-01T00:30:00+08:00"), Calendar().moment("2024-03").check
        (Moment(day=19723, second=1800), 'partial_date')
        """
        found = _MOMENT.fullmatch(text.strip()) if isinstance(text, str) else None
        if found is None:
            return NOT_A_MOMENT
        year, month, day, hour, minute, second, offset = found.groups()
        try:
            if day is None:
                first = Moment(day_of(dt.date(int(year), int(month or 1), 1)))
                return first if self.partial == "first" else PARTIAL
            if hour is None:
                return Moment(day_of(dt.date(int(year), int(month), int(day))))
            time = dt.time(int(hour), int(minute), min(int(second or 0), 59))
            return self._local(dt.datetime.combine(dt.date(int(year), int(month), int(day)), time), offset)
        except (ValueError, OverflowError):
            return IMPOSSIBLE_DATE

    def _local(self, written: dt.datetime, offset: str | None) -> Moment:
        if self.zone is not None and offset is not None:
            sign = "+00:00" if offset == "Z" else offset
            written = dt.datetime.fromisoformat(f"{written.isoformat()}{sign}").astimezone(self.zone)
        return Moment(day_of(written.date()), written.hour * 3600 + written.minute * 60 + written.second)


def first_given(body: Any, *paths: tuple[str, ...]) -> tuple[str, Any]:
    """Give the first of some paths at which anything stands, as ``a.b``, and what does; else the first, ``None``."""
    for path in paths:
        found = element(body, *path)
        if found is not None:
            return ".".join(path), found
    return ".".join(paths[0]), None
