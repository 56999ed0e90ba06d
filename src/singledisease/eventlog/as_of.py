"""The log as it was known on a day."""

from __future__ import annotations

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.eventlog.columns import AnyColumn, Dates
from singledisease.eventlog.log import EventLog, People
from singledisease.eventlog.sort_rows import arrange


def as_of(log: EventLog, day: int | None) -> EventLog:
    """Give the log as it was known at the end of a day.

    Rows recorded later, withdrawals later and deaths recorded later are unknown; what had been withdrawn by
    then is gone, and cannot be brought back: ask the whole log for every day.  Rows dated later but recorded
    by then (appointments) stay; of activities, which have no day of recording, those dated later are unknown.

    Parameters
    ----------
    log
        Any log; one that is itself known until an earlier day stays so.
    day
        The day, or ``None`` for everything known to date: then every withdrawn row is gone.
    """
    if day is not None:
        return _as_of(log, day)
    if "withdrawn" not in log.columns:
        return log
    # What is known to date is asked for again and again.
    found: EventLog = log.kept.of("known to date", lambda: _as_of(log, None))
    return found


def _as_of(log: EventLog, day: int | None) -> EventLog:
    until = log.known_until if day is None else day if log.known_until is None else min(day, log.known_until)
    rows = np.flatnonzero(_known(log, day))
    known = log if len(rows) == len(log) else log.take(rows)
    if "withdrawn" in known.columns:
        known = _forget_withdrawals(known)
    if day is None:
        return evolve(known, known_until=until)
    done = known.activities.take(np.flatnonzero(known.activities.date <= day))
    return evolve(known, people=_deaths_known(known.people, day), activities=done, known_until=until)


def _known(log: EventLog, day: int | None) -> NDArray[np.bool_]:
    known = np.ones(len(log), np.bool_)
    withdrawn = _days(log.columns.get("withdrawn"))
    if withdrawn is not None:
        known &= withdrawn == MISSING if day is None else (withdrawn == MISSING) | (withdrawn > day)
    if day is not None:
        recorded = _days(log.columns.get("recorded"))
        known &= (log.date if recorded is None else recorded) <= day
    return known


def _days(column: AnyColumn | None) -> NDArray[np.int32] | None:
    return column.values if isinstance(column, Dates) else None


def _deaths_known(people: People, day: int) -> People:
    later = people.death_recorded > day
    if not later.any():
        return people
    return evolve(
        people,
        death=np.where(later, np.int32(MISSING), people.death),
        death_recorded=np.where(later, np.int32(MISSING), people.death_recorded),
    )


def _forget_withdrawals(log: EventLog) -> EventLog:
    """Leave out the column: withdrawals still to come are not known.

    Rows that differed in nothing else become exact duplicates, and ties that it settled are settled anew.
    """
    column = log.columns["withdrawn"]
    without = evolve(log, columns={name: values for name, values in log.columns.items() if name != "withdrawn"})
    if not column.known.any():
        return without
    arranged = arrange(
        len(log.people),
        person=log.person,
        date=log.date,
        kind=log.kind,
        columns=without.columns,
    )
    return without.take(arranged.rows)
