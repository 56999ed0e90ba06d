"""State occupation over time: the probabilities, how sure they are, and what to know before relying on them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from singledisease.errors import UsageError, did_you_mean
from singledisease.multistate.arrays import Floats
from singledisease.multistate.headings import HEADINGS, PROBABILITIES
from singledisease.multistate.histories.suspects import censoring_note
from singledisease.multistate.inputs.times import Dated, time_cell
from singledisease.multistate.names import NAMELESS, Called
from singledisease.multistate.occupation.hazards import hazard_table
from singledisease.multistate.occupation.lapses import Lapse
from singledisease.multistate.occupation.state_curve import Reach, StateCurve
from singledisease.multistate.occupation.variance import Variance
from singledisease.multistate.plots import draw
from singledisease.multistate.uncertainty.limits import Transform, limits_of
from singledisease.tables import Table, displayed

FEW = 10
"""Fewer people at risk than this are worth a note."""
LAPSES_SHOWN = 3


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
    thin_at_first
        Whether more came under observation in that state later, so that a later start would help.
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
        What tests of assumptions said against them, and what the variance leaves out of account.
    suspects
        States that look like a code for "censored".
    last
        The last time at which it is known: infinity where everybody has arrived.
    complete
        Whether it was computed at every event time.
    unit
        Unit of time, if it is known.
    cumulative_hazard, hazard_variance
        Of each transition, (T, K, K) each (Nelson–Aalen); ``None`` if they were not asked for.
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
    thin_at_first: bool = False
    transition_covariance: Floats | None = None
    landmark: bool = False
    truncated: bool = False
    lapses: tuple[Lapse, ...] = ()
    unseen: int = 0
    dated: Dated = ""
    doubts: tuple[str, ...] = ()
    suspects: tuple[Any, ...] = ()
    last: float = math.inf
    complete: bool = True
    unit: str = ""
    cumulative_hazard: Floats | None = None
    hazard_variance: Floats | None = None
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
            few, advice = (
                self.smallest_risk_set,
                "choose a later start" if self.thin_at_first else "it rests on few there",
            )
            found.append(f"at some event only {few:g} {'was' if few == 1 else 'were'} at risk: {advice}")
        if self.needs_markov:
            found.append("some entered late: right only if the process is Markov; see landmark_test")
        if self.unseen:
            found.append(f"{self.unseen} had an event at the time they were first seen: never at risk, left out")
        found += map(censoring_note, self.suspects)
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

    def _reach(self) -> Reach:
        return Reach(start=self.start, last=self.last, complete=self.complete, dated=self.dated)

    def __getitem__(self, state: Any) -> StateCurve:
        """Return the curve of one state; raises ``UsageError`` if there is none of that name."""
        if state not in self.states:
            raise UsageError(f"there is no state {state!r}; {did_you_mean(str(state), map(str, self.states))}")
        k = self.states.index(state)
        known = self.covariance is not None
        return StateCurve(
            state=state,
            initial=float(self.initial[k]),
            times=self.times,
            probability=self.probability[:, k],
            standard_error=self.standard_error[:, k] if known else np.full(len(self.times), np.nan),
            reach=self._reach(),
            unit=self.unit,
            name=self.names.get(state, ("", "")),
        )

    def at(self, times: ArrayLike, level: float = 0.95) -> Table:
        """Write one row per time asked for and state: the probability, its standard error and limits.

        Raises
        ------
        UsageError
            If the probabilities are not known at one of the times.
        """
        when, place = self._reach().places(times, self.times)
        rows = []
        for time, at in zip(when.tolist(), place.tolist(), strict=True):
            for state in self.states:
                curve = self[state]
                low, high = curve.interval(level)
                numbers = (curve.probability, curve.standard_error, low, high)
                known = [curve.initial, *(np.nan,) * 3] if at < 0 else [float(column[at]) for column in numbers]
                rows.append((time_cell(time, self.dated), str(state), *map(_known, known)))
        names = ("time", "state", "probability", "standard_error", "ci_low", "ci_high")
        return Table.of_rows(names, rows, headings=HEADINGS, formats=PROBABILITIES, called={"state": self.names})

    def hazards(self, level: float = 0.95) -> Table:
        """Write one row per time and transition that was seen: the cumulative hazard, its standard error and limits.

        Limits are on the log scale.

        Raises
        ------
        UsageError
            If cumulative hazards were not asked for.
        """
        if self.cumulative_hazard is None:
            raise UsageError("cumulative hazards were not computed; ask for hazards=True")
        return hazard_table(
            self.cumulative_hazard,
            self.hazard_variance,
            times=[time_cell(time, self.dated) for time in self.times.tolist()],
            states=self.states,
            names=self.names,
            level=level,
        )

    def plot(self, ax: Any = None, *, states: Sequence[Any] | None = None, level: float | None = 0.95) -> Any:
        """Draw the probability of each state over time, and return the axes.

        Parameters
        ----------
        ax
            Axes of matplotlib; left out: the current ones.
        states
            Which; left out: all that anybody is ever in.
        level
            Of the limits; ``None``: none are drawn.

        Raises
        ------
        MissingExtraError
            If no axes are given and matplotlib is not installed.
        UsageError
            If there is no such state.
        """
        used = [state for k, state in enumerate(self.states) if self.initial[k] > 0 or self.probability[:, k].any()]
        curves = [self[state].drawn(level) for state in (used if states is None else states)]
        return draw(ax, curves, dated=self.dated, unit=self.unit, what="probability")

    def time_in_state(self, until: float) -> Floats:
        """Return the expected time in each state from ``start`` to ``until``, shape (K,) (restricted mean).

        Raises
        ------
        UsageError
            If the occupation was not computed at all event times up to ``until``.
        """
        inside = (self.times >= self.start) & (self.times <= until)
        edges = np.concatenate(([self.start], self.times[inside], [until]))
        levels = np.vstack((self.initial, self.probability[inside]))
        return np.asarray(np.diff(edges) @ levels)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
