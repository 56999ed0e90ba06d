"""Comparing fits with each other and with what was seen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import UsageError, require_kind
from singledisease.multistate.aggregate.keys import dense
from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.exponential.uniformisation import checked_times
from singledisease.multistate.headings import COMPARED, HEADINGS
from singledisease.multistate.rates.results import outcomes
from singledisease.multistate.rates.results.fitted import FittedGenerator
from singledisease.tables import Table, displayed


@displayed
@frozen(kw_only=True)
class LikelihoodRatio:
    """The fall of -2 log L between two nested fits, with its degrees of freedom and p-value."""

    statistic: float
    degrees: int
    p: float

    def __str__(self) -> str:
        return f"likelihood ratio {self.statistic:.4f}, {self.degrees} degrees of freedom, p {self.p:.3g}"


def likelihood_ratio(small: FittedGenerator, large: FittedGenerator) -> LikelihoodRatio:
    """Test a fit against one in which it is nested.

    Raises
    ------
    UsageError
        If the fits are to different visits or in different units of time, are not nested, or have no maximum.

    >>> from singledisease.multistate.rates.fit import fit_generator
    >>> visits = dict(id=[1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4], time=[0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1],
    ...               state=[1, 1, 2, 1, 2, 2, 1, 1, 1, 1, 2], allowed=[(1, 2)])
    >>> print(likelihood_ratio(fit_generator(**visits), fit_generator(**visits, cuts=[1])))
    likelihood ratio 0.0000, 1 degrees of freedom, p 1
    """
    require_kind(small, FittedGenerator, way="sd.likelihood_ratio(small, large)", named="small")
    require_kind(large, FittedGenerator, way="sd.likelihood_ratio(small, large)", named="large")
    from scipy.special import gammaincc  # noqa: PLC0415 - SciPy is loaded only when asked for

    _refuse_incomparable(small, large)
    fall, degrees = small.deviance - large.deviance, large.degrees - small.degrees
    if degrees <= 0 or fall < -1e-6 * (1 + abs(large.deviance)):
        raise UsageError(
            f"not nested: {small.degrees} parameters with -2 log L {small.deviance:.4f}, then {large.degrees} "
            f"with {large.deviance:.4f}; give the smaller fit first"
        )
    statistic = max(fall, 0.0)
    return LikelihoodRatio(statistic=statistic, degrees=degrees, p=float(gammaincc(degrees / 2, statistic / 2)))


def _refuse_incomparable(small: FittedGenerator, large: FittedGenerator) -> None:
    a, b = small.visits, large.visits
    same = a.ids.shape == b.ids.shape and len(a.seen) == len(b.seen) and bool((a.person == b.person).all())
    same = same and [a.space.labels[x] for x in np.unique(a.seen)] == [b.space.labels[x] for x in np.unique(b.seen)]
    if not same:
        raise UsageError("the two fits are of different visits")
    spans = [float((v.ticks[v.left + 1] - v.ticks[v.left]).sum() * v.tick) for v in (a, b)]
    if a.unit != b.unit or abs(spans[0] - spans[1]) > 1e-9 * max(spans):
        raise UsageError(
            f"time is in {a.unit} ({spans[0]:.6g} in all) in one fit and in {b.unit} ({spans[1]:.6g}) in the other: "
            "with exact deaths -2 log L depends on the unit; fit both in one"
        )
    if not (small.converged and large.converged):
        raise UsageError("the maximum was not found in one of the fits")


def prevalence(fit: FittedGenerator, times: ArrayLike) -> Table:
    """Compare how many are seen in each state with how many the fit expects.

    Parameters
    ----------
    fit
        The fit, and with it the visits.
    times
        Since the first visit of each person.

    Returns
    -------
    Table
        One row per time and state.  At a time everybody counts whose last visit is not before it, or who has been
        seen in an absorbing state by then; they are seen in the state of their last visit up to it.  Expected
        are the same people, by state, covariates and time at their first visit, which is taken as true.

    Notes
    -----
    A person who dies stays in; one who is no longer seen drops out.  Where that has to do with the state,
    observed and expected drift apart though the fit be right.
    """
    when = checked_times(times)
    rows = []
    for t, observed, expected in _both(fit, when):
        at_risk = int(observed.sum())
        for k, state in enumerate(fit.states):
            share = observed[k] / at_risk if at_risk else None
            hoped = expected[k] / at_risk if at_risk else None
            rows.append((float(t), state, at_risk, int(observed[k]), float(expected[k]), share, hoped))
    names = ("time", "state", "at_risk", "observed", "expected", "observed_share", "expected_share")
    return Table.of_rows(names, rows, headings=HEADINGS, formats=COMPARED)


def _both(fit: FittedGenerator, when: Floats) -> Iterator[tuple[float, Floats, Floats]]:
    visits, k = fit.visits, len(fit.states)
    first = np.flatnonzero(visits.first & (np.bincount(visits.person)[visits.person] > 1))
    first = first[visits.seen[first] < k]
    last = np.append(np.flatnonzero(visits.first)[1:], len(visits.seen))[visits.person[first]] - 1
    since = np.asarray((visits.ticks - visits.ticks[np.flatnonzero(visits.first)][visits.person]) * visits.tick)
    ended = np.append(visits.space.absorbing, np.zeros(len(visits.space.censored), dtype=bool))[visits.seen[last]]
    kinds, expected = _expected(fit, first, when)
    for i, t in enumerate(when):
        at = _last_visit(since, first, last, float(t))
        counted = ((since[last] >= t) | ended) & (visits.seen[at] < k)
        observed = np.bincount(visits.seen[at[counted]], minlength=k).astype(np.float64)
        yield float(t), observed, np.bincount(kinds[counted], minlength=len(expected)) @ expected[:, i]


def _last_visit(since: Floats, first: Codes, last: Codes, t: float) -> NDArray[np.intp]:
    """Return the last visit up to a time of each person whose visits run from ``first`` to ``last``."""
    early = np.concatenate(([0], np.cumsum(since <= t)))
    return np.asarray(first + (early[last + 1] - early[first]) - 1)


def _expected(fit: FittedGenerator, first: Codes, when: Floats) -> tuple[Codes, Floats]:
    """Return the kind of each person and, per kind, the chance of being seen in each state, (kinds, times, K)."""
    visits, plan = fit.visits, fit.plan
    interval = np.full(len(visits.seen), -1, dtype=np.int64)
    interval[visits.left] = np.arange(len(visits.left))
    pattern = plan.rates.pattern[interval[first]]
    start = visits.ticks[first] if len(plan.cuts) else np.zeros(len(first), dtype=np.int64)
    kinds, one = dense(visits.seen[first], pattern, start)
    out = np.empty((len(one), len(when), len(fit.states)))
    for kind, i in enumerate(one):
        since = float(start[i] * visits.tick)
        course = fit.rate_schedule.course(fit.maximum.theta, plan.rates.patterns[pattern[i]], since)
        out[kind] = outcomes.probabilities(course, when)[:, visits.seen[first[i]]] @ fit.errors
    return kinds, out
