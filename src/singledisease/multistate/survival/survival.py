"""The probability of not having had the event, over time, with its limits and the cumulative hazard."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from singledisease.errors import UsageError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.headings import HEADINGS, PROBABILITIES
from singledisease.multistate.inputs.times import Dated, time_cell, time_shown
from singledisease.multistate.occupation.state_curve import Reach
from singledisease.multistate.plots import Curve, draw
from singledisease.multistate.uncertainty.limits import Transform, limits_of, quantile_of
from singledisease.tables import Table, displayed

FEW = 10
"""Fewer people at risk than this are worth a note."""


@displayed
@frozen(eq=False, kw_only=True)
class Survival:
    """The probability of not having had the event, over time.

    Attributes
    ----------
    times
        Event times, (T,).
    at_risk, events
        (T,): people at risk just before, and events.
    probability, standard_error
        (T,): Kaplan–Meier and Greenwood.
    people
        How many there were, with and without the event.
    start, last
        From when the probability is counted, and the last time at which anybody was observed.
    dated
        Whether times are days since 1970-01-01.
    unit
        Unit of time, if it is known.
    """

    times: Floats
    at_risk: Floats
    events: Floats
    probability: Floats
    standard_error: Floats
    people: int = 0
    start: float = 0.0
    last: float = 0.0
    dated: Dated = ""
    unit: str = ""

    @property
    def cumulative_hazard(self) -> Floats:
        """The cumulative hazard, (T,): Nelson–Aalen, Σ events / at risk."""
        return np.asarray(np.cumsum(self.events / self.at_risk), dtype=np.float64)

    @property
    def hazard_error(self) -> Floats:
        """Standard errors of ``cumulative_hazard``, (T,): √ Σ events / at risk² (Aalen)."""
        return np.asarray(np.sqrt(np.cumsum(self.events / self.at_risk**2)), dtype=np.float64)

    def interval(self, level: float = 0.95, transform: Transform = "log-log") -> tuple[Floats, Floats]:
        """Return pointwise limits, (T,) each; NaN where the scale has none (at 0, for ``log-log`` also at 1)."""
        return limits_of(self.probability, self.standard_error, level, transform)

    def quantile(
        self, share: float = 0.5, level: float = 0.95, transform: Transform = "log-log"
    ) -> tuple[float | None, float | None, float | None]:
        """Return the first time by which a share has had the event, with limits; ``None`` where the curve stays above.

        The limits are where those of the curve cross (Brookmeyer & Crowley, Biometrics 1982;38:29–41).

        Raises
        ------
        UsageError
            If the share, or the level, is not between 0 and 1, or there is no such scale.
        """
        if not 0 < share < 1:
            raise UsageError(f"share={share!r} must lie between 0 and 1; the median is 0.5")
        low, high = self.interval(level, transform)
        found = []
        for curve in (self.probability, np.nan_to_num(low, nan=0.0), np.where(np.isnan(high), self.probability, high)):
            below = np.flatnonzero(curve <= 1 - share + 1e-12)
            found.append(float(self.times[below[0]]) if len(below) else None)
        return found[0], found[1], found[2]

    def at(self, times: ArrayLike, level: float = 0.95) -> Table:
        """Write one row per time asked for: the probability, its standard error and limits.

        Raises
        ------
        UsageError
            If a time lies before the start, or after the last one at which anybody was observed.
        """
        ended = len(self.probability) > 0 and self.probability[-1] == 0
        reach = Reach(start=self.start, last=math.inf if ended else self.last, complete=True, dated=self.dated)
        when, place = reach.places(times, self.times)
        columns = (self.probability, self.standard_error, *self.interval(level))
        rows = [
            (time_cell(time, self.dated), *((1.0, 0.0, None, None) if k < 0 else (_known(one[k]) for one in columns)))
            for time, k in zip(when.tolist(), place.tolist(), strict=True)
        ]
        names = ("time", "probability", "standard_error", "ci_low", "ci_high")
        return Table.of_rows(names, rows, headings=HEADINGS, formats=PROBABILITIES)

    def table(self, level: float = 0.95) -> Table:
        """Write one row per event time."""
        columns = (self.at_risk, self.events, self.probability, self.standard_error, *self.interval(level))
        rows = [
            (time_cell(time, self.dated), *map(_known, row))
            for time, *row in zip(self.times.tolist(), *columns, strict=True)
        ]
        names = ("time", "at_risk", "events", "probability", "standard_error", "ci_low", "ci_high")
        return Table.of_rows(names, rows, headings=HEADINGS, formats=PROBABILITIES)

    def hazards(self, level: float = 0.95) -> Table:
        """Write one row per event time: the cumulative hazard, its standard error, and limits on the log scale."""
        hazard, error = self.cumulative_hazard, self.hazard_error
        spread = np.exp(quantile_of(level) * error / hazard)
        columns = (hazard, error, hazard / spread, hazard * spread)
        rows = [
            (time_cell(time, self.dated), *map(float, row))
            for time, *row in zip(self.times.tolist(), *columns, strict=True)
        ]
        names = ("time", "hazard", "standard_error", "ci_low", "ci_high")
        return Table.of_rows(names, rows, headings=HEADINGS, formats=dict.fromkeys(names[1:], ".4f"))

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know before relying on it."""
        if not len(self.times):
            return (f"nobody of {self.people} had the event: the curve stays at 1",)
        place = int(self.at_risk.argmin())
        if self.at_risk[place] >= FEW:
            return ()
        early = place < int(self.at_risk.argmax())
        moment = time_shown(float(self.times[place]), self.dated)
        advice = "choose a later `since`" if early else "what follows rests on few"
        few = self.at_risk[place]
        return (f"at {moment} only {few:g} {'was' if few == 1 else 'were'} at risk: {advice}",)

    def drawn(self, level: float | None = 0.95, label: str = "") -> Curve:
        """Return the curve to be drawn, from 1 at the start to the last time at which anybody was observed."""
        nothing = np.full_like(self.probability, np.nan)
        low, high = (nothing, nothing) if level is None else self.interval(level)
        whole = [
            np.concatenate(([first], column))
            for first, column in ((1, self.probability), (np.nan, low), (np.nan, high))
        ]
        values, low, high = (np.append(column, column[-1]) for column in whole)
        times = np.concatenate(([self.start], self.times, [max(self.start, self.last)]))
        return Curve(label=label, times=times, values=values, low=low, high=high)

    def plot(self, ax: Any = None, *, level: float | None = 0.95, label: str = "") -> Any:
        """Draw the curve and its limits, and return the axes.

        Parameters
        ----------
        ax
            Axes of matplotlib; left out: the current ones.
        level
            Of the limits; ``None``: none are drawn.
        label
            Of the curve.

        Raises
        ------
        MissingExtraError
            If no axes are given and matplotlib is not installed.
        """
        return draw(ax, [self.drawn(level, label)], dated=self.dated, unit=self.unit, what="without the event")

    def __str__(self) -> str:
        return "\n".join((str(self.table()), *(f"({note})" for note in self.notes)))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
