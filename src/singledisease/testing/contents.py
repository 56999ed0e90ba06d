"""What a log holds, as plain values that can be compared; where rows stood and what was refused takes no part."""

from __future__ import annotations

from attrs import evolve, frozen

from singledisease.events.event import Event
from singledisease.events.log import EventLog
from singledisease.events.person import Person


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
    """Give what a log holds that was known on a day, event by event: recorded by then, not withdrawn by then."""

    def is_known(event: Event) -> bool:
        recorded, withdrawn = event.get("recorded"), event.get("withdrawn")
        recorded_by = event.date if recorded is None else int(recorded)
        return recorded_by <= day and not (withdrawn is not None and int(withdrawn) <= day)

    def as_known(person: Person) -> Person:
        late = person.death_recorded is not None and person.death_recorded > day
        return evolve(person, death=None, death_recorded=None) if late else person

    whole = contents(log)
    return Contents(
        tuple(as_known(person) for person in whole.people),
        tuple(tuple(event for event in events if is_known(event)) for events in whole.events),
    )
