"""How sequences cross their intervals, and the way back of the gradient: by matrices, or each row on its own.

Where many sequences share an interval its matrix is made once.  Where nearly every interval has a generator of its own,
as with a number as covariate, making matrices would be most of the work, and only one row of each is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from attrs import frozen

from singledisease.multistate.aggregate.scatter import Scatter, scatter
from singledisease.multistate.arrays import Codes, Floats, Numbers
from singledisease.multistate.exponential.expm_action import (
    LONGEST,
    ReadyGenerators,
    expm_action,
    expm_action_gradient,
    ready,
)
from singledisease.multistate.rates.sequences.visit_intervals import (
    Products,
    VisitIntervals,
    elsewhere,
    interval_gradients,
    interval_matrices,
    moves,
    with_staying,
)
from singledisease.multistate.rates.sequences.visit_sequences import VisitSequences

SHARED = 3.0
"""How many rows may be carried in the time that one matrix takes."""


class IntervalPropagation(Protocol):
    """One evaluation: rows over the intervals at a position of the sequences, (sequences, K), and their slopes back."""

    def forward_rows(self, position: int, rows: Numbers) -> Numbers:
        """Return the rows at the end of the intervals."""

    def back(self, position: int, rows: Numbers, slopes: Numbers) -> tuple[Numbers, Any]:
        """Return the slopes by the rows, from those by the rows at the end, and what is owed to the generators."""

    def settle(self, debts: Sequence[Any]) -> Numbers:
        """Return the slopes by the generators, (C, K, K), from what is owed at each position."""


@frozen(eq=False)
class ByMatrix:
    """All sequences that share an interval take its matrix."""

    generators: Numbers
    sequences: VisitSequences
    by_interval: Scatter
    products: Products

    def forward_rows(self, position: int, rows: Numbers) -> Numbers:
        """See ``IntervalPropagation``."""
        return np.asarray((rows[:, None, :] @ self._matrices(position, len(rows)))[:, 0, :])

    def back(self, position: int, rows: Numbers, slopes: Numbers) -> tuple[Numbers, Any]:
        """See ``IntervalPropagation``; what is owed is a matrix per sequence."""
        owed = self._matrices(position, len(rows)) @ slopes[:, :, None]
        return owed[:, :, 0], rows[:, :, None] * slopes[:, None, :]

    def settle(self, debts: Sequence[Any]) -> Numbers:
        """See ``IntervalPropagation``."""
        by_interval = self.by_interval.add(np.concatenate(debts))
        return interval_gradients(self.generators, self.sequences.intervals, by_interval, self.products)

    def _matrices(self, position: int, sequences: int) -> Numbers:
        return np.asarray(self.products.matrices[self.sequences.interval[position, :sequences]])


@frozen(eq=False)
class Leg:
    """Steps that sequences take at once: which sequences, the generator of each, its length."""

    sequences: Codes
    which: Codes
    times: Floats


@frozen(eq=False)
class Legs:
    """All steps of all sequences.

    Attributes
    ----------
    at
        Per position, one leg after another.
    watched
        Per position, the sequences that are watched, and the generator in force at the end.
    by_generator
        To add up what all legs owe.
    """

    at: tuple[tuple[Leg, ...], ...]
    watched: tuple[tuple[Codes, Codes], ...]
    by_generator: Scatter


def legs_of(sequences: VisitSequences, active: Sequence[int]) -> Legs | None:
    """Lay out the steps of each sequence, if carrying rows is less work than making matrices."""
    intervals, positions = sequences.intervals, range(len(active))
    rows = sum(int((intervals.parts[sequences.interval[p, : active[p]]] >= 0).sum()) for p in positions)
    if len(intervals.generators) == 1 or rows > SHARED * len(intervals.times):
        return None
    at = tuple(_legs(intervals, sequences.interval[p, : active[p]]) for p in positions)
    which = [leg.which for legs in at for leg in legs]
    staying = 2 if len(intervals.watched) else 1
    return Legs(
        at=at,
        watched=tuple(_watched(intervals, sequences.interval[p, : active[p]]) for p in positions),
        by_generator=scatter(np.concatenate(which), staying * len(intervals.generators)),
    )


def _legs(intervals: VisitIntervals, interval: Codes) -> tuple[Leg, ...]:
    legs = []
    for column in intervals.parts.T:
        on = np.flatnonzero(column[interval] >= 0)
        # Steps of like length are worked on together: the shorter they are, the fewer terms they take.
        on = on[np.argsort(intervals.times[column[interval[on]]], kind="stable")]
        step = column[interval[on]]
        legs.append(Leg(on, intervals.which[step], intervals.times[step]))
    return tuple(legs)


def _watched(intervals: VisitIntervals, interval: Codes) -> tuple[Codes, Codes]:
    on = np.flatnonzero(np.isin(interval, intervals.watched))
    return on, intervals.last[interval[on]]


@frozen(eq=False)
class ByRow:
    """Each sequence takes its own steps."""

    generators: Numbers
    legs: Legs
    ready: ReadyGenerators

    def forward_rows(self, position: int, rows: Numbers) -> Numbers:
        """See ``IntervalPropagation``."""
        for leg in self.legs.at[position]:
            rows = self._carried(leg, rows)
        on, last = self.legs.watched[position]
        if len(on):
            rows[on] = (rows[on, None, :] @ moves(self.generators)[last])[:, 0, :]
        return rows

    def back(self, position: int, rows: Numbers, slopes: Numbers) -> tuple[Numbers, Any]:
        """See ``IntervalPropagation``; what is owed is a matrix per step, and one per interval that is watched."""
        legs, (on, last) = self.legs.at[position], self.legs.watched[position]
        path, slopes, of_moves = [rows], slopes.copy(), np.empty((0, *self.generators.shape[1:]))
        for leg in legs if len(on) else legs[:-1]:
            path.append(self._carried(leg, path[-1]))
        if len(on):
            of_moves = path.pop()[on, :, None] * slopes[on, None, :]
            slopes[on] = (moves(self.generators)[last] @ slopes[on, :, None])[:, :, 0]
        debts = []
        for leg, before in zip(reversed(legs), reversed(path), strict=True):
            some = leg.sequences
            slopes[some], owed = expm_action_gradient(self.ready, leg.which, leg.times, before[some], slopes[some])
            debts.append(owed)
        return slopes, (debts[::-1], of_moves)

    def settle(self, debts: Sequence[Any]) -> Numbers:
        """See ``IntervalPropagation``."""
        total = self.legs.by_generator.add(np.concatenate([owed for steps, _ in debts for owed in steps]))
        size = len(self.generators)
        if len(total) == size:
            return total
        apart = elsewhere(self.generators)
        owed = np.zeros_like(total[:size])
        for (_, last), (_, of_moves) in zip(self.legs.watched, debts, strict=True):
            np.add.at(owed, last, of_moves)
        return np.asarray(total[:size] + total[size:] * ~apart + owed * apart)

    def _carried(self, leg: Leg, rows: Numbers) -> Numbers:
        out = rows.astype(np.result_type(rows, self.generators))
        out[leg.sequences] = expm_action(self.ready, leg.which, leg.times, rows[leg.sequences])
        return out


def interval_propagation(
    generators: Numbers, sequences: VisitSequences, by_interval: Scatter, legs: Legs | None
) -> IntervalPropagation:
    """Start an evaluation: by matrices as well if a step is too long, measured by the rates, for a series."""
    if legs is not None:
        made = ready(with_staying(generators, sequences.intervals))
        if all((made.fastest[leg.which] * leg.times <= LONGEST).all() for at in legs.at for leg in at):
            return ByRow(generators, legs, made)
    return ByMatrix(generators, sequences, by_interval, interval_matrices(generators, sequences.intervals))
