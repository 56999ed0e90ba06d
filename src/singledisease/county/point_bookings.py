"""Which events of one person the rules of points speak of, and on which day each becomes known or is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from attrs import frozen

from singledisease.clinic.history import recorded
from singledisease.clinic.record import PersonRecord
from singledisease.county.point_rules import PointRule, PointRules
from singledisease.county.row_condition import holds_for, value_for
from singledisease.dates import day_of
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.order import sort_key


@frozen(kw_only=True)
class Booking:
    """An event that a rule speaks of, to be booked on the day it became known, or reversed when it was taken back."""

    day: int
    reverses: bool
    event: Event
    rule: PointRule
    patient: str
    holder: str | None

    @property
    def order(self) -> tuple[Any, ...]:
        """What bookings are sorted by: day, takings back first, then the canonical order of events."""
        return self.day, not self.reverses, sort_key(self.event), self.patient

    @property
    def key(self) -> tuple[Any, ...]:
        """What is paid once: the record of the person, else the very event."""
        record = self.event.get("record")
        return (self.patient, "record", record) if record else (self.patient, sort_key(self.event))


def bookings(record: PersonRecord, rules: PointRules, until: int) -> Iterator[Booking]:
    """Give what there is to book for one person by the end of a day.

    A condition that looks back sees what was known on the day of the booking, so that nothing booked changes later.
    """
    last = until if record.known_until is None else min(until, record.known_until)
    wanted = _kinds(rules)
    happened = [(one, recorded(one), _withdrawn(one)) for one in record.events if not one.not_done]
    for place, (event, known, withdrawn) in enumerate(happened):
        day = max(known, event.date)
        if wanted is not None and event.kind not in wanted:
            continue
        if day > last or (withdrawn is not None and withdrawn <= day):
            continue
        seen = [one for one, told, gone in happened[:place] if told <= day and (gone is None or gone > day)]
        rule = _rule(record, rules, [*seen, event], event)
        if rule is None:
            continue
        whose = rule.holder or rules.holder
        holder = record.person.id if whose is None else value_for(whose, record.person, [*seen, event], event)
        made = Booking(
            day=day,
            reverses=False,
            event=event,
            rule=rule,
            patient=record.person.id,
            holder=None if holder is None else str(holder),
        )
        yield made
        if withdrawn is not None and withdrawn <= last:
            yield Booking(
                day=withdrawn, reverses=True, event=event, rule=rule, patient=made.patient, holder=made.holder
            )


def _kinds(rules: PointRules) -> frozenset[str] | None:
    """Give the kinds of event that the rules name; ``None``: one names any."""
    kinds = [rule.events.kinds for rule in rules.rules]
    return frozenset(kind for one in kinds for kind in one) if all(kinds) else None


def _withdrawn(event: Event) -> int | None:
    gone = event.get("withdrawn")
    return None if gone is None else int(gone)


def _rule(record: PersonRecord, rules: PointRules, seen: list[Event], event: Event) -> PointRule | None:
    for rule in rules.rules:
        begun = rule.valid_from is None or day_of(rule.valid_from) <= event.date
        over = rule.valid_until is not None and day_of(rule.valid_until) < event.date
        if begun and not over and holds_for(rule.events, record.person, seen, event):
            return rule
    return None


def spoken_of(log: EventLog, rules: PointRules) -> list[int]:
    """Give the places of the people who have an event of a kind that a rule names."""
    kinds = [rule.events.kinds for rule in rules.rules]
    wanted = [code for code, kind in enumerate(log.kind.categories) if any(not one or kind in one for one in kinds)]
    rows = np.flatnonzero(np.isin(log.kind.codes, wanted))
    return sorted({int(place) for place in np.searchsorted(log.offsets, rows, "right") - 1})
