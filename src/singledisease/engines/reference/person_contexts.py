"""What an expression sees of one person, from the columns of a log and its courses; and questions to one context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from singledisease.dates import Period
from singledisease.definitions.disease import Disease
from singledisease.engines.reference import columns, operators, selections, state_queries  # noqa: F401 - they register meanings
from singledisease.engines.reference.compile import compile_value
from singledisease.engines.reference.context import PersonContext, PersonCourse, Spell
from singledisease.engines.reference.rows import Breach, Row
from singledisease.engines.reference.walk_person import obligations, spells
from singledisease.engines.reference.walker import Walker
from singledisease.eventlog.columns import PlainValue
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Pick, Selection, Value
from singledisease.pathway_courses import OUTCOMES, Courses


def person_context(log: EventLog, person: int, period: Period, courses: Mapping[str, Courses]) -> PersonContext:
    """Give what an expression sees of one person (an index into the log's people) when asked about a period."""
    (found,) = person_contexts(log, person, [period], courses)
    return found


def person_contexts(
    log: EventLog, person: int, periods: Iterable[Period], courses: Mapping[str, Courses]
) -> Iterator[PersonContext]:
    """Give what an expression sees of one person when asked about each of several periods."""
    who, events = log.person_at(person), log.events_of(person)
    seen = {disease: person_course(whole, person) for disease, whole in courses.items()}
    return (PersonContext(who, events, period.start, asked_on(log, period), seen) for period in periods)


def asked_on(log: EventLog, period: Period) -> int:
    """Give the day on which a period's question is asked: its last day, or the day of ``as_of`` if earlier."""
    return period.end if log.known_until is None else min(period.end, log.known_until)


def person_course(courses: Courses, person: int) -> PersonCourse:
    """Give the way of one person."""
    spells, states = courses.spells, courses.disease.pathway.states
    found = tuple(
        Spell(states[spells.state[i]], int(spells.entered[i]), int(spells.left[i]))
        for i in range(spells.offsets[person], spells.offsets[person + 1])
    )
    return PersonCourse(courses.disease, found, _breaches(courses, person))


def _breaches(courses: Courses, person: int) -> tuple[Breach, ...] | None:
    runs = courses.obligations
    if runs is None:
        return None
    first, last = runs.person.searchsorted([person, person + 1])
    missed = [
        (int(runs.due[i]), int(runs.timing[i])) for i in range(first, last) if OUTCOMES[runs.outcome[i]] == "breached"
    ]
    return _in_turn(courses.disease, missed)


def _in_turn(disease: Disease, missed: Iterable[tuple[int, int]]) -> tuple[Breach, ...]:
    """Of what was missed (due, timing), give what counts as a breach, in the order in which it fell."""
    timings = disease.timings
    found = [(due, timings[i].leads_to is not None, i) for due, i in missed if timings[i].breach]
    return tuple(Breach(disease.id, timings[i].id, due) for due, _, i in sorted(found))


def context_of_walker(walker: Walker, events: tuple[Event, ...], day: int) -> PersonContext:
    """Give what an expression sees of a person who is walked event by event, asked about the day that just ended."""
    disease = walker.pathway.disease
    state = disease.pathway.state
    found = tuple(Spell(state(spell.state), spell.entered, spell.left) for spell in spells(walker, day))
    missed = [(one.due, one.timing) for one in obligations(walker) if one.outcome == "breached"]
    return PersonContext(
        walker.person, events, day, day, {disease.id: PersonCourse(disease, found, _in_turn(disease, missed))}
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
