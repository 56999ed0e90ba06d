"""Which rates are in force when, and for whom: they depend on covariates and change at cuts."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from singledisease.errors import UsageError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.rates.covariates.design import Design
from singledisease.multistate.rates.parameters.layout import ParameterLayout
from singledisease.multistate.rates.results.outcomes import PiecewiseGenerator
from singledisease.multistate.rates.visits.visits import PanelVisits

Move = tuple[Any, Any]


@frozen(eq=False, kw_only=True)
class RateSchedule:
    """The generators that parameters make, by period and for values of the covariates.

    Attributes
    ----------
    visits, plan, layout
        The clock of the visits, covariates and periods, and the parameters of the rates.

    ``centred`` is what ``plan.rates.centred`` makes of values of covariates.
    """

    visits: PanelVisits
    plan: Design
    layout: ParameterLayout

    def since(self, at: Any) -> float:
        """Return the time from which on rates are asked for; 0 where they never change.

        Raises
        ------
        UsageError
            If the rates change at cuts and ``at`` is left out.
        """
        if not len(self.plan.cuts):
            return 0.0
        if at is None:
            raise UsageError(f"rates change at {', '.join(self.plan.edges)}; say at which time with `at` or `start`")
        return self.visits.time(at)

    def period(self, since: float) -> int:
        """Return the period in which a time lies; one that begins at a cut has begun then."""
        return int(np.searchsorted(self.plan.cuts, since, side="right"))

    def generators(self, theta: Floats, centred: Floats) -> Floats:
        """Return the generators of all periods, (…, periods, K, K)."""
        count = len(self.plan.cuts) + 1
        dummies = np.arange(count)[:, None] == np.arange(1, count)
        terms = np.concatenate((np.broadcast_to(centred, (count, len(centred))), dummies), axis=1)
        return np.asarray(self.layout.generators(theta, terms))

    def course(self, theta: Floats, centred: Floats, since: float) -> PiecewiseGenerator:
        """Return the generators in force from a time on, with the times from then at which they change."""
        first = self.period(since)
        edges = self.plan.cuts[first:] - since
        return PiecewiseGenerator(self.generators(theta, centred)[..., first:, :, :], np.concatenate(([0.0], edges)))

    def log_rate(self, move: Move, centred: Floats, since: float) -> Floats:
        """Return how the log of a rate is made of the parameters, (P); raises ``UsageError`` if there is no such."""
        space = self.visits.space
        pairs = [(space.states[a], space.states[b]) for a, b in space.allowed]
        if tuple(move) not in pairs:
            raise UsageError(f"there is no transition {move!r}; there are {pairs}")
        rate, dummies = pairs.index(tuple(move)), np.arange(1, len(self.plan.cuts) + 1) == self.period(since)
        terms = np.concatenate((centred, dummies))
        made = np.zeros(len(self.layout.parameters))
        made[self.layout.base[rate]] = 1.0
        acts = self.layout.acts[rate] >= 0
        made[self.layout.acts[rate, acts]] += terms[acts]
        return made
