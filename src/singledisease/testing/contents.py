"""What a log holds, as plain values that can be compared; where rows stood and what was refused takes no part."""

from __future__ import annotations

from attrs import evolve, frozen

from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.order import SortKey, sort_key
from singledisease.eventlog.person import Person


@frozen
class Contents:
    """The people of a log with their events, in order."""

    people: tuple[Person, ...]
    events: tuple[tuple[Event, ...], ...]


def contents(log: EventLog) -> Contents:
    """Give what a log holds."""
    count = range(len(log.people))
    return Contents(tuple(log.person_at(person) for person in count), tuple(log.events_of(person) for person in count))


def kept(log: EventLog, day: int) -> Contents:
    """Give what a log holds that was known on a day, event by event: recorded by then, not withdrawn by then.

    A withdrawal still to come is not known either: rows that differ in nothing else are one, known earliest.
    """
    whole = contents(log)
    return Contents(
        tuple(_alive(person, day) for person in whole.people),
        tuple(_once([event for event in events if _is_known(event, day)]) for events in whole.events),
    )


def _is_known(event: Event, day: int) -> bool:
    withdrawn = event.get("withdrawn")
    return _known_from(event) <= day and not (withdrawn is not None and int(withdrawn) <= day)


def _known_from(event: Event) -> int:
    recorded = event.get("recorded")
    return event.date if recorded is None else int(recorded)


def _alive(person: Person, day: int) -> Person:
    late = person.death_recorded is not None and person.death_recorded > day
    return evolve(person, death=None, death_recorded=None) if late else person


def _once(events: list[Event]) -> tuple[Event, ...]:
    found: dict[SortKey, Event] = {}
    for event in events:
        values = {name: value for name, value in event.values.items() if name != "withdrawn"}
        known = Event(event.kind, event.date, values=values)
        before = found.setdefault(sort_key(known), known)
        if _known_from(known) < _known_from(before):
            found[sort_key(known)] = known
    return tuple(found[key] for key in sorted(found))
