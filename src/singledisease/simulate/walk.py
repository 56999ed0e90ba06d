"""The truth as it is made: people walked forward through a pathway, all at once, one happening each at a time.

What a happening makes of a state is asked of the disease's signals, once for each different case; who moves
when, which clocks run and which fall is worked out here, apart from both engines.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from singledisease.dates import add_months_array, age_array
from singledisease.definitions.disease import Disease
from singledisease.definitions.nodes import Literal
from singledisease.definitions.timing import Timing
from singledisease.engines.reference.route import Route, route
from singledisease.errors import UsageError
from singledisease.events.person import Person
from singledisease.simulate.county import People
from singledisease.simulate.happenings import HAPPENINGS, NAMES, VARIANTS, Cast

NEVER = 2**31 - 1
"""The due day of a clock that does not run."""

Indices = NDArray[np.int64]
Days = NDArray[np.int32]


@frozen(eq=False)
class _Clock:
    """A timing that leads somewhere: in which states it runs, how long, what starts it anew."""

    inside: NDArray[np.bool_]
    amount: int
    months: bool
    met: NDArray[np.bool_]
    repeats: bool
    target: int

    def due(self, days: Days) -> Days:
        return add_months_array(days, self.amount) if self.months else (days + self.amount).astype(np.int32)


@define(eq=False)
class Walk:
    """Where everybody stands.

    Attributes
    ----------
    state, entered
        The present state and since when.
    due
        (clocks, people) day on which each clock is due; ``NEVER`` if it does not run.
    moves
        (person, day, state) arrays of every move so far, in the order in which they were made.

    Signals are asked once for each different case: state, happening, variant, age, sex, and days waited, of which
    no transition minds more than ``_patience``.
    """

    cast: Cast
    people: People
    state: NDArray[np.int64]
    entered: Days
    due: Days
    moves: list[tuple[Indices, Days, Indices]]
    _clocks: tuple[_Clock, ...]
    _route: Route
    _heard: dict[int, int]
    _patience: int

    def move(self, who: Indices, day: Days, target: Indices) -> None:
        """Put people into other states on a day, stopping and starting clocks."""
        changed = self.state[who] != target
        who, day, target = who[changed], day[changed], target[changed]
        self.moves.append((who, day, target))
        for number, clock in enumerate(self._clocks):
            was, will = clock.inside[self.state[who]], clock.inside[target]
            due = np.where(will, self.due[number, who], NEVER)
            self.due[number, who] = np.where(will & ~was, clock.due(day), due)
        self.state[who], self.entered[who] = target, day

    def fall(self, who: Indices, before: Days) -> None:
        """Let every clock fall that was due before a day; the earliest first, each move before the next."""
        while len(self._clocks) and len(who):
            first = self.due[:, who].argmin(axis=0)
            due = self.due[first, who]
            falls = due < before
            who, before, first, due = who[falls], before[falls], first[falls], due[falls]
            self.due[first, who] = NEVER
            targets = np.array([clock.target for clock in self._clocks])
            self.move(who, (due + 1).astype(np.int32), targets[first])

    def happen(self, who: Indices, day: Days, what: Indices, variant: Indices) -> None:
        """Let something happen to each of some people, on a day after all that happened to them before."""
        self.fall(who, day)
        for number, clock in enumerate(self._clocks):
            met = clock.met[what] & (self.due[number, who] != NEVER)
            self.due[number, who[met]] = clock.due(day[met]) if clock.repeats else NEVER
        self.move(who, day, self._listen(who, day, what, variant))

    # WHAT A STATE HEARS

    def _listen(self, who: Indices, day: Days, what: Indices, variant: Indices) -> Indices:
        """Give the state to which each happening leads; each different case is asked once."""
        age = age_array(self.people.birth[who], day).astype(np.int64)
        waited = np.minimum(day - self.entered[who], self._patience).astype(np.int64)
        key = self.state[who]
        for part, size in ((what, len(NAMES)), (variant, VARIANTS), (age, 128), (waited, self._patience + 1)):
            key = key * size + part
        key = key * 2 + self.people.woman[who]
        cases, first, back = np.unique(key, return_index=True, return_inverse=True)
        targets = np.empty(len(cases), np.int64)
        for i, case in enumerate(cases.tolist()):
            if case not in self._heard:
                j = int(first[i])
                self._heard[case] = self._target(int(who[j]), int(day[j]), int(what[j]), int(variant[j]))
            targets[i] = self._heard[case]
        return targets[back]

    def _target(self, who: int, day: int, what: int, variant: int) -> int:
        event = self.cast.event(NAMES[what], variant, day)
        sex = "female" if self.people.woman[who] else "male"
        person = Person(self.people.ids[who], birth=int(self.people.birth[who]), sex=sex)
        scene = self._route.scene(person, event)
        states = [state.id for state in self.cast.disease.pathway.states]
        here = int(self.state[who])
        for ear in self._route.hears(states[here], event.kind):
            if day - self.entered[who] >= ear.after_days and (ear.when is None or ear.when(scene)):
                return states.index(ear.target)
        return here


def begin(cast: Cast, people: People) -> Walk:
    """Stand everybody in the initial state, at birth.

    Raises
    ------
    UsageError
        If the pathway has a timing that the simulation cannot follow.
    """
    disease, count = cast.disease, len(people)
    clocks = tuple(_clock(disease, timing) for timing in disease.timings if timing.leads_to is not None)
    states = [state.id for state in disease.pathway.states]
    initial = states.index(disease.pathway.initial)
    due = np.full((len(clocks), count), NEVER, np.int32)
    for number, clock in enumerate(clocks):
        if clock.inside[initial]:
            due[number] = clock.due(people.birth)
    patience = max((max(one.after_days, 1) for one in disease.pathway.transitions), default=1)
    state = np.full(count, initial, np.int64)
    return Walk(cast, people, state, people.birth.copy(), due, [], clocks, route(disease), {}, patience)


def _clock(disease: Disease, timing: Timing) -> _Clock:
    states = [state.id for state in disease.pathway.states]
    amount = timing.length.amount
    if timing.met_by is not None or not isinstance(amount, Literal):
        raise UsageError(f"{disease.id} cannot be simulated: timing {timing.id} is met by a condition")
    return _Clock(
        inside=np.isin(states, timing.states),
        amount=int(amount.value),
        months=timing.length.unit == "months",
        met=np.array([one.kind in timing.kinds for one in HAPPENINGS.values()]),
        repeats=timing.repeats,
        target=states.index(timing.leads_to or ""),
    )


@frozen(eq=False)
class Stays:
    """True stays in states, by person and in time; ``left`` is the first day no longer in it."""

    person: Indices
    state: NDArray[np.int64]
    entered: Days
    left: Days


def stays(walk: Walk, end: int, deaths: Days, died: int) -> Stays:
    """Tell the walk as stays: by the state at the end of each day, until the end of the last.

    Parameters
    ----------
    walk, end
        The walk, and the last day.
    deaths
        Day of each person's death, ``MISSING`` if none; nothing moved on that day or later.
    died
        The state of the dead.
    """
    everybody = np.arange(len(walk.people))
    dead = np.flatnonzero(deaths > walk.people.birth)
    parts: Sequence[tuple[Indices, Days, Indices]] = [
        (everybody, walk.people.birth, np.full(len(everybody), _initial(walk), np.int64)),
        *walk.moves,
        (dead, deaths[dead], np.full(len(dead), died, np.int64)),
    ]
    person, day, state = (np.concatenate([part[i] for part in parts]) for i in range(3))
    order = np.lexsort((np.arange(len(person)), day, person))
    person, day, state = person[order], day[order], state[order]
    last_of_day = np.append((person[1:] != person[:-1]) | (day[1:] != day[:-1]), [True])[: len(person)]
    person, day, state = person[last_of_day], day[last_of_day], state[last_of_day]
    differs = np.insert((person[1:] != person[:-1]) | (state[1:] != state[:-1]), 0, True)[: len(person)]
    person, day, state = person[differs], day[differs], state[differs]
    same_next = np.append(person[1:] == person[:-1], [False])[: len(person)]
    left = np.where(same_next, np.append(day[1:], [0])[: len(day)], end + 1)
    return Stays(person, state, day.astype(np.int32), left.astype(np.int32))


def _initial(walk: Walk) -> int:
    pathway = walk.cast.disease.pathway
    return [state.id for state in pathway.states].index(pathway.initial)
