"""From the columns of a log and its courses to what an expression sees of one person; and questions to one scene."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from singledisease.dates import Period
from singledisease.definitions.disease import Disease
from singledisease.engines.reference import operators, select, status, value  # noqa: F401 - they register meanings
from singledisease.engines.reference.journey import obligations, spells
from singledisease.engines.reference.meaning import meaning
from singledisease.engines.reference.rows import Breach, Row
from singledisease.engines.reference.scene import Scene, Stay, Way
from singledisease.engines.reference.walker import Walker
from singledisease.eventlog.columns import PlainValue
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Pick, Selection, Value
from singledisease.pathway_courses import OUTCOMES, Courses


def scene(log: EventLog, person: int, period: Period, courses: Mapping[str, Courses]) -> Scene:
    """Give what an expression sees of one person (an index into the log's people) when asked about a period."""
    (found,) = scenes(log, person, [period], courses)
    return found


def scenes(log: EventLog, person: int, periods: Iterable[Period], courses: Mapping[str, Courses]) -> Iterator[Scene]:
    """Give what an expression sees of one person when asked about each of several periods."""
    who, events = log.person_at(person), log.events_of(person)
    ways = {disease: way(whole, person) for disease, whole in courses.items()}
    return (Scene(who, events, period.start, asked_on(log, period), ways) for period in periods)


def asked_on(log: EventLog, period: Period) -> int:
    """Give the day on which a period's question is asked: its last day, or the day of ``as_of`` if earlier."""
    return period.end if log.known_until is None else min(period.end, log.known_until)


def way(courses: Courses, person: int) -> Way:
    """Give the way of one person."""
    spells, states = courses.spells, courses.disease.pathway.states
    stays = tuple(
        Stay(states[spells.state[i]], int(spells.entered[i]), int(spells.left[i]))
        for i in range(spells.offsets[person], spells.offsets[person + 1])
    )
    return Way(courses.disease, stays, _breaches(courses, person))


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


def scene_of(walker: Walker, events: tuple[Event, ...], day: int) -> Scene:
    """Give what an expression sees of a person who is walked event by event, asked about the day that just ended."""
    disease = walker.route.disease
    state = disease.pathway.state
    stays = tuple(Stay(state(spell.state), spell.entered, spell.left) for spell in spells(walker, day))
    missed = [(one.due, one.timing) for one in obligations(walker) if one.outcome == "breached"]
    return Scene(walker.person, events, day, day, {disease.id: Way(disease, stays, _in_turn(disease, missed))})


# QUESTIONS TO ONE SCENE


def value_of(node: Value, seen: Scene) -> PlainValue | None:
    """Give the value of an expression, ``None`` if it is unknown or missing."""
    return meaning(node)(seen)


def rows_of(selection: Selection, seen: Scene) -> tuple[Row, ...]:
    """Give the rows that a selection catches, in order."""
    return select.rows(selection)(seen)


def row_of(pick: Pick, seen: Scene) -> Row | None:
    """Give the row that a pick names, ``None`` if there is none."""
    return select.row(pick)(seen)
