"""Yardsticks 3 and 4: walking the pathway of hypertension, for everyone at once and one event at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from attrs import frozen

from benchmarks.clock import Timed, interleaved, say, where_time_goes
from benchmarks.guards import Event as Values
from benchmarks.peer_machine import Peer, peer_of
from benchmarks.world import FIRST, LAST
from singledisease import catalogue
from singledisease.clinic import Course, start
from singledisease.dates import add_months, age
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import walk
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import Courses

LONG = (100, 5000)
"""Lengths of histories after which it is asked where a person stands."""

SAMPLE = 1000
"""People whom the package walks, evenly taken from the registry."""

PART = 2**16
"""People of whom it is asked where the time goes: as many as are walked together."""


@frozen(eq=False)
class Sample:
    """People to be walked one by one: their number in the log, births, deaths and events."""

    person: tuple[int, ...]
    birth: tuple[int, ...]
    death: tuple[int | None, ...]
    plain: tuple[tuple[Values, ...], ...]
    events: tuple[tuple[Event, ...], ...]

    @property
    def size(self) -> int:
        """How many events."""
        return sum(len(events) for events in self.events)


def sample_of(log: EventLog) -> Sample:
    """Prepare a sample: what the package is given is ready to be looked at, calendar arithmetic included."""
    chosen = range(0, len(log.people), max(len(log.people) // SAMPLE, 1))
    people = [log.person_at(person) for person in chosen]
    events = [log.events_of(person) for person in chosen]
    births = [person.birth or FIRST for person in people]
    plain = [
        tuple(_plain(event, birth, person.sex) for event in own)
        for person, birth, own in zip(people, births, events, strict=True)
    ]
    deaths = []
    for person, own in zip(people, events, strict=True):
        said = [event.date for event in own if event.kind == "exit" and event.get("reason") == "died"]
        deaths.append(min([*said, *([] if person.death is None else [person.death])], default=None))
    return Sample(tuple(chosen), tuple(births), tuple(deaths), tuple(plain), tuple(events))


def _plain(event: Event, birth: int, sex: str) -> Values:
    return {
        **event.values,
        "kind": event.kind,
        "date": event.date,
        "age": age(birth, event.date),
        "sex": sex,
        "year_later": add_months(event.date, 12),
    }


def measure(log: EventLog, runs: int) -> dict[str, tuple[Timed, int]]:
    """Check that the package ends in the same states, then time all ways; each with how many events it took."""
    disease = resolve_disease(catalogue.disease("hypertension"), {})
    sample, peer = sample_of(log), peer_of(disease)
    _check(walk(disease, log, LAST), peer, sample)
    say(f"  transitions gives the same states for {len(sample.person)} people")
    started = [_started(sample, i) for i in range(len(sample.person))]
    works: dict[str, tuple[Callable[[], Any], int]] = {
        "batch": (lambda: walk(disease, log, LAST), len(log)),
        "batch with obligations": (lambda: walk(disease, log, LAST, obligations=True), len(log)),
        "transitions": (lambda: [_walked(peer, sample, i) for i in range(len(sample.person))], sample.size),
        "course.after": (lambda: _after(started, sample), sample.size),
    }
    for events in LONG:
        course = _measured(started[0], events)
        works[f"state {events}"] = (lambda course=course: course.state, 1)  # type: ignore[misc]
        works[f"due {events}"] = (lambda course=course: course.due(LAST), 1)  # type: ignore[misc]
    timed = interleaved({name: work for name, (work, _) in works.items()}, runs)
    return {name: (timed[name], size) for name, (_, size) in works.items()}


def profiles(log: EventLog) -> tuple[str, ...]:
    """Say where the time of the batch goes, on one thread and one part of the people, and where that of a course."""
    disease, few = resolve_disease(catalogue.disease("hypertension"), {}), log.slice(0, min(len(log.people), PART))
    sample = sample_of(few)
    started = [_started(sample, i) for i in range(len(sample.person))]
    batch = where_time_goes(lambda: walk(disease, few, LAST), time.thread_time)
    one = where_time_goes(lambda: _after(started, sample), time.thread_time)
    return (
        "Where the time of the batch goes, on one thread: " + "; ".join(batch) + ".",
        "Where that of `course.after` goes: " + "; ".join(one) + ".",
    )


def _measured(course: Course, events: int) -> Course:
    """Give a course after so many measurements at home, four a day."""
    for place in range(events):
        values = {"sbp": 130.0 + place % 20, "dbp": 80.0, "sequence": float(place % 4)}
        course = course.after(Event("measurement", LAST - events // 4 + place // 4, values=values))
    return course


def _walked(peer: Peer, sample: Sample, i: int) -> str:
    return peer.walk(sample.birth[i], sample.plain[i], LAST, sample.death[i]).state


def _started(sample: Sample, i: int) -> Course:
    sex = sample.plain[i][0]["sex"] if sample.plain[i] else "unknown"
    return start(catalogue.disease("hypertension"), "P", birth_date=sample.birth[i], sex=sex)


def _after(started: list[Course], sample: Sample) -> list[Course]:
    courses = []
    for begun, events in zip(started, sample.events, strict=True):
        course = begun
        for event in events:
            course = course.after(event)
        courses.append(course)
    return courses


def _check(courses: Courses, peer: Peer, sample: Sample) -> None:
    states = courses.disease.pathway.states
    last = courses.spells.state[courses.spells.offsets[1:] - 1]
    dead = np.array([death is not None and death <= LAST for death in sample.death])
    for i, person in enumerate(sample.person):
        ours = states[last[person]].id
        theirs = courses.disease.pathway.died if dead[i] else _walked(peer, sample, i)
        if ours != theirs:
            raise SystemExit(f"transitions leaves person {person} in {theirs!r}, the engine in {ours!r}")
