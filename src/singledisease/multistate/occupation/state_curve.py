"""The probability of one state over time, on its own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from singledisease.errors import UsageError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.headings import HEADINGS, PROBABILITIES
from singledisease.multistate.inputs.times import Dated, one_time, time_cell, time_shown
from singledisease.multistate.plots import Curve, draw
from singledisease.multistate.uncertainty.limits import Transform, limits_of
from singledisease.tables import Heading, Table, displayed


@frozen(kw_only=True)
class Reach:
    """For which times a curve holds.

    Attributes
    ----------
    start, last
        From when, and up to when: the last time at which anybody was observed, or infinity where all have arrived.
    complete
        Whether the curve was computed at every event time, so that it holds between the times it was computed at.
    dated
        Whether times are days since 1970-01-01.
    """

    start: float
    last: float
    complete: bool
    dated: Dated = ""

    def places(self, asked: Any, times: Floats) -> tuple[Floats, Any]:
        """Return the times asked for, and for each the place of the last of ``times`` up to it; -1: before the first.

        Raises
        ------
        UsageError
            If a time lies before the start, or after the last one at which the curve is known.
        """
        when = one_time(asked, "at", self.dated)
        place = np.searchsorted(times, when, side="right") - 1
        for time, at in zip(when.tolist(), place.tolist(), strict=True):
            shown = time_shown(time, self.dated)
            if time < self.start:
                raise UsageError(f"{shown} is before {time_shown(self.start, self.dated)}, where the curve starts")
            if time > self.last:
                raise UsageError(
                    f"the curve is not known at {shown}: nobody was observed after {time_shown(self.last, self.dated)}"
                )
            if not self.complete and time != self.start and (at < 0 or times[at] != time):
                raise UsageError(f"the curve was not computed at {shown}; name it in `at`, or leave `at` out for all")
        return when, place


@displayed
@frozen(eq=False, kw_only=True)
class StateCurve:
    """The probability of one state over time.

    Attributes
    ----------
    state
        Which.
    initial
        Its probability at the start.
    times, probability, standard_error
        (T,) each; the errors are NaN where no variance was computed.
    reach
        For which times it holds.
    unit
        Unit of time, if it is known.
    name
        What the state is called in Chinese and English.
    """

    state: Any
    initial: float
    times: Floats
    probability: Floats
    standard_error: Floats
    reach: Reach
    unit: str = ""
    name: Heading = field(default=("", ""))

    def interval(self, level: float = 0.95, transform: Transform = "log") -> tuple[Floats, Floats]:
        """Return pointwise limits, (T,) each; NaN where the scale has none, or no variance was computed."""
        return limits_of(self.probability, self.standard_error, level, transform)

    def at(self, times: ArrayLike) -> Floats:
        """Return the probability at some times, (times,).

        Raises
        ------
        UsageError
            If it is not known at one of them.
        """
        _, place = self.reach.places(times, self.times)
        return np.asarray(np.concatenate(([self.initial], self.probability))[place + 1])

    def table(self, level: float = 0.95) -> Table:
        """Write one row per time."""
        low, high = self.interval(level)
        rows = [
            (time_cell(time, self.reach.dated), *(None if math.isnan(cell) else float(cell) for cell in row))
            for time, *row in zip(self.times.tolist(), self.probability, self.standard_error, low, high, strict=True)
        ]
        names = ("time", "probability", "standard_error", "ci_low", "ci_high")
        return Table.of_rows(names, rows, headings=HEADINGS, formats=PROBABILITIES)

    def drawn(self, level: float | None = 0.95, label: str = "") -> Curve:
        """Return the curve to be drawn, from the start on; without limits if the level is ``None``."""
        nothing = np.full_like(self.probability, np.nan)
        low, high = (nothing, nothing) if level is None else self.interval(level)
        times = np.concatenate(([self.reach.start], self.times))
        values = np.concatenate(([self.initial], self.probability))
        edges = (np.concatenate(([np.nan], edge)) for edge in (low, high))
        label = label or self.name[1] or str(self.state)
        return Curve(label=label, times=times, values=values, low=next(edges), high=next(edges))

    def plot(self, ax: Any = None, *, level: float | None = 0.95) -> Any:
        """Draw the curve and its limits, and return the axes.

        Parameters
        ----------
        ax
            Axes of matplotlib; left out: the current ones.
        level
            Of the limits; ``None``: none are drawn.

        Raises
        ------
        MissingExtraError
            If no axes are given and matplotlib is not installed.
        """
        curve = self.drawn(level)
        return draw(ax, [curve], dated=self.reach.dated, unit=self.unit, what=f"probability of {curve.label}")

    def __str__(self) -> str:
        return str(self.table())
