"""exp(Q t) for many generators and times at once, and the gradient back to the generators.

The same uniformisation with squaring as in ``exponential``, run backwards for the gradient: one pass gives
∂F/∂Q for any function F of all the matrices, at twice the cost of the matrices, whatever the number of rates.
Nothing is inverted and no eigenvector is taken, so that equal rates are as good as any.

Everything is analytic in the generators: with complex generators the imaginary parts carry derivatives.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.multistate.arrays import Codes, Floats, Numbers
from singledisease.multistate.exponential.uniformisation import _poisson

ROUNDING = 2.0**-56
"""What may be left out of the first term of an entry."""

BLOCK = 2**16
"""Entries of matrices worked on at a time: half a megabyte stays in the cache."""

ALONE = 128
"""Steps of one generator that are worth a block of their own."""


@frozen(eq=False)
class _Run:
    """One block of steps on its way: what the way back needs."""

    fastest: Floats
    weights: Floats
    powers: Numbers
    local: Codes
    squared: list[tuple[NDArray[np.intp], Numbers]]
    p: Numbers


def propagate(generators: Numbers, which: Codes, times: Floats) -> Numbers:
    """Return exp(Q_c t) for each step.

    Parameters
    ----------
    generators
        (C, K, K), off-diagonal entries not negative.
    which
        (G,): the generator of each step, in ascending order.
    times
        (G,), not negative.

    Returns
    -------
    ndarray
        (G, K, K).

    >>> q = np.array([[[-0.1, 0.1], [0.0, 0.0]]])
    >>> propagate(q, np.array([0]), np.array([5.0])).round(6).tolist()
    [[[0.606531, 0.393469], [0.0, 1.0]]]
    """
    generators = generators * 1.0
    out = np.empty((len(which), *generators.shape[1:]), dtype=generators.dtype)
    for part, owners in _blocks(which, generators.shape):
        out[part] = _run(generators[owners], which[part] - owners.start, times[part]).p
    return out


def pull_back(generators: Numbers, which: Codes, times: Floats, slopes: Numbers) -> Numbers:
    """Return ∂F/∂Q_c, (C, K, K), from ``slopes`` = ∂F/∂P of each step, (G, K, K).

    The entries of Q count as independent; see ``propagate`` for the others.
    """
    generators = generators * 1.0
    out = np.zeros_like(generators, dtype=np.result_type(generators, slopes))
    for part, owners in _blocks(which, generators.shape):
        run = _run(generators[owners], which[part] - owners.start, times[part])
        out[owners] = _back(run, slopes[part].copy())
    return out


def _blocks(which: Codes, shape: tuple[int, ...]) -> Iterator[tuple[slice, slice]]:
    """Cut the steps where the generator changes, into pieces of about ``BLOCK`` entries."""
    size = max(1, BLOCK // (shape[1] * shape[2]))
    starts = np.searchsorted(which, np.arange(shape[0] + 1))
    first = 0
    while first < shape[0]:
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + size, side="right")) - 1)
        # Steps of one generator are one product of two large matrices; those of several are many small ones.
        many = np.flatnonzero(np.diff(starts[first : last + 1]) >= ALONE)
        if len(many):
            last = first + max(1, int(many[0]))
        if starts[last] > starts[first]:
            yield slice(int(starts[first]), int(starts[last])), slice(first, last)
        first = last


def _run(q: Numbers, local: Codes, times: Floats) -> _Run:
    fastest = -np.diagonal(q.real, axis1=1, axis2=2).min(1)
    # Nothing moves: a step as long as the longest time needs no doubling, and so adds no rounding.
    fastest = np.where(fastest > 0, fastest, 1.0 / max(float(times.max()), 1.0))
    stretch = fastest[local] * times
    doublings = np.maximum(np.ceil(np.log2(np.maximum(stretch, 1e-300))), 0.0).astype(np.int64)
    theta = stretch / 2.0**doublings
    weights = _poisson(theta, terms_for(float(theta.max(initial=0.0)), q.shape[1] - 1))
    powers = _powers(np.eye(q.shape[1]) + q / fastest[:, None, None], weights.shape[1])
    p = _series(weights, powers, local)
    squared = []
    for level in range(int(doublings.max())):
        on = np.flatnonzero(doublings > level)
        before = p[on]
        squared.append((on, before))
        p[on] = before @ before
    return _Run(fastest=fastest, weights=weights, powers=powers, local=local, squared=squared, p=p)


def terms_for(theta: float, moves: int) -> int:
    """Return how many terms keep the relative accuracy of every entry, the one of a path of so many moves too.

    A path of m moves begins with the term m; what is left out after n terms is θⁿ⁻ᵐ / (n − m)! of it.
    """
    left, term = 1.0, 0
    while left > ROUNDING:
        term += 1
        left *= theta / term
    return term + moves + 1


def _powers(r: Numbers, terms: int) -> Numbers:
    """Return Rⁿ for n < terms, (terms, C, K, K)."""
    powers = np.empty((terms, *r.shape), dtype=r.dtype)
    powers[0] = np.eye(r.shape[1])
    for n in range(1, terms):
        powers[n] = powers[n - 1] @ r
    return powers


def _series(weights: Floats, powers: Numbers, local: Codes) -> Numbers:
    terms, generators, k, _ = powers.shape
    if generators == 1:
        flat = np.ascontiguousarray(powers).reshape(terms, k * k)
        return (weights @ flat.view(np.float64)).view(flat.dtype).reshape(-1, k, k)
    total = np.zeros((len(weights), k, k), dtype=powers.dtype)
    for n in range(terms):
        total += weights[:, n, None, None] * powers[n][local]
    return total


def _back(run: _Run, slopes: Numbers) -> Numbers:
    """Go back through the squarings, then through the powers (Horner's rule backwards)."""
    for on, before in reversed(run.squared):
        turned, slope = before.swapaxes(1, 2), slopes[on]
        slopes[on] = slope @ turned + turned @ slope
    by_power = _by_power(run, slopes)
    # Turned once and laid out anew: products of small turned views take three times as long.
    turned_powers = np.ascontiguousarray(run.powers.swapaxes(2, 3))
    slope = by_power[-1]
    total = turned_powers[-2] @ slope
    for n in range(len(run.powers) - 2, 0, -1):
        slope = by_power[n] + slope @ turned_powers[1]
        total += turned_powers[n - 1] @ slope
    return np.asarray(total / run.fastest[:, None, None])


def _by_power(run: _Run, slopes: Numbers) -> Numbers:
    """Return ∂F/∂Rⁿ for each n, (terms, C, K, K)."""
    terms, generators, k, _ = run.powers.shape
    if generators == 1:
        flat = np.ascontiguousarray(slopes).reshape(-1, k * k)
        return (run.weights.T @ flat.view(np.float64)).view(flat.dtype).reshape(terms, 1, k, k)
    found, starts, number = np.unique(run.local, return_index=True, return_counts=True)
    by_power = np.zeros((terms, generators, k, k), dtype=slopes.dtype)
    # Adding up takes far longer than multiplying: with a covariate nearly every generator has one step only.
    alone = number == 1
    by_power[:, found[alone]] = run.weights[starts[alone]].T[:, :, None, None] * slopes[starts[alone]]
    rows = np.flatnonzero(~alone[np.searchsorted(found, run.local)])
    if len(rows):
        local = run.local[rows]
        several = np.flatnonzero(np.concatenate(([True], local[1:] != local[:-1])))
        for n in range(terms):
            parts = run.weights[rows, n, None, None] * slopes[rows]
            by_power[n, local[several]] = np.add.reduceat(parts, several, axis=0)
    return by_power
