"""Clinic software and batch give the same answers, whatever the order in which events are entered."""

from clinic_world import GOUT
from hypothesis import given, settings
from hypothesis import strategies as st

from singledisease.clinic import Course, start
from singledisease.dates import MISSING, date_of, day_of
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.reference import walk
from singledisease.eventlog.event import Event
from singledisease.pathway_courses import NO_ROW, OUTCOMES
from singledisease.testing.diseases import diseases
from singledisease.testing.logs import log_of
from singledisease.testing.registries import registries

ONE_PERSON = registries(max_people=1, max_events=8)


def course_of(disease, person):
    """Start the course of a person of a log."""
    attributes = dict(person.attributes)
    return start(
        disease,
        person.id,
        birth_date=person.birth,
        sex=person.sex,
        death_date=person.death,
        death_recorded=person.death_recorded,
        **attributes,
    )


def told_by_batch(disease, log, until):
    """Tell moves and obligations of the one person of a log: dates, states, causes."""
    courses = walk(disease, log, until, obligations=True)
    names = [state.id for state in disease.pathway.states]
    moves, runs = courses.moves, courses.obligations

    def cause(row, timing):
        if timing != NO_ROW:
            return disease.timings[timing].id
        return None if row == NO_ROW else log.event(row)

    told = [
        (int(moves.date[i]), names[moves.source[i]], names[moves.target[i]], cause(moves.row[i], moves.timing[i]))
        for i in range(len(moves.date))
    ]
    kept = [
        (
            disease.timings[runs.timing[i]].id,
            *(
                None if day[i] == MISSING else int(day[i])
                for day in (runs.started, runs.due, runs.ended, runs.resolved)
            ),
            OUTCOMES[runs.outcome[i]],
            cause(runs.row[i], NO_ROW),
        )
        for i in range(len(runs.timing))
    ]
    state = names[courses.spells.state[-1]] if len(courses.spells.state) else None
    return told, kept, state


def told_by_course(course):
    """Tell the same of a course."""

    def cause(found):
        return found if found is None or isinstance(found, Event) else found.id

    def day(date):
        return None if date is None else day_of(date)

    told = [(day(step.date), step.source.id, step.target.id, cause(step.cause)) for step in course.history]
    kept = [
        (
            one.timing.id,
            *(day(date) for date in (one.started, one.due, one.ended, one.resolved)),
            one.outcome,
            one.event,
        )
        for one in course.obligations
    ]
    return told, kept


def same(disease, course, log):
    """Assert that a course and the batch tell the same, at the end of the last event's day and later."""
    heard = [event.date for event in course.counted if course.known_until is None or event.date <= course.known_until]
    last = max(heard, default=None)
    if last is not None:
        assert told_by_course(course) == told_by_batch(disease, log, last)[:2]
        assert course.state.id == told_by_batch(disease, log, last)[2]
    for day in (day_of("2023-06-30"), *(date + more for date in heard for more in (-1, 0, 40, 400))):
        if course.known_until is None or day <= course.known_until:
            state = course.on(date_of(day))
            assert (state and state.id) == told_by_batch(disease, log, day)[2]


@given(st.data(), ONE_PERSON, diseases())
@settings(max_examples=60, deadline=None)
def test_after_every_event_the_course_is_the_batch(data, rows, drawn):
    """Events entered one by one, in any order, give what the batch gives for those entered so far."""
    disease = resolve_disease(data.draw(st.sampled_from((drawn, GOUT))), {})
    log = log_of(rows)
    course = course_of(disease, log.person_at(0))
    order = data.draw(st.permutations(range(len(log))))
    for count, row in enumerate(order, 1):
        course = course.after(log.event(row))
        entered = log.take(sorted(order[:count]))
        same(disease, course, entered.as_of(None))


@given(ONE_PERSON, diseases(), st.integers(day_of("2023-01-01"), day_of("2025-06-30")))
@settings(max_examples=60, deadline=None)
def test_as_of_a_day_the_course_is_the_batch(rows, drawn, day):
    """As of a day, clinic software and batch know the same."""
    disease = resolve_disease(drawn, {})
    log = log_of(rows)
    course = course_of(disease, log.person_at(0))
    for event in log.events_of(0):
        course = course.after(event)
    same(disease, course.as_of(day), log.as_of(day))


@given(ONE_PERSON, diseases())
@settings(max_examples=40, deadline=None)
def test_a_stored_course_is_the_same_course(rows, drawn):
    """Kept as plain values and restored, a course gives the same answers."""
    disease = resolve_disease(drawn, {})
    log = log_of(rows)
    course = course_of(disease, log.person_at(0))
    for event in log.events_of(0):
        course = course.after(event)
    again = Course.from_dict(course.to_dict(), disease)
    assert again == course
    assert told_by_course(again) == told_by_course(course)
