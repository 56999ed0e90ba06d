"""Everything entered of one person, of whatever disease: immutable, stored and replayed like a course."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Self

from attrs import evolve, field, frozen

from singledisease.clinic.history import arranged, known_on, withdrawn
from singledisease.clinic.start_course import Date, person_of
from singledisease.clinic.stored import FORMAT, event_from_dict, event_row, person_from_dict, person_to_dict
from singledisease.dates import asked_day, iso
from singledisease.errors import Fault, UsageError, did_you_mean
from singledisease.eventlog.event import Event, require_event
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.person import Person
from singledisease.eventlog.validation import validate_event
from singledisease.vocabulary import Quantity


@frozen
class PersonRecord:
    """A person and everything that was entered of them, in canonical order, also what was withdrawn.

    Contracts, points and recognised results are worked out from it anew each time, so that late and withdrawn events
    count as if they had been entered, or left out, in time.

    Attributes
    ----------
    known_until
        The day of ``as_of``, or ``None`` if everything counts whenever it was recorded.
    quantities
        Further quantities that events hold, beside the built-in ones.

    >>> import singledisease as sd
    >>> record = PersonRecord.start("P1", birth_date="1950-01-01")
    >>> record = record.after(sd.Event("test", "2024-03-01", record="T1", hba1c=7.1))
    >>> without = record.withdraw("T1", on="2024-03-05")
    >>> len(record.counted()), len(without.counted()), len(without.as_of("2024-03-04").counted())
    (1, 0, 1)
    """

    person: Person
    events: tuple[Event, ...] = field(default=(), converter=arranged)
    known_until: int | None = None
    quantities: tuple[Quantity, ...] = ()

    @classmethod
    def start(
        cls,
        patient_id: str,
        *,
        birth_date: Date = None,
        sex: str = "unknown",
        death_date: Date = None,
        quantities: Iterable[Quantity] = (),
        **attributes: str,
    ) -> Self:
        """Begin the record of a person; ``attributes`` are institution, team, region and further columns.

        Raises
        ------
        DataError
            If what is said of the person would be refused in a file.
        UsageError
            If an attribute is a built-in column misspelt.
        """
        person = person_of(patient_id, birth_date=birth_date, sex=sex, death_date=death_date, **attributes)
        return cls(person, quantities=tuple(quantities))

    @classmethod
    def of_log(cls, log: EventLog, patient_id: str) -> Self:
        """Give the record of a person of a registry.

        Raises
        ------
        UsageError
            If there is nobody of that id.
        """
        try:
            place = log.find(patient_id)
        except KeyError:
            hint = did_you_mean(patient_id, log.people.ids[:1000])
            raise UsageError(f"没有此人 / there is nobody called {patient_id!r}; {hint}") from None
        return cls.at(log, place)

    @classmethod
    def at(cls, log: EventLog, place: int) -> Self:
        """Give the record of the person at a place among ``log.people``."""
        return cls(log.person_at(place), log.events_of(place), log.known_until)

    def after(self, event: Event) -> PersonRecord:
        """Give the record with a further event, which may be entered late; an exact duplicate changes nothing.

        Raises
        ------
        DataError
            If the event would be refused in a file.
        UsageError
            If it is no event.
        """
        require_event(event)
        validate_event(event, self.person, self.quantities)
        return evolve(self, events=(*self.events, event))

    def withdraw(self, record: str, on: Date) -> PersonRecord:
        """Give the record after everything entered under an identifier was taken back on a day.

        Raises
        ------
        UsageError
            If nothing was entered under that identifier, or there is no day.
        """
        known = {str(event.get("record")) for event in self.events if event.get("record")}
        if record not in known:
            raise UsageError(f"nothing was entered under record {record!r}; {did_you_mean(record, known)}")
        if on is None:
            raise UsageError("say on which day it was taken back: on=…")
        day = asked_day("on", on)
        return evolve(self, events=[withdrawn(one, day) if one.get("record") == record else one for one in self.events])

    def as_of(self, day: dt.date | str | int) -> PersonRecord:
        """Give the record as it was known at the end of a day; one that is as of an earlier day stays so."""
        asked = asked_day("day", day)
        return evolve(self, known_until=asked if self.known_until is None else min(asked, self.known_until))

    def counted(self, until: int | None = None) -> tuple[Event, ...]:
        """Give the events that count: not withdrawn, or known on the day of ``as_of``, done, and not after a day."""
        if self.known_until is None:
            found = tuple(event for event in self.events if event.get("withdrawn") is None)
        else:
            found = known_on(self.events, self.known_until)
        return tuple(event for event in found if not event.not_done and (until is None or event.date <= until))

    def to_dict(self) -> dict[str, Any]:
        """Give the record as plain values that JSON can hold."""
        return {
            "format": FORMAT,
            "person": person_to_dict(self.person),
            "events": [event_row(event) for event in self.events],
            "known_until": None if self.known_until is None else iso(self.known_until),
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any], quantities: Iterable[Quantity] = ()) -> Self:
        """Restore a record that ``to_dict`` gave.

        Raises
        ------
        UsageError
            If it is of an unknown format, or no record at all.
        DataError
            If an event would be refused.
        """
        try:
            if kept["format"] != FORMAT:
                raise UsageError(f"the stored record has format {kept['format']!r}, this library reads {FORMAT}")
            person, until = person_from_dict(kept["person"]), kept["known_until"]
            events = tuple(event_from_dict(values) for values in kept["events"])
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            if isinstance(error, UsageError):
                raise
            fault = Fault("stored_record", "from_dict", f"{type(error).__name__}: {error}", "pass what to_dict() gave")
            raise UsageError("this is no stored record", [fault]) from error
        further = tuple(quantities)
        for event in events:
            validate_event(event, person, further)
        return cls(person, events, None if until is None else asked_day("until", until), further)
