"""Uncertainty without the normal distribution: profile likelihood, and people drawn again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from singledisease.errors import UsageError, did_you_mean, require_kind
from singledisease.multistate.arrays import Floats
from singledisease.multistate.rates.results import outcomes
from singledisease.multistate.rates.results.estimates import limits
from singledisease.multistate.rates.results.fitted import FittedGenerator, Values
from singledisease.multistate.rates.results.outcomes import PiecewiseGenerator
from singledisease.multistate.rates.results.projected import forecast_of_fit, last_seen
from singledisease.multistate.rates.search.closed_form import closed_form
from singledisease.multistate.rates.search.maximise import ParameterBounds, climb
from singledisease.multistate.scenarios.projection import Projection
from singledisease.multistate.uncertainty.limits import quantile_of
from singledisease.progress import Progress
from singledisease.tables import displayed

PROFILE_STEPS = 40
NEARLY = 1e-3
"""Slope, by crude standard errors, at which a refit has found its maximum."""


def profile_interval(
    fit: FittedGenerator, name: str, level: float = 0.95, progress: Progress | None = None
) -> tuple[float, float]:
    """Return the profile-likelihood limits of a rate, rate ratio or odds.

    They are where -2 log L, at its best in all other parameters, has risen by the quantile of χ² with one degree
    of freedom.  A side on which it never rises so far is open: 0 or infinite.

    Raises
    ------
    UsageError
        If there is no such parameter, or it is fixed.

    >>> from singledisease.multistate.rates.fit import fit_generator
    >>> fit = fit_generator([1, 1, 1, 2, 2], [0, 1, 2, 0, 2], [1, 1, 2, 1, 2], allowed=[(1, 2)])
    >>> low, high = profile_interval(fit, "1 → 2")
    >>> round(low, 3), round(high, 3)
    (0.145, 3.49)
    """
    require_kind(fit, FittedGenerator, way="sd.profile_interval(fit, name, level, progress)", named="fit")
    require_kind(name, str, way="sd.profile_interval(fit, name, level, progress)", named="name")
    names = list(fit.parameters)
    if name not in names:
        raise UsageError(f"there is no parameter {name!r}; {did_you_mean(name, names)}")
    if names.index(name) in fit.box.fixed:
        raise UsageError(f"{name} is fixed, so that it has no limits")
    target = quantile_of(level)
    sides = []
    for sign in (-1.0, 1.0):
        sides.append(_side(fit, names.index(name), sign, target))
        if progress is not None:
            progress(len(sides), 2)
    low, high = sides
    return float(np.exp(low)), float(np.exp(high))


def _side(fit: FittedGenerator, i: int, sign: float, target: float) -> float:
    """Find where √(2 (log L̂ − profile)) reaches ``target``; it is nearly a line in the parameter."""
    at, best = fit.maximum.theta[i], fit.maximum.total
    edge = fit.box.low[i] if sign < 0 else fit.box.high[i]
    variance = fit.covariance[i, i]
    width = float(np.sqrt(variance)) if variance > 0 else float(fit.box.step[i])
    near, inner, outer = fit.maximum.theta, 0.0, abs(edge - at)
    far = min(target * width, outer)
    for _ in range(PROFILE_STEPS):
        # From the side of the maximum: far out the others lie where the way back is lost.
        theta, total, slope = _constrained(fit, near, i, at + sign * far)
        root = np.sqrt(max(2 * (best - total), 0.0))
        if abs(root - target) < 1e-7:
            return float(at + sign * far)
        if root < target:
            if far >= abs(edge - at) * (1 - 1e-9):
                return sign * np.inf
            near, inner = theta, far
        else:
            outer = far
        steep = abs(slope) / root if root > 0 else 0.0
        guess = far + (target - root) / steep if steep > 0 else 2 * far
        far = guess if inner < guess < outer else min((inner + outer) / 2, 4 * far if root < target else outer)
    return float(at + sign * far)


def _constrained(fit: FittedGenerator, theta: Floats, i: int, value: float) -> tuple[Floats, float, float]:
    low, high = fit.box.low.copy(), fit.box.high.copy()
    low[i] = high[i] = value
    start = theta.copy()
    start[i] = value
    reached = climb(fit.likelihood, start, ParameterBounds(low, high, fit.box.step), _metric(fit))
    return reached.theta, reached.total, float(fit.likelihood.slope(reached.theta)[1][i])


def _metric(fit: FittedGenerator) -> Floats:
    """Return a guess of the covariance: crude for what is not identified, which would otherwise slow down the rest."""
    lost = np.isnan(np.diag(fit.covariance))
    covariance = np.where(lost[:, None] | lost, 0.0, fit.covariance)
    return np.asarray(covariance + np.diag(np.where(lost, fit.box.step**2, 0.0)))


@displayed
@frozen(eq=False, kw_only=True)
class Resampled:
    """A fit repeated on people drawn with replacement.

    Attributes
    ----------
    fit
        The fit to all.
    theta
        float64 (replicates, P): parameters of the refits that found their maximum.
    failed
        How many did not find it, or lost an effect or an error that the whole data identify; a rate may become 0.
    """

    fit: FittedGenerator
    theta: Floats
    failed: int

    def interval(
        self,
        of: str | Callable[[PiecewiseGenerator], Floats],
        *about: Any,
        covariates: Values | None = None,
        start: Any = None,
        level: float = 0.95,
    ) -> tuple[Floats, Floats]:
        """Return percentile limits of anything that follows from the rates; see ``FittedGenerator.interval``."""
        values = outcomes.named(of, about, self.fit.codes)(self.fit.course(covariates, start, self.theta))
        return limits(values, level)

    def project(
        self, steps: int, *, step: float = 1.0, start: ArrayLike | None = None, at: Any = None, **more: Any
    ) -> Projection:
        """Project where people will be, with the rates of each refit for a draw; see ``FittedGenerator.project``.

        A rate that is not identified is in each refit what these people make of it, mostly 0: what the limits say is
        how sure the projection is if the transitions that nobody was seen to make go on not being made.

        >>> from singledisease.multistate.rates.fit import fit_generator
        >>> fit = fit_generator([1, 1, 2, 2, 3, 3], [0, 1, 0, 1, 0, 1], ["a", "b", "a", "a", "a", "b"],
        ...                     allowed=[("a", "b"), ("b", "a")])
        >>> low, high = bootstrap(fit, n=50).project(2, start=[9, 0]).interval()
        >>> bool(low[1, 1] < high[1, 1])
        True
        """
        begin = last_seen(self.fit.visits) if start is None else start
        return forecast_of_fit(self.fit, begin, step=step, at=at, theta=self.theta, **more).project(steps)

    def __str__(self) -> str:
        return f"{len(self.theta)} refits to resampled people, {self.failed} more failed"


def bootstrap(fit: FittedGenerator, n: int = 200, seed: int = 1, progress: Progress | None = None) -> Resampled:
    """Refit to people drawn with replacement: never to single visits, which hang together.

    Parameters
    ----------
    fit
        The fit to all.
    n, seed
        Replicates, and of the random numbers.
    progress
        Called with how many are done, of how many.

    Returns
    -------
    Resampled
        With the number of refits that failed.

    >>> from singledisease.multistate.rates.fit import fit_generator
    >>> fit = fit_generator([1, 1, 2, 2, 3, 3], [0, 1, 0, 1, 0, 1], ["a", "b", "a", "a", "a", "b"],
    ...                     allowed=[("a", "b"), ("b", "a")])
    >>> resampled = bootstrap(fit, n=20, seed=1)
    >>> resampled.theta.shape, resampled.failed
    ((20, 2), 0)
    """
    require_kind(fit, FittedGenerator, way="sd.bootstrap(fit, n, seed, progress)", named="fit")
    if n < 1:
        raise UsageError(f"n={n!r}: expected at least 1 sample of people")
    sequences, people = fit.likelihood.plan.sequences, len(fit.visits.ids)
    pieces, rng, metric = sequences.pieces, np.random.default_rng(seed), _metric(fit)
    # A rate may become 0 where the people who moved were not drawn; an effect that runs away is lost.
    lost = np.setdiff1d(np.arange(len(fit.maximum.theta)), fit.maximum.free)
    held = np.isin(np.arange(len(fit.maximum.theta)), [*fit.layout.kind("rate"), *lost])
    kept = []
    for done in range(n):
        times = np.bincount(rng.integers(people, size=people), minlength=people)
        weight = np.bincount(pieces.sequence, weights=times[pieces.person], minlength=len(sequences.weight))
        likelihood = fit.likelihood.weighted(weight.astype(np.float64))
        exact = closed_form(likelihood, fit.maximum.theta, fit.box)
        reached = exact or climb(likelihood, fit.maximum.theta, fit.box, metric)
        slope = likelihood.slope(reached.theta)[1]
        edge = fit.box.held(reached.theta, slope)
        left = float(np.abs(np.where(edge, 0.0, slope * fit.box.step)).max(initial=0.0))
        if left < NEARLY and not (edge & ~held).any():
            kept.append(reached.theta)
        if progress is not None:
            progress(done + 1, n)
    theta = np.array(kept).reshape(len(kept), len(fit.maximum.theta))
    return Resampled(fit=fit, theta=theta, failed=n - len(kept))
