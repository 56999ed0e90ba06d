"""State occupation from histories: the Aalen–Johansen estimator with its covariance.

Risk set at t: stays with start < t ≤ stop.  P(s, t) uses the events in (s, t].  All events at one time are one
multinomial step, so ties need no order.  Covariances are never clamped; variances that rounding made negative
are.

Source: Aalen & Johansen, Scandinavian Journal of Statistics 1978;5:141–150; covariances as in Andersen, Borgan,
Gill & Keiding, Statistical Models Based on Counting Processes (1993), IV.4; infinitesimal jackknife as in
Therneau, Crowson & Atkinson, the multi-state vignette of R's survival.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from singledisease.cohort.columns import Floats, one_time, onto, time_shown
from singledisease.cohort.histories import Allowed, Histories, histories
from singledisease.cohort.lapses import lapses_of, refuse_nobody
from singledisease.cohort.occupation import Occupation
from singledisease.cohort.risk import RiskSets, at_risk_at, products_of, risk_sets, scan
from singledisease.cohort.variance import (
    Variance,
    check_variance,
    initial_influence,
    jackknife,
    nothing,
    step_noise,
    transition_covariance,
)
from singledisease.errors import DataError, UsageError, did_you_mean

Moment = Any
"""A number, or of dated stays a date."""


def aalen_johansen(
    start: ArrayLike,
    stop: ArrayLike,
    from_state: ArrayLike,
    to_state: ArrayLike,
    *,
    id: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    states: Sequence[Any] | None = None,
    since: Moment | None = None,
    at: ArrayLike | None = None,
    initial: ArrayLike | Mapping[Any, float] | None = None,
    variance: Variance | None = "greenwood",
    landmark: bool = False,
    full: bool = False,
    allowed: Allowed | None = None,
    absorbing: Iterable[Any] = (),
) -> Occupation:
    """Estimate the probability of each state over time from histories of any graph.

    Parameters
    ----------
    start, stop, from_state, to_state, id, weights, cluster, states, allowed, absorbing
        Stays; see ``histories``.  A missing ``to_state`` is a censored stay; a start after ``since`` is left
        truncation.
    since
        The time s from which probabilities are counted; left out: the earliest start.  Events at s itself are not
        taken: who is at risk at s is under observation from s on.
    at
        Times to report; left out: every event time.
    initial
        Distribution at ``since``, shape (K,) or by state, taken as fixed; left out: that of the people under
        observation just after ``since``.  Estimated, it enters the jackknife, but not the two other variances,
        which are conditional on it.
    variance
        ``greenwood`` (multinomial), ``aalen`` (Poisson) or ``jackknife`` (robust, by person or cluster), or
        ``None``.  The first two take weights for numbers of people: with weights of a sample use the jackknife.
    landmark
        Use only the people who are under observation at ``since``, in the state that ``initial`` gives if it gives
        one: ``probability`` is then right also without the Markov property.
    full
        Also compute the covariance of all entries of P(s, t) (``greenwood`` or ``aalen``).

    Raises
    ------
    DataError
        If the stays are faulty, or P(s, t) is not estimable: nobody is at risk at ``since``, or at some later time
        nobody at all is under observation, though not everybody had arrived.
    UsageError
        If a time lies before ``since``, or after the last observed day of people who have not arrived.

    Examples
    --------
    >>> fit = aalen_johansen([0, 4, 0], [4, 9, 5], ["well", "ill", "well"], ["ill", "dead", None], id=[1, 1, 2])
    >>> fit.states, fit.probability[-1].tolist()
    (('dead', 'ill', 'well'), [0.5, 0.0, 0.5])
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
    return occupation(stays, since=since, at=at, initial=initial, variance=variance, landmark=landmark, full=full)


def occupation(
    stays: Histories,
    *,
    since: Moment | None = None,
    at: ArrayLike | None = None,
    initial: ArrayLike | Mapping[Any, float] | None = None,
    variance: Variance | None = "greenwood",
    landmark: bool = False,
    full: bool = False,
) -> Occupation:
    """Estimate state occupation from checked stays; see ``aalen_johansen``."""
    check_variance(variance)
    given = None if initial is None else given_distribution(stays.states, initial)
    stays, present, s = from_time(stays, since, landmark, given)
    first = initial_distribution(stays, present, given, s)
    risk = risk_sets(stays, s)
    products, before = products_of(risk.step)
    path, k = first @ before, len(stays.states)
    when = risk.times if at is None else onto(np.sort(one_time(at, "at", stays.dated)), risk.times, stays.near)
    place = np.searchsorted(risk.times, when, side="right")
    transition = np.concatenate((np.eye(k)[None], products))[place]
    _check_times(stays, when, s, first @ transition)
    held = np.vstack((path, first @ products[-1] if len(products) else first))
    last = float(when[-1]) if len(when) else s
    lapses = tuple(lapses_of(stays, risk, held, since=s, last=last))
    if lapses and initial is None:
        refuse_nobody(stays, risk, held, since=s, last=last)
    active = risk.at_risk[risk.events.sum(2) > 0]
    counted = np.concatenate((np.zeros((1, k, k)), np.cumsum(risk.events, axis=0)))[place]
    return Occupation(
        states=stays.states,
        start=s,
        times=when,
        initial=first,
        initial_estimated=initial is None,
        probability=first @ transition,
        transition=transition,
        covariance=_covariance(
            stays, risk, path, place, first=first, variance=variance, present=present if initial is None else None
        ),
        variance=variance,
        at_risk=risk.at_risk if at is None else at_risk_at(stays, when),
        events=np.diff(counted, axis=0, prepend=np.zeros((1, k, k))),
        smallest_risk_set=float(active.min()) if len(active) else math.nan,
        transition_covariance=transition_covariance(risk, before, _model(variance), place) if full else None,
        landmark=landmark,
        truncated=_truncated(stays, s),
        lapses=lapses,
        unseen=stays.unseen,
        dated=stays.dated,
    )


def _model(variance: Variance | None) -> Variance:
    if variance not in ("greenwood", "aalen"):
        raise UsageError(f"the full covariance of P(s, t) is greenwood or aalen, not {variance!r}")
    return variance


def from_time(
    stays: Histories, since: Moment | None, landmark: bool, given: Floats | None = None
) -> tuple[Histories, NDArray[np.bool_], float]:
    """Give the stays to estimate from, which of them are under way at the time s, and s.

    Raises
    ------
    DataError
        If there is no stay at all, or a landmark leaves none.
    UsageError
        If a landmark estimate is asked for from a given mixture of states.
    """
    if not len(stays.person):
        raise DataError("there is no stay to estimate from")
    s = float(stays.start.min()) if since is None else float(_since(stays, since))
    present = (stays.start <= s) & (stays.stop > s)
    if not landmark:
        return stays, present, s
    if given is not None:
        # The future of people in another state says nothing of these, if the past matters.
        if (given > 0).sum() != 1:
            raise UsageError("a landmark estimate starts as people did, or in one state; give `initial` one state")
        present &= given[stays.source] > 0
    if not present.any():
        raise DataError(f"nobody is there just after {time_shown(s, stays.dated)}: there is no landmark estimate")
    stays = stays.only(np.isin(stays.person, stays.person[present]))
    return stays, (stays.start <= s) & (stays.stop > s), s


def _since(stays: Histories, since: Moment) -> float:
    asked = one_time(since, "since", stays.dated)
    if len(asked) != 1:
        raise UsageError(f"since={since!r}: name one time")
    return float(onto(asked, np.unique(stays.start) if stays.near else stays.start, stays.near)[0])


def _truncated(stays: Histories, s: float) -> bool:
    """Say whether the first stay of somebody, of those that reach beyond s, starts after s."""
    first = np.full(stays.people, np.inf)
    np.minimum.at(first, stays.person, stays.start)
    last = np.full(stays.people, -np.inf)
    np.maximum.at(last, stays.person, stays.stop)
    return bool(((first > s) & (last > s)).any())


def _check_times(stays: Histories, when: Floats, s: float, probability: Floats) -> None:
    def p(t: float) -> str:
        return f"P({time_shown(s, stays.dated)}, {time_shown(t, stays.dated)})"

    if len(when) and when[0] < s:
        raise UsageError(f"{p(when[0])} goes backwards; ask for times from {time_shown(s, stays.dated)} on")
    last = float(stays.stop.max())
    waiting = np.isin(np.arange(probability.shape[1]), stays.source)
    if len(when) and when[-1] > last and (probability[-1, waiting] > 1e-9).any():
        raise UsageError(
            f"{p(when[-1])} cannot be estimated: nobody was observed after {time_shown(last, stays.dated)}, "
            "and not everybody had arrived by then"
        )


def _covariance(
    stays: Histories,
    risk: RiskSets,
    path: Floats,
    place: NDArray[np.intp],
    *,
    first: Floats,
    variance: Variance | None,
    present: NDArray[np.bool_] | None,
) -> Floats | None:
    if variance is None:
        return None
    if variance == "jackknife":
        k = len(first)
        own = nothing(stays, k) if present is None else initial_influence(stays, present, first)
        found = [own.T @ own for own in jackknife(stays, risk, path, place, influence=own, carrier=risk.step)]
        return np.array(found).reshape(-1, k, k)
    return scan(risk.step, step_noise(risk, path, variance))[place]


def initial_distribution(stays: Histories, present: NDArray[np.bool_], given: Floats | None, s: float) -> Floats:
    """Give the distribution of states at s: the one given, or that of the people then under observation.

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
        moment, first = (time_shown(time, stays.dated) for time in (s, float(stays.start.min())))
        raise DataError(
            f"nobody is at risk just after {moment}: P({moment}, t) cannot be estimated; "
            f"the first stay starts at {first}: choose a later `since` or give `initial`"
        )
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
