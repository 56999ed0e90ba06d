"""One clock: Kaplan–Meier with late entry.

Source: Kaplan & Meier, J Am Stat Assoc 1958;53:457–481.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError, UsageError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.headings import HEADINGS, PROBABILITIES
from singledisease.multistate.inputs.findings import FaultyRows, refuse
from singledisease.multistate.inputs.missing import missing
from singledisease.multistate.inputs.rounding import aligned, rounding
from singledisease.multistate.inputs.times import Times, read_times, time_cell
from singledisease.multistate.uncertainty.limits import Transform, limits_of
from singledisease.tables import Table, displayed


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
    dated
        Whether times are days since 1970-01-01.
    """

    times: Floats
    at_risk: Floats
    events: Floats
    probability: Floats
    standard_error: Floats
    people: int = 0
    dated: bool = False

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
            raise UsageError(f"share={share!r} lies not between 0 and 1; the median is 0.5")
        low, high = self.interval(level, transform)
        found = []
        for curve in (self.probability, np.nan_to_num(low, nan=0.0), np.where(np.isnan(high), self.probability, high)):
            below = np.flatnonzero(curve <= 1 - share + 1e-12)
            found.append(float(self.times[below[0]]) if len(below) else None)
        return found[0], found[1], found[2]

    def table(self, level: float = 0.95) -> Table:
        """Write one row per event time."""
        low, high = self.interval(level)
        columns = (self.times, self.at_risk, self.events, self.probability, self.standard_error, low, high)
        rows = [[None if np.isnan(cell) else float(cell) for cell in row] for row in zip(*columns, strict=True)]
        if self.dated:
            rows = [[time_cell(float(time), dated=True), *row[1:]] for time, row in zip(self.times, rows, strict=True)]
        names = ("time", "at_risk", "events", "probability", "standard_error", "ci_low", "ci_high")
        return Table.of_rows(names, rows, headings=HEADINGS, formats=PROBABILITIES)

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know before relying on it."""
        return () if len(self.times) else (f"nobody of {self.people} had the event: the curve stays at 1",)

    def __str__(self) -> str:
        return "\n".join((str(self.table()), *(f"({note})" for note in self.notes)))


def kaplan_meier(duration: ArrayLike, event: ArrayLike, *, entry: ArrayLike | None = None) -> Survival:
    """Estimate survival from durations, some of them censored, some under observation only from an entry on.

    Parameters
    ----------
    duration
        Time to the event or to the end of observation, (people,); with entries also the date of it.
    event
        Whether it was the event, (people,).
    entry
        When observation began on the same clock; at risk in (entry, duration].  Left out: before 0, so that a
        duration of 0 counts.

    Raises
    ------
    DataError
        If the columns differ in length; with every duration that does not end after its entry, and every event
        that is neither true nor false.

    >>> print(kaplan_meier([2, 4, 6, 6], [True, False, True, False]))
    time  at risk  events  probability  standard error     low    high
    ----  -------  ------  -----------  --------------  ------  ------
       2        4       1       0.7500          0.2165  0.1279  0.9605
       6        2       1       0.3750          0.2864  0.0110  0.8080
    """
    time, happened, begin = checked_durations(duration, event, entry)
    times, at_risk, events = risk_table(time, happened, begin)
    share = events / at_risk
    probability = np.asarray(np.cumprod(1 - share), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.cumsum(share / (at_risk - events))
        error = np.where(probability > 0, probability * np.sqrt(total), 0.0)
    return Survival(
        times=times,
        at_risk=at_risk,
        events=events,
        probability=probability,
        standard_error=error,
        people=len(time),
        dated=entry is not None and read_times(entry, "entry").dated,
    )


def checked_durations(
    duration: ArrayLike, event: ArrayLike, entry: ArrayLike | None
) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Check durations, events and entries; without entries everybody is at risk from before 0 on.

    Raises
    ------
    DataError
        With every row that cannot be.
    """
    ends, enters = read_times(duration, "duration"), None if entry is None else read_times(entry, "entry")
    _same_clock(ends, enters)
    time, begin = ends.values, np.full(len(ends.values), -np.inf) if enters is None else enters.values
    happened, known = _events(event)
    if not len(time) == len(happened) == len(begin):
        lengths = f"duration {len(time)}, event {len(happened)}" + f", entry {len(begin)}" * (entry is not None)
        raise DataError(f"the columns differ in length: {lengths}")
    unseen = time < 0 if entry is None else ~(time > begin)
    refuse(
        [
            FaultyRows(
                check="time",
                rows=np.flatnonzero(~np.isfinite(time) | np.isnan(begin)),
                text=lambda i: f"from {begin[i]:g} to {time[i]:g}; both must be finite",
            ),
            FaultyRows(
                check="backwards",
                rows=np.flatnonzero(unseen & np.isfinite(time) & ~np.isnan(begin)),
                text=lambda i: f"a duration of {time[i]:g} does not end after its entry at {max(begin[i], 0.0):g}",
            ),
            FaultyRows(check="no_event", rows=np.flatnonzero(~known), text=lambda i: "event is neither true nor false"),
        ],
        lambda i: f"row {i}",
        "row",
    )
    if entry is None:
        (time,) = aligned((time,), rounding(time))
    else:
        time, begin = aligned((time, begin), rounding(time, begin))
    return time, happened, begin


_TRUTHS = (bool, int, float, np.bool_, np.integer, np.floating)


def _same_clock(ends: Times, enters: Times | None) -> None:
    """Refuse dates where there is no date from which to count."""
    if not len(ends.values) or ends.dated == (enters is not None and enters.dated):
        return
    if enters is None:
        raise DataError(
            "duration is a date; give the time from the start of each to then, or the start of observation as `entry`"
        )
    raise DataError("of duration and entry one is dates and the other numbers; give both in one way")


def _events(event: ArrayLike) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return whether each is an event, and whether that is known: 2 is neither true nor false, and so is NaN."""
    array = np.asarray(event)
    if array.dtype.kind == "O":
        gap = missing(array)
        array = np.where(gap, np.nan, array)
        array = np.fromiter((x if isinstance(x, _TRUTHS) else np.nan for x in array), float, len(array))
    known = np.isin(array, (0, 1)) if array.dtype.kind in "iufb" else np.zeros(array.shape, dtype=bool)
    return np.asarray(known & (array == 1)), known


def risk_at(time: Floats, begin: Floats, at: Floats) -> Floats:
    """Count who is at risk at each time: entered before it, and not gone before it."""
    started = np.searchsorted(np.sort(begin), at, side="left")
    ended = np.searchsorted(np.sort(time), at, side="left")
    return np.asarray(started - ended, dtype=np.float64)


def risk_table(time: Floats, happened: NDArray[np.bool_], begin: Floats) -> tuple[Floats, Floats, Floats]:
    """Return event times, who is at risk just before each, and the events, (T,) each."""
    times, events = np.unique(time[happened], return_counts=True)
    return times, risk_at(time, begin, times), events.astype(np.float64)
