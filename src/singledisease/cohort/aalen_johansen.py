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
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.cohort import show
from singledisease.cohort.histories import Floats, Histories, histories
from singledisease.cohort.risk import RiskSets, at_risk_at, products_of, risk_sets, scan
from singledisease.cohort.variance import Variance, initial_influence, jackknife, step_noise, transition_covariance
from singledisease.errors import DataError, UsageError
from singledisease.tables import Table

FEW = 10
"""Fewer people at risk than this are worth a note."""


@frozen(eq=False, kw_only=True)
class Occupation:
    """Probabilities of being in each state at each time.

    Attributes
    ----------
    states
        Names, K of them.
    start
        The time s from which the probabilities are counted.
    times
        Times asked for, or all event times, shape (T,).
    initial
        Distribution at ``start``, shape (K,).
    initial_estimated
        Whether ``initial`` was estimated and enters the jackknife variance (a given one is fixed).
    probability
        p(t), shape (T, K).
    transition
        P(s, t), shape (T, K, K); row i is meaningful if state i was ever at risk.
    covariance
        Of p(t), shape (T, K, K); ``None`` if no variance was asked for.
    variance
        Kind of the variance: ``greenwood``, ``aalen`` or ``jackknife``.
    at_risk, events
        At each time of ``times``: (T, K) people at risk just before, (T, K, K) transitions since the last one.
    smallest_risk_set
        The smallest number at risk, in a state with an event, that entered the estimate.
    transition_covariance
        Of all entries of P(s, t), shape (T, K, K, K, K): ``[t, h, j, r, m]`` is Cov(P_hj, P_rm); ``None`` if it
        was not asked for.
    landmark
        Whether only people under observation at ``start`` were used.
    truncated
        Whether somebody came under observation after ``start``.
    doubts
        What tests of assumptions said against them.
    """

    states: tuple[Any, ...]
    start: float
    times: Floats
    initial: Floats
    initial_estimated: bool
    probability: Floats
    transition: Floats
    covariance: Floats | None
    variance: Variance | None
    at_risk: Floats
    events: Floats
    smallest_risk_set: float
    transition_covariance: Floats | None = None
    landmark: bool = False
    truncated: bool = False
    doubts: tuple[str, ...] = ()

    @property
    def standard_error(self) -> Floats:
        """Standard errors of ``probability``, shape (T, K)."""
        if self.covariance is None:
            raise UsageError("no variance was computed; ask for variance='greenwood', 'aalen' or 'jackknife'")
        variances = np.einsum("tkk->tk", self.covariance)
        return np.asarray(np.sqrt(np.maximum(variances, 0.0)))

    def interval(
        self, level: float = 0.95, transform: Literal["log", "log-log", "plain"] = "log"
    ) -> tuple[Floats, Floats]:
        """Give the limits of a pointwise interval for ``probability``, each of shape (T, K).

        A probability of 0 (or, for ``log-log``, of 1) has no interval on the transformed scale: it is NaN.
        """
        from statistics import NormalDist  # noqa: PLC0415 - as cheap as it is rare

        z = NormalDist().inv_cdf(0.5 + level / 2)
        p, se = self.probability, self.standard_error
        with np.errstate(divide="ignore", invalid="ignore"):
            if transform == "plain":
                return np.clip(p - z * se, 0, 1), np.clip(p + z * se, 0, 1)
            if transform == "log":
                spread = np.exp(z * se / p)
                return np.where(p > 0, p / spread, np.nan), np.where(p > 0, np.minimum(p * spread, 1), np.nan)
            inner = (p > 0) & (p < 1)
            scale = np.exp(z * se / (p * np.log(p)))
            one, other = p**scale, p ** (1 / scale)
            low, high = np.minimum(one, other), np.maximum(one, other)
            return np.where(inner, low, np.nan), np.where(inner, high, np.nan)

    @property
    def transition_error(self) -> Floats:
        """Standard errors of ``transition``, shape (T, K, K)."""
        if self.transition_covariance is None:
            raise UsageError("the covariance of P(s, t) was not computed; ask for full=True")
        variances = np.einsum("thjhj->thj", self.transition_covariance)
        return np.asarray(np.sqrt(np.maximum(variances, 0.0)))

    @property
    def needs_markov(self) -> bool:
        """Whether the estimate is right only if the future depends on the present state alone.

        Occupation is not, as long as nobody enters late; P(s, t) is, unless it is a landmark estimate.
        """
        return self.truncated and not self.landmark

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know before relying on it."""
        found = []
        if self.smallest_risk_set < FEW:
            found.append(f"at some event only {self.smallest_risk_set:g} were at risk: choose a later start")
        if self.needs_markov:
            found.append("some entered late: right only if the process is Markov; see assumptions.landmark_test")
        return (*found, *self.doubts)

    def table(self) -> Table:
        """Write one row per time and state: the probability and the limits of its interval."""
        return show.occupation(self)

    def __str__(self) -> str:
        return "\n".join((str(self.table()), *(f"({note})" for note in self.notes)))

    def time_in_state(self, until: float) -> Floats:
        """Give the expected time in each state from ``start`` to ``until``, shape (K,) (restricted mean).

        Raises
        ------
        UsageError
            If the occupation was not computed at all event times up to ``until``.
        """
        inside = (self.times > self.start) & (self.times <= until)
        edges = np.concatenate(([self.start], self.times[inside], [until]))
        levels = np.vstack((self.initial, self.probability[inside]))
        return np.asarray(np.diff(edges) @ levels)


def aalen_johansen(
    start: ArrayLike,
    stop: ArrayLike,
    from_state: ArrayLike,
    to_state: ArrayLike,
    *,
    id: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    states: Sequence[Any] | None = None,
    since: float | None = None,
    at: ArrayLike | None = None,
    initial: ArrayLike | None = None,
    variance: Variance | None = "greenwood",
    landmark: bool = False,
    full: bool = False,
    allowed: Iterable[tuple[Any, Any]] | None = None,
    absorbing: Iterable[Any] = (),
) -> Occupation:
    """Estimate the probability of each state over time from histories of any graph.

    Parameters
    ----------
    start, stop, from_state, to_state, id, weights, states, allowed, absorbing
        Stays; see ``histories``.  A missing ``to_state`` is a censored stay; a start after ``since`` is left
        truncation.
    since
        The time s from which probabilities are counted; left out: the earliest start.
    at
        Times to report; left out: every event time.
    initial
        Distribution at ``since``, shape (K,), taken as fixed; left out: that of the people then at risk.
    variance
        ``greenwood`` (multinomial), ``aalen`` (Poisson) or ``jackknife`` (robust, by person), or ``None``.
    landmark
        Use only the people who are under observation at ``since``: right also without the Markov property.
    full
        Also compute the covariance of all entries of P(s, t) (``greenwood`` or ``aalen``).

    Raises
    ------
    DataError
        If the stays are faulty, or nobody is at risk at ``since``: P(s, t) is not estimable from there.
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
        allowed=allowed,
        absorbing=absorbing,
    )
    return occupation(stays, since=since, at=at, initial=initial, variance=variance, landmark=landmark, full=full)


def occupation(
    stays: Histories,
    *,
    since: float | None = None,
    at: ArrayLike | None = None,
    initial: ArrayLike | None = None,
    variance: Variance | None = "greenwood",
    landmark: bool = False,
    full: bool = False,
) -> Occupation:
    """Estimate state occupation from checked stays; see ``aalen_johansen``."""
    stays, present, s = from_time(stays, since, landmark)
    first = initial_distribution(stays, present, initial, s)
    risk = risk_sets(stays, s)
    products, before = products_of(risk.step)
    path, k = first @ before, len(stays.states)
    when = risk.times if at is None else np.sort(np.atleast_1d(np.asarray(at, dtype=np.float64)))
    place = np.searchsorted(risk.times, when, side="right")
    transition = np.concatenate((np.eye(k)[None], products))[place]
    _check_times(stays, when, s, first @ transition)
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
    )


def _model(variance: Variance | None) -> Variance:
    if variance not in ("greenwood", "aalen"):
        raise UsageError(f"the full covariance of P(s, t) is greenwood or aalen, not {variance!r}")
    return variance


def from_time(stays: Histories, since: float | None, landmark: bool) -> tuple[Histories, NDArray[np.bool_], float]:
    """Give the stays to estimate from, which of them are under way at the time s, and s.

    Raises
    ------
    DataError
        If there is no stay at all.
    """
    if not len(stays.person):
        raise DataError("there is no stay to estimate from")
    s = float(stays.start.min() if since is None else since)
    present = (stays.start <= s) & (stays.stop > s)
    if landmark:
        stays = stays.only(np.isin(stays.person, stays.person[present]))
        present = (stays.start <= s) & (stays.stop > s)
    return stays, present, s


def _truncated(stays: Histories, s: float) -> bool:
    """Say whether the first stay of somebody, of those that reach beyond s, starts after s."""
    first = np.full(stays.people, np.inf)
    np.minimum.at(first, stays.person, stays.start)
    last = np.full(stays.people, -np.inf)
    np.maximum.at(last, stays.person, stays.stop)
    return bool(((first > s) & (last > s)).any())


def _check_times(stays: Histories, when: Floats, s: float, probability: Floats) -> None:
    if len(when) and when[0] < s:
        raise UsageError(f"P({s:g}, {when[0]:g}) goes backwards; ask for times from {s:g} on")
    last = float(stays.stop.max())
    waiting = np.isin(np.arange(probability.shape[1]), stays.source)
    if len(when) and when[-1] > last and (probability[-1, waiting] > 1e-9).any():
        raise UsageError(
            f"P({s:g}, {when[-1]:g}) cannot be estimated: nobody was observed after {last:g}, "
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
        own = np.zeros((stays.people, k)) if present is None else initial_influence(stays, present, first)
        found = [own.T @ own for own in jackknife(stays, risk, path, place, influence=own, carrier=risk.step)]
        return np.array(found).reshape(-1, k, k)
    return scan(risk.step, step_noise(risk, path, variance))[place]


def initial_distribution(stays: Histories, present: NDArray[np.bool_], given: ArrayLike | None, s: float) -> Floats:
    """Give the distribution of states at s: the one given, or that of the people then under observation.

    Raises
    ------
    DataError
        If nobody is: P(s, t) is not estimable.
    """
    k = len(stays.states)
    if given is not None:
        first = np.asarray(given, dtype=np.float64)
        if first.shape != (k,) or (first < 0).any() or abs(first.sum() - 1) > 1e-9:
            raise UsageError(f"initial must be {k} probabilities that sum to 1, for {stays.states}; got {given!r}")
        return first
    weight = None if stays.weight is None else stays.weight[present]
    counts = np.bincount(stays.source[present], weights=weight, minlength=k).astype(np.float64)
    if counts.sum() == 0:
        raise DataError(
            f"nobody is at risk just after {s:g}: P({s:g}, t) cannot be estimated; "
            f"the first stay starts at {stays.start.min():g}: choose a later `since` or give `initial`"
        )
    return np.asarray(counts / counts.sum())
