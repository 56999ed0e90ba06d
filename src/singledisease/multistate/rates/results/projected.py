"""Projections of a fitted generator, from where people were last seen."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from singledisease.errors import UsageError
from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.rates.visits.visits import PanelVisits
from singledisease.multistate.scenarios.scenario import Scenario


def forecast_of_fit(
    fit: Any,
    start: ArrayLike,
    *,
    step: float = 1.0,
    draws: int = 1000,
    seed: int = 0,
    at: Any = None,
    theta: Floats | None = None,
    **more: Any,
) -> Scenario:
    """Make a scenario of a fitted generator.

    Parameters
    ----------
    fit
        What ``fit_generator`` gave.
    start
        Stocks in the order of ``fit.states``.
    step
        Length of a step, in the unit of the rates.
    draws, seed
        How many generators are drawn from the normal distribution of the parameters, and from which seed; 0: none.
    at
        Where rates change with time: the time whose rates go on.
    theta
        Draws of the parameters themselves, (n, P), in the place of normal ones.
    more
        ``inflow``, ``exits``, ``changes``: see ``Scenario``.
    """
    drawn = fit.draws(draws, seed, at=at) if draws and theta is None else None
    if theta is not None:
        drawn = fit.drawn_rates(theta, at=at)
    return Scenario(
        states=fit.states,
        start=start,
        matrix=fit.q(at=at) * step,
        generator=True,
        uncertain=None if drawn is None else drawn * step,
        names=fit.names,
        **more,
    )


def last_seen(visits: PanelVisits) -> Codes:
    """Count people by the state in which each was last seen, (K,).

    Raises
    ------
    UsageError
        If it is not known of somebody.
    """
    count = len(visits.space.states)
    seen = visits.seen[np.append(visits.first[1:], True)]
    if visits.space.errors or (seen >= count).any():
        raise UsageError("the state in which somebody was last seen is not certain; give `start`, the stocks")
    return np.bincount(seen, minlength=count)
