"""What is read: drawn at goal or not as was meant, moved by the season, and rounded by who writes it down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from singledisease.dates import age_array
from singledisease.simulation.county import Residents, places
from singledisease.simulation.event_classes import Batch, Days, Indices
from singledisease.simulation.oracle import Judge, all_hold
from singledisease.simulation.quantities import drawn, quantities_of
from singledisease.simulation.rates import Rates
from singledisease.simulation.thresholds import AGE, past
from singledisease.vocabulary import Quantity

PRESSURES: Mapping[str, float] = {"sbp": 1.0, "dbp": 0.5}
"""What has a season and is rounded, and its share of the swing."""

MID_JANUARY = 14
"""Days from New Year's Day to the height of the season."""

_CANDIDATES = 4096
_FEWER = 512
"""Candidates where a goal looks back: each is then asked of many earlier events."""

_APART = 10
"""mmHg that the season leaves between the two pressures at least."""

Values = dict[str, NDArray[np.float64]]


def _count(values: Values) -> int:
    """Give how many candidates there are."""
    return next((len(column) for column in values.values()), _CANDIDATES)


@frozen(eq=False)
class Pool:
    """Readings to choose from: ``fine`` and ``poor`` are the places of those at goal and of the others."""

    values: Values
    fine: Indices
    poor: Indices

    def chosen(self, good: NDArray[np.bool_], chance: np.random.Generator) -> Indices:
        """Choose a reading for each wish; where none is of the wished kind, any."""
        dice = chance.random(len(good))
        every = np.arange(_count(self.values))
        fine, poor = (some if len(some) else every for some in (self.fine, self.poor))
        return np.where(good, fine[(dice * len(fine)).astype(np.int64)], poor[(dice * len(poor)).astype(np.int64)])


@frozen(eq=False)
class Read:
    """Readings as a device showed them and as they were written, and which were rounded; NaN: nothing was read."""

    shown: Values
    written: Values
    rounded: NDArray[np.bool_]


@frozen(eq=False)
class Readings:
    """Draws the readings of one disease.

    Attributes
    ----------
    rounding
        Of each institution, the share of pressures that it rounds.
    year
        A day of which MID_JANUARY is counted: a New Year's Day.
    """

    judge: Judge
    rates: Rates
    rounding: NDArray[np.float64]
    year: int
    quantities: tuple[Quantity, ...]
    _pools: dict[tuple[int, ...], Pool] = field(factory=dict)

    def draw(
        self,
        batch: Batch,
        good: NDArray[np.bool_],
        clear: NDArray[np.bool_],
        chance: np.random.Generator,
        reads: NDArray[np.bool_],
    ) -> Read:
        """Draw the readings of some happenings.

        Parameters
        ----------
        batch
            The happenings, without values.
        good
            Whether each is meant to be at goal.
        clear
            Whether it is meant to be so at any age.
        chance
            The dice.
        reads
            At which anything is read at all.
        """
        shown = {one.name: np.full(len(batch), np.nan) for one in self.quantities}
        for rows, pool in self._pooled(batch, clear, np.flatnonzero(reads)):
            taken = pool.chosen(good[rows], chance)
            for name, values in shown.items():
                values[rows] = pool.values[name][taken]
        if not shown:
            return Read({}, {}, np.zeros(len(batch), np.bool_))
        self._season(shown, batch.day)
        place = batch.people.place_on(batch.who, batch.day)
        rounded = chance.random(len(batch)) < self.rounding[place]
        written = {name: self._written(name, values, rounded) for name, values in shown.items()}
        return Read(shown, written, rounded & reads & any(name in PRESSURES for name in shown))

    def _season(self, shown: Values, day: Days) -> None:
        swing = self.rates.winter * np.cos(2 * np.pi * (day - self.year - MID_JANUARY) / 365.25)
        for quantity in self.quantities:
            if quantity.name in PRESSURES:
                moved = np.round(shown[quantity.name] + PRESSURES[quantity.name] * swing)
                shown[quantity.name] = moved.clip(quantity.low, quantity.high)
        if "sbp" in shown and "dbp" in shown:
            shown["dbp"] = np.minimum(shown["dbp"], shown["sbp"] - _APART)

    def _written(self, name: str, values: NDArray[np.float64], rounded: NDArray[np.bool_]) -> NDArray[np.float64]:
        if name not in PRESSURES:
            return values
        return np.where(rounded, np.floor(values / 10 + 0.5) * 10, values)

    # WHAT IS AT GOAL, AND FOR WHOM

    def _pooled(self, batch: Batch, clear: NDArray[np.bool_], read: Indices) -> Iterator[tuple[Indices, Pool]]:
        """Part happenings by the pool from which they draw: by age, as far as goals mind it, and sex."""
        who = batch.who[read]
        age = age_array(batch.people.birth[who], batch.day[read]).astype(np.float64)
        cell = self.judge.alike.cuts.get(AGE, np.empty(0)).searchsorted(age, "right") + 1
        key = np.where(clear[read], 0, cell * 2 + batch.people.woman[who])
        for value in np.unique(key).tolist():
            rows = read[key == value]
            if (value,) not in self._pools:
                self._pools[value,] = self._clear() if value == 0 else self._pool(batch.those(rows[:1]))
            yield rows, self._pools[value,]

    def _pool(self, example: Batch) -> Pool:
        values = self._candidates
        fine = self._at_goal(values, example)
        return Pool(values, np.flatnonzero(fine), np.flatnonzero(~fine))

    def _clear(self) -> Pool:
        """Give readings that are at goal at any age, and such as are at goal at none."""
        values = self._candidates
        some = [self._at_goal(values, one) for one in self._all_sorts()]
        fine, poor = np.logical_and.reduce(some), ~np.logical_or.reduce(some)
        return Pool(values, np.flatnonzero(fine), np.flatnonzero(poor))

    def _all_sorts(self) -> Iterator[Batch]:
        """Make up people of every age and either sex, one for each sort that the conditions tell apart."""
        known = set()
        for age, woman in product(range(20, 100, 5), (False, True)):
            one = _somebody(age, woman)
            sort = tuple(int(code[0]) for code, _ in self.judge.alike.codes(one))
            if sort not in known:
                known.add(sort)
                yield one

    @cached_property
    def _candidates(self) -> Values:
        # Their own dice: which pools there are must not depend on how people were split into blocks.
        back = any(past(target.goal) for target in self.judge.disease.targets)
        dice = np.random.default_rng(_CANDIDATES)
        return drawn(self.quantities, self.judge.disease, _FEWER if back else _CANDIDATES, dice)

    def _at_goal(self, values: Values, example: Batch) -> NDArray[np.bool_]:
        same = example.those(np.zeros(_count(values), np.int64))
        goals = [target.goal for target in self.judge.disease.targets]
        return all_hold(self.judge, goals, evolve(same, values=values))


def _somebody(age: int, woman: bool) -> Batch:
    """Make up a person of an age, to whom something happens."""
    nobody = np.zeros(1, np.int64)
    people = Residents(
        ids=("",),
        birth=np.zeros(1, np.int32),
        death=np.zeros(1, np.int32),
        woman=np.array([woman]),
        place=nobody,
        reassigned=np.zeros(1, np.int32),
        place_after=nobody,
        places=places(1),
    )
    day = np.array([round(age * 365.25) + 100], np.int32)
    return Batch(people, nobody, day, nobody, {})


def readings(judging: Judge, rates: Rates, rounding: NDArray[np.float64], year: int) -> Readings:
    """Make the readings of a disease ready to be drawn."""
    return Readings(judging, rates, rounding, year, quantities_of(judging.disease))


def rounding_of(count: int, rates: Rates, chance: np.random.Generator) -> NDArray[np.float64]:
    """Draw for each institution the share of pressures that it rounds."""
    return spread_out(rates.rounding, rates.rounding_differs, count, chance)


def spread_out(mean: float, differing: float, count: int, chance: np.random.Generator) -> NDArray[np.float64]:
    """Draw shares with a mean, from a beta distribution: the less they differ, the more they are alike."""
    if mean in (0, 1):
        return np.full(count, float(mean))
    strength = max(1 / max(differing, 1e-3) - 1, 1e-3)
    return chance.beta(mean * strength, (1 - mean) * strength, count)
