"""The likelihood of chains of one step each, nearly every one under a generator of its own.

That is what visits are with a number as covariate and no hidden state.  Then nothing need be put together or taken
apart: from the covariates to the rates, the rows carried and the slopes everything lies side by side, chain by chain.

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

from singledisease.cohort.carrying import LANES, LONGEST, Graph, Lanes, graph_of
from singledisease.cohort.forward import Flow
from singledisease.cohort.histories import Codes, Floats
from singledisease.cohort.parameters import Layout
from singledisease.cohort.propagation import terms_for

CHANGES = 2**14
"""Numbers in the change of a term by all rates, of the chains worked on at a time."""


@frozen(eq=False)
class Apart:
    """Chains of one step, the shortest first.

    Attributes
    ----------
    chains
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
    """

    chains: Codes
    times: Floats
    begin: Floats
    seen: Floats
    dead: Codes
    terms: Floats
    layout: Layout
    graph: Graph


def apart_of(flow: Flow, layout: Layout) -> Apart | None:
    """Lay chains out, if each is one step that nothing but its generator says something of."""
    alone = flow.apart and flow.active == (len(flow.chains.start),)
    if flow.legs is None or not alone or layout.space.errors or layout.initial is None:
        return None
    leg, k = flow.legs.at[0][0], len(layout.space.states)
    ones, nothing = np.ones((1, len(layout.base))), np.zeros(len(layout.parameters))
    # With rates of 0 what is left of the emissions does not depend on the parameters.
    fixed = layout.emissions(nothing, np.zeros((len(layout.terms), k, k)))
    seen, started = flow.chains.seen[0, leg.chains], flow.chains.start[leg.chains]
    return Apart(
        chains=leg.chains,
        times=leg.times,
        begin=np.ascontiguousarray((flow.chains.begin(layout.initial)[leg.chains] * fixed[started]).T),
        seen=np.ascontiguousarray(fixed[seen].T),
        dead=np.append(layout.exact[:, 1], -1)[np.maximum(seen - layout.deaths_from, -1)],
        terms=np.ascontiguousarray(layout.terms[leg.which].T),
        layout=layout,
        graph=graph_of(layout.filled(ones)),
    )


@frozen(eq=False)
class Block:
    """Some chains at given parameters.

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


def _blocks(given: Apart, theta: Floats, lanes: int = LANES) -> Iterator[Block] | None:
    """Give the chains block by block; ``None`` if a step is too long, measured by the rates, for a series."""
    layout = given.layout
    effects = np.append(theta, 0.0)[layout.acts]
    rates = np.exp(theta[layout.base][:, None] + effects @ given.terms)
    leaving = np.zeros((len(given.begin), len(given.times)))
    for source, rate in zip(layout.sources, rates, strict=True):
        leaving[source] += rate
    theta_of = leaving.max(0) * given.times
    if not (theta_of <= LONGEST).all():
        return None
    parts = (slice(first, first + lanes) for first in range(0, len(theta_of), lanes))
    return (_block(given, part, rates[:, part], leaving[:, part], theta_of[part]) for part in parts)


def _block(given: Apart, part: slice, rates: Floats, leaving: Floats, theta: Floats) -> Block:
    k, sources, targets = len(given.begin), given.layout.sources, given.layout.targets
    times, emission = given.times[part], given.seen[:, part].copy()
    moved, into = rates * times, rates * (targets[:, None] == given.dead[part])
    for source, density in zip(sources, into, strict=True):
        emission[source] += density
    x = np.zeros((k, k, len(times)))
    x[sources, targets] = moved
    x[range(k), range(k)] = theta - leaving * times
    lanes = Lanes(given.graph, x, np.exp(-theta), terms_for(float(theta.max()), given.graph.moves))
    return Block(part, lanes, moved, into, emission)


def value(given: Apart, theta: Floats, weight: Floats) -> float | None:
    """Give the log-likelihood; like the others below ``None`` if some step is too long for a series."""
    blocks, total = _blocks(given, theta), 0.0
    if blocks is None:
        return None
    for block in blocks:
        carried = block.lanes.forward(given.begin[:, block.part]).sum(0)
        total += _logs(block, carried) @ weight[given.chains[block.part]]
    return total


def _logs(block: Block, carried: Floats) -> Any:
    with np.errstate(divide="ignore"):
        return np.log((carried * block.emission).sum(0) * block.lanes.scale)


def slope(given: Apart, theta: Floats, weight: Floats) -> tuple[float, Floats] | None:
    """Give the log-likelihood and its gradient; of a log-likelihood that is minus infinity there is none, but 0."""
    blocks, total, out = _blocks(given, theta), 0.0, np.zeros(len(theta))
    if blocks is None:
        return None
    a, b, acts = given.layout.sources, given.layout.targets, given.layout.acts
    for block in blocks:
        counted, series = weight[given.chains[block.part]], block.lanes.forward(given.begin[:, block.part])
        carried = series.sum(0)
        total += _logs(block, carried) @ counted
        if not np.isfinite(total):
            return -np.inf, np.zeros(len(theta))
        owed = block.lanes.meet(series, block.lanes.backward(block.emission)[1])
        slopes = block.moved * (owed[a, b] - owed[a, a]) + carried[a] * block.into
        slopes *= counted / (carried * block.emission).sum(0)
        np.add.at(out, given.layout.base, slopes.sum(1))
        np.add.at(out, acts[acts >= 0], (slopes @ given.terms[:, block.part].T)[acts >= 0])
    return total, out


def curvature(given: Apart, theta: Floats, weight: Floats) -> Floats | None:
    """Give the second derivatives, (P, P)."""
    acting = np.concatenate((given.layout.base[:, None], given.layout.acts), axis=1)
    rates, factors = acting.shape
    blocks = _blocks(given, theta, max(16, CHANGES // (rates * len(given.begin))))
    if blocks is None:
        return None
    total = np.zeros((rates * rates, factors * factors))
    for block in blocks:
        curves = _curves(given, block) * weight[given.chains[block.part]]
        by = np.concatenate((np.ones((1, curves.shape[2])), given.terms[:, block.part]))
        pairs = (by[:, None] * by).reshape(factors * factors, -1)
        total += curves.reshape(rates * rates, -1) @ pairs.T
    # Where no parameter acts there is -1: the last row and column, which are thrown away.
    out = np.zeros((len(theta) + 1, len(theta) + 1))
    found = total.reshape(rates, rates, factors, factors).swapaxes(1, 2)
    np.add.at(out, (acting[:, :, None, None], acting), found)
    return (out + out.T)[:-1, :-1] / 2


def _curves(given: Apart, block: Block) -> Floats:
    """Give ∂² log L by the logs of each pair of rates, (rates, rates, lanes)."""
    likelihood, slopes, both = _sweep(given, block)
    slopes, both = slopes / likelihood, both / likelihood
    curves = both + both.swapaxes(0, 1) - slopes[:, None] * slopes
    every = np.arange(len(slopes))
    curves[every, every] += slopes
    return curves


def _sweep(given: Apart, block: Block) -> tuple[Floats, Floats, Floats]:
    """Give L e^θ, its slopes by the logs of the rates, and the ways over one rate and later another."""
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
    """Give the change of each term of the series by the log of each rate, (terms, rates, K, lanes).

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
