"""The truth as it is made: people walked forward through a pathway, all at once, one happening each at a time.

What a condition makes of a happening is asked of the reference engine, once for each different case; who moves
when, which clocks run and which fall is worked out here, apart from both engines.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from singledisease.dates import add_months_array
from singledisease.definitions.disease import Disease
from singledisease.definitions.timing import Timing
from singledisease.errors import Fault, UsageError
from singledisease.language.nodes import Literal, Value
from singledisease.simulation.county import NEVER, Residents
from singledisease.simulation.event_classes import Batch, Days, Indices
from singledisease.simulation.oracle import Judge


@frozen(eq=False)
class _Clock:
    """A timing that leads somewhere: in which states it runs, how long, what starts it anew.

    ``kinds`` says of each happening whether it is of a kind that may meet it.
    """

    inside: NDArray[np.bool_]
    amount: int
    months: bool
    kinds: NDArray[np.bool_]
    met_by: Value | None
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

    No transition minds more than ``_patience`` days of waiting.
    """

    judge: Judge
    people: Residents
    state: NDArray[np.int64]
    entered: Days
    due: Days
    moves: list[tuple[Indices, Days, Indices]]
    _clocks: tuple[_Clock, ...]
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

    def happen(self, batch: Batch) -> None:
        """Let something happen to each of some people, on a day after all that happened to them before."""
        who, day = batch.who, batch.day
        self.fall(who, day)
        for number, clock in enumerate(self._clocks):
            met = clock.kinds[batch.what] & (self.due[number, who] != NEVER)
            if clock.met_by is not None and met.any():
                met[met] = self.judge.holds(clock.met_by, batch.those(met))
            self.due[number, who[met]] = clock.due(day[met]) if clock.repeats else NEVER
        waited = np.minimum(day - self.entered[who], self._patience).astype(np.int64)
        self.move(who, day, self.judge.targets(self.state[who], waited, self._patience, batch))


def begin(judge: Judge, people: Residents) -> Walk:
    """Stand everybody in the initial state, at birth."""
    disease, count = judge.disease, len(people)
    clocks = tuple(_clock(judge, timing) for timing in disease.timings if timing.leads_to is not None)
    initial = _states(disease).index(disease.pathway.initial)
    due = np.full((len(clocks), count), NEVER, np.int32)
    for number, clock in enumerate(clocks):
        if clock.inside[initial]:
            due[number] = clock.due(people.birth)
    patience = max((max(one.after_days, 1) for one in disease.pathway.transitions), default=1)
    state = np.full(count, initial, np.int64)
    return Walk(judge, people, state, people.birth.copy(), due, [], clocks, patience)


def _clock(judge: Judge, timing: Timing) -> _Clock:
    states = _states(judge.disease)
    length = timing.length
    if timing.starts_from or not isinstance(length.amount, Literal):
        message = "how long it runs depends on the person or the event, and is not simulated"
        fault = Fault("unsupported_length", f"timing {timing.id}", message, "simulate it with a number of days")
        raise UsageError(f"{judge.disease.id} cannot be simulated", [fault])
    every_kind = timing.met_by is not None and not timing.kinds
    return _Clock(
        inside=np.isin(states, timing.states),
        amount=int(length.amount.value) * (7 if length.unit == "weeks" else 1),
        months=length.unit == "months",
        kinds=np.array([every_kind or one.kind in timing.kinds for one in judge.cast.each]),
        met_by=timing.met_by,
        repeats=timing.repeats,
        target=states.index(timing.leads_to or ""),
    )


def _states(disease: Disease) -> list[str]:
    return [state.id for state in disease.pathway.states]


@frozen(eq=False)
class TrueStays:
    """True stays in states, by person and in time; ``left`` is the first day no longer in it."""

    person: Indices
    state: NDArray[np.int64]
    entered: Days
    left: Days


def stays(walk: Walk, end: int, deaths: Days, died: int) -> TrueStays:
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
    return TrueStays(person, state, day.astype(np.int32), left.astype(np.int32))


def _initial(walk: Walk) -> int:
    disease = walk.judge.disease
    return _states(disease).index(disease.pathway.initial)
