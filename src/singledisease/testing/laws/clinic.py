"""The law of clinic software: one person's events, entered in any order, give what the batch gives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from singledisease.clinic import Course, start
from singledisease.dates import iso
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import resolve_disease
from singledisease.definitions.timing import Timing
from singledisease.engines.columnar import walk
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import NO_ROW, OUTCOMES, Courses
from singledisease.testing.disagreement import hold

Told = list[tuple[str, ...]]


def one_by_one_is_the_batch(disease: Disease, log: EventLog, person: int, order: Sequence[int]) -> None:
    """Check that events fed one by one to a course, in any order, give what the columnar engine gives for all.

    Parameters
    ----------
    disease
        Not resolved; the default policies hold.  Of a pathway over linked sequences every sequence is looked at.
    log, person
        The registry and the person's place in it; events that were withdrawn are entered too.
    order
        Places of the person's events in the order in which they are entered.
    """
    known = log.as_of(None)
    counted = known.events_of(person)
    until = counted[-1].date if counted else 0
    courses = walk(resolve_disease(disease, {}), known, until, obligations=True)
    for number in courses.of_person(person):
        link = None if courses.link is None else str(courses.link[number])
        course = _entered(disease, log, person, order, link)
        hold(course.counted == counted, f"a course counts {course.counted}, the batch {counted}")
        if counted:
            _compare(course, disease, _of_batch(courses, known, number), order)


def _entered(disease: Disease, log: EventLog, person: int, order: Sequence[int], link: str | None) -> Course:
    who, events = log.person_at(person), log.events_of(person)
    course = start(
        disease,
        who.id,
        birth_date=who.birth,
        sex=who.sex,
        death_date=who.death,
        death_recorded=who.death_recorded,
        link=link,
    )
    for place in order:
        course = course.after(events[place])
    return course


def _compare(course: Course, disease: Disease, expected: Told, order: Sequence[int]) -> None:
    found = _of_course(course)
    only = [f"- batch  {line}" for line in expected if line not in found]
    only += [f"+ course {line}" for line in found if line not in expected]
    shown = "\n".join([*map(str, course.counted), *only])
    hold(expected == found, f"entered as {list(order)}, {course.person} goes another way than in the batch\n{shown}")
    again = Course.from_dict(course.to_dict(), disease)
    hold(_of_course(again) == found, "a course that was stored and restored goes another way")


def _of_batch(courses: Courses, log: EventLog, number: int) -> Told:
    states = [state.id for state in courses.disease.pathway.states]
    timings = [timing.id for timing in courses.disease.timings]

    def cause(row: int, timing: int) -> str:
        return str(log.event(row)) if row != NO_ROW else timings[timing] if timing != NO_ROW else ""

    m, s, o = courses.moves, courses.spells, courses.obligations
    assert o is not None
    told: Told = [
        ("move", iso(m.date[i]), states[m.source[i]], states[m.target[i]], cause(int(m.row[i]), int(m.timing[i])))
        for i in np.flatnonzero(m.person == number).tolist()
    ]
    told += [
        ("spell", states[s.state[i]], iso(s.entered[i]), cause(int(s.row[i]), int(s.timing[i])))
        for i in range(int(s.offsets[number]), int(s.offsets[number + 1]))
    ]
    for i in np.flatnonzero(o.person == number).tolist():
        days = (iso(o.started[i]), iso(o.due[i]), iso(o.ended[i]), iso(o.resolved[i]))
        told.append(("timing", timings[o.timing[i]], OUTCOMES[o.outcome[i]], *days, cause(int(o.row[i]), NO_ROW)))
    return told


def _of_course(course: Course) -> Told:
    def cause(of: Event | Timing | None) -> str:
        return "" if of is None else of.id if isinstance(of, Timing) else str(of)

    told: Told = [
        ("move", step.date.isoformat(), step.source.id, step.target.id, cause(step.cause)) for step in course.history
    ]
    told += [("spell", stay.state.id, stay.entered.isoformat(), cause(stay.cause)) for stay in course.spells]
    for one in course.obligations:
        days = ("" if day is None else day.isoformat() for day in (one.started, one.due, one.ended, one.resolved))
        told.append(("timing", one.timing.id, one.outcome, *days, cause(one.event)))
    return told
