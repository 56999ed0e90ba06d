"""Crude rates, read off successive visits as if they were transitions: where the search starts, and its bounds."""

from __future__ import annotations

import numpy as np

from singledisease.cohort.histories import Floats
from singledisease.cohort.maximise import Box
from singledisease.cohort.parameters import OF_RATES, Layout
from singledisease.cohort.visits import Visits


def start_of(layout: Layout, moves: Floats, spent: Floats) -> Floats:
    """Start from crude rates: moves seen from a visit to the next, by the time that follows visits in the state."""
    overall = max(float(moves.sum() - np.trace(moves)), 1.0) / max(float(spent.sum()), 1e-300)
    theta = np.zeros(len(layout.parameters))
    for i in layout.kind("rate"):
        number = sum(moves[a, b] + 0.5 for a, b in layout.parameters[i].pairs)
        theta[i] = np.log(number / sum(spent[a] + 0.5 / overall for a, _ in layout.parameters[i].pairs))
    theta[layout.kind("error")] = -2.0
    return theta


def crude(visits: Visits) -> tuple[Floats, Floats]:
    """Give how many pairs of visits show each pair of states, (K, K), and the time after visits in each, (K).

    Where no state at all is known, all time counts in each.
    """
    k, seen = len(visits.space.states), visits.tally
    length = seen.number * seen.length * visits.tick
    known = seen.before < k
    spent = np.bincount(seen.before[known], weights=length[known], minlength=k).astype(np.float64)
    return visits.pairs[:k, :k].astype(np.float64), spent if known.any() else np.full(k, length.sum())


def box_of(layout: Layout, moves: Floats, spent: Floats, shortest: float) -> Box:
    """Bound parameters where the likelihood has become flat, and scale them by their crude standard errors."""
    number = {(a, b): float(moves[a, b]) + 1.0 for a, b in layout.space.allowed}
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
    return Box(low, high, step)


def shortest(visits: Visits) -> float:
    """Give the shortest interval between visits, in the unit of time."""
    return float(visits.tally.length.min() * visits.tick)
