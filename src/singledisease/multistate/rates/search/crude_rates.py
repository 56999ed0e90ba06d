"""Crude rates, read off successive visits as if they were transitions: where the search starts, and its bounds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from singledisease.multistate.arrays import Floats
from singledisease.multistate.rates.parameters.layout import OF_RATES, ParameterLayout
from singledisease.multistate.rates.search.maximise import ParameterBounds
from singledisease.multistate.rates.visits.visits import PanelVisits


def start_of(layout: ParameterLayout, moves: Floats, spent: Floats, *, apart: bool = True) -> Floats:
    """Start from crude rates: moves seen from a visit to the next, by the time that follows visits in the state.

    Where rates change, from those of each period if they are to be ``apart``: from equal ones the search may end on a
    lower hill.
    """
    total, time = moves.sum(0), spent.sum(0)
    overall = max(float(total.sum() - np.trace(total)), 1.0) / max(float(time.sum()), 1e-300)
    theta = np.zeros(len(layout.parameters))
    for i in layout.kind("rate"):
        number = sum(total[a, b] + 0.5 for a, b in layout.parameters[i].pairs)
        theta[i] = np.log(number / sum(time[a] + 0.5 / overall for a, _ in layout.parameters[i].pairs))
    if apart and len(moves) > 1:
        _by_period(layout, moves, spent, theta)
    theta[layout.kind("error")] = -2.0
    return theta


def _by_period(layout: ParameterLayout, moves: Floats, spent: Floats, theta: Floats) -> None:
    """Part the rates of all periods, drawn towards them as by half a move in each."""
    pooled, periods = theta.copy(), layout.acts[:, 1 - len(moves) :]
    for rate, (a, b) in enumerate(layout.space.allowed):
        usual = np.exp(pooled[layout.base[rate]])
        logs = np.log((moves[:, a, b] + 0.5) / (spent[:, a] + 0.5 / usual))
        theta[layout.base[rate]] = logs[0]
        theta[periods[rate]] = logs[1:] - logs[0]


def crude(visits: PanelVisits, cuts: Floats) -> tuple[Floats, Floats]:
    """Return how many pairs of visits show each pair of states, and the time after visits in each, by period.

    An interval over a cut counts in both periods by its parts.  Where no state at all is known, all time counts in
    each.

    Returns
    -------
    tuple
        (periods, K, K) and (periods, K).
    """
    k, seen = len(visits.space.states), visits.tally
    if len(cuts):
        return _crude_by_period(visits, cuts)
    length = seen.number * seen.length * visits.tick
    known = seen.before < k
    spent = np.bincount(seen.before[known], weights=length[known], minlength=k).astype(np.float64)
    return visits.pairs[None, :k, :k].astype(np.float64), (spent if known.any() else np.full(k, length.sum()))[None]


def _crude_by_period(visits: PanelVisits, cuts: Floats) -> tuple[Floats, Floats]:
    k, at = len(visits.space.states), visits.left
    before, after = visits.seen[at], visits.seen[at + 1]
    begin, end = visits.ticks[at] * visits.tick, visits.ticks[at + 1] * visits.tick
    known = before < k
    both = known & (after < k)
    pair = before[both] * k + after[both]
    moves, spent = np.empty((len(cuts) + 1, k, k)), np.empty((len(cuts) + 1, k))
    for period, (low, high) in enumerate(pairwise((-np.inf, *cuts.tolist(), np.inf))):
        inside = np.clip(np.minimum(end, high) - np.maximum(begin, low), 0.0, None)
        share = (inside / (end - begin))[both]
        moves[period] = np.bincount(pair, weights=share, minlength=k * k).reshape(k, k)
        spent[period] = np.bincount(before[known], weights=inside[known], minlength=k)
        if not known.any():
            spent[period] = inside.sum()
    return moves, spent


def box_of(layout: ParameterLayout, moves: Floats, spent: Floats, shortest: float) -> ParameterBounds:
    """Bound parameters where the likelihood has become flat, and scale them by their crude standard errors."""
    number = {(a, b): float(moves[:, a, b].sum()) + 1.0 for a, b in layout.space.allowed}
    low, high, step = (np.empty(len(layout.parameters)) for _ in range(3))
    for i, parameter in enumerate(layout.parameters):
        if parameter.kind == "rate":
            low[i], high[i], width = np.log(1e-9 / spent.sum()), np.log(1e3 / shortest), 1.0
        elif parameter.kind in ("effect", "period", "error_effect"):
            low[i], high[i], width = -20.0 / parameter.spread, 20.0 / parameter.spread, 2.0 / parameter.spread
        else:
            low[i], high[i], width = -25.0, 25.0, 1.0
        events = sum(number.get(pair, 20.0) if parameter.kind in OF_RATES else 20.0 for pair in parameter.pairs)
        step[i] = width / np.sqrt(events)
    return ParameterBounds(low, high, step)


def shortest(visits: PanelVisits) -> float:
    """Return the shortest interval between visits, in the unit of time."""
    return float(visits.tally.length.min() * visits.tick)
