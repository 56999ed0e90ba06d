"""Estimates with their limits, as a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from singledisease.multistate.arrays import Floats
from singledisease.multistate.names import Called
from singledisease.multistate.rates.parameters.layout import ParameterLayout
from singledisease.multistate.rates.search.identifiability import Unidentified
from singledisease.multistate.uncertainty.limits import quantile_of, tails_of
from singledisease.tables import Heading, Table

_WHAT = {
    "rate": "rate per {unit}",
    "effect": "rate ratio",
    "period": "rate ratio",
    "error": "odds",
    "error_effect": "odds ratio",
    "initial": "odds",
}
FIXED = "fixed / 固定"

_FORMATS = dict.fromkeys(("estimate", "ci_low", "ci_high"), ".4g")


def table_of(
    layout: ParameterLayout, theta: Floats, covariance: Floats, poor: Sequence[Unidentified], *, unit: str, level: float
) -> Table:
    """Write each rate, rate ratio and odds with Wald limits on the log scale; none if fixed or not identified."""
    z = quantile_of(level)
    notes = {one.name: one.note for one in poor}
    rows = []
    for parameter, x, variance in zip(layout.parameters, theta, np.diag(covariance), strict=True):
        known = parameter.name not in notes and variance > 0
        width = z * float(np.sqrt(variance)) if known else np.nan
        limits = (float(np.exp(x - width)), float(np.exp(x + width))) if known else (None, None)
        what = _WHAT[parameter.kind].format(unit=unit)
        rows.append(
            (parameter.name, what, float(np.exp(x)), *limits, notes.get(parameter.name, "" if known else FIXED))
        )
    return Table.of_rows(
        ("parameter", "what", "estimate", "ci_low", "ci_high", "note"),
        rows,
        headings=_HEADINGS,
        formats=_FORMATS,
    )


def names_of_parameters(layout: ParameterLayout, names: Called) -> dict[str, Heading]:
    """Say the parameters that are named after two states with what the states are called."""
    found = {}
    for parameter in layout.parameters:
        for a, b in parameter.pairs:
            one, other = layout.space.states[a], layout.space.states[b]
            plain = f"{one} → {other}"
            if plain in parameter.name and not names.keys().isdisjoint((one, other)):
                sides = zip(names.get(one, (str(one),) * 2), names.get(other, (str(other),) * 2), strict=True)
                zh, en = (parameter.name.replace(plain, f"{left} → {right}") for left, right in sides)
                found[parameter.name] = (zh, en)
    return found


def ratio_of(made: Floats, theta: Floats, covariance: Floats, level: float) -> tuple[float, float, float]:
    """Return exp(made · theta) and its Wald limits; a parameter that takes no part need not be identified."""
    on = np.flatnonzero(made)
    middle = float(made @ theta)
    width = quantile_of(level) * float(np.sqrt(made[on] @ covariance[np.ix_(on, on)] @ made[on]))
    return float(np.exp(middle)), float(np.exp(middle - width)), float(np.exp(middle + width))


def normal_draws(theta: Floats, covariance: Floats, n: int, seed: int) -> Floats:
    """Draw parameters from the normal distribution around their estimates, (n, P)."""
    spread, axes = np.linalg.eigh(covariance)
    root = axes * np.sqrt(np.maximum(spread, 0.0))
    normal = np.random.default_rng(seed).standard_normal((n, len(spread)))
    return np.asarray(theta + normal @ root.T)


def limits(values: Floats, level: float) -> tuple[Floats, Floats]:
    """Return equal-tailed limits over the first axis; between two infinite values nothing is interpolated."""
    low, high = tails_of(level)
    return (
        np.asarray(np.quantile(values, low, axis=0, method="lower")),
        np.asarray(np.quantile(values, high, axis=0, method="higher")),
    )


_HEADINGS = {
    "parameter": ("参数", "parameter"),
    "what": ("含义", "what"),
    "estimate": ("估计值", "estimate"),
    "ci_low": ("下限", "lower"),
    "ci_high": ("上限", "upper"),
    "note": ("说明", "note"),
}
