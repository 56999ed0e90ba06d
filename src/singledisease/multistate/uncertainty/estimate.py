"""One number with its draws, which pair with those of every other number from the same draws."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from attrs import frozen

from singledisease.errors import UsageError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.uncertainty.limits import tails_of
from singledisease.tables import displayed


@displayed
@frozen(eq=False)
class Estimate:
    """A number with draws of it, paired with those of every other estimate from the same draws.

    >>> one, other = Estimate(10.0, np.array([9.0, 10.0, 11.0])), Estimate(4.0, np.array([4.0, 5.0, 3.0]))
    >>> (one - other).value, (one - other).interval(0.5)
    (6.0, (5.0, 6.5))
    """

    value: float
    draws: Floats | None = None

    def _with(self, value: float, other: Estimate, draws: Any) -> Estimate:
        if self.draws is None or other.draws is None:
            return Estimate(value)
        if len(self.draws) != len(other.draws):
            raise UsageError(f"{len(self.draws)} and {len(other.draws)} draws are not pairs; use one set of draws")
        # Two goals that are never reached have no difference: NaN, which is no fault.
        with np.errstate(invalid="ignore"):
            return Estimate(value, np.asarray(draws(self.draws, other.draws)))

    def __sub__(self, other: Estimate) -> Estimate:
        return self._with(self.value - other.value, other, np.subtract)

    def __add__(self, other: Estimate) -> Estimate:
        return self._with(self.value + other.value, other, np.add)

    def __truediv__(self, other: Estimate) -> Estimate:
        return self._with(self.value / other.value, other, np.divide)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the quantiles of the draws; NaN if there are none."""
        if self.draws is None:
            return math.nan, math.nan
        kind = "linear" if np.isfinite(self.draws).all() else "nearest"
        low, high = np.quantile(self.draws, tails_of(level), method=kind)  # type: ignore[call-overload]
        return float(low), float(high)

    def __str__(self) -> str:
        low, high = (f"{limit:.6g}".replace("inf", "∞") for limit in self.interval())
        return _written(self.value) if self.draws is None else f"{_written(self.value)} ({low} to {high})"


def _written(value: float) -> str:
    if math.isnan(value):
        return "未知 / not known"
    return "未达到 / not reached" if value == math.inf else f"{value:.6g}"
