"""Durations, events and entries as they are handed over, and who is at risk when."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.inputs.findings import FaultyRows, refuse
from singledisease.multistate.inputs.missing import missing
from singledisease.multistate.inputs.rounding import aligned, rounding
from singledisease.multistate.inputs.times import Times, read_times


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
            FaultyRows(
                check="no_event",
                rows=np.flatnonzero(~known),
                text=lambda i: "event is neither true nor false: give 1 or 0, as in event == 'dead'",
            ),
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
    if not len(ends.values) or bool(ends.dated) == (enters is not None and bool(enters.dated)):
        return
    if enters is None:
        raise DataError(
            "duration is a date; give the time from the start of each to then, or the start of observation as `entry`"
        )
    raise DataError(
        "one of duration and entry holds dates and the other numbers; give both as dates or both as numbers"
    )


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
