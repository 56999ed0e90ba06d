"""Pointwise limits of a probability, on the scale on which they are nearest to symmetrical."""

from __future__ import annotations

from statistics import NormalDist
from typing import Literal

import numpy as np

from singledisease.errors import UsageError
from singledisease.multistate.arrays import Floats

Transform = Literal["log", "log-log", "plain"]
TRANSFORMS = ("log", "log-log", "plain")


def tails_of(level: float) -> tuple[float, float]:
    """Return the two shares between which so much lies; raises ``UsageError`` if the level is not between 0 and 1."""
    if not 0 < level < 1:
        raise UsageError(f"level={level!r} must lie between 0 and 1, such as 0.95")
    return 0.5 - level / 2, 0.5 + level / 2


def quantile_of(level: float) -> float:
    """Return how many standard errors an interval reaches to each side.

    >>> round(quantile_of(0.95), 4)
    1.96
    """
    return NormalDist().inv_cdf(tails_of(level)[1])


def limits_of(p: Floats, error: Floats, level: float, transform: Transform) -> tuple[Floats, Floats]:
    """Return the limits of an interval for each probability; NaN where the scale has none.

    On the ``log`` scale there is none at 0, on the ``log-log`` scale none at 0 or 1.

    Raises
    ------
    UsageError
        If there is no such scale, or the level is not between 0 and 1.

    >>> low, high = limits_of(np.array([0.5, 0.0]), np.array([0.1, 0.0]), 0.95, "log")
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.338, nan], [0.74, nan])
    """
    if transform not in TRANSFORMS:
        raise UsageError(f"transform={transform!r} is none of {', '.join(TRANSFORMS)}")
    z = quantile_of(level)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if transform == "plain":
            return np.clip(p - z * error, 0, 1), np.clip(p + z * error, 0, 1)
        if transform == "log":
            spread = np.exp(z * error / p)
            return np.where(p > 0, p / spread, np.nan), np.where(p > 0, np.minimum(p * spread, 1), np.nan)
        inner = (p > 0) & (p < 1)
        spread = np.exp(z * error / (p * np.abs(np.log(p))))
        return np.where(inner, p**spread, np.nan), np.where(inner, p ** (1 / spread), np.nan)
