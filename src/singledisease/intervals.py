"""Confidence intervals of a proportion (Wilson's, the exact one) and of a rate; of nothing there is none, never 0."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import UsageError

Bounds = tuple[NDArray[np.float64], NDArray[np.float64]]


def wilson(passed: ArrayLike, of: ArrayLike, confidence: float = 0.95) -> Bounds:
    """Give Wilson's score interval of ``passed`` out of ``of``, element by element.

    Parameters
    ----------
    passed, of
        Whole numbers, 0 <= passed <= of.
    confidence
        Two-sided confidence, between 0 and 1.

    Returns
    -------
    tuple of arrays
        Lower and upper bounds, float64; NaN where ``of`` is 0.

    >>> low, high = wilson([7, 0], [50, 0])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0695, nan], [0.2619, nan])
    """
    k, n, some = _checked(passed, of, confidence)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    whole = np.where(some, n, 1.0)
    share = k / whole
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * np.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    # Of 0 out of 10 the formula leaves 1e-17 or so: the bound is 0, and 1 of 10 out of 10.
    low = np.where(k == 0, 0.0, middle - half)
    high = np.where(k == n, 1.0, middle + half)
    return np.where(some, low, np.nan), np.where(some, high, np.nan)


def exact(passed: ArrayLike, of: ArrayLike, confidence: float = 0.95) -> Bounds:
    """Give the exact interval (Clopper and Pearson) of ``passed`` out of ``of``, element by element.

    Parameters and result are those of ``wilson``.

    >>> low, high = exact(7, 50)
    >>> float(low.round(4)), float(high.round(4))
    (0.0582, 0.2674)
    """
    from scipy.special import betaincinv  # noqa: PLC0415 - takes a quarter of a second to import

    k, n, some = _checked(passed, of, confidence)
    tail = (1 - confidence) / 2
    inner = some & (k > 0)
    low = np.where(inner, betaincinv(np.where(inner, k, 1.0), n - k + 1, tail), 0.0)
    inner = some & (k < n)
    high = np.where(inner, betaincinv(k + 1, np.where(inner, n - k, 1.0), 1 - tail), 1.0)
    return np.where(some, low, np.nan), np.where(some, high, np.nan)


def poisson(events: ArrayLike, exposure: ArrayLike, confidence: float = 0.95) -> Bounds:
    """Give the exact interval (Garwood) of a Poisson rate: ``events`` in so much ``exposure``, element by element.

    Returns
    -------
    tuple of arrays
        Lower and upper bounds per unit of exposure, float64; NaN where there was no exposure.

    >>> low, high = poisson([0, 3], [10.0, 10.0])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.0619], [0.3689, 0.8767])
    """
    from scipy.special import gammaincinv  # noqa: PLC0415 - takes a quarter of a second to import

    k, t = np.broadcast_arrays(np.asarray(events, np.float64), np.asarray(exposure, np.float64))
    if not 0 < confidence < 1:
        raise UsageError(f"confidence {confidence!r} must lie between 0 and 1, such as 0.95")
    if not bool(np.all((k >= 0) & (t >= 0))):
        raise ValueError("events and exposure must not be negative, anywhere")
    tail = (1 - confidence) / 2
    time = np.where(t > 0, t, np.nan)
    low = np.where(k > 0, gammaincinv(np.where(k > 0, k, 1.0), tail), 0.0)
    return low / time, np.asarray(gammaincinv(k + 1, 1 - tail)) / time


def _checked(
    passed: ArrayLike, of: ArrayLike, confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[Any]]:
    k, n = np.broadcast_arrays(np.asarray(passed, np.float64), np.asarray(of, np.float64))
    if not 0 < confidence < 1:
        raise UsageError(f"confidence {confidence!r} must lie between 0 and 1, such as 0.95")
    if not bool(np.all((k >= 0) & (k <= n))):
        raise ValueError("passed must lie between 0 and of, everywhere")
    return k, n, n > 0
