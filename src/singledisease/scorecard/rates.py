"""From groups of people to the figures of a measure: sums, rate, interval and bounds, after merging."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease import intervals
from singledisease.definitions.measure import DENOMINATOR_GROUPS, EXCLUDED, NUMERATOR, OUTSIDE, UNKNOWN


@frozen(eq=False, kw_only=True)
class Figures:
    """The figures of one measure, one element for each period and stratum.

    Attributes
    ----------
    initial_population
        Everybody but those outside.
    excluded
        Those in a group ``excluded:...``.
    denominator
        Numerator, not numerator and unknown together.
    rate
        Numerator out of denominator; NaN where the denominator is 0.
    ci_low, ci_high
        Wilson's 95 % interval of the rate.
    bound_low, bound_high
        The rate if everybody unknown failed, and if everybody unknown passed.
    """

    initial_population: NDArray[np.int64]
    excluded: NDArray[np.int64]
    denominator: NDArray[np.int64]
    numerator: NDArray[np.int64]
    unknown: NDArray[np.int64]
    rate: NDArray[np.float64]
    ci_low: NDArray[np.float64]
    ci_high: NDArray[np.float64]
    bound_low: NDArray[np.float64]
    bound_high: NDArray[np.float64]


def figures(groups: tuple[str, ...], counts: NDArray[Any]) -> Figures:
    """Make the figures of counts whose last axis are the groups.

    >>> made = figures(("outside", "excluded:misdiagnosed", "numerator", "not_numerator", "unknown"),
    ...                np.array([2, 1, 6, 3, 1]))
    >>> [int(n) for n in (made.initial_population, made.excluded, made.denominator, made.numerator)]
    [11, 1, 10, 6]
    >>> float(made.rate), float(made.bound_low), float(made.bound_high)
    (0.6, 0.6, 0.7)
    """
    numerator = _sum(counts, [group == NUMERATOR for group in groups])
    unknown = _sum(counts, [group == UNKNOWN for group in groups])
    denominator = _sum(counts, [group in DENOMINATOR_GROUPS for group in groups])
    low, high = intervals.wilson(numerator, denominator)
    return Figures(
        initial_population=_sum(counts, [group != OUTSIDE for group in groups]),
        excluded=_sum(counts, [group.startswith(EXCLUDED) for group in groups]),
        denominator=denominator,
        numerator=numerator,
        unknown=unknown,
        rate=_ratio(numerator, denominator),
        ci_low=low,
        ci_high=high,
        bound_low=_ratio(numerator, denominator),
        bound_high=_ratio(numerator + unknown, denominator),
    )


def _sum(counts: NDArray[Any], chosen: list[bool]) -> NDArray[np.int64]:
    return np.asarray(counts[..., np.array(chosen, bool)].sum(axis=-1), np.int64)


def _ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)
