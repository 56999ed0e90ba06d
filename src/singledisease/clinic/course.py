"""The course of one person, for clinic software: immutable, advanced event by event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Self

from attrs import evolve, field, frozen

from singledisease.clinic import status, stored
from singledisease.clinic.compiled import prepared
from singledisease.clinic.disease_tags import in_our_words
from singledisease.clinic.due import Due, due
from singledisease.clinic.history import Entries, arranged, entries_of, known_on, withdrawn
from singledisease.clinic.unheard_words import refuse_unheard, slips_of
from singledisease.dates import asked_day, iso
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import State
from singledisease.engines.reference.compile_pathway import CompiledPathway
from singledisease.engines.reference.context import PersonContext
from singledisease.engines.reference.make_context import context_of_walker
from singledisease.engines.reference.walk_person import begin, walk_person
from singledisease.engines.reference.walker import Walker
from singledisease.errors import UsageError, did_you_mean
from singledisease.eventlog.event import Event
from singledisease.eventlog.order import sort_key
from singledisease.eventlog.person import Person
from singledisease.eventlog.report import Slip
from singledisease.eventlog.validation import validate_event

Day = dt.date | str | int


@frozen
class Followed:
    """Who is followed through which pathway, and how: what stays while events come.

    Attributes
    ----------
    pathway
        Of the disease, its parameters resolved with ``policy``.
    person, known_until, policy, notes, link
        As properties of the course say.
    """

    pathway: CompiledPathway
    person: Person
    known_until: int | None = None
    policy: tuple[tuple[str, str], ...] = ()
    notes: tuple[Names, ...] = field(default=(), eq=False)
    link: str | None = None


@frozen
class Course:
    """The way of one person, or of one linked sequence, through one disease's pathway, as far as it is known.

    A course never changes: every step gives a new one.  It answers exactly what the batch would answer for the
    same events, in whatever order they were entered.

    >>> import singledisease as sd
    >>> course = sd.start(sd.disease("hypertension"), "P1", birth_date="1956-04-01")
    >>> course = course.after(sd.Event("enrolment", "2024-01-10", disease="hypertension"))
    >>> moved = course.after(sd.Event("exit", "2024-03-01", reason="moved"))
    >>> course.state.id, moved.state.id
    ('enrolled', 'closed')
    >>> [str(one.due) for one in course.due(on="2024-02-01") if one.item == "follow_up"]
    ['2024-04-10']
    """

    _followed: Followed = field(repr=False)
    _entries: Entries = field(default=Entries(), eq=Entries.whole, repr=False)
    _stands: tuple[Walker | None, int | None] = field(default=(None, None), eq=False, repr=False)

    def __repr__(self) -> str:
        last = f", the last on {iso(self.counted[-1].date)}" if self.counted else ""
        whose = self.person.id if self.link is None else f"{self.person.id} {self.link}"
        unknown = f", {len(self.slips)} unknown words: see .slips" if self.slips else ""
        return f"<Course of {whose}, {self.disease.id}: {self.state.id}, {len(self.counted)} events{last}{unknown}>"

    # WHAT IS KNOWN

    @property
    def person(self) -> Person:
        """Who it is."""
        return self._followed.person

    @property
    def events(self) -> tuple[Event, ...]:
        """Everything that was entered, in canonical order, also what was withdrawn."""
        return self._entries.whole()

    @property
    def known_until(self) -> int | None:
        """The day of ``as_of``, or ``None`` if everything counts whenever it was recorded."""
        return self._followed.known_until

    @property
    def policy(self) -> tuple[tuple[str, str], ...]:
        """The policies that the disease's parameters were resolved with."""
        return self._followed.policy

    @property
    def notes(self) -> tuple[Names, ...]:
        """What is worth knowing about how the course was restored, in Chinese and English."""
        return self._followed.notes

    @property
    def link(self) -> str | None:
        """What links the events of the sequence whose course it is; ``None``: it is the person's.

        Events of other sequences are kept with the rest and not heard.
        """
        return self._followed.link

    # WHAT HAPPENS

    def after(self, event: Event) -> Course:
        """Give the course after an event, which may be entered late: it counts as if it had been there in time.

        An exact duplicate changes nothing.

        Raises
        ------
        DataError
            If the event would be refused in a file, whole or a reading of it, with every reason; or if its kind, status
            or disease is likely a slip: nothing would hear it.
        UsageError
            If it is no event.
        """
        followed = self._followed
        disease = followed.pathway.disease
        event = in_our_words(event, disease)
        refuse_unheard(event, (disease,))
        validate_event(event, followed.person, disease.quantities)
        return self.entered(event)

    def entered(self, event: Event) -> Course:
        """Give the course after an event that was found sound before; see ``after``."""
        if not self._is_next(event):
            return self._replayed((*self.events, event))
        walker = self._stands[0]
        walker = self._begun(event, self.counted) if walker is None else walker.copy()
        if walker is not None:
            walker.hear(event)
        return Course(self._followed, self._entries.plus(event), (walker, event.date))

    def withdraw(self, record: str, on: Day) -> Course:
        """Give the course after everything that was entered under an identifier was taken back on a day.

        Raises
        ------
        UsageError
            If nothing was entered under that identifier.
        """
        records = {str(event.get("record")) for event in self.events if event.get("record")}
        if record not in records:
            raise UsageError(f"nothing was entered under record {record!r}; {did_you_mean(record, records)}")
        day = asked_day("on", on)
        return self._replayed(withdrawn(one, day) if one.get("record") == record else one for one in self.events)

    def without(self, event: Event) -> Course:
        """Give the course as if an event had never been entered.

        Raises
        ------
        UsageError
            If it was not entered.
        """
        event = in_our_words(event, self.disease)
        if event not in self.events:
            raise UsageError(f"{event} was not entered for {self.person.id}; see course.events")
        return self._replayed(one for one in self.events if one != event)

    def as_of(self, day: Day) -> Course:
        """Give the course as it was known at the end of a day: what was recorded by then and not yet withdrawn.

        A course that is itself as of an earlier day stays so.
        """
        asked = asked_day("day", day)
        until = asked if self.known_until is None else min(asked, self.known_until)
        return Course(evolve(self._followed, known_until=until))._replayed(self.events)

    # WHERE THE PERSON STANDS

    @property
    def disease(self) -> Disease:
        """The resolved disease."""
        return self._followed.pathway.disease

    @property
    def state(self) -> State:
        """The state at the end of the last event's day; the initial one before any event."""
        walker = self._now()
        return self.disease.pathway.state(walker.state if walker else self.disease.pathway.initial)

    @property
    def managed(self) -> bool:
        """Whether the person counts as managed in that state."""
        return self.state.managed

    @property
    def must_refer(self) -> bool:
        """Whether the person must be referred in that state."""
        return self.state.refer

    def on(self, day: Day) -> State | None:
        """Give the state at the end of a day, timings that fell by then included; ``None`` before observed time.

        Raises
        ------
        UsageError
            If the course is as of an earlier day.
        """
        walker = self._at(asked_day("day", day))
        return None if walker is None else status.state_of(walker)

    def asked_on(self, day: Day) -> PersonContext | None:
        """Give what an expression sees of the person at the end of a day; ``None`` before observed time.

        Raises
        ------
        UsageError
            If the course is as of an earlier day.
        """
        walker = self._at(asked_day("day", day))
        return None if walker is None else context_of_walker(walker, self.counted, asked_day("day", day))

    def due(self, on: Day) -> tuple[Due, ...]:
        """List what is open at the end of a day, services and obligations, the earliest due first.

        Raises
        ------
        UsageError
            If the course is as of an earlier day.
        """
        day = asked_day("on", on)
        walker = self._at(day)
        return () if walker is None else due(walker, lambda: self.counted, day)

    @property
    def history(self) -> tuple[status.Step, ...]:
        """Every change of state up to the end of the last event's day, with its cause."""
        walker = self._now()
        return () if walker is None else status.steps(walker)

    @property
    def spells(self) -> tuple[status.Stay, ...]:
        """The stays in states, by the end of each day, up to the last event's day."""
        walker = self._now()
        return () if walker is None else status.stays(walker, self._last_day(walker))

    def history_on(self, day: Day) -> tuple[status.Step, ...]:
        """Give every change of state up to the end of a day, also those that only time made.

        Raises
        ------
        UsageError
            If nothing is known of that day.
        """
        walker = self._at(asked_day("day", day))
        return () if walker is None else status.steps(walker)

    def spells_on(self, day: Day) -> tuple[status.Stay, ...]:
        """Give the stays in states up to the end of a day.

        Raises
        ------
        UsageError
            If nothing is known of that day.
        """
        walker = self._at(asked_day("day", day))
        return () if walker is None else status.stays(walker, asked_day("day", day))

    @property
    def obligations(self) -> tuple[status.Obligation, ...]:
        """Every run of every timing up to the last event's day: met, breached, cancelled or open."""
        walker = self._now()
        return () if walker is None else status.obligations(walker, self._last_day(walker))

    @property
    def counted(self) -> tuple[Event, ...]:
        """The events that count: all that were not withdrawn, or that were known on the day of ``as_of``.

        What did not happen, as its status says, does not count.
        """
        if self.known_until is None:
            counted = tuple(event for event in self.events if event.get("withdrawn") is None)
        else:
            counted = known_on(self.events, self.known_until)
        return tuple(event for event in counted if not event.not_done)

    @property
    def slips(self) -> tuple[Slip, ...]:
        """The words of its events that nothing built in and not this disease knows, with what was perhaps meant.

        They were kept: a kind or a column may be of one's own, or of another disease.

        >>> import singledisease as sd
        >>> course = sd.start("hypertension", "P1").after(sd.Event("home_oxygen", "2024-01-10"))
        >>> [(slip.column, slip.value, slip.count) for slip in course.slips]
        [('kind', 'home_oxygen', 1)]
        """
        return slips_of(self.events, (self.disease,))

    # KEEPING IT

    def to_dict(self) -> dict[str, Any]:
        """Give the course as plain values that JSON can hold; ``from_dict`` replays them."""
        kept = stored.StoredCourse(self.person, self.events, self.known_until, self.policy, self.notes, self.link)
        return stored.to_dict(self.disease, kept)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any], disease: Disease) -> Self:
        """Restore a course that ``to_dict`` gave, under a definition of the same disease.

        If the definition has another version than the one it was kept under, the events are replayed under the new
        one, and ``notes`` says so.

        Raises
        ------
        UsageError
            If it is of another disease or of an unknown format, or is no course at all.
        DataError
            If an event would be refused.
        """
        found = stored.read(kept, disease)
        for event in found.events:
            validate_event(event, found.person, disease.quantities)
        pathway = prepared(disease, found.policy)
        followed = Followed(pathway, found.person, found.known_until, found.policy, found.notes, found.link)
        return cls(followed)._replayed(found.events)

    def __reduce__(self) -> tuple[Any, ...]:
        # Where the person stands is found again from the events: a walker's past is as deep as there are events.
        return _replayed, (self._followed, self.events)

    # INSIDE

    def _is_next(self, event: Event) -> bool:
        """Say whether the event can simply be heard next: it counts, and stands after all others."""
        values = event.values
        if self._followed.known_until is not None or "withdrawn" in values or ("status" in values and event.not_done):
            return False
        if not self._entries.last:
            return True
        last = self._entries.last[-1]
        return event.date > last.date or (event.date == last.date and sort_key(event) > sort_key(last))

    def _begun(self, event: Event, earlier: Iterable[Event]) -> Walker | None:
        return begin(self._followed.pathway, self._known_person, event, earlier, self.link)

    def _replayed(self, events: Iterable[Event]) -> Self:
        course = evolve(self, entries=entries_of(arranged(events)), stands=(None, None))
        heard = [event for event in course.counted if course._known_by(event.date)]
        walker: Walker | None = None
        for place, event in enumerate(heard):
            if walker is None:
                walker = course._begun(event, heard[:place])
            if walker is not None:
                walker.hear(event)
        return evolve(course, stands=(walker, heard[-1].date if heard else None))

    def _known_by(self, day: int) -> bool:
        return self.known_until is None or day <= self.known_until

    @property
    def _known_person(self) -> Person:
        recorded = self.person.death if self.person.death_recorded is None else self.person.death_recorded
        if self.known_until is None or recorded is None or recorded <= self.known_until:
            return self.person
        return evolve(self.person, death=None, death_recorded=None)

    def _last_day(self, walker: Walker) -> int:
        last = self._stands[1]
        return walker.start if last is None else last

    def _now(self) -> Walker | None:
        if self._stands[0] is None:
            return None
        walker = self._stands[0].copy()
        walker.finish(self._last_day(walker))
        return walker

    def _at(self, day: int) -> Walker | None:
        if not self._known_by(day):
            raise UsageError(f"this course is as of {iso(self.known_until)}: nothing is known of {iso(day)}")
        if self._stands[0] is None or day < self._last_day(self._stands[0]):
            return walk_person(self._followed.pathway, self._known_person, self.counted, day, self.link)
        walker = self._stands[0].copy()
        walker.finish(day)
        return walker


def begun_for(person: Person, like: Course) -> Course:
    """Give the course of a person through the same pathway as another, of whom nothing has been entered yet."""
    return Course(evolve(like._followed, person=person))


def _replayed(followed: Followed, events: tuple[Event, ...]) -> Course:
    """Give a course that was pickled or copied: what it was made of, heard again."""
    return Course(followed)._replayed(events)
