"""Intervals between visits: one step or several under different rates, and what they come to.

A watched interval is one in which nothing happened but, at its end, what is seen there: the state before lasted
until then.  Its matrix is that of staying, times the rates of the move.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.multistate.aggregate.keys import dense
from singledisease.multistate.aggregate.scatter import Scatter, scatter
from singledisease.multistate.arrays import Codes, Floats, Numbers
from singledisease.multistate.exponential.propagation import propagate, pull_back
from singledisease.multistate.rates.covariates.design import Design
from singledisease.multistate.rates.visits.visits import PanelVisits


@frozen(eq=False, kw_only=True)
class VisitIntervals:
    """Distinct intervals, each one step or several under different rates.

    Attributes
    ----------
    which, times
        (steps): the generator and the length of each distinct step, by generator; of a step that is watched, the
        generator plus the number of generators.
    parts
        int64 (intervals, most steps of an interval): its steps in order, -1 after the last.
    generators
        int64 (generators, 2): pattern and period of each.
    watched
        int64: the intervals that are watched.
    last
        int64 (intervals): the generator in force at the end.
    scatters
        Per column of ``parts``, to add up what intervals owe their steps.
    """

    which: Codes
    times: Floats
    parts: Codes
    generators: Codes
    watched: Codes
    last: Codes
    scatters: tuple[Scatter, ...]

    @cached_property
    def plain(self) -> bool:
        """Whether each interval is the step of the same number, and none is watched."""
        one = self.parts.shape[1] == 1 and bool((self.parts[:, 0] == np.arange(len(self.times))).all())
        return one and not len(self.watched)


def distinct_intervals(visits: PanelVisits, plan: Design) -> tuple[VisitIntervals, Codes]:
    """Return the distinct intervals, and the interval of each interval."""
    at = visits.left
    watched = visits.watched[at + 1].astype(np.int64)
    if len(plan.cuts):
        cuts = np.rint(plan.cuts / visits.tick).astype(np.int64)
        spans = visits.lengths(_split(visits.ticks[at], visits.ticks[at + 1], cuts))
        keys = (plan.rates.pattern, *spans.T)
    else:
        lengths, which = visits.spacing
        spans, keys = lengths[which][:, None], (plan.rates.pattern, which)
    number, first = dense(watched, *keys) if watched.any() else dense(*keys)
    return _made_of(spans[first], plan.rates.pattern[first], watched[first], visits.tick), number


def _made_of(spans: Codes, pattern: Codes, watched: Codes, tick: float) -> VisitIntervals:
    there = spans > 0
    interval, period = np.nonzero(there)
    rates = pattern[interval] * spans.shape[1] + period
    step, some = dense(watched[interval] * (rates.max(initial=0) + 1) + rates, spans[there])
    generator, one = dense(rates[some])
    parts = np.full((len(spans), int(there.sum(1).max(initial=1))), -1, dtype=np.int64)
    parts[interval, (np.cumsum(there, axis=1) - 1)[there]] = step
    lasting = parts[np.arange(len(parts)), there.sum(1) - 1]
    columns = [scatter(column[column >= 0], len(some)) for column in parts.T]
    return VisitIntervals(
        which=generator + len(one) * watched[interval][some],
        times=(spans[there][some] * tick).astype(np.float64),
        parts=parts,
        generators=np.stack([pattern[interval][some][one], period[some][one]], axis=1),
        watched=np.flatnonzero(watched),
        last=generator[lasting],
        scatters=tuple(columns),
    )


def _split(begin: Codes, end: Codes, cuts: Codes) -> Codes:
    """Return the time an interval spends in each period, (intervals, periods)."""
    edges = [np.iinfo(np.int64).min, *cuts.tolist(), np.iinfo(np.int64).max]
    spans = [np.minimum(end, high) - np.maximum(begin, low) for low, high in pairwise(edges)]
    return np.asarray(np.maximum(np.stack(spans, axis=1), 0))


@frozen(eq=False)
class Products:
    """The matrix of each interval, with what the way back needs: the steps, and products before each later factor."""

    matrices: Numbers
    steps: Numbers
    before: list[Numbers]


def interval_matrices(generators: Numbers, intervals: VisitIntervals) -> Products:
    """Return the matrix of each interval: probabilities, or rates where it is watched and somebody moves."""
    steps = propagate(with_staying(generators, intervals), intervals.which, intervals.times)
    product = steps if intervals.plain else steps[intervals.parts[:, 0]]
    before = []
    for column in intervals.parts.T[1:]:
        on = column >= 0
        before.append(product[on])
        product[on] = product[on] @ steps[column[on]]
    if len(intervals.watched):
        before.append(product[intervals.watched])
        product[intervals.watched] = before[-1] @ moves(generators)[intervals.last[intervals.watched]]
    return Products(product, steps, before)


def interval_gradients(generators: Numbers, intervals: VisitIntervals, slopes: Numbers, kept: Products) -> Numbers:
    """Return the derivatives by the generators, (G, K, K), from those by the matrices of the intervals."""
    if intervals.plain:
        return pull_back(generators, intervals.which, intervals.times, slopes)
    total = np.zeros(kept.steps.shape, dtype=np.result_type(kept.steps, slopes))
    slopes, owed, before = slopes.copy(), np.zeros_like(generators), list(kept.before)
    if len(intervals.watched):
        ends, slope = intervals.last[intervals.watched], slopes[intervals.watched]
        np.add.at(owed, ends, before.pop().swapaxes(1, 2) @ slope)
        owed *= elsewhere(generators)
        slopes[intervals.watched] = slope @ moves(generators)[ends].swapaxes(1, 2)
    for product, column, places in reversed(
        list(zip(before, intervals.parts.T[1:], intervals.scatters[1:], strict=True))
    ):
        on = column >= 0
        total += places.add(product.swapaxes(1, 2) @ slopes[on])
        slopes[on] = slopes[on] @ kept.steps[column[on]].swapaxes(1, 2)
    total += intervals.scatters[0].add(slopes)
    pulled = pull_back(with_staying(generators, intervals), intervals.which, intervals.times, total)
    if len(intervals.watched):
        moving, staying = pulled[: len(generators)], pulled[len(generators) :]
        return np.asarray(moving + staying * ~elsewhere(generators) + owed)
    return pulled


def elsewhere(generators: Numbers) -> NDArray[np.bool_]:
    """Say which entries are off the diagonal, (K, K)."""
    return ~np.eye(generators.shape[1], dtype=bool)


def with_staying(generators: Numbers, intervals: VisitIntervals) -> Numbers:
    """Add the generators without their moves: what is left of them while nothing happens."""
    if not len(intervals.watched):
        return generators
    return np.concatenate((generators, generators * ~elsewhere(generators)))


def moves(generators: Numbers) -> Numbers:
    """Return the density of being found in each state at the end of a watched interval: 1 to stay, or a rate."""
    return np.asarray(generators * elsewhere(generators) + np.eye(generators.shape[1]))
