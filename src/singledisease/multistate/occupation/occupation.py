"""State occupation over time: the probabilities, how sure they are, and what to know before relying on them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from attrs import field, frozen

from singledisease.errors import UsageError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.headings import HEADINGS, PROBABILITIES
from singledisease.multistate.inputs.times import time_cell
from singledisease.multistate.names import NAMELESS, Called
from singledisease.multistate.occupation.lapses import Lapse
from singledisease.multistate.occupation.variance import Variance
from singledisease.multistate.uncertainty.limits import Transform, limits_of
from singledisease.tables import Table, displayed

FEW = 10
"""Fewer people at risk than this are worth a note."""
LAPSES_SHOWN = 3
CENSORED = ("censor", "censored", "censoring", "cens", "删失")


@displayed
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
        At each time of ``times``: (T, K) people at risk just before, (T, K, K) transitions since the last one; with
        weights, their sums.
    smallest_risk_set
        The smallest number at risk, in a state with an event, that entered the estimate.
    transition_covariance
        Of all entries of P(s, t), shape (T, K, K, K, K): ``[t, h, j, r, m]`` is Cov(P_hj, P_rm); ``None`` if it
        was not asked for.
    landmark
        Whether only people under observation at ``start`` were used.
    truncated
        Whether somebody came under observation after ``start``.
    lapses
        Times in which nobody was at risk in a state, though people should have been in it.
    unseen
        How many people had an event at the time they were first seen: they were in no risk set, and are left out.
    dated
        Whether times are days since 1970-01-01.
    doubts
        What tests of assumptions said against them.
    names
        What states are called in Chinese and English, as far as they are.
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
    lapses: tuple[Lapse, ...] = ()
    unseen: int = 0
    dated: bool = False
    doubts: tuple[str, ...] = ()
    names: Called = field(default=NAMELESS, repr=False)

    @property
    def standard_error(self) -> Floats:
        """Standard errors of ``probability``, shape (T, K)."""
        if self.covariance is None:
            raise UsageError("no variance was computed; ask for variance='greenwood', 'aalen' or 'jackknife'")
        variances = np.einsum("tkk->tk", self.covariance)
        return np.asarray(np.sqrt(np.maximum(variances, 0.0)))

    def interval(self, level: float = 0.95, transform: Transform = "log") -> tuple[Floats, Floats]:
        """Return the limits of a pointwise interval for ``probability``, each of shape (T, K).

        A probability of 0 (or, for ``log-log``, of 1) has no interval on the transformed scale: it is NaN.
        """
        return limits_of(self.probability, self.standard_error, level, transform)

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
            found.append("some entered late: right only if the process is Markov; see landmark_test")
        if self.unseen:
            found.append(f"{self.unseen} had an event at the time they were first seen: never at risk, left out")
        found += [
            f"{state!r} is a state here, which competes with the others: a stay is censored if its to_state is missing"
            for state in self.states
            if str(state).lower() in CENSORED
        ]
        found += [str(lapse) for lapse in self.lapses[:LAPSES_SHOWN]]
        if len(self.lapses) > LAPSES_SHOWN:
            found.append(f"and {len(self.lapses) - LAPSES_SHOWN} more such times")
        return (*found, *self.doubts)

    def table(self) -> Table:
        """Write one row per time and state: the probability and the limits of its interval."""
        low, high = self.interval() if self.covariance is not None else (self.probability * np.nan,) * 2
        rows = [
            (
                time_cell(time, self.dated),
                str(state),
                float(self.probability[t, k]),
                _known(low[t, k]),
                _known(high[t, k]),
            )
            for t, time in enumerate(self.times)
            for k, state in enumerate(self.states)
        ]
        return Table.of_rows(
            ("time", "state", "probability", "ci_low", "ci_high"),
            rows,
            headings=HEADINGS,
            formats=PROBABILITIES,
            called={"state": self.names},
        )

    def __str__(self) -> str:
        return "\n".join((str(self.table()), *(f"({note})" for note in self.notes)))

    def time_in_state(self, until: float) -> Floats:
        """Return the expected time in each state from ``start`` to ``until``, shape (K,) (restricted mean).

        Raises
        ------
        UsageError
            If the occupation was not computed at all event times up to ``until``.
        """
        inside = (self.times > self.start) & (self.times <= until)
        edges = np.concatenate(([self.start], self.times[inside], [until]))
        levels = np.vstack((self.initial, self.probability[inside]))
        return np.asarray(np.diff(edges) @ levels)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
