"""From the columns of a log and its courses to what an expression sees; and questions to one context."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from singledisease.dates import MISSING, Maturity, Period
from singledisease.engines.reference import selections
from singledisease.engines.reference.compile import compile_value
from singledisease.engines.reference.context import DiseaseCourses, PersonContext, PersonCourse
from singledisease.engines.reference.course_records import ObligationRecord, Spell
from singledisease.engines.reference.course_rows import sequences
from singledisease.engines.reference.rows import Row, TableRow
from singledisease.engines.reference.walk_person import links, obligations, spells
from singledisease.engines.reference.walker import Walker
from singledisease.eventlog.columns import PlainValue, value_at
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.person import Person
from singledisease.language.nodes import Pick, Selection, Value
from singledisease.pathway_courses import NO_ROW, OUTCOMES, Courses

Matures = Maturity | int
"""How long after its period a measure still looks: days, or days and months."""

# ONE PERSON


def person_context(
    log: EventLog, person: int, period: Period, courses: Mapping[str, Courses], matures: Matures = 0
) -> PersonContext:
    """Give what an expression sees of one person (an index into the log's people) when asked about a period."""
    (found,) = person_contexts(log, person, [period], courses, matures)
    return found


def person_contexts(
    log: EventLog, person: int, periods: Iterable[Period], courses: Mapping[str, Courses], matures: Matures = 0
) -> list[PersonContext]:
    """Give what an expression sees of one person when asked about each of several periods."""
    who, events = log.person_at(person), log.events_of(person)
    first_row = int(log.offsets[person])
    walked = {disease: disease_courses(whole, person, events, first_row) for disease, whole in courses.items()}
    return [
        PersonContext(
            who,
            events,
            period.start,
            asked_on(log, period),
            last_day_seen(log, period, matures),
            walked,
            institutions=log.institutions,
        )
        for period in periods
    ]


def asked_on(log: EventLog, period: Period) -> int:
    """Give the day on which a period's question is asked: its last day, or the day of ``as_of`` if earlier."""
    return period.end if log.known_until is None else min(period.end, log.known_until)


def last_day_seen(log: EventLog, period: Period, matures: Matures = 0) -> int:
    """Give the last day of which rows and states are seen: the day asked on, or so long after the period's end."""
    maturity = Maturity(days=matures) if isinstance(matures, int) else matures
    last = maturity.day_after(period.end)
    return last if log.known_until is None else min(last, log.known_until)


def disease_courses(courses: Courses, person: int, events: tuple[Event, ...], first_row: int) -> DiseaseCourses:
    """Give the course of one person, or those of the linked sequences, out of everybody's.

    ``events`` are those of the person, of which the first is the row ``first_row`` of the log.
    """
    by_row = {first_row + place: event for place, event in enumerate(events)}
    firsts = links(courses.disease, events) if courses.link is not None else {}
    each = tuple(
        PersonCourse(
            spells=_spells(courses, number),
            obligations=_obligations(courses, number, by_row),
            place=number,
            first=None if courses.link is None else firsts[courses.link[number]],
        )
        for number in courses.of_person(person)
    )
    return DiseaseCourses(courses.disease, each)


def _spells(courses: Courses, number: int) -> tuple[Spell, ...]:
    found, states = courses.spells, courses.disease.pathway.states
    return tuple(
        Spell(states[found.state[i]], int(found.entered[i]), int(found.left[i]), place=i)
        for i in range(int(found.offsets[number]), int(found.offsets[number + 1]))
    )


def _obligations(courses: Courses, number: int, by_row: Mapping[int, Event]) -> tuple[ObligationRecord, ...] | None:
    found = courses.obligations
    if found is None:
        return None
    first, last = found.person.searchsorted([number, number + 1]).tolist()
    return tuple(
        ObligationRecord(
            timing=int(found.timing[i]),
            started=int(found.started[i]),
            due=int(found.due[i]),
            outcome=OUTCOMES[found.outcome[i]],
            ended=_day(int(found.ended[i])),
            event=None if found.row[i] == NO_ROW else by_row[int(found.row[i])],
            resolved=_day(int(found.resolved[i])),
            place=i,
        )
        for i in range(first, last)
    )


def _day(day: int) -> int | None:
    return None if day == MISSING else day


def context_of_walker(walker: Walker, events: tuple[Event, ...], day: int) -> PersonContext:
    """Give what an expression sees of a person who is walked event by event, asked about the day that just ended.

    Of a linked sequence it stands in the row of the sequence.
    """
    disease = walker.pathway.disease
    first = None if walker.link is None else links(disease, events)[walker.link]
    course = PersonCourse(spells(walker, day), obligations(walker, day), first=first)
    found = DiseaseCourses(disease, (course,), of_sequence=walker.link is not None)
    context = PersonContext(walker.person, events, day, day, day, {disease.id: found})
    return context if first is None else context.at(sequences(found, day)[0])


# INSTITUTIONS

_NOBODY = Person("")


def registry_context(
    log: EventLog, period: Period, courses: Mapping[str, Courses], matures: Matures = 0
) -> PersonContext:
    """Give what is seen of the whole registry: its institutions and what they did; in a row of these, its institution.

    Selections in the row of an institution are of the rows that name it; in the row of an event, of its person.
    """
    asked, seen = asked_on(log, period), last_day_seen(log, period, matures)
    activities = _activities(log)

    @cache
    def person(place: int) -> PersonContext:
        return person_context(log, place, period, courses, matures)

    @cache
    def institution(name: PlainValue | None) -> PersonContext:
        return about(
            tuple(event for event in map(log.event, range(len(log))) if event.get("institution") == name),
            (),
            tuple(row for row in activities if row.get("institution") == name),
        )

    def belongs(row: Row) -> PersonContext:
        if isinstance(row, Event):
            return person(int(log.offsets.searchsorted(row.row, side="right")) - 1)
        return institution(row.get("institution"))

    def about(
        events: tuple[Event, ...], institutions: tuple[TableRow, ...], did: tuple[TableRow, ...]
    ) -> PersonContext:
        return PersonContext(
            _NOBODY,
            events,
            period.start,
            asked,
            seen,
            {},
            institutions=log.institutions,
            of_institutions=institutions,
            activities=did,
            belongs=belongs,
        )

    return about((), _institutions(log), activities)


def _institutions(log: EventLog) -> tuple[TableRow, ...]:
    columns = log.institutions.columns
    return tuple(
        TableRow(
            source="institutions",
            date=None,
            values={"institution": name, **{column: texts[place] for column, texts in columns.items()}},
            place=place,
        )
        for place, name in enumerate(log.institutions.ids)
    )


def _activities(log: EventLog) -> tuple[TableRow, ...]:
    did = log.activities
    columns = {"institution": did.institution, "kind": did.kind, **did.columns}
    return tuple(
        TableRow(
            source="activities",
            date=int(did.date[place]),
            values={name: value_at(column, place) for name, column in columns.items()},
            place=place,
        )
        for place in range(len(did))
    )


# QUESTIONS TO ONE CONTEXT


def value_of(node: Value, seen: PersonContext) -> PlainValue | None:
    """Give the value of an expression, ``None`` if it is unknown or missing."""
    return compile_value(node)(seen)


def rows_of(selection: Selection, seen: PersonContext) -> tuple[Row, ...]:
    """Give the rows that a selection catches, in order."""
    return selections.rows(selection)(seen)


def row_of(pick: Pick, seen: PersonContext) -> Row | None:
    """Give the row that a pick names, ``None`` if there is none."""
    return selections.row(pick)(seen)
