"""A cohort: the managed people of one disease between two days, with their ways through its states."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from singledisease import dates
from singledisease.cohort import show
from singledisease.cohort.aalen_johansen import occupation
from singledisease.cohort.assumptions import Check, homogeneity, order_of
from singledisease.cohort.clocks import Durations, sojourns
from singledisease.cohort.counting import Steps, TransitionCounts
from singledisease.cohort.first_entry import until_first
from singledisease.cohort.histories import Histories
from singledisease.cohort.occupation import Occupation
from singledisease.cohort.person_time import PersonTime, person_time_of
from singledisease.cohort.restricted import TimeInStates, restricted_mean
from singledisease.cohort.sequences import Sequences, sequences_of
from singledisease.cohort.variance import Variance
from singledisease.courses import Courses
from singledisease.dates import Period, iso
from singledisease.errors import UsageError, did_you_mean
from singledisease.strata import Strata
from singledisease.tables import Table, displayed

LEFT, DIED = "left", "died"
EVERY = ("month", "quarter", "year", "whole")

Chosen = Sequence[str] | Mapping[str, Sequence[str]]
"""States that count as being in the cohort; a mapping gives several one name."""


@displayed
@frozen(eq=False, kw_only=True)
class Cohort:
    """Everybody who was in one of the cohort's states at some time from the first day to the last.

    Attributes
    ----------
    courses
        Their courses, observed at least until the last day.
    ids
        Object array (people): who they are.
    steps
        Where everybody was at the end of the day before the first step, and at the end of each step.
    periods
        The steps, as periods.
    meaning
        uint8 (states of the pathway): index into ``states``; K where out of the cohort, K + 1 where dead.
    by
        Names of the strata.
    strata
        In which stratum everybody is in each step: that of its last day, at both ends of the step.
    """

    courses: Courses
    ids: NDArray[np.object_]
    steps: Steps
    periods: tuple[Period, ...]
    meaning: NDArray[np.uint8]
    by: tuple[str, ...] = ()
    strata: Strata = field()

    @strata.default
    def _everybody(self) -> Strata:
        return Strata(((),), np.zeros((1, len(self.ids)), np.int64))

    @property
    def states(self) -> tuple[str, ...]:
        """The states that count as being in the cohort."""
        return self.steps.states

    @property
    def transitions(self) -> TransitionCounts:
        """Transition counts by step, reconciled with both stocks."""
        return self.steps.counts()

    @property
    def transitions_by(self) -> NDArray[np.int64]:
        """Transition counts by step and stratum, (steps, strata, states + 1, states + 2)."""
        return self.steps.counts_by(self.strata.codes, len(self.strata.keys))

    @property
    def counts(self) -> Table:
        """One row per step, stratum and pair of states: how many went that way, of how many, and what share.

        Who was not in the cohort before comes from ``entered``; the share of those is not a probability and is
        left out, as are pairs that nobody took.
        """
        return show.counts(self)

    @property
    def flows(self) -> Table:
        """One row per step, stratum and state: who was there, came, went, and was there at the end."""
        return show.flows(self)

    def matrix(self, level: float = 0.95) -> Table:
        """Give the share of each state that went to each in one step, all steps together, with Wilson limits."""
        return show.matrix(self, level)

    def occupancy(self) -> Table:
        """Give the stock of each state at the end of each step, and before the first."""
        return show.occupancy(self)

    def person_time(self) -> Table:
        """Give the person-years in each state, by stratum."""
        return show.person_time(self)

    def incidence(self, level: float = 0.95, per: float = 100.0) -> Table:
        """Give transitions per 100 person-years in the state they start from, with exact Poisson limits."""
        return show.incidence(self, level, per)

    @property
    def exposure(self) -> PersonTime:
        """Person-days in each state and transitions out of it, (steps, strata, …)."""
        return person_time_of(self.courses, self.meaning, self.states, self.periods, self.strata)

    def sequences(self, depth: int | None = None) -> Sequences:
        """Count the ways through the cohort's states from the first day to the last; see ``sequences``."""
        stays, owner = self._stays()
        return sequences_of(stays, self.ids[owner], depth)

    def people(self, source: str, target: str, period: int = 0, **stratum: str) -> list[str]:
        """Give the ids of the people behind one cell.

        Parameters
        ----------
        source, target
            Row and column: a state, ``entered`` as source, ``left`` or ``died`` as target.
        period
            Which step, from 0.
        stratum
            Values of the strata, such as ``sex="female"``; what is not named is any.

        Raises
        ------
        UsageError
            If there is no such cell, step or stratum.
        """
        members = self.steps.members(period, source, target)
        return [str(self.ids[i]) for i in members[self._in_stratum(period, stratum)[members]]]

    def _in_stratum(self, period: int, wanted: Mapping[str, str]) -> NDArray[np.bool_]:
        for name in wanted:
            if name not in self.by:
                raise UsageError(f"the cohort is not cut by {name!r}; {did_you_mean(name, self.by)}")
        keys = [dict(zip(self.by, key, strict=True)) for key in self.strata.keys]
        fits = np.array([all(key[name] == value for name, value in wanted.items()) for key in keys])
        codes = self.strata.codes
        return np.asarray(fits[codes[period if len(codes) > 1 else 0]])

    def histories(self) -> Histories:
        """Give the stays in the cohort's states from the first day to the last, in days since the first.

        Who enters later is left truncated; leaving and dying are states of their own; the end censors.
        """
        return self._stays()[0]

    def _stays(self) -> tuple[Histories, NDArray[np.int64]]:
        return stays_of(self.courses, self.meaning, self.states, int(self.steps.days[0]), int(self.steps.days[-1]))

    def aalen_johansen(self, variance: Variance | None = "greenwood", **options: Any) -> Occupation:
        """Estimate the probability of each state over time, in days since the day before the first.

        The options are those of ``aalen_johansen``; with none, probabilities are those of the people who were in
        the cohort at the start, and who entered later adds to what is known of each state from then on.
        """
        fit = occupation(self.histories(), variance=variance, **options)
        if not fit.needs_markov or len(self.periods) < 2:
            return fit
        order = order_of(self.steps)
        return evolve(fit, doubts=(str(order),) if order.against else ())

    def assumptions(self) -> list[Check]:
        """Test order 1 against 2, and whether the matrix is the same in all steps and in all strata."""
        counted, k = self.transitions_by[:, :, : len(self.states)], len(self.periods)
        checks = [] if k < 2 else [order_of(self.steps)]
        if k > 1:
            checks.append(homogeneity(counted.sum(1), "the matrix is the same in all steps"))
        if self.by:
            checks.append(homogeneity(counted.sum(0), f"the matrix is the same whatever the {', '.join(self.by)}"))
        return checks

    def cumulative_incidence(self, *into: str, **options: Any) -> Occupation:
        """Estimate the probability of having entered each of some states for the first time since the start."""
        return occupation(until_first(self.histories(), into), **options)

    def time_in_state(self, until: float | None = None, **options: Any) -> TimeInStates:
        """Estimate the expected days in each state, up to so many days from the start; left out: to the end."""
        whole = float(self.steps.days[-1] - self.steps.days[0])
        return restricted_mean(self.histories(), whole if until is None else until, **options)

    def sojourns(self, state: str) -> Durations:
        """Give how long each stay in a state lasted, in days, of those under way at some time of the cohort.

        A stay that began before the first day is at risk from its length on that day on.  ``person`` counts
        people as ``ids`` does.
        """
        first, last = int(self.steps.days[0]), int(self.steps.days[-1])
        origin = min(first, int(self.courses.spells.entered.min(initial=first)))
        stays, owner = stays_of(self.courses, self.meaning, self.states, origin, last)
        found = sojourns(stays, state, from_start=True).observed_from(first - origin)
        return evolve(found, person=owner[found.person])

    def allowed(self) -> NDArray[np.bool_]:
        """Say which cells the pathway allows in one step, (states + 1, states + 2): many moves may fit in it."""
        return _reachable(self.courses, self.meaning, len(self.states))

    def _title(self) -> str:
        names, span = self.courses.disease.names, f"{iso(self.periods[0].start)}..{iso(self.periods[-1].end)}"
        people = int((self.steps.codes < len(self.states)).any(axis=0).sum())
        return f"{names.zh} / {names.en}: {people:,} 人 / people, {span}, {len(self.periods)} 步 / steps"

    def __str__(self) -> str:
        return f"{self._title()}\n{self.counts}"

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self._title())}</p>{self.counts._repr_html_()}"


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
        raise UsageError(f"every={every!r} is no step: a number of days or one of {', '.join(EVERY)}")
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
        If there is no period, the periods do not adjoin, the courses end before the last one, or a chosen state
        does not exist.
    """
    if not periods or any(a.end + 1 != b.start for a, b in pairwise(periods)):
        raise UsageError("a cohort needs periods that adjoin, each starting on the day after the one before")
    if periods[-1].end > courses.until:
        raise UsageError(f"the courses end on {iso(courses.until)}, before the last period does: {periods[-1]}")
    names, meaning = meaning_of(courses, states)
    days = np.array([periods[0].start - 1, *(period.end for period in periods)], dtype=np.int32)
    codes = _codes_on(courses, meaning, len(names), days)
    steps = Steps(days=days, states=names, codes=codes, passed=_passed(courses, meaning, codes, days, len(names)))
    more = {} if strata is None else {"strata": strata}
    return Cohort(courses=courses, ids=ids, steps=steps, periods=tuple(periods), meaning=meaning, by=by, **more)


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
    meaning = np.array([len(groups) + (name == pathway.died) for name in known], dtype=np.uint8)
    seen: set[str] = set()
    for code, members in enumerate(groups.values()):
        for name in members:
            if name not in known:
                raise UsageError(f"{courses.disease.id} has no state {name!r}; {did_you_mean(name, known)}")
            if name in seen:
                raise UsageError(f"state {name!r} stands in the cohort twice; name it once")
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


def stays_of(
    courses: Courses, meaning: NDArray[np.uint8], names: tuple[str, ...], first: int, last: int
) -> tuple[Histories, NDArray[np.int64]]:
    """Cut the spells to the days after ``first`` up to ``last``, as stays in days since ``first``.

    The state on a day is that at its end: a spell entered on day d is at risk from d on (not included), and the
    transition out of it happens on the day it is left.  Who has left is at risk of coming back.

    Returns
    -------
    tuple
        The stays, and which person of the courses each of their people is.
    """
    k = len(names)
    spells = courses.spells
    owner = np.repeat(np.arange(courses.people), np.diff(spells.offsets))
    code = meaning[spells.state].astype(np.int64)
    target = np.where(spells.left <= last, np.append(code[1:], k), -1)
    start = np.maximum(spells.entered, first).astype(np.float64)
    stop = np.minimum(spells.left, last).astype(np.float64)
    inside = (code < k) & (spells.left > first)
    keep = (code <= k) & (stop > start) & _has_entered(inside, spells.offsets)
    people, person = np.unique(owner[keep], return_inverse=True)
    stays = Histories(
        person=person.astype(np.int64),
        start=start[keep] - first,
        stop=stop[keep] - first,
        source=code[keep],
        target=target[keep],
        states=(*names, LEFT, DIED),
    )
    return stays, people


def _has_entered(inside: NDArray[np.bool_], offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say of each spell whether its person is in the cohort or has been before: only they can have left it."""
    ever = np.concatenate(([0], np.cumsum(inside)))
    return np.asarray(ever[1:] > np.repeat(ever[offsets[:-1]], np.diff(offsets)))


def _reachable(courses: Courses, meaning: NDArray[np.uint8], k: int) -> NDArray[np.bool_]:
    pathway = courses.disease.pathway
    place = {state.id: i for i, state in enumerate(pathway.states)}
    reach = np.eye(len(place), dtype=bool)
    for transition in pathway.transitions:
        for source in transition.sources:
            reach[place[source], place[transition.target]] = True
    for timing in courses.disease.timings:
        for source in timing.states if timing.leads_to is not None else ():
            reach[place[source], place[str(timing.leads_to)]] = True
    reach[:, place[pathway.died]] = True
    reach[place[pathway.died]] = np.arange(len(place)) == place[pathway.died]
    for _ in range(len(place).bit_length()):
        reach = reach @ reach
    table = np.zeros((k + 1, k + 2), dtype=bool)
    rows, columns = np.nonzero(reach)
    alive = meaning[rows] <= k
    np.logical_or.at(table, (meaning[rows][alive], meaning[columns][alive]), True)
    return table
