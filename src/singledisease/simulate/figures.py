"""The true figures of a simulated registry, worked out from what happened, apart from any engine or measure."""

from __future__ import annotations

from typing import Any

import numpy as np

from singledisease.dates import date_of, day_of
from singledisease.simulate.course import Course
from singledisease.simulate.happenings import FACE_TO_FACE, HAPPENINGS, NUMBER


def figures(course: Course, start: int, end: int) -> dict[str, Any]:
    """Give the true figures of every whole calendar year between two days, and how many happenings of each kind."""
    counts = np.bincount(course.what, minlength=len(NUMBER))
    years = [
        year
        for year in range(date_of(start).year, date_of(end).year + 1)
        if day_of(f"{year}-01-01") >= start and day_of(f"{year}-12-31") <= end
    ]
    return {
        "happenings": {name: int(counts[number]) for name, number in NUMBER.items() if counts[number]},
        "years": {str(year): _year(course, day_of(f"{year}-01-01"), day_of(f"{year}-12-31")) for year in years},
    }


def _year(course: Course, first: int, last: int) -> dict[str, int]:
    s, pathway = course.stays, course.cast.disease.pathway
    people = int(s.person.max()) + 1
    in_year = (s.entered <= last) & (s.left > first)
    at_end = (s.entered <= last) & (s.left > last)

    def those(chosen: list[str], when: Any) -> Any:
        states = [number for number, state in enumerate(pathway.states) if state.id in chosen]
        found = np.zeros(people, np.bool_)
        found[s.person[np.isin(s.state, states) & when]] = True
        return found

    managed = those([state.id for state in pathway.states if state.managed], in_year)
    misdiagnosed = those(["misdiagnosed"], s.entered <= last)
    lost = those(["lost"], at_end)
    good = _last_reading(course, first, last, people)
    denominator = managed & ~misdiagnosed
    return {
        "managed": int(denominator.sum()),
        "lost": int((denominator & lost).sum()),
        "without_reading": int((denominator & ~lost & (good < 0)).sum()),
        "at_goal": int((denominator & ~lost & (good == 1)).sum()),
    }


def _last_reading(course: Course, first: int, last: int, people: int) -> Any:
    """Give of each person whether the last face-to-face reading of a year was at goal; -1 if there was none."""
    good = np.array([{"": -1, "bad": 0, "good": 1}[one.reading] for one in HAPPENINGS.values()])
    counts = np.isin(course.what, [NUMBER[name] for name in FACE_TO_FACE]) & (good[course.what] >= 0)
    counts &= (course.day >= first) & (course.day <= last)
    found = np.full(people, -1)
    # A visit always happens on a day of management, and one person has one a day: the last written stays.
    order = np.flatnonzero(counts)[np.argsort(course.day[counts], kind="stable")]
    found[course.person[order]] = good[course.what[order]]
    return found
