"""The matrix exponential of a generator, its integral and its derivative, for many times at once.

By uniformisation with squaring: with λ the largest rate out of a state, R = I + Q/λ has no negative entry, so
P(θ/λ) = Σ e^{-θ} θⁿ/n! Rⁿ adds positive terms only, and so does each squaring P(2t) = P(t)².  Nothing can cancel:
every entry keeps its relative accuracy, about λt times 2⁻⁵³.

The general routine of SciPy is not used: on triangular input with nearly equal rates it takes a difference
quotient and is off by up to 2e-4 (a test says when that has been mended).

Source: Jensen, Skandinavisk Aktuarietidskrift 1953;36:87–91 (uniformisation).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import UsageError
from singledisease.multistate.arrays import Floats

TERMS = 26
"""Terms of the series for θ ≤ 1: 1/26! is below 2.5e-27 of the first."""


def checked_generator(rates: ArrayLike) -> Floats:
    """Take off-diagonal rates, put minus the row sums on the diagonal.

    Raises
    ------
    UsageError
        If it is not square, or an off-diagonal rate is negative or not finite.

    >>> checked_generator([[0, 0.5], [0, 0]]).tolist()
    [[-0.5, 0.5], [0.0, 0.0]]
    """
    q = np.array(rates, dtype=np.float64)
    if q.ndim != 2 or q.shape[0] != q.shape[1]:
        raise UsageError(f"a generator is a square matrix; this one has shape {q.shape}")
    np.fill_diagonal(q, 0.0)
    if not np.isfinite(q).all() or (q < 0).any():
        i, j = np.argwhere(~(q >= 0) | ~np.isfinite(q))[0]
        raise UsageError(f"rates must be finite and not negative; from state {i} to state {j} got {q[i, j]}")
    q[np.diag_indices_from(q)] = 0.0 - q.sum(1)
    return q


def _uniform(q: Floats, times: Floats) -> tuple[float, Floats, Floats, NDArray[np.int64]]:
    """Return λ, R, the step θ of each time in (0, 1], and by how many doublings the longest is reached."""
    fastest = float(-q.diagonal().min())
    if fastest == 0.0:
        # Nothing moves; a step as long as the longest time needs no doubling, and so adds no rounding.
        fastest = 1.0 / max(float(times.max(initial=0.0)), 1.0)
    stretch = fastest * np.maximum(times, 0.0)
    doublings = np.maximum(np.ceil(np.log2(np.maximum(stretch, 1e-300))), 0.0).astype(np.int64)
    return fastest, np.eye(len(q)) + q / fastest, stretch / 2.0**doublings, doublings


def _poisson(theta: Floats, terms: int = TERMS) -> Floats:
    """Return e^{-θ} θⁿ/n! for n < terms, (G, terms)."""
    weights = np.empty((len(theta), terms))
    weights[:, 0] = np.exp(-theta)
    for n in range(1, terms):
        weights[:, n] = weights[:, n - 1] * theta / n
    return weights


def _powers(r: Floats) -> Floats:
    powers = np.empty((TERMS, *r.shape))
    powers[0] = np.eye(len(r))
    for n in range(1, TERMS):
        powers[n] = powers[n - 1] @ r
    return powers


def transition_probabilities(q: ArrayLike, times: ArrayLike) -> Floats:
    """Return P(t) = exp(Qt) for each time.

    Parameters
    ----------
    q
        Generator, shape (K, K); the diagonal is put right.
    times
        Times ≥ 0 in the unit of the rates, shape (G,).

    Returns
    -------
    ndarray
        Shape (G, K, K); entries are never negative.

    Raises
    ------
    UsageError
        If ``q`` is not a generator, or a time is negative or not finite.

    >>> transition_probabilities([[-0.1, 0.1], [0, 0]], [5.0]).round(6).tolist()
    [[[0.606531, 0.393469], [0.0, 1.0]]]
    """
    q = checked_generator(q)
    when = checked_times(times)
    _, r, theta, doublings = _uniform(q, when)
    p = np.einsum("gn,nij->gij", _poisson(theta), _powers(r))
    for level in range(int(doublings.max(initial=0))):
        on = doublings > level
        p[on] = p[on] @ p[on]
    return np.asarray(p / p.sum(2, keepdims=True))


def checked_times(times: ArrayLike) -> Floats:
    """Take times ≥ 0 as a float array of one axis; raises ``UsageError`` otherwise."""
    try:
        when = np.atleast_1d(np.asarray(times, dtype=np.float64))
    except (TypeError, ValueError):
        raise UsageError(f"times must be numbers, in the unit of the rates; got {times!r}") from None
    if when.ndim != 1 or not np.isfinite(when).all() or (when < 0).any():
        raise UsageError(f"times must be finite and not negative; got {times!r}")
    return when


def time_in_states(q: ArrayLike, times: ArrayLike) -> Floats:
    """Return ∫₀ᵗ exp(Qu) du for each time: expected time in state j up to t, from state i; (G, K, K).

    Raises
    ------
    UsageError
        If ``q`` is not a generator, or a time is negative or not finite.

    >>> time_in_states([[-0.1, 0.1], [0, 0]], [5.0]).round(6).tolist()
    [[[3.934693, 1.065307], [0.0, 5.0]]]
    """
    q = checked_generator(q)
    when = checked_times(times)
    fastest, r, theta, doublings = _uniform(q, when)
    weights = _poisson(theta)
    # ∫ e^{-u} uⁿ/n! du from 0 to θ is the Poisson tail above n: summed from the small end, not as 1 − Σ.
    tails = np.zeros_like(weights)
    reach = np.concatenate((weights, _poisson_beyond(theta, weights[:, -1])), axis=1)
    suffix = np.cumsum(reach[:, ::-1], axis=1)[:, ::-1]
    tails = suffix[:, 1 : TERMS + 1]
    powers = _powers(r)
    p = np.einsum("gn,nij->gij", weights, powers)
    s = np.einsum("gn,nij->gij", tails, powers) / fastest
    for level in range(int(doublings.max(initial=0))):
        on = doublings > level
        s[on] = s[on] + p[on] @ s[on]
        p[on] = p[on] @ p[on]
    return np.asarray(s)


def _poisson_beyond(theta: Floats, last: Floats) -> Floats:
    """Return the Poisson weights of the TERMS numbers after the last one computed."""
    weights = np.empty((len(theta), TERMS))
    current = last
    for n in range(TERMS):
        current = current * theta / (TERMS + n)
        weights[:, n] = current
    return weights


def derivatives(q: ArrayLike, times: ArrayLike, directions: ArrayLike) -> Floats:
    """Return the change of exp(Qt) for a change of Q in given directions.

    Parameters
    ----------
    q
        Generator, (K, K).
    times
        (G,).
    directions
        (D, K, K): each the change of Q, rows summing to 0 for a generator; or (G, K, K) with one per time.

    Returns
    -------
    ndarray
        (G, D, K, K); with one direction per time (G, K, K) see ``paired_derivatives``.
    """
    q = checked_generator(q)
    when = checked_times(times)
    change = np.asarray(directions, dtype=np.float64)
    stacked = np.broadcast_to(change[None], (len(when), *change.shape))
    flat = stacked.reshape(-1, *q.shape)
    repeated = np.repeat(when, len(change))
    return paired_derivatives(q, repeated, flat).reshape(len(when), len(change), *q.shape)


def paired_derivatives(q: Floats, times: Floats, directions: Floats) -> Floats:
    """Return the change of exp(Q t_g) in direction E_g, for each g: (G, K, K).

    Works for any matrix with non-negative off-diagonal entries: with the transpose of a generator it is the
    adjoint, which turns a gradient by P into one by Q.
    """
    fastest, r, theta, doublings = _uniform(q, times)
    weights = _poisson(theta)
    change = directions / fastest
    power = np.broadcast_to(np.eye(len(q)), change.shape)
    slope = np.zeros(change.shape)
    p = weights[:, :1, None] * power
    total = np.zeros(change.shape)
    for n in range(1, TERMS):
        slope = slope @ r + power @ change
        power = power @ r
        p = p + weights[:, n, None, None] * power
        total = total + weights[:, n, None, None] * slope
    for level in range(int(doublings.max(initial=0))):
        on = doublings > level
        total[on] = total[on] @ p[on] + p[on] @ total[on]
        p[on] = p[on] @ p[on]
    return np.asarray(total)
