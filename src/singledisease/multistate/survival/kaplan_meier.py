"""One clock: Kaplan–Meier with late entry.

Source: Kaplan & Meier, J Am Stat Assoc 1958;53:457–481.
"""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.inputs.times import Dated, only_time, read_times, time_shown
from singledisease.multistate.occupation.lapses import SMALL, gaps
from singledisease.multistate.occupation.start import Moment
from singledisease.multistate.survival.by_group import SurvivalByGroup
from singledisease.multistate.survival.durations import checked_durations, risk_table
from singledisease.multistate.survival.log_rank import log_rank, read_groups
from singledisease.multistate.survival.survival import Survival


@overload
def kaplan_meier(
    duration: ArrayLike,
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    since: Moment | None = None,
    group: None = None,
    strata: None = None,
    unit: str = "",
) -> Survival: ...


@overload
def kaplan_meier(
    duration: ArrayLike,
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    since: Moment | None = None,
    group: ArrayLike,
    strata: ArrayLike | None = None,
    unit: str = "",
) -> SurvivalByGroup: ...


def kaplan_meier(
    duration: ArrayLike,
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    since: Moment | None = None,
    group: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    unit: str = "",
) -> Survival | SurvivalByGroup:
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
    since
        From when on: the probability is that of those who had not had the event by then.  Left out: the earliest
        entry.
    group
        Which group each person is in, (people,): one curve for each, and a log-rank test.
    strata
        Groups are compared within each of these only, (people,); see ``log_rank``.
    unit
        What one unit of time is, for the axis of a plot: ``day``, ``month``, ``year``, or any word.

    Returns
    -------
    Survival or SurvivalByGroup
        The second with ``group``: ``fit[group]`` is the survival of one group, ``fit.test`` the log-rank test.

    Raises
    ------
    DataError
        If the columns differ in length, nobody is at risk at ``since``, or at some time between entries and events
        nobody at all is under observation though not everybody has had the event; with every duration that does not
        end after its entry, and every event that is neither true nor false.

    >>> print(kaplan_meier([2, 4, 6, 6], [True, False, True, False]))
    time  at risk  events  probability  standard error     low    high
    ----  -------  ------  -----------  --------------  ------  ------
       2        4       1       0.7500          0.2165  0.1279  0.9605
       6        2       1       0.3750          0.2864  0.0110  0.8080
    (at 6 only 2 were at risk: what follows rests on few)
    >>> arms = kaplan_meier([2, 4, 6, 7], [1, 1, 1, 0], group=["a", "a", "b", "b"])
    >>> arms["b"].at([5, 6])["probability"], round(arms.test.p_value, 3)
    ((1.0, 0.5), 0.09)
    """
    time, happened, begin = checked_durations(duration, event, entry)
    dated: Dated = "" if entry is None else read_times(entry, "entry").dated
    start = None if since is None else only_time(since, "since", dated)
    if group is None:
        return _estimate(time, happened, begin, start, dated=dated, unit=unit)
    test, groups = log_rank(duration, event, group, entry=entry, strata=strata), read_groups(group, "group", len(time))
    curves = []
    for code, name in enumerate(groups.names):
        mine = groups.codes == code
        try:
            curves.append(_estimate(time[mine], happened[mine], begin[mine], start, dated=dated, unit=unit))
        except DataError as error:
            raise DataError(f"group {name!r}: {error.summary}", error.faults) from None
    return SurvivalByGroup(groups=groups.names, curves=tuple(curves), test=test)


def _estimate(
    time: Floats, happened: NDArray[np.bool_], begin: Floats, since: float | None, *, dated: Dated, unit: str
) -> Survival:
    late = bool(len(begin)) and bool(np.isfinite(begin).all())
    start = since if since is not None else float(begin.min()) if late else 0.0
    if since is not None:
        there = time > since
        time, happened, begin = time[there], happened[there], np.maximum(begin[there], since)
        if not (begin <= since).any():
            raise DataError(f"nobody is at risk just after {time_shown(since, dated)}; choose another `since`")
    times, at_risk, events = risk_table(time, happened, begin)
    share = events / at_risk
    probability = np.asarray(np.cumprod(1 - share), dtype=np.float64)
    if late or since is not None:
        _refuse_gaps(time, begin, start, times=times, probability=probability, dated=dated)
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
        start=start,
        last=float(time.max(initial=start)),
        dated=dated,
        unit=unit,
    )


def _refuse_gaps(
    time: Floats, begin: Floats, start: float, *, times: Floats, probability: Floats, dated: Dated
) -> None:
    """Refuse an estimate over a time in which nobody is under observation, though not all have had the event."""
    if not len(times):
        return
    for first, last in gaps(begin, time, start, float(times[-1])):
        before = int(np.searchsorted(times, first, side="right"))
        left = float(probability[before - 1]) if before else 1.0
        if left > SMALL:
            low, high = time_shown(first, dated), time_shown(last, dated)
            raise DataError(
                f"survival cannot be estimated: nobody was under observation from {low} to {high}, with probability "
                f"{left:.3g} of not having had the event by then; choose a later `since`"
            )
