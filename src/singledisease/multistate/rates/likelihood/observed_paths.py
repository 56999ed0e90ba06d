"""The likelihood of paths that are fully observed: every interval is watched, and every state is seen.

Then no matrix is needed.  With N the moves of a kind and T the time spent where they start, log L = Σ N log q − T q: it
has one term for each rate of each generator, and all its derivatives are in closed form.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.rates.likelihood.forward import ForwardPlan
from singledisease.multistate.rates.parameters.layout import ParameterLayout


@frozen(eq=False)
class ObservedPaths:
    """Steps of the sequences, and the move at the end of each.

    Attributes
    ----------
    layout
        The parameters.
    owner, generator, state
        int64 (steps): the sequence, the generator in force, and the state stayed in.
    times
        (steps): how long.
    last, move
        int64 (sequences): the generator in force at the end, and the rate that the move has; -1 where there is none.
    """

    layout: ParameterLayout
    owner: Codes
    generator: Codes
    state: Codes
    times: Floats
    last: Codes
    move: Codes

    def totals(self, weight: Floats) -> tuple[Floats, Floats]:
        """Return the moves of each kind under each generator, and the time spent where they start, (C, rates) each."""
        count, k, rates = len(self.layout.terms), len(self.layout.space.states), len(self.layout.space.allowed)
        moved = self.move >= 0
        cell = self.last[moved] * rates + self.move[moved]
        moves = np.bincount(cell, weights=weight[moved], minlength=count * rates).reshape(count, rates)
        place = self.generator * k + self.state
        spent = np.bincount(place, weights=weight[self.owner] * self.times, minlength=count * k).reshape(count, k)
        return moves.astype(np.float64), np.asarray(spent[:, self.layout.sources], dtype=np.float64)

    def value(self, theta: Floats, weight: Floats) -> float:
        """Return the log-likelihood; minus infinity if a move was seen whose rate is 0."""
        moves, spent = self.totals(weight)
        rates = self.layout.rates(theta, self.layout.terms)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            total = float((np.where(moves > 0, moves * np.log(rates), 0.0) - spent * rates).sum())
        return total if np.isfinite(total) else -np.inf

    def slope(self, theta: Floats, weight: Floats) -> tuple[float, Floats]:
        """Return the log-likelihood and its gradient; of minus infinity there is none, but 0."""
        total, out = self.value(theta, weight), np.zeros(len(theta))
        if not np.isfinite(total):
            return total, out
        moves, spent = self.totals(weight)
        layout = self.layout
        by_log = moves - spent * layout.rates(theta, layout.terms)
        np.add.at(out, layout.base, by_log.sum(0))
        acts = layout.acts >= 0
        np.add.at(out, layout.acts[acts], (by_log.T @ layout.terms)[acts])
        return total, out

    def hessian(self, theta: Floats, weight: Floats) -> Floats:
        """Return the second derivatives, (P, P)."""
        spent, layout = self.totals(weight)[1], self.layout
        curves, out = -spent * layout.rates(theta, layout.terms), np.zeros((len(theta), len(theta)))
        if not layout.terms.shape[1]:
            np.add.at(out, (layout.base, layout.base), curves.sum(0))
            return out
        for rate in range(curves.shape[1]):
            mine, factors = layout.acting_on(rate)
            np.add.at(out, np.ix_(mine, mine), factors.T @ (curves[:, rate, None] * factors))
        return out

    def impossible(self, theta: Floats) -> Codes:
        """Return the sequences that end in a move whose rate is 0."""
        rates = self.layout.rates(theta, self.layout.terms)
        moved = np.flatnonzero(self.move >= 0)
        return moved[rates[self.last[moved], self.move[moved]] <= 0]


def observed_paths_of(plan: ForwardPlan, layout: ParameterLayout) -> ObservedPaths | None:
    """Lay out paths that are fully observed; ``None`` if something is not: an interval, a state, or the first one."""
    sequences, space = plan.sequences, layout.space
    intervals = sequences.intervals
    if space.errors or layout.initial is None or not (layout.initial == 1.0).all():
        return None
    if not (sequences.length == 1).all() or not np.isin(sequences.interval[0], intervals.watched).all():
        return None
    # Without errors what is seen is numbered after what would be seen with them.
    certain = len(space.labels) * len(layout.misclassification_model.terms)
    before, after = sequences.start - certain, sequences.seen[0] - certain
    if (before >= len(space.states)).any() or (after >= len(space.states)).any():
        return None
    rate = np.full((len(space.states),) * 2, -1, dtype=np.int64)
    rate[layout.sources, layout.targets] = np.arange(len(space.allowed))
    parts = intervals.parts[sequences.interval[0]]
    owner, column = np.nonzero(parts >= 0)
    step = parts[owner, column]
    return ObservedPaths(
        layout=layout,
        owner=owner,
        generator=intervals.which[step] - len(intervals.generators),
        state=before[owner],
        times=intervals.times[step],
        last=intervals.last[sequences.interval[0]],
        move=rate[before, after],
    )
