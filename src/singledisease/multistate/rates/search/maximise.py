"""Finding the maximum of a likelihood: quasi-Newton steps from crude rates, then Newton's own."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.rates.likelihood.likelihood import Likelihood
from singledisease.progress import Progress

FLAT = 1e-9
"""Curvature, in units of one observed transition, below which a direction is left alone."""

NEWTON_STEPS = 40
QUASI_NEWTON_STEPS = 500
MOST_STEPS = QUASI_NEWTON_STEPS + NEWTON_STEPS
IDLE = 5
"""Steps in a row that gain nothing."""
NEAR = 1e-6
"""Slope, by crude standard errors, at which Newton's own steps take over."""
CLOSE = 1e-7
"""The same, where second derivatives follow: one step more spares taking them twice."""
GENTLE = 0.25
"""The least curvature, of a parameter in crude standard errors, that a climb reckons with at its start."""
LONGEST = 2.0
"""The longest step of a log rate."""


@frozen(eq=False)
class ParameterBounds:
    """Where each parameter may lie, and the step in which it is moved."""

    low: Floats
    high: Floats
    step: Floats

    @property
    def fixed(self) -> Codes:
        """The parameters that do not move."""
        return np.flatnonzero(self.low == self.high)

    def inside(self, theta: Floats) -> Floats:
        """Move parameters into the box."""
        return np.asarray(np.clip(theta, self.low, self.high))

    def held(self, theta: Floats, slope: Floats) -> NDArray[np.bool_]:
        """Say which parameters lie at an edge and would go further."""
        margin = 1e-9 * (self.high - self.low)
        down = (theta <= self.low + margin) & (slope <= 0)
        up = (theta >= self.high - margin) & (slope >= 0)
        return np.asarray(down | up | (self.high - self.low == 0))


@frozen(eq=False)
class Maximum:
    """Where the search ended.

    Attributes
    ----------
    theta
        The parameters.
    total
        Log-likelihood.
    slope, hessian
        Its derivatives there.
    free
        Indices of the parameters that do not lie at an edge of the box.
    decrement
        √(gᵀ(−H)⁻¹g): how far off the maximum is, in standard errors.
    evaluations
        How often the likelihood and its gradient were computed.
    """

    theta: Floats
    total: float
    slope: Floats
    hessian: Floats
    free: Codes
    decrement: float
    evaluations: int

    @property
    def converged(self) -> bool:
        """Whether it is the maximum to a thousandth of a standard error, and -2 log L to a millionth.

        Most maxima are reached far more closely; where a rate runs to 0 the surface is as flat as rounding is rough.
        """
        return bool(np.isfinite(self.total)) and self.decrement < 1e-3


def maximise(likelihood: Likelihood, start: Floats, box: ParameterBounds, progress: Progress | None = None) -> Maximum:
    """Climb from ``start`` to a maximum inside the box."""
    start = box.inside(start)
    reached = climb(likelihood, start, box, _guess(likelihood, start, box), progress=progress, until=CLOSE)
    found = newton(likelihood, reached.theta, box, reached.evaluations, progress)
    if progress is not None:
        progress(MOST_STEPS, MOST_STEPS)
    return found


def _guess(likelihood: Likelihood, start: Floats, box: ParameterBounds) -> Floats | None:
    """Guess the covariance by the curvature at the start, where that costs next to nothing: it halves the climb."""
    rough = likelihood.rough(start)
    if rough is None:
        return None
    free = np.flatnonzero(box.high > box.low)
    scale, guess = np.outer(box.step[free], box.step[free]), np.diag(box.step**2)
    curve, axes = np.linalg.eigh(-rough[np.ix_(free, free)] * scale)
    guess[np.ix_(free, free)] = (axes / np.maximum(np.abs(curve), GENTLE)) @ axes.T * scale
    return guess


@frozen(eq=False)
class Reached:
    """Where a climb ended: parameters, log-likelihood, the slope there by ``ParameterBounds.step``, and its cost.

    ``near`` says whether the slope has become nearly zero.
    """

    theta: Floats
    total: float
    evaluations: int
    near: bool


def climb(
    likelihood: Likelihood,
    start: Floats,
    box: ParameterBounds,
    metric: Floats | None = None,
    *,
    progress: Progress | None = None,
    until: float = NEAR,
) -> Reached:
    """Climb by the method of Broyden, Fletcher, Goldfarb and Shanno, in steps of crude standard errors.

    ``metric`` is a guess of the covariance of the parameters, (P, P); ``until`` the slope to reach.
    """
    theta, (total, slope) = start, likelihood.slope(start)
    near, idle, evaluations = False, 0, 1
    inverse = np.eye(len(start)) if metric is None else metric / np.outer(box.step, box.step)
    for step in range(QUASI_NEWTON_STEPS):
        free = ~box.held(theta, slope)
        rise = np.where(free, slope * box.step, 0.0)
        left = np.abs(rise).max(initial=0.0)
        near = bool(left < NEAR)
        if left < until:
            break
        way = np.where(free, inverse @ rise, 0.0)
        if way @ rise <= 0:
            inverse, way = np.eye(len(start)), rise
        way *= min(1.0, LONGEST / float(np.abs(way * box.step).max()))
        moved, reached, tried = _step_up(likelihood, theta, float(total), way=way, rise=float(way @ rise), box=box)
        evaluations += tried
        if moved is None:
            break
        idle = idle + 1 if reached[0] - total < 1e-13 * (1 + abs(total)) else 0
        if idle > IDLE:
            break
        inverse = _updated(inverse, (moved - theta) / box.step, (slope - reached[1]) * box.step)
        theta, (total, slope) = moved, reached
        if progress is not None:
            progress(step + 1, MOST_STEPS)
    return Reached(theta, float(total), evaluations, near)


def _step_up(
    likelihood: Likelihood, theta: Floats, total: float, *, way: Floats, rise: float, box: ParameterBounds
) -> tuple[Floats | None, tuple[float, Floats], int]:
    share = 1.0
    for tried in range(1, 31):
        moved = box.inside(theta + share * way * box.step)
        reached, slope = likelihood.slope(moved)
        if np.isfinite(reached) and reached - total >= 1e-4 * share * rise - 1e-13 * abs(total):
            return moved, (float(reached), slope), tried
        share /= 3
    return None, (total, theta), 30


def _updated(inverse: Floats, move: Floats, turn: Floats) -> Floats:
    """Learn the curvature from one move; not from one along which the surface bends upwards."""
    along = float(move @ turn)
    if along <= 1e-10 * float(np.sqrt((move @ move) * (turn @ turn))):
        return inverse
    left = np.eye(len(move)) - np.outer(move, turn) / along
    return np.asarray(left @ inverse @ left.T + np.outer(move, move) / along)


def newton(
    likelihood: Likelihood, theta: Floats, box: ParameterBounds, evaluations: int = 0, progress: Progress | None = None
) -> Maximum:
    """Take Newton's steps from a point near the maximum until they are tiny."""
    total, slope = likelihood.slope(theta)
    hessian, best, travelled = likelihood.hessian(theta), np.inf, 0.0
    for number in range(NEWTON_STEPS):
        step, decrement = _step(slope, hessian, ~box.held(theta, slope), box.step)
        if decrement < 1e-9 or (decrement < 1e-6 and decrement > best / 2):
            break
        best = min(best, decrement)
        moved, gained, tried = _search(likelihood, theta, float(total), step=step, box=box, decrement=decrement)
        evaluations += tried
        if moved is None:
            break
        theta, (total, slope) = moved, gained
        travelled += decrement
        # So near the maximum the old curvature leads there as well, for a tenth of the cost.
        if decrement > 0.02:
            hessian, travelled = likelihood.hessian(theta), 0.0
        if progress is not None:
            progress(QUASI_NEWTON_STEPS + number + 1, MOST_STEPS)
    held = box.held(theta, slope)
    hessian = likelihood.hessian(theta) if travelled > 1e-6 else hessian
    _, decrement = _step(slope, hessian, ~held, box.step)
    free = np.flatnonzero(~held)
    return Maximum(theta, float(total), np.asarray(slope), hessian, free, decrement, evaluations)


def _step(slope: Floats, hessian: Floats, free: NDArray[np.bool_], scale: Floats) -> tuple[Floats, float]:
    """Return Newton's step, uphill even where the surface curves the wrong way, and its length in standard errors."""
    step = np.zeros_like(slope)
    if not free.any():
        return step, 0.0
    curve, axes = np.linalg.eigh(-hessian[np.ix_(free, free)] * np.outer(scale[free], scale[free]))
    along = axes.T @ (slope[free] * scale[free])
    size = np.maximum(np.abs(curve), FLAT)
    push = np.where(np.abs(curve) > FLAT, along / size, 0.0)
    step[free] = scale[free] * (axes @ push)
    return step, float(np.sqrt(np.sum(along * push)))


def _search(
    likelihood: Likelihood, theta: Floats, total: float, *, step: Floats, box: ParameterBounds, decrement: float
) -> tuple[Floats | None, tuple[float, Floats], int]:
    """Shorten a step until the likelihood rises; close to the maximum rounding decides, and it is taken whole."""
    longest = float(np.abs(step / np.maximum(box.step, 1e-300)).max(initial=0.0))
    share = min(1.0, 50.0 / longest) if longest > 0 else 1.0
    for tried in range(30):
        moved = box.inside(theta + share * step)
        reached, slope = likelihood.slope(moved)
        if np.isfinite(reached) and (reached > total or decrement < 1e-4):
            return moved, (float(reached), slope), tried + 1
        share /= 2
    return None, (total, np.zeros_like(theta)), 30
