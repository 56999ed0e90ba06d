"""The likelihood of sequences of one step each, nearly every one under a generator of its own.

That is what visits are with a number as covariate and no hidden state.  Then nothing need be put together or taken
apart: from the covariates to the rates, the rows carried and the slopes everything lies side by side, one sequence
beside another.

All second derivatives take one sweep.  With L = f exp(Qt) e, what two rates have to do with each other are the ways
over a move of the one kind and later one of the other: Σ (ways from f to the first, and on to the second) · (what is
left to e).  The first factor is the row carried along with its change by each rate, the second the way back of the
gradient; together they cost about as much as three gradients, where one difference for each rate costs many more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from attrs import frozen

from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.exponential.expm_action import LANES, Lanes, NonZeroEntries, graph_of
from singledisease.multistate.exponential.propagation import terms_for
from singledisease.multistate.rates.likelihood.forward import ForwardPlan, plan_forward
from singledisease.multistate.rates.likelihood.interval_propagation import SHARED
from singledisease.multistate.rates.parameters.layout import ParameterLayout

LONGEST = 128.0
"""The largest θ: e^θ has an end.  Only a block of the longest steps takes some 3 θ terms."""

CHANGES = 2**14
"""Numbers in the change of a term by all rates, of the sequences worked on at a time."""


@frozen(eq=False)
class CovariateLikelihood:
    """Sequences of one step, the shortest first.

    Attributes
    ----------
    sequences
        int64 (G): which.
    times
        (G): how long the step is.
    begin, seen
        (K, G): weight of the states before and after; none after, if it is a death at a known time.
    dead
        int64 (G): the state entered by such a death, or -1.
    terms
        (terms, G): the covariates and periods in force.
    layout
        The parameters.
    graph
        Which entries of the generators are not 0.
    rest
        The other sequences, if there are any; what is said below is not of them.
    """

    sequences: Codes
    times: Floats
    begin: Floats
    seen: Floats
    dead: Codes
    terms: Floats
    layout: ParameterLayout
    graph: NonZeroEntries
    rest: OtherSequences | None


@frozen(eq=False)
class OtherSequences:
    """The other sequences: which, and their flow."""

    sequences: Codes
    plan: ForwardPlan


def covariate_likelihood_of(given: ForwardPlan, layout: ParameterLayout) -> CovariateLikelihood | None:
    """Lay sequences of one step out, if they are worth it.

    They are not if many share a step, so that its matrix had better be made once, or if there are errors or a
    distribution at the start to be estimated.
    """
    sequences, intervals = given.sequences, given.sequences.intervals
    if layout.space.errors or layout.initial is None or len(intervals.generators) == 1:
        return None
    interval = sequences.interval[0]
    one = (
        (sequences.length == 1) & ((intervals.parts[interval] >= 0).sum(1) == 1) & ~np.isin(interval, intervals.watched)
    )
    step = intervals.parts[interval[one], 0]
    if not len(step) or len(step) > SHARED * len(np.unique(step)):
        return None
    order = np.argsort(intervals.times[step], kind="stable")
    return _laid(given, layout, np.flatnonzero(one)[order], step[order], np.flatnonzero(~one))


def _laid(given: ForwardPlan, layout: ParameterLayout, mine: Codes, step: Codes, others: Codes) -> CovariateLikelihood:
    sequences, k = given.sequences, len(layout.space.states)
    # With rates of 0 what is left of the emissions does not depend on the parameters.
    fixed = layout.emissions(np.zeros(len(layout.parameters)), np.zeros((len(layout.terms), k, k)))
    seen, begin = sequences.seen[0, mine], sequences.begin(layout.start(np.zeros(0)))
    rest = OtherSequences(others, plan_forward(sequences.only(others), len(fixed))) if len(others) else None
    return CovariateLikelihood(
        sequences=mine,
        times=sequences.intervals.times[step],
        begin=np.ascontiguousarray((begin[mine] * fixed[sequences.start[mine]]).T),
        seen=np.ascontiguousarray(fixed[seen].T),
        dead=np.append(layout.exact[:, 1], -1)[np.maximum(seen - layout.deaths_from, -1)],
        terms=np.ascontiguousarray(layout.terms[sequences.intervals.which[step]].T),
        layout=layout,
        graph=graph_of(layout.filled(np.ones((1, len(layout.base))))),
        rest=rest,
    )


@frozen(eq=False)
class AtParameters:
    """Sequences at given parameters: their rates and those out of a state, (rates, G) and (K, G), and θ, (G)."""

    given: CovariateLikelihood
    rates: Floats
    leaving: Floats
    theta: Floats

    def blocks(self, lanes: int) -> Iterator[LaneBlock]:
        """Return them so many at a time."""
        for first in range(0, len(self.theta), lanes):
            yield _block(self, slice(first, first + lanes))


def at_parameters(given: CovariateLikelihood, parameters: Floats) -> AtParameters | None:
    """Take sequences to parameters; ``None`` if a step is too long, measured by the rates, for a series."""
    layout = given.layout
    effects = np.append(parameters, 0.0)[layout.acts]
    rates = np.exp(parameters[layout.base][:, None] + effects @ given.terms)
    leaving = np.zeros((len(given.begin), len(given.times)))
    for source, rate in zip(layout.sources, rates, strict=True):
        leaving[source] += rate
    theta = leaving.max(0) * given.times
    return AtParameters(given, rates, leaving, theta) if (theta <= LONGEST).all() else None


@frozen(eq=False)
class LaneBlock:
    """Some sequences.

    Attributes
    ----------
    part
        Which.
    lanes
        Their matrices.
    moved, into
        (rates, lanes): the rate by the time, and what it adds to the emission of a death in the state that it leaves.
    emission
        (K, lanes).
    """

    part: slice
    lanes: Lanes
    moved: Floats
    into: Floats
    emission: Floats


def _block(at: AtParameters, part: slice) -> LaneBlock:
    given, times, theta = at.given, at.given.times[part], at.theta[part]
    k, sources, targets = len(given.begin), given.layout.sources, given.layout.targets
    moved, into = at.rates[:, part] * times, at.rates[:, part] * (targets[:, None] == given.dead[part])
    emission = given.seen[:, part].copy()
    for source, density in zip(sources, into, strict=True):
        emission[source] += density
    x = np.zeros((k, k, len(times)))
    x[sources, targets] = moved
    x[range(k), range(k)] = theta - at.leaving[:, part] * times
    lanes = Lanes(given.graph, x, np.exp(-theta), terms_for(float(theta.max()), given.graph.moves))
    return LaneBlock(part, lanes, moved, into, emission)


def value(at: AtParameters, weight: Floats) -> float:
    """Return the log-likelihood; ``weight`` is that of all sequences, here and below."""
    total = 0.0
    for block in at.blocks(LANES):
        carried = block.lanes.forward(at.given.begin[:, block.part]).sum(0)
        total += _logs(block, carried) @ weight[at.given.sequences[block.part]]
    return total


def _logs(block: LaneBlock, carried: Floats) -> Any:
    with np.errstate(divide="ignore"):
        return np.log((carried * block.emission).sum(0) * block.lanes.scale)


def slope(at: AtParameters, weight: Floats) -> tuple[float, Floats]:
    """Return the log-likelihood and its gradient; of a log-likelihood that is minus infinity there is none, but 0."""
    layout, total = at.given.layout, 0.0
    out, a, b = np.zeros(len(layout.parameters)), layout.sources, layout.targets
    for block in at.blocks(LANES):
        counted, series = weight[at.given.sequences[block.part]], block.lanes.forward(at.given.begin[:, block.part])
        carried = series.sum(0)
        total += _logs(block, carried) @ counted
        if not np.isfinite(total):
            return -np.inf, np.zeros_like(out)
        owed = block.lanes.meet(series, block.lanes.backward(block.emission)[1])
        slopes = block.moved * (owed[a, b] - owed[a, a]) + carried[a] * block.into
        slopes *= counted / (carried * block.emission).sum(0)
        np.add.at(out, layout.base, slopes.sum(1))
        acts = layout.acts >= 0
        np.add.at(out, layout.acts[acts], (slopes @ at.given.terms[:, block.part].T)[acts])
    return total, out


def curvature(at: AtParameters, weight: Floats) -> Floats:
    """Return the second derivatives, (P, P)."""
    layout = at.given.layout
    acting = np.concatenate((layout.base[:, None], layout.acts), axis=1)
    rates, factors = acting.shape
    total = np.zeros((rates * rates, factors * factors))
    for block in at.blocks(max(16, CHANGES // (rates * len(at.given.begin)))):
        curves = _curves(at.given, block) * weight[at.given.sequences[block.part]]
        by = np.concatenate((np.ones((1, curves.shape[2])), at.given.terms[:, block.part]))
        pairs = (by[:, None] * by).reshape(factors * factors, -1)
        total += curves.reshape(rates * rates, -1) @ pairs.T
    # Where no parameter acts there is -1: the last row and column, which are thrown away.
    size = len(layout.parameters) + 1
    out, found = np.zeros((size, size)), total.reshape(rates, rates, factors, factors)
    np.add.at(out, (acting[:, :, None, None], acting), found.swapaxes(1, 2))
    return np.asarray((out + out.T)[:-1, :-1] / 2)


def _curves(given: CovariateLikelihood, block: LaneBlock) -> Floats:
    """Return ∂² log L by the logs of each pair of rates, (rates, rates, lanes)."""
    likelihood, slopes, both = _sweep(given, block)
    slopes, both = slopes / likelihood, both / likelihood
    curves = both + both.swapaxes(0, 1) - slopes[:, None] * slopes
    every = np.arange(len(slopes))
    curves[every, every] += slopes
    return curves


def _sweep(given: CovariateLikelihood, block: LaneBlock) -> tuple[Floats, Floats, Floats]:
    """Return L e^θ, its slopes by the logs of the rates, and the ways over one rate and later another."""
    a, b = given.layout.sources, given.layout.targets
    series = block.lanes.forward(given.begin[:, block.part])
    _, ahead = block.lanes.backward(block.emission)
    total, before = series.sum(0), series[:-1, a] * block.moved
    changes = _changes(block.lanes, before, a, b)
    worth = ahead[:, b] - ahead[:, a]
    slopes = np.einsum("nal,nal->al", before, worth) + total[a] * block.into
    worth *= block.moved
    both, summed = np.empty((len(a), *slopes.shape)), changes.sum(0)
    for later, source in enumerate(a):
        np.einsum("nal,nl->al", changes[:-1, :, source], worth[:, later], out=both[:, later])
        both[:, later] += summed[:, source] * block.into[later]
    return (total * block.emission).sum(0), slopes, both


def _changes(lanes: Lanes, moved: Floats, sources: Codes, targets: Codes) -> Floats:
    """Return the change of each term of the series by the log of each rate, (terms, rates, K, lanes).

    ``moved`` (terms - 1, rates, lanes) is what a rate moves of each term but the last.
    """
    changes = np.zeros((lanes.terms, len(sources), len(lanes.x), moved.shape[2]))
    for n in range(1, lanes.terms):
        change = changes[n]
        lanes.times_x(changes[n - 1], change)
        for rate, (source, target) in enumerate(zip(sources, targets, strict=True)):
            change[rate, target] += moved[n - 1, rate]
            change[rate, source] -= moved[n - 1, rate]
        change *= 1 / n
    return changes
