"""Where an estimate starts: from which time, with which people, in which states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError, UsageError, did_you_mean
from singledisease.multistate.arrays import Floats
from singledisease.multistate.histories.histories import Histories
from singledisease.multistate.inputs.rounding import onto
from singledisease.multistate.inputs.times import only_time, time_shown

Moment = Any
"""A number, or of dated stays a date."""


def from_time(
    stays: Histories, since: Moment | None, landmark: bool, given: Floats | None = None
) -> tuple[Histories, NDArray[np.bool_], float]:
    """Return the stays to estimate from, which of them are under way at the time s, and s.

    Raises
    ------
    DataError
        If there is no stay at all, or a landmark leaves none.
    UsageError
        If a landmark estimate is asked for from a given mixture of states.
    """
    if not len(stays.person):
        raise DataError(f"there is no stay to estimate from{_left_out(stays)}")
    s = float(stays.start.min()) if since is None else float(_since(stays, since))
    present = (stays.start <= s) & (stays.stop > s)
    if not landmark:
        return stays, present, s
    if given is not None:
        # The future of people in another state says nothing of these, if the past matters.
        if (given > 0).sum() != 1:
            raise UsageError("a landmark estimate needs one state as `initial`; leave it out to start as people did")
        present &= given[stays.source] > 0
    if not present.any():
        raise DataError(f"nobody is there just after {time_shown(s, stays.dated)}: there is no landmark estimate")
    stays = stays.only(np.isin(stays.person, stays.person[present]))
    return stays, (stays.start <= s) & (stays.stop > s), s


def _left_out(stays: Histories) -> str:
    """Say what happened to stays that there were: a time of a part of the largest one is no time at all."""
    if not stays.dropped + stays.unseen:
        return ""
    length = f"no longer than {stays.near:.3g}, which is rounding beside such times" if stays.near else "without length"
    return f": {stays.dropped + stays.unseen} were left out, being {length}; count time from a later day"


def _since(stays: Histories, since: Moment) -> float:
    asked = np.array([only_time(since, "since", stays.dated)])
    return float(onto(asked, np.unique(stays.start) if stays.near else stays.start, stays.near)[0])


def truncated(stays: Histories, s: float) -> bool:
    """Say whether the first stay of somebody, of those that reach beyond s, starts after s."""
    first = np.full(stays.people, np.inf)
    np.minimum.at(first, stays.person, stays.start)
    last = np.full(stays.people, -np.inf)
    np.maximum.at(last, stays.person, stays.stop)
    return bool(((first > s) & (last > s)).any())


def initial_distribution(stays: Histories, present: NDArray[np.bool_], given: Floats | None, s: float) -> Floats:
    """Return the distribution of states at s: the one given, or that of the people then under observation.

    Raises
    ------
    DataError
        If nobody is: P(s, t) is not estimable.
    """
    if given is not None:
        return given
    weight = None if stays.weight is None else stays.weight[present]
    counts = np.bincount(stays.source[present], weights=weight, minlength=len(stays.states)).astype(np.float64)
    if counts.sum() == 0:
        moment, first, last = (
            time_shown(time, stays.dated) for time in (s, float(stays.start.min()), float(stays.stop.max()))
        )
        way_out = (
            f"the last stay ends at {last}: choose an earlier `since`"
            if s >= stays.stop.max()
            else f"the first stay starts at {first}: choose a later `since` or give `initial`"
        )
        raise DataError(f"nobody is at risk just after {moment}: P({moment}, t) cannot be estimated; {way_out}")
    return np.asarray(counts / counts.sum())


def given_distribution(states: tuple[Any, ...], given: ArrayLike | Mapping[Any, float]) -> Floats:
    """Read a distribution that is given as numbers or by state; raises ``UsageError`` if it is none."""
    if isinstance(given, Mapping):
        for name in given:
            if name not in states:
                raise UsageError(f"initial names {name!r}; {did_you_mean(str(name), map(str, states))}")
        given = [given.get(name, 0.0) for name in states]
    try:
        first = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        first = np.empty(0)
    if first.shape != (len(states),) or not (first >= 0).all() or abs(first.sum() - 1) > 1e-9:
        raise UsageError(
            f"initial must be {len(states)} probabilities that sum to 1, for {', '.join(map(str, states))}; "
            f"got {given!r}"
        )
    return first
