"""Where the search starts, and which parameters do not move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import ArrayLike

from singledisease.errors import UsageError, did_you_mean
from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.rates.parameters.layout import ParameterLayout
from singledisease.multistate.rates.search.maximise import ParameterBounds

Start = Mapping[Any, float] | ArrayLike
Fixed = bool | Iterable[Any]


def started(layout: ParameterLayout, theta: Floats, start: Start | None) -> Floats:
    """Put given values into the parameters ``theta`` at which the search would start.

    Parameters
    ----------
    layout
        The parameters.
    theta
        Their values otherwise.
    start
        Name or transition → rate, ratio or odds; or a square table of rates in the order of the states.

    Raises
    ------
    UsageError
        If there is no such parameter, or a value is not above 0.
    """
    if start is None:
        return theta
    given = dict(start) if isinstance(start, Mapping) else _cells(layout, start)
    out = theta.copy()
    for name, value in given.items():
        if not (np.isfinite(value) and value > 0):
            raise UsageError(f"start of {name}: {value!r}; rates, ratios and odds are above 0")
        out[_place(layout, name)] = np.log(value)
    return out


def held(layout: ParameterLayout, fixed: Fixed) -> Codes:
    """Return the parameters that do not move; ``True`` is all of them.

    Raises
    ------
    UsageError
        If there is no such parameter.
    """
    if isinstance(fixed, bool):
        return np.arange(len(layout.parameters) if fixed else 0)
    if isinstance(fixed, str):
        raise UsageError(f"fixed={fixed!r}: give a list of names, or True for all")
    return np.unique(np.array([_place(layout, name) for name in fixed], dtype=np.int64))


def pinned(box: ParameterBounds, theta: Floats, places: Codes) -> ParameterBounds:
    """Close the box around the parameters that do not move, and open it for a start that lies outside."""
    low, high = np.minimum(box.low, theta), np.maximum(box.high, theta)
    low[places] = high[places] = theta[places]
    return evolve(box, low=low, high=high)


def _cells(layout: ParameterLayout, table: Any) -> dict[Any, float]:
    rates = np.asarray(table, dtype=np.float64)
    states = layout.space.states
    if rates.shape != (len(states), len(states)):
        raise UsageError(f"start must be a mapping, or a table of rates of {len(states)} states")
    return {(states[a], states[b]): float(rates[a, b]) for a, b in layout.space.allowed}


def _place(layout: ParameterLayout, name: Any) -> int:
    names = [parameter.name for parameter in layout.parameters]
    if name in names:
        return names.index(name)
    if isinstance(name, tuple) and len(name) == 2 and all(state in layout.space.states for state in name):
        a, b = (layout.space.states.index(state) for state in name)
        if (a, b) in layout.space.allowed:
            return int(layout.base[layout.space.allowed.index((a, b))])
    raise UsageError(f"there is no parameter {name!r}; {did_you_mean(str(name), names)}")
