"""The true figures of a simulated registry, worked out from what happened, apart from any engine or measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from singledisease.dates import Period, date_of, day_of, month_number_array
from singledisease.definitions.disease import Target
from singledisease.simulation.county import Residents
from singledisease.simulation.course import SimulatedCourse
from singledisease.simulation.event_classes import Batch, Indices
from singledisease.simulation.oracle import all_hold, complete

Bools = NDArray[np.bool_]


def figures(course: SimulatedCourse, days: Period) -> dict[str, Any]:
    """Give who is sick, how often what happened, and the true figures of every whole calendar year of some days."""
    names = course.judge.cast.names
    counts = np.bincount(course.happened.what, minlength=len(names))
    years = [
        year
        for year in range(date_of(days.start).year, date_of(days.end).year + 1)
        if day_of(f"{year}-01-01") >= days.start and day_of(f"{year}-12-31") <= days.end
    ]
    return {
        "sick": int(course.sick.sum()),
        "happenings": {name: int(counts[number]) for number, name in enumerate(names) if counts[number]},
        "years": {str(year): _year(course, day_of(f"{year}-01-01"), day_of(f"{year}-12-31")) for year in years},
    }


def added(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Add the figures of some people to those of others, name by name."""
    found = dict(one)
    for name, value in other.items():
        mine = found.get(name)
        found[name] = value if mine is None else added(mine, value) if isinstance(value, Mapping) else mine + value
    return found


# A YEAR


def _year(course: SimulatedCourse, first: int, last: int) -> dict[str, Any]:
    s, pathway, people = course.stays, course.judge.disease.pathway, course.happened.people
    in_year = (s.entered <= last) & (s.left > first)
    at_end = (s.entered <= last) & (s.left > last)

    def those(chosen: list[str], when: Bools) -> Bools:
        states = [number for number, state in enumerate(pathway.states) if state.id in chosen]
        found = np.zeros(len(people), np.bool_)
        found[s.person[np.isin(s.state, states) & when]] = True
        return found

    managed = those([state.id for state in pathway.states if state.managed], in_year)
    denominator = managed & ~those(["misdiagnosed"], s.entered <= last)
    lost = denominator & those(["lost"], at_end)
    read = {target.id: _last_readings(course, target, first, last) for target in course.judge.disease.targets}
    groups = {"managed": denominator, "lost": lost}
    if read:
        groups |= _at_goal(denominator & ~lost, *read.get("control", next(iter(read.values()))))
    found: dict[str, Any] = {name: int(group.sum()) for name, group in groups.items()}
    if len(read) > 1:
        found["targets"] = {
            name: {one: int(group.sum()) for one, group in _at_goal(denominator & ~lost, *those_read).items()}
            for name, those_read in read.items()
        }
    found["institutions"] = _by_place(people, groups, last)
    return found


def _at_goal(asked: Bools, written: Indices, shown: Indices) -> dict[str, Bools]:
    return {
        "without_reading": asked & (written < 0),
        "at_goal": asked & (written == 1),
        "at_goal_unrounded": asked & (shown == 1),
    }


def _last_readings(course: SimulatedCourse, target: Target, first: int, last: int) -> tuple[Indices, Indices]:
    """Give of each person whether the last face-to-face reading of a year was at goal, as written and as shown.

    -1 if there was none.
    """
    batch = course.happened
    seen = np.array(
        [one.kind == "follow_up" and one.columns.get("mode") in ("clinic", "home") for one in course.judge.cast.each]
    )
    counts = seen[batch.what] & complete(batch.values, target.columns, len(batch))
    counts &= (batch.day >= first) & (batch.day <= last)
    rows = np.flatnonzero(counts)
    rows = rows[_managed_on(course, batch.who[rows], batch.day[rows])]
    written = batch.those(rows)
    shown = evolve(written, values={name: values[rows] for name, values in course.read.shown.items()})
    # One person has one happening a day: the last written stays.
    order = np.argsort(written.day, kind="stable")
    found = []
    for one in (written, shown):
        good = np.full(len(batch.people), -1)
        good[one.who[order]] = all_hold(course.judge, [target.goal], one)[order]
        found.append(good)
    return found[0], found[1]


def _managed_on(course: SimulatedCourse, who: Indices, day: NDArray[np.int32]) -> Bools:
    """Tell who was managed at the end of a day."""
    s = course.stays
    states = np.array([state.managed for state in course.judge.disease.pathway.states])
    width = 1 << 20
    # Days are counted from before anybody's birth, so that a person's stays lie between those of others.
    key = s.person * width + (s.entered.astype(np.int64) + width // 2)
    place = key.searchsorted(who * width + (day.astype(np.int64) + width // 2), "right") - 1
    return states[s.state[place]]


def _by_place(people: Residents, groups: Mapping[str, Bools], last: int) -> dict[str, dict[str, int]]:
    """Count groups of people by the institution responsible on a day; of those that are responsible for anybody."""
    place = people.place_on(np.arange(len(people)), last)
    counts = {name: np.bincount(place[group], minlength=len(people.places)) for name, group in groups.items()}
    return {
        one.id: {name: int(count[i]) for name, count in counts.items()}
        for i, one in enumerate(people.places)
        if counts["managed"][i]
    }


# READINGS


def pressures(courses: Sequence[SimulatedCourse]) -> dict[str, Any]:
    """Give how many pressures each institution wrote, how many it rounded, and by month what devices showed."""
    by_place: dict[str, Any] = {}
    by_month: dict[str, Any] = {}
    for course in courses:
        if "sbp" not in course.read.shown:
            continue
        read = np.flatnonzero(~np.isnan(course.read.shown["sbp"]))
        batch = course.happened.those(read)
        by_place = added(by_place, _rounded(batch, course.read.rounded[read]))
        visits = np.array([one.kind == "follow_up" for one in course.judge.cast.each])[batch.what]
        by_month = added(by_month, _months(batch.day[visits], course.read.shown["sbp"][read][visits]))
    return {"institutions": by_place, "months": by_month}


def _rounded(batch: Batch, rounded: Bools) -> dict[str, Any]:
    place = batch.people.place_on(batch.who, batch.day)
    count = len(batch.people.places)
    readings, zeros = np.bincount(place, minlength=count), np.bincount(place[rounded], minlength=count)
    return {
        one.id: {"readings": int(readings[i]), "rounded": int(zeros[i])} for i, one in enumerate(batch.people.places)
    }


def _months(day: NDArray[np.int32], sbp: NDArray[np.float64]) -> dict[str, Any]:
    month = month_number_array(day)
    return {
        f"{number // 12}-{number % 12 + 1:02d}": {
            "readings": int((month == number).sum()),
            "sbp_sum": int(sbp[month == number].sum()),
        }
        for number in np.unique(month).tolist()
    }
