"""Limits of the probabilities of errors in what is seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from singledisease.multistate.arrays import Floats
from singledisease.multistate.headings import HEADINGS, PROBABILITIES
from singledisease.multistate.names import Called
from singledisease.multistate.rates.parameters.misclassification import Misclassification
from singledisease.multistate.uncertainty.limits import quantile_of
from singledisease.tables import Table

STEP = 1e-30
"""Of complex steps: nothing is subtracted, so that it may be as small as one likes."""


def error_limits(
    errors: Misclassification, theta: Floats, covariance: Floats, *, terms: Floats, level: float
) -> tuple[Floats, Floats]:
    """Return limits of the probability of what is seen by true state, (K, K) each: Wald's on the logit of each.

    Parameters
    ----------
    errors, theta, covariance
        Where the parameters act, the parameters and their covariance.
    terms
        Covariates at the visit, centred, (1, terms).
    level
        Of confidence.
    """
    p = np.asarray(errors.probabilities(theta, terms)[0])
    acting = np.unique(np.concatenate((errors.base, errors.acts[errors.acts >= 0])))
    slopes = np.empty((len(acting), *p.shape))
    for place, parameter in enumerate(acting):
        moved = theta.astype(np.complex128)
        moved[parameter] += 1j * STEP
        slopes[place] = errors.probabilities(moved, terms)[0].imag / STEP
    variance = np.zeros_like(p)
    for i, j in np.argwhere((slopes != 0).any(0)):
        moving = slopes[:, i, j] != 0
        on, by = acting[moving], slopes[moving, i, j]
        variance[i, j] = by @ covariance[np.ix_(on, on)] @ by
    inner = (p > 0) & (p < 1)
    # Of an error that is all but impossible the limits go to 0 and 1.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        half = quantile_of(level) * np.sqrt(variance) / (p * (1 - p))
        low, high = (1 / (1 + (1 - p) / p * np.exp(sign * half)) for sign in (1.0, -1.0))
    return np.where(inner, low, p), np.where(inner, high, p)


def error_table_of(p: Floats, low: Floats, high: Floats, *, states: Sequence[Any], names: Called) -> Table:
    """Write one row per true state that may be mistaken and what it is seen as: the probability and its limits."""
    rows = [
        (str(states[i]), str(states[j]), *(None if np.isnan(one[i, j]) else float(one[i, j]) for one in (p, low, high)))
        for i, j in np.argwhere(p)
        if p[i, i] < 1
    ]
    return Table.of_rows(
        ("true", "seen", "probability", "ci_low", "ci_high"),
        rows,
        headings=HEADINGS,
        formats=PROBABILITIES,
        called=dict.fromkeys(("true", "seen"), names),
    )
