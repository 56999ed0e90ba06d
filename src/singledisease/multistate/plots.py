"""Curves drawn on axes: steps with a band of limits.

Whatever has ``step`` and ``fill_between`` will do as axes; a plotting library is needed only to find the current ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from attrs import frozen

from singledisease.errors import MissingExtraError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.inputs.times import Dated, time_cell

UNITS = {"day": "days", "week": "weeks", "month": "months", "year": "years"}
"""Units of time, as an axis says them."""


@frozen(eq=False, kw_only=True)
class Curve:
    """A step function with limits, NaN where there are none: the value holds from its time on."""

    label: str
    times: Floats
    values: Floats
    low: Floats
    high: Floats


def axes_or_current(axes: Any) -> Any:
    """Return the axes given, or matplotlib's current ones.

    Raises
    ------
    MissingExtraError
        If none are given and matplotlib is not installed.
    """
    if axes is not None:
        return axes
    try:
        return import_module("matplotlib.pyplot").gca()
    except ImportError:
        raise MissingExtraError("需要安装 / matplotlib is needed: pip install 'singledisease[report]'") from None


def draw(axes: Any, curves: Sequence[Curve], *, dated: Dated, unit: str, what: str) -> Any:
    """Draw curves and name the axes: ``what`` upwards, the unit of time, or nothing where it is not known, along.

    Returns
    -------
    axes
        Those drawn on.
    """
    found = axes_or_current(axes)
    for curve in curves:
        times = [time_cell(time, dated) for time in curve.times.tolist()]
        (line,) = found.step(times, curve.values, where="post", label=curve.label)
        known = ~(np.isnan(curve.low) | np.isnan(curve.high))
        if known.any():
            found.fill_between(
                times, curve.low, curve.high, where=known, step="post", color=line.get_color(), alpha=0.2, linewidth=0
            )
    found.set_xlabel(UNITS.get(unit, unit))
    found.set_ylabel(what)
    found.set_ylim(0, 1)
    if len(curves) > 1:
        found.legend(frameon=False)
    return found
