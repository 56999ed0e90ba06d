"""The likelihood of sequences: forward over the visits, scaled at each, and backward for the gradient."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from singledisease.multistate.aggregate.scatter import Scatter, scatter
from singledisease.multistate.arrays import Codes, Floats, Numbers
from singledisease.multistate.rates.likelihood.interval_propagation import (
    IntervalPropagation,
    Legs,
    interval_propagation,
    legs_of,
)
from singledisease.multistate.rates.sequences.visit_sequences import VisitSequences


@frozen(eq=False, slots=False)
class ForwardPlan:
    """Sequences with the order of their sums worked out once: of their intervals, and of what was seen.

    ``by_seen`` is of all starts and visits, one after another; ``legs`` are there if rows are to be carried.
    """

    sequences: VisitSequences
    active: tuple[int, ...]
    by_interval: Scatter
    by_seen: Scatter
    legs: Legs | None

    @cached_property
    def one_generator_each(self) -> bool:
        """Whether each sequence hangs on one generator: one interval, one step long, and not watched."""
        return len(self.active) <= 1 and self.sequences.intervals.plain


def plan_forward(sequences: VisitSequences, emissions: int) -> ForwardPlan:
    """Prepare sequences for many evaluations."""
    active = tuple(sequences.active(position) for position in range(len(sequences.interval)))
    intervals = [sequences.interval[position, :n] for position, n in enumerate(active)]
    seen = [sequences.start, *(sequences.seen[position, :n] for position, n in enumerate(active))]
    return ForwardPlan(
        sequences=sequences,
        active=active,
        by_interval=scatter(_joined(intervals), len(sequences.intervals.parts)),
        by_seen=scatter(_joined(seen), emissions),
        legs=legs_of(sequences, active),
    )


def _joined(parts: Sequence[Codes]) -> Codes:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


@frozen(eq=False, kw_only=True)
class Slopes:
    """The log-likelihood and its derivatives.

    Attributes
    ----------
    total
        Log-likelihood; minus infinity if a sequence is impossible.
    generators
        (generators, K, K).
    emissions
        (emissions, K).
    initial
        (K).
    """

    total: Any
    generators: Numbers
    emissions: Numbers
    initial: Numbers


@frozen(eq=False)
class ForwardPass:
    """The way forward: shares of the states at each visit, their scales, and shares before what is seen counts."""

    total: Any
    interval_propagation: IntervalPropagation
    shares: list[Numbers] = field(factory=list)
    scales: list[Numbers] = field(factory=list)
    arrived: list[Numbers] = field(factory=list)

    def impossible(self) -> Codes:
        """Sequences that cannot happen."""
        bad = [np.flatnonzero(~(scale.real > 0)) for scale in self.scales]
        return np.unique(_joined(bad))


def forward(
    given: ForwardPlan, generators: Numbers, emissions: Numbers, initial: Numbers, weight: Floats
) -> ForwardPass:
    """Go forward over all sequences; see ``gradient`` for the arguments."""
    sequences = given.sequences
    way = ForwardPass(0.0, interval_propagation(generators, sequences, given.by_interval, given.legs))
    total, now = 0.0, sequences.begin(initial) * emissions[sequences.start]
    for position in range(len(given.active) + 1):
        scale = now.sum(1)
        with np.errstate(divide="ignore", invalid="ignore"):
            # Not a product of vectors: long ones are cut between threads, and the sum would depend on how many.
            total = total + (weight[: len(scale)] * np.log(scale)).sum()
            now = now / scale[:, None]
        way.shares.append(now)
        way.scales.append(scale)
        if position < len(given.active):
            n = given.active[position]
            way.arrived.append(way.interval_propagation.forward_rows(position, now[:n]))
            now = way.arrived[-1] * emissions[sequences.seen[position, :n]]
    return evolve(way, total=total)


def gradient(
    given: ForwardPlan, generators: Numbers, emissions: Numbers, initial: Numbers, weight: Floats | None = None
) -> Slopes:
    """Return the log-likelihood of sequences and its derivatives.

    Parameters
    ----------
    given
        The sequences.
    generators
        (generators, K, K): rows sum to zero.
    emissions
        (emissions, K): probability, or density at a death, of what is seen given the true state.
    initial
        (K): weight of each state at the first visit of a person.
    weight
        (sequences): how often each counts; left out, as often as it occurs.
    """
    weight = given.sequences.weight if weight is None else weight
    way = forward(given, generators, emissions, initial, weight)
    if not np.isfinite(way.total.real if np.iscomplexobj(way.total) else way.total):
        return Slopes(
            total=-np.inf,
            generators=np.zeros_like(generators),
            emissions=np.zeros_like(emissions),
            initial=np.zeros_like(initial),
        )
    debts, of_seen, of_initial = _backward(given, way, emissions, initial, weight)
    return Slopes(
        total=way.total,
        generators=way.interval_propagation.settle(debts),
        emissions=given.by_seen.add(of_seen),
        initial=of_initial,
    )


def _backward(
    given: ForwardPlan, way: ForwardPass, emissions: Numbers, initial: Numbers, weight: Floats
) -> tuple[list[Any], Numbers, Numbers]:
    """Return what the intervals owe, ∂/∂(emission at each visit, in the order of ``by_seen``), and ∂/∂(initial)."""
    sequences = given.sequences
    owed = np.zeros_like(way.shares[-1])
    debts: list[Any] = []
    seen: list[Numbers] = []
    for position in range(len(given.active) - 1, -1, -1):
        n, before = given.active[position], way.shares[position]
        slope = _unscaled(owed[:n], way.shares[position + 1], way.scales[position + 1], weight[:n])
        seen.append(slope * way.arrived[position])
        owed = np.zeros_like(before)
        owed[:n], debt = way.interval_propagation.back(
            position, before[:n], slope * emissions[sequences.seen[position, :n]]
        )
        debts.append(debt)
    slope = _unscaled(owed, way.shares[0], way.scales[0], weight)
    start = emissions[sequences.start]
    seen.append(slope * sequences.begin(initial))
    return debts[::-1], np.concatenate(seen[::-1]), (slope * start)[sequences.fresh].sum(0)


def _unscaled(owed: Numbers, share: Numbers, scale: Numbers, weight: NDArray[Any]) -> Numbers:
    """Return the slope by the unscaled row: scaling costs its own projection and gives the log of the scale."""
    inner = (owed * share).sum(1)
    return np.asarray((owed - inner[:, None] + weight[: len(scale), None]) / scale[:, None])
