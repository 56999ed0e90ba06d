"""Following people through a pathway: steps of time, and where everybody was at the end of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from singledisease import dates
from singledisease.cohorts.cohort import Chosen, Cohort
from singledisease.cohorts.names import names_of, suggested
from singledisease.cohorts.steps.steps import CohortSteps
from singledisease.dates import Period, iso
from singledisease.errors import UsageError
from singledisease.pathway_courses import Courses
from singledisease.strata import Strata

EVERY = ("month", "quarter", "year", "whole")


def cut(start: int, end: int, every: str | int) -> tuple[Period, ...]:
    """Cut the days from ``start`` to ``end`` into months, quarters, years, one whole, or so many days each.

    Raises
    ------
    UsageError
        If the end is before the start, or there is no such step.

    >>> [str(part) for part in cut(0, 59, "month")]
    ['1970-01-01..1970-01-31', '1970-02-01..1970-02-28', '1970-03-01..1970-03-01']
    """
    if end < start:
        raise UsageError(f"the cohort ends on {iso(end)}, before it starts on {iso(start)}")
    if isinstance(every, int) and every >= 1:
        return tuple(Period(day, min(day + every - 1, end)) for day in range(start, end + 1, every))
    if every == "whole":
        return (Period(start, end),)
    if every not in EVERY:
        raise UsageError(f"every={every!r}: expected a number of days, or one of {', '.join(EVERY)}")
    return dates.periods(f"{iso(start)}..{iso(end)}/{every}")


def cohort(
    courses: Courses,
    ids: NDArray[np.object_],
    periods: Sequence[Period],
    *,
    states: Chosen | None = None,
    by: tuple[str, ...] = (),
    strata: Strata | None = None,
) -> Cohort:
    """Follow the people of a pathway over adjoining periods.

    Raises
    ------
    UsageError
        If there is no period, the periods do not adjoin, the courses end before the last one, a chosen state does not
        exist, or each linked sequence has a course of its own.
    """
    if courses.owner is not None:
        raise UsageError(
            f"a cohort follows people, and in {courses.disease.id} each linked sequence has a course of its own; "
            f'count sequences by their states: sd.Measure(of=sd.sequences("{courses.disease.id}"), …), '
            "or ask sd.courses for their stays"
        )
    if not periods or any(a.end + 1 != b.start for a, b in pairwise(periods)):
        raise UsageError("a cohort needs periods that adjoin, each starting on the day after the one before")
    if periods[-1].end > courses.until:
        raise UsageError(f"the courses end on {iso(courses.until)}, before the last period does: {periods[-1]}")
    names, meaning = meaning_of(courses, states)
    days = np.array([periods[0].start - 1, *(period.end for period in periods)], dtype=np.int32)
    codes = _codes_on(courses, meaning, len(names), days)
    steps = CohortSteps(days=days, states=names, codes=codes, passed=_passed(courses, meaning, codes, days, len(names)))
    whole = Cohort(
        courses=courses,
        ids=ids,
        steps=steps,
        periods=tuple(periods),
        meaning=meaning,
        by=by,
        names=names_of(courses.disease, meaning, names),
    )
    return whole if strata is None else evolve(whole, strata=strata)


def meaning_of(courses: Courses, chosen: Chosen | None = None) -> tuple[tuple[str, ...], NDArray[np.uint8]]:
    """Name the states of a cohort, and give each state of the pathway its code; see ``Cohort.meaning``.

    Raises
    ------
    UsageError
        If a chosen state does not exist or stands under two names.
    """
    pathway = courses.disease.pathway
    if chosen is None:
        chosen = [state.id for state in pathway.states if state.managed]
    groups = chosen if isinstance(chosen, Mapping) else {name: (name,) for name in chosen}
    known = [state.id for state in pathway.states]
    named = {state.id: (state.names.zh, state.names.en) for state in pathway.states}
    meaning = np.array([len(groups) + (name == pathway.died) for name in known], dtype=np.uint8)
    seen: set[str] = set()
    for code, members in enumerate(groups.values()):
        # A state alone may stand without a list; taken for a list of letters it would have no state 's'.
        for name in (members,) if isinstance(members, str) else members:
            if name not in known:
                raise UsageError(f"{courses.disease.id} has no state {name!r}; {suggested(name, known, named)}")
            if name in seen:
                raise UsageError(f"state {name!r} is in the cohort twice; name it once")
            seen.add(name)
            meaning[known.index(name)] = code
    if not seen:
        raise UsageError(f"a cohort needs at least one state; {courses.disease.id} has {', '.join(known)}")
    return tuple(groups), meaning


def _codes_on(courses: Courses, meaning: NDArray[np.uint8], k: int, days: NDArray[np.int32]) -> NDArray[np.uint8]:
    spells = courses.spells
    owner = np.repeat(np.arange(courses.people), np.diff(spells.offsets))
    codes = np.full((len(days), courses.people), k, dtype=np.uint8)
    for row, day in zip(codes, days, strict=True):
        now = np.flatnonzero((spells.entered <= day) & (spells.left > day))
        row[owner[now]] = meaning[spells.state[now]]
    return codes


def _passed(
    courses: Courses, meaning: NDArray[np.uint8], codes: NDArray[np.uint8], days: NDArray[np.int32], k: int
) -> NDArray[np.bool_]:
    """Find who was in the cohort between two days, but on neither."""
    spells = courses.spells
    owner = np.repeat(np.arange(courses.people), np.diff(spells.offsets))
    inside = meaning[spells.state] < k
    passed = np.zeros((len(days) - 1, courses.people), dtype=bool)
    for step, (first, last) in enumerate(pairwise(days.tolist())):
        passed[step, owner[inside & (spells.entered > first) & (spells.left <= last)]] = True
    return np.asarray(passed & (codes[:-1] >= k) & (codes[1:] >= k))
