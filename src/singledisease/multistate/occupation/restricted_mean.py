"""Restricted mean time in each state: the area under the occupation curves, with its covariance.

An error of p made at one time goes on into all later areas.  So the error of the area is carried together with that
of p: a step of length Δ is the matrix [[M, ΔI], [0, I]] on both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import UsageError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.headings import HEADINGS
from singledisease.multistate.histories.histories import Histories, histories
from singledisease.multistate.histories.suspects import censoring_note, looks_censored
from singledisease.multistate.inputs.rounding import onto
from singledisease.multistate.inputs.times import only_time, time_shown
from singledisease.multistate.names import NAMELESS, Called
from singledisease.multistate.occupation.lapses import refuse_nobody
from singledisease.multistate.occupation.risk_sets import products_of, risk_sets, scan
from singledisease.multistate.occupation.start import Moment, from_time, given_distribution, initial_distribution
from singledisease.multistate.occupation.variance import (
    AskedVariance,
    Variance,
    initial_influence,
    jackknife,
    model_note,
    needed_variance,
    nothing,
    step_noise,
)
from singledisease.multistate.uncertainty.limits import quantile_of
from singledisease.tables import Table, displayed


@displayed
@frozen(eq=False, kw_only=True)
class TimeInStates:
    """Expected time in each state between two times.

    Attributes
    ----------
    states
        Names, K of them.
    start, until
        The two times.
    mean
        (K,), in the unit of the data; they sum to ``until − start``.
    covariance
        (K, K).
    variance
        Its kind.
    notes
        What to know before relying on it.
    names
        What states are called in Chinese and English, as far as they are.
    """

    states: tuple[Any, ...]
    start: float
    until: float
    mean: Floats
    covariance: Floats
    variance: Variance
    notes: tuple[str, ...] = ()
    names: Called = field(default=NAMELESS, repr=False)

    @property
    def standard_error(self) -> Floats:
        """Standard errors of ``mean``, (K,)."""
        return np.asarray(np.sqrt(np.maximum(self.covariance.diagonal(), 0.0)))

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return the limits of a normal interval, (K,) each, cut to what is possible."""
        half = quantile_of(level) * self.standard_error
        whole = self.until - self.start
        return np.clip(self.mean - half, 0, whole), np.clip(self.mean + half, 0, whole)

    def table(self, level: float = 0.95) -> Table:
        """Write one row per state."""
        columns = (self.states, self.mean, self.standard_error, *self.interval(level))
        rows = [(str(state), *map(float, row)) for state, *row in zip(*columns, strict=True)]
        names = ("state", "time", "standard_error", "ci_low", "ci_high")
        formats = dict.fromkeys(names[1:], ".4g")
        return Table.of_rows(names, rows, headings=HEADINGS, formats=formats, called={"state": self.names})

    def __str__(self) -> str:
        return "\n".join((str(self.table()), *(f"({note})" for note in self.notes)))


def time_in_states(
    start: ArrayLike,
    stop: ArrayLike,
    from_state: ArrayLike,
    to_state: ArrayLike,
    *,
    until: Moment,
    since: Moment | None = None,
    id: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    states: Sequence[Any] | None = None,
    initial: ArrayLike | Mapping[Any, float] | None = None,
    variance: AskedVariance = "auto",
) -> TimeInStates:
    """Estimate the expected time in each state from ``since`` to ``until`` (restricted mean).

    Parameters
    ----------
    start, stop, from_state, to_state, id, weights, cluster, states
        Stays; see ``histories``.
    until
        The last time; somebody must be under observation until then, unless everybody has arrived.
    since, initial, variance
        As in ``aalen_johansen``.

    Raises
    ------
    UsageError
        If nobody is observed until then.

    >>> print(time_in_states([0, 0, 0], [2, 4, 6], ["well"] * 3, ["dead", "dead", None], until=6))
    state  time  standard error     low   high
    -----  ----  --------------  ------  -----
    dead      2          0.9428  0.1521  3.848
    well      4          0.9428   2.152  5.848
    """
    stays = histories(start, stop, from_state, to_state, id=id, states=states, weights=weights, cluster=cluster)
    return restricted_mean(stays, until, since=since, initial=initial, variance=variance)


def restricted_mean(
    stays: Histories,
    until: Moment,
    *,
    since: Moment | None = None,
    initial: ArrayLike | Mapping[Any, float] | None = None,
    variance: AskedVariance = "auto",
) -> TimeInStates:
    """Estimate the expected time in each state from checked stays; see ``time_in_states``."""
    kind = needed_variance(variance, stays)
    stays, present, s = from_time(stays, since, landmark=False)
    until = only_time(until, "until", stays.dated)
    if until < s:
        raise UsageError(f"the time from {_shown(stays, s)} to {_shown(stays, until)} goes backwards")
    given = None if initial is None else given_distribution(stays.states, initial)
    first = initial_distribution(stays, present, given, s)
    risk = risk_sets(stays, s)
    until = float(onto(np.array([until]), risk.times, stays.near)[0])
    number = int(np.searchsorted(risk.times, until, side="right"))
    products, before = products_of(risk.step)
    path = first @ before
    levels = np.vstack((first[None], first @ products[:number]))
    _check_reach(stays, until, s, levels[-1])
    if initial is None:
        refuse_nobody(stays, risk, np.vstack((first[None], first @ products)), since=s, last=until)
    gaps = np.diff(np.concatenate(([s], risk.times[:number], [until])))
    carrier = _carrier(risk.step, np.diff(risk.times, prepend=s))
    if kind == "jackknife":
        own = _both(initial_influence(stays, present, first) if initial is None else nothing(stays, len(first)))
        (last,) = jackknife(stays, risk, path, np.array([number]), influence=own, carrier=carrier)
        covariance = last.T @ last
    else:
        k = len(first)
        noise = np.zeros((len(path), 2 * k, 2 * k))
        noise[:, :k, :k] = step_noise(risk, path, kind)
        covariance = scan(carrier, noise)[number]
    final = _carrier(np.eye(len(first))[None], gaps[-1:])[0]
    k = len(first)
    return TimeInStates(
        states=stays.states,
        start=s,
        until=float(until),
        mean=np.asarray(gaps @ levels),
        covariance=np.asarray((final.T @ covariance @ final)[k:, k:]),
        variance=kind,
        notes=tuple(note for note in (*map(censoring_note, looks_censored(stays)), model_note(kind, stays)) if note),
    )


def _carrier(step: Floats, gaps: Floats) -> Floats:
    """Carry (error of p, error of the area) over the gap before each step and over the step, (T, 2K, 2K)."""
    k = step.shape[1]
    carrier = np.zeros((len(step), 2 * k, 2 * k))
    carrier[:, :k, :k] = step
    carrier[:, :k, k:] = gaps[:, None, None] * np.eye(k)
    carrier[:, k:, k:] = np.eye(k)
    return carrier


def _both(influence: Floats) -> Floats:
    return np.concatenate((influence, np.zeros_like(influence)), axis=1)


def _shown(stays: Histories, time: float) -> str:
    return time_shown(time, stays.dated)


def _check_reach(stays: Histories, until: float, s: float, final: NDArray[np.float64]) -> None:
    last = float(stays.stop.max())
    waiting = np.isin(np.arange(len(final)), stays.source)
    if until > last and not math.isclose(final[waiting].sum(), 0.0, abs_tol=1e-9):
        raise UsageError(
            f"the time in states from {_shown(stays, s)} to {_shown(stays, until)} cannot be estimated: nobody was "
            f"observed after {_shown(stays, last)}; ask for until={_shown(stays, last)} at most"
        )
