"""People without events apart from all others: in a sparse registry little is to be told of them one by one.

Of no event every question about events has one answer, whoever is asked and in whichever period.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import Courses
from singledisease.person_values import without_repeats

_SPARSE = 0.75
"""It is worth while if no more people than this share have events."""


@frozen(eq=False)
class Apart:
    """The people of a log with events, and those without: their places, and a log of each."""

    places: tuple[NDArray[np.int64], NDArray[np.int64]]
    logs: tuple[EventLog, EventLog]

    def courses(self, courses: Courses) -> tuple[Courses, Courses]:
        """Give the courses of both."""
        found: tuple[Courses, Courses] = courses.kept.of(("apart", self.logs[0]), lambda: self._courses(courses))
        return found

    def _courses(self, courses: Courses) -> tuple[Courses, Courses]:
        some, none = (courses.only(places) for places in self.places)
        return some, evolve(none, at_row=none.at_row[:0])

    def together(self, found: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Give arrays (periods, people) of both as one of everybody."""
        some, none = found
        whole = np.empty((len(some), sum(map(len, self.places))), some.dtype)
        if without_repeats(none).size == 1:
            whole.fill(none.flat[0])
        else:
            whole[:, self.places[1]] = none
        for of_period, codes in zip(whole, some, strict=True):
            of_period[self.places[0]] = codes
        return whole


def apart(log: EventLog) -> Apart | None:
    """Give the people with events and those without; ``None`` where most people have some."""
    has = np.diff(log.offsets) > 0
    if np.count_nonzero(has) > _SPARSE * len(has):
        return None
    found: Apart = log.kept.of("apart", lambda: _apart(log, has))
    return found


def _apart(log: EventLog, has: NDArray[np.bool_]) -> Apart:
    some, none = np.flatnonzero(has), np.flatnonzero(~has)
    # Rows stay where they are: nobody who is left out has one.
    with_events = evolve(log, people=log.people[some], offsets=np.concatenate(([0], log.offsets[1:][some])))
    nothing = log.take(np.empty(0, np.int64))
    without = evolve(nothing, people=log.people[none], offsets=np.zeros(len(none) + 1, np.int64))
    return Apart((some, none), (with_events, without))
