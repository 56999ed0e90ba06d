"""The maximum in closed form, where paths are fully observed and each rate of each period has a parameter of its own.

Source: Albert, Ann Math Stat 1962;33:727–753 (moves by the time spent where they start).
"""

from __future__ import annotations

import numpy as np

from singledisease.multistate.arrays import Floats
from singledisease.multistate.rates.likelihood.likelihood import Likelihood
from singledisease.multistate.rates.parameters.layout import ParameterLayout
from singledisease.multistate.rates.search.maximise import Maximum, ParameterBounds


def closed_form(likelihood: Likelihood, start: Floats, box: ParameterBounds) -> Maximum | None:
    """Return the maximum: log (moves / time) for each rate; ``None`` where there is no such form.

    There is none if something was not observed, covariates act, parameters are fixed, or rates that change at cuts
    share a parameter or were not all seen.  A rate whose move was never seen lies at the edge of its bounds; one from
    a state in which nobody ever was stays where it starts.
    """
    layout = likelihood.layout
    if likelihood.observed is None or len(box.fixed) or {p.kind for p in layout.parameters} - {"rate", "period"}:
        return None
    moves, spent = likelihood.observed.totals(likelihood.weight)
    changing = layout.terms.shape[1] > 0
    found = _of_periods(layout, moves, spent) if changing else _of_rates(layout, moves, spent, start)
    if found is None or (changing and (found != box.inside(found)).any()):
        return None
    theta = box.inside(found)
    total, slope = likelihood.slope(theta)
    hessian, held = likelihood.hessian(theta), box.held(theta, slope)
    curve = np.maximum(-hessian.diagonal(), 1e-300)
    off = float(np.sqrt((np.where(held, 0.0, slope) ** 2 / curve).sum()))
    return Maximum(theta, float(total), np.asarray(slope), hessian, np.flatnonzero(~held), off, 1)


def _of_rates(layout: ParameterLayout, moves: Floats, spent: Floats, start: Floats) -> Floats:
    """Return the logs of rates that never change; equal rates have the moves and the time of all of them."""
    number = np.bincount(layout.base, weights=moves.sum(0), minlength=len(start))
    time = np.bincount(layout.base, weights=spent.sum(0), minlength=len(start))
    with np.errstate(divide="ignore"):
        logs = np.log(number) - np.log(np.where(time > 0, time, 1.0))
    return np.where(time > 0, logs, start)


def _of_periods(layout: ParameterLayout, moves: Floats, spent: Floats) -> Floats | None:
    """Return the logs of the rates of the first period, and their ratios in the later ones."""
    acting, periods = np.concatenate((layout.base, layout.acts.ravel())), layout.terms.shape[1]
    shared = len(np.unique(acting)) < len(acting) or bool((acting < 0).any())
    if shared or len(layout.terms) != periods + 1 or not ((moves > 0) & (spent > 0)).all():
        return None
    logs = np.empty((periods + 1, moves.shape[1]))
    logs[np.where(layout.terms.any(1), layout.terms.argmax(1) + 1, 0)] = np.log(moves / spent)
    theta = np.empty(len(layout.parameters))
    theta[layout.base] = logs[0]
    theta[layout.acts] = (logs[1:] - logs[0]).T
    return theta
