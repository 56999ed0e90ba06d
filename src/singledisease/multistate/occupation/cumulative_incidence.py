"""Cumulative incidence: the probability of having entered some states for the first time, among competing ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError, UsageError, did_you_mean
from singledisease.multistate.histories.histories import Histories, histories
from singledisease.multistate.inputs.allowed import Allowed
from singledisease.multistate.occupation.aalen_johansen import occupation
from singledisease.multistate.occupation.occupation import Occupation
from singledisease.multistate.occupation.start import Moment
from singledisease.multistate.occupation.variance import AskedVariance


def cumulative_incidence(
    start: ArrayLike,
    stop: ArrayLike,
    from_state: ArrayLike,
    to_state: ArrayLike,
    *,
    into: Sequence[Any] | str,
    id: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    states: Sequence[Any] | None = None,
    since: Moment | None = None,
    at: ArrayLike | None = None,
    initial: ArrayLike | Mapping[Any, float] | None = None,
    variance: AskedVariance = "auto",
    landmark: bool = False,
    full: bool = False,
    hazards: bool = False,
    unit: str = "",
    allowed: Allowed | None = None,
    absorbing: Iterable[Any] = (),
) -> Occupation:
    """Estimate the probability of having entered each of some states for the first time.

    Whatever else ends a history (death, say) competes with it and does not censor.

    Parameters
    ----------
    start, stop, from_state, to_state, id, weights, cluster, states, allowed, absorbing
        Stays, shape (stays,) each; see ``histories``.
    into
        States whose first entry counts; the first of them that a person enters is the one that counts.
    since, at, initial, variance, landmark, full, hazards, unit
        As in ``aalen_johansen``.

    Returns
    -------
    Occupation
        The probability of each state of ``into`` is its cumulative incidence.

    Raises
    ------
    DataError
        If the stays are faulty, or nobody is left who had not been in them before.
    UsageError
        If ``into`` names no state, or one that does not exist.

    >>> state, then = ["well", "ill", "well", "well"], ["ill", "well", "ill", "dead"]
    >>> found = cumulative_incidence([0, 2, 5, 0], [2, 5, 8, 4], state, then, id=[1, 1, 1, 2], into=["ill"])
    >>> found.states, found.probability.tolist()
    (('dead', 'ill', 'well'), [[0.0, 0.5, 0.5], [0.5, 0.5, 0.0]])
    """
    stays = histories(
        start,
        stop,
        from_state,
        to_state,
        id=id,
        states=states,
        weights=weights,
        cluster=cluster,
        allowed=allowed,
        absorbing=absorbing,
    )
    first = until_first(stays, into)
    return occupation(
        first,
        since=since,
        at=at,
        initial=initial,
        variance=variance,
        landmark=landmark,
        full=full,
        hazards=hazards,
        unit=unit,
    )


def until_first(stays: Histories, into: Sequence[Any] | str) -> Histories:
    """Keep of each person what came before first being in one of some states; those who began there are left out.

    Raises
    ------
    DataError
        If nothing is left.
    UsageError
        If ``into`` names no state, or one that does not exist.
    """
    into = [into] if isinstance(into, str) else list(into)
    for name in into:
        if name not in stays.states:
            raise UsageError(f"there is no state {name!r}; {did_you_mean(str(name), map(str, stays.states))}")
    if not into:
        raise UsageError("name the states whose first entry counts")
    codes = [stays.states.index(name) for name in into]
    reached = np.isin(stays.source, codes)
    gone = reached | _after(stays, np.isin(stays.target, codes))
    keep = ~(gone | _after(stays, gone))
    if not keep.any():
        raise DataError(f"everybody was already in {into} when first seen")
    return evolve(stays.only(keep), dropped=stays.dropped)


def _after(stays: Histories, mark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say of each stay whether its person has an earlier one that is marked."""
    before = np.concatenate(([0], np.cumsum(mark)[:-1]))
    first = np.searchsorted(stays.person, stays.person, side="left")
    return np.asarray(before > before[first])
