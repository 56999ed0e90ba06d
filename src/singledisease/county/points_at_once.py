"""What there is to book for everybody whose events all became known on their day, by the columnar engine."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.county.point_bookings import Booking
from singledisease.county.point_rules import PointRule, PointRules
from singledisease.county.rows_at_once import Rows, matching_rows
from singledisease.dates import MISSING, day_of
from singledisease.engines.columnar import values_as_heard
from singledisease.eventlog.columns import Dates
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Value


@frozen
class Decided:
    """Rows of a log that one rule speaks of, and whose points they are; ``None``: nobody's."""

    rule: PointRule
    rows: Rows
    holders: list[str | None]


def entered_in_time(log: EventLog) -> NDArray[np.bool_]:
    """Say of each person whether every event became known on its day, and none was taken back.

    What was known on the day of a booking is then what stands before it, so that everybody is asked at once.
    """
    recorded, withdrawn = _days(log, "recorded"), _days(log, "withdrawn")
    late = np.zeros(len(log), np.bool_)
    if recorded is not None:
        late |= (recorded != MISSING) & (recorded > log.date)
    if withdrawn is not None:
        late |= withdrawn != MISSING
    found = np.ones(len(log.people), np.bool_)
    found[log.person[np.flatnonzero(late)]] = False
    return found


def bookings_at_once(log: EventLog, rules: PointRules, until: int, who: NDArray[np.bool_]) -> Iterator[Booking]:
    """Give what there is to book for some people by the end of a day; see ``bookings`` for one person."""
    last = until if log.known_until is None else min(until, log.known_until)
    rows = np.flatnonzero(who[log.person] & (log.date <= last)).astype(np.int64)
    for one in _decided(log, rules, rows):
        events, people = log.events_at(one.rows), log.person[one.rows].tolist()
        for event, person, holder in zip(events, people, one.holders, strict=True):
            if not event.not_done:
                yield Booking(
                    day=event.date,
                    reverses=False,
                    event=event,
                    rule=one.rule,
                    patient=str(log.people.ids[person]),
                    holder=holder,
                )


def _decided(log: EventLog, rules: PointRules, rows: Rows) -> Iterator[Decided]:
    """Give, rule by rule, the rows that it speaks of: of several rules the first."""
    for rule in rules.rules:
        found = matching_rows(log, rule.events, _in_force(log, rule, rows))
        rows = np.setdiff1d(rows, found, assume_unique=True)
        if len(found):
            yield Decided(rule, found, _holders(log, rule.holder or rules.holder, found))


def _in_force(log: EventLog, rule: PointRule, rows: Rows) -> Rows:
    """Give the rows of the time in which a rule holds."""
    found = np.ones(len(rows), np.bool_)
    if rule.valid_from is not None:
        found &= log.date[rows] >= day_of(rule.valid_from)
    if rule.valid_until is not None:
        found &= log.date[rows] <= day_of(rule.valid_until)
    return rows[found]


def _holders(log: EventLog, holder: Value | None, rows: Rows) -> list[str | None]:
    if holder is None:
        return [str(log.people.ids[person]) for person in log.person[rows]]
    (found,) = values_as_heard([holder], log, rows)
    return [
        str(value) if known else None for value, known in zip(found.value.tolist(), found.known.tolist(), strict=True)
    ]


def _days(log: EventLog, name: str) -> NDArray[np.int32] | None:
    column = log.columns.get(name)
    return column.values if isinstance(column, Dates) else None
