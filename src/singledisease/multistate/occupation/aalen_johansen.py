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

from singledisease.errors import DataError, UsageError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.histories.histories import Histories, histories
from singledisease.multistate.histories.suspects import looks_censored
from singledisease.multistate.inputs.allowed import Allowed
from singledisease.multistate.inputs.rounding import onto
from singledisease.multistate.inputs.times import one_time, time_shown
from singledisease.multistate.occupation.hazards import cumulative_hazards
from singledisease.multistate.occupation.lapses import lapses_of, refuse_nobody
from singledisease.multistate.occupation.occupation import Occupation
from singledisease.multistate.occupation.risk_sets import RiskSets, at_risk_at, products_of, risk_sets, scan
from singledisease.multistate.occupation.start import (
    Moment,
    from_time,
    given_distribution,
    initial_distribution,
    truncated,
)
from singledisease.multistate.occupation.variance import (
    AskedVariance,
    Variance,
    chosen_variance,
    initial_influence,
    jackknife,
    model_note,
    nothing,
    step_noise,
    transition_covariance,
)
from singledisease.multistate.size import refuse_too_large
from singledisease.progress import Progress


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
    variance: AskedVariance = "auto",
    landmark: bool = False,
    full: bool = False,
    hazards: bool = False,
    unit: str = "",
    allowed: Allowed | None = None,
    absorbing: Iterable[Any] = (),
    progress: Progress | None = None,
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
        Times to report; left out: every event time or, if nothing happened, the last time at which anybody was seen.
    initial
        Distribution at ``since``, shape (K,) or by state, taken as fixed; left out: that of the people under
        observation just after ``since``.  Estimated, it enters the jackknife, but not the two other variances,
        which are conditional on it.
    variance
        ``greenwood`` (multinomial), ``aalen`` (Poisson) or ``jackknife`` (robust, by person or cluster), or
        ``None``.  ``auto`` is the jackknife if there are weights or clusters, and Greenwood's otherwise: the first two
        take weights for numbers of people, and know nothing of clusters.
    landmark
        Use only the people who are under observation at ``since``, in the state that ``initial`` gives if it gives
        one: ``probability`` is then right also without the Markov property.
    full
        Also compute the covariance of all entries of P(s, t) (``greenwood`` or ``aalen``).
    hazards
        Also compute the cumulative hazard of each transition, with its variance of the same kind.
    unit
        What one unit of time is, for the axis of a plot: ``day``, ``month``, ``year``, or any word.
    progress
        Told at how many times of how many the jackknife is done; left out, a terminal shows it.

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
    return occupation(
        stays,
        since=since,
        at=at,
        initial=initial,
        variance=variance,
        landmark=landmark,
        full=full,
        hazards=hazards,
        unit=unit,
        progress=progress,
    )


def occupation(
    stays: Histories,
    *,
    since: Moment | None = None,
    at: ArrayLike | None = None,
    initial: ArrayLike | Mapping[Any, float] | None = None,
    variance: AskedVariance = "auto",
    landmark: bool = False,
    full: bool = False,
    hazards: bool = False,
    unit: str = "",
    progress: Progress | None = None,
) -> Occupation:
    """Estimate state occupation from checked stays; see ``aalen_johansen``."""
    kind = chosen_variance(variance, stays)
    of_transitions = _model(kind) if full else None
    given = None if initial is None else given_distribution(stays.states, initial)
    stays, present, s = from_time(stays, since, landmark, given)
    first = initial_distribution(stays, present, given, s)
    k = len(stays.states)
    risk = risk_sets(stays, s)
    when = _reported(stays, risk, at, s)
    refuse_too_large("P(s, t)", (len(risk.times), k, k), "round times, to days say, or join states")
    if of_transitions is not None:
        refuse_too_large("the covariance of P(s, t)", (len(when), *(k,) * 4), "name fewer times in `at`")
    products, before = products_of(risk.step)
    path = first @ before
    place = np.searchsorted(risk.times, when, side="right")
    transition = np.concatenate((np.eye(k)[None], products))[place]
    _check_times(stays, when, s, first @ transition)
    held = np.vstack((path, first @ products[-1] if len(products) else first))
    last = float(when[-1]) if len(when) else s
    lapses = tuple(lapses_of(stays, risk, held, since=s, last=last))
    if lapses and initial is None:
        refuse_nobody(stays, risk, held, since=s, last=last)
    hazard, of_hazard = cumulative_hazards(stays, risk, kind, place) if hazards else (None, None)
    smallest, early = _smallest(risk)
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
            stays,
            risk,
            path,
            place,
            first=first,
            variance=kind,
            present=present if initial is None else None,
            progress=progress,
        ),
        variance=kind,
        at_risk=risk.at_risk if when is risk.times else at_risk_at(stays, when),
        events=np.diff(counted, axis=0, prepend=np.zeros((1, k, k))),
        smallest_risk_set=smallest,
        thin_at_first=early,
        transition_covariance=(
            None if of_transitions is None else transition_covariance(risk, before, of_transitions, place)
        ),
        landmark=landmark,
        truncated=truncated(stays, s),
        lapses=lapses,
        unseen=stays.unseen,
        dated=stays.dated,
        unit=unit,
        doubts=tuple(note for note in [model_note(kind, stays)] if note),
        suspects=looks_censored(stays),
        last=_last_known(stays, held[-1]),
        complete=when is risk.times or not len(risk.times),
        cumulative_hazard=hazard,
        hazard_variance=of_hazard,
    )


def _smallest(risk: RiskSets) -> tuple[float, bool]:
    """Return the smallest number at risk in a state with an event, and whether there were more in it later."""
    active = np.where(risk.events.sum(2) > 0, risk.at_risk, np.inf)
    if not np.isfinite(active).any():
        return math.nan, False
    t, k = np.unravel_index(int(active.argmin()), active.shape)
    return float(active[t, k]), bool(t < risk.at_risk[:, k].argmax())


def _last_known(stays: Histories, final: Floats) -> float:
    """Return the last time at which anybody was observed; infinity if everybody has arrived by then."""
    waiting = np.isin(np.arange(len(final)), stays.source)
    return float(stays.stop.max()) if (final[waiting] > 1e-9).any() else math.inf


def _reported(stays: Histories, risk: RiskSets, at: ArrayLike | None, s: float) -> Floats:
    if at is not None:
        return onto(np.sort(one_time(at, "at", stays.dated)), risk.times, stays.near)
    if len(risk.times):
        return risk.times
    last = float(stays.stop.max())
    if s >= last:
        shown = time_shown(s, stays.dated)
        raise DataError(
            f"nobody was observed after {shown}: P({shown}, t) cannot be estimated; choose an earlier `since`"
        )
    return np.array([last])


def _model(variance: Variance | None) -> Variance:
    if variance not in ("greenwood", "aalen"):
        raise UsageError(f"the full covariance of P(s, t) is greenwood or aalen, not {variance!r}; name one of the two")
    return variance


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
    progress: Progress | None,
) -> Floats | None:
    if variance is None:
        return None
    if variance == "jackknife":
        k = len(first)
        own = nothing(stays, k) if present is None else initial_influence(stays, present, first)
        found = []
        for moved in jackknife(stays, risk, path, place, influence=own, carrier=risk.step):
            found.append(moved.T @ moved)
            if progress is not None:
                progress(len(found), len(place))
        return np.array(found).reshape(-1, k, k)
    return scan(risk.step, step_noise(risk, path, variance))[place]
