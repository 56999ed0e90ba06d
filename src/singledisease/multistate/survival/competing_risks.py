"""Competing risks: the probability of each cause over time, from durations and codes of what ended them.

Source: Aalen & Johansen, Scandinavian Journal of Statistics 1978;5:141–150, of a state that several causes end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, overload

import numpy as np
from attrs import evolve
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError, Fault, UsageError
from singledisease.multistate.arrays import Codes
from singledisease.multistate.histories.histories import histories
from singledisease.multistate.inputs.labels import LabelColumn, read_labels
from singledisease.multistate.inputs.times import read_times
from singledisease.multistate.occupation.aalen_johansen import occupation
from singledisease.multistate.occupation.occupation import Occupation
from singledisease.multistate.occupation.start import Moment
from singledisease.multistate.occupation.variance import AskedVariance
from singledisease.multistate.survival.causes_by_group import CausesByGroup
from singledisease.multistate.survival.durations import checked_durations
from singledisease.multistate.survival.log_rank import LogRank, log_rank, read_groups

EVENT_FREE = "event_free"
"""The state of those whom nothing has happened to yet."""
NAMES = {EVENT_FREE: ("无事件", "event-free")}
SHOWN = 10
"""Faulty rows named in one error."""


@overload
def competing_risks(
    duration: ArrayLike,
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    since: Moment | None = None,
    causes: Mapping[Any, Any] | None = None,
    censored: Any = 0,
    group: None = None,
    at: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    variance: AskedVariance = "auto",
    hazards: bool = False,
    unit: str = "",
) -> Occupation: ...


@overload
def competing_risks(
    duration: ArrayLike,
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    since: Moment | None = None,
    causes: Mapping[Any, Any] | None = None,
    censored: Any = 0,
    group: ArrayLike,
    at: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    variance: AskedVariance = "auto",
    hazards: bool = False,
    unit: str = "",
) -> CausesByGroup: ...


def competing_risks(
    duration: ArrayLike,
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    since: Moment | None = None,
    causes: Mapping[Any, Any] | None = None,
    censored: Any = 0,
    group: ArrayLike | None = None,
    at: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    variance: AskedVariance = "auto",
    hazards: bool = False,
    unit: str = "",
) -> Occupation | CausesByGroup:
    """Estimate the probability of each of several causes over time; the others compete with it and do not censor.

    Parameters
    ----------
    duration
        Time to the event or to the end of observation, (people,); with entries also the date of it.
    event
        Which cause ended it, (people,): codes or names.
    entry
        When observation began on the same clock; at risk in (entry, duration].  Left out: before 0, so that a
        duration of 0 counts.
    since, at, variance, hazards
        As in ``aalen_johansen``.
    causes
        Codes to names; left out: the codes that occur, sorted.
    censored
        The code of a time at which nothing had happened yet; ``None``: a missing one.
    group
        Which group each person is in, (people,): one estimate for each, and for each cause a log-rank test.
    weights, cluster
        One positive weight per person; which cluster each is in, such as a village, (people,).
    unit
        What one unit of time is, for the axis of a plot: ``day``, ``month``, ``year``, or any word.

    Returns
    -------
    Occupation or CausesByGroup
        States are ``event_free`` and the causes; the probability of a cause is its cumulative incidence.  With
        ``group``: ``fit[group]`` is the estimate of one group, ``fit.tests[cause]`` the log-rank test.

    Raises
    ------
    DataError
        If the columns differ in length or nobody had an event; with every duration that does not end after its entry,
        and every event that is missing or none of ``causes``.
    UsageError
        As in ``aalen_johansen``.

    Examples
    --------
    >>> fit = competing_risks([1, 2, 3, 4, 5], [1, 0, 2, 1, 0], causes={1: "relapse", 2: "death"})
    >>> fit.states, fit["relapse"].at([2, 4]).round(4).tolist()
    (('event_free', 'relapse', 'death'), [0.2, 0.4667])
    """
    labels = _labels(event, censored)
    names, codes = _causes(labels, causes, censored)
    time, _, begin = checked_durations(duration, codes >= 0, entry)
    dated = "" if entry is None else read_times(entry, "entry").dated
    # Without entries everybody is at risk from before 0 on, so that what happens at 0 happens to them.
    early = entry is None and bool((time == 0).any())
    start = np.full(len(time), -1.0 if early else 0.0) if entry is None else begin
    states = (EVENT_FREE, *names)
    target = np.array([*states[1:], None], dtype=object)[codes]

    def estimate(mine: NDArray[np.bool_]) -> Occupation:
        stays = histories(
            start[mine],
            time[mine],
            np.full(int(mine.sum()), EVENT_FREE, dtype=object),
            target[mine],
            states=states,
            weights=None if weights is None else np.asarray(weights)[mine],
            cluster=None if cluster is None else np.asarray(cluster)[mine],
        )
        fit = occupation(evolve(stays, dated=dated), since=since, at=at, variance=variance, hazards=hazards, unit=unit)
        doubts = (*fit.doubts, *(_censored_or_cause(name) for name in fit.suspects))
        return evolve(fit, names=NAMES, suspects=(), doubts=doubts, start=max(fit.start, 0.0) if early else fit.start)

    if group is None:
        return estimate(np.ones(len(time), dtype=bool))
    groups = read_groups(group, "group", len(time))
    tests: dict[Any, LogRank] = {}
    if weights is None and cluster is None:
        tests = {name: log_rank(duration, codes == code, group, entry=entry) for code, name in enumerate(names)}
    return CausesByGroup(
        groups=groups.names,
        fits=tuple(_of_group(name, estimate, groups.codes == code) for code, name in enumerate(groups.names)),
        tests=tests,
    )


def _of_group(name: Any, estimate: Any, mine: NDArray[np.bool_]) -> Occupation:
    try:
        found: Occupation = estimate(mine)
    except DataError as error:
        raise DataError(f"group {name!r}: {error.summary}", error.faults) from None
    return found


def _labels(event: ArrayLike, censored: Any) -> LabelColumn:
    try:
        return read_labels(event, "event")
    except DataError as error:
        way = f"; the code of a censored time, {censored!r}, is of the kind of the others: name it in `censored`"
        raise DataError(f"{error.summary}{way}", error.faults) from None


def _censored_or_cause(name: Any) -> str:
    return f"{name!r} is a cause here, which competes with the others: if its time is censored, say censored={name!r}"


def _causes(labels: LabelColumn, causes: Mapping[Any, Any] | None, censored: Any) -> tuple[tuple[Any, ...], Codes]:
    """Return the names of the causes, and the cause of each person; -1 where the time is censored."""
    missing = np.flatnonzero(labels.codes < 0)
    if len(missing) and censored is not None:
        hint = "say `censored=None` if a missing event means that the time is censored"
        faults = [Fault("no_event", f"row {i}", "event is missing", hint) for i in missing[:SHOWN]]
        raise DataError(f"event is missing in {len(missing)} rows", faults)
    found = [name for name in labels.names if name != censored]
    below = [name for name in found if causes is None and isinstance(name, int) and name < 0]
    if below:
        way = f"say censored={below[0]} if its time is censored, or what kind of event it is: causes={{{below[0]}: …}}"
        raise DataError(f"event holds {below[0]}, which among codes of causes means no event or one not known: {way}")
    chosen = dict.fromkeys(found) if causes is None else dict(causes)
    strange = [name for name in found if name not in chosen]
    if strange:
        raise DataError(
            f"event holds {', '.join(map(repr, strange[:SHOWN]))}, none of the causes {list(chosen)}; "
            f"the code of a censored time is {censored!r}: name another in `censored`"
        )
    if not chosen:
        raise DataError("nobody had an event: every time is censored")
    if EVENT_FREE in (*chosen, *chosen.values()):
        raise UsageError(f"a cause is called {EVENT_FREE!r}, as is the state before any; give it another name")
    names = tuple(name if causes is None else causes[name] for name in chosen)
    if len(set(names)) < len(names):
        raise UsageError(f"causes gives one name to two codes: {names}")
    place = {name: code for code, name in enumerate(chosen)}
    return names, np.array([*(place.get(name, -1) for name in labels.names), -1], dtype=np.int64)[labels.codes]
