"""Landmark against plain: whether what happens next depends on more than the present state.

Source: Putter & Spitoni, Stat Methods Med Res 2018;27:2081–2092.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import ArrayLike

from singledisease.errors import DataError, UsageError, did_you_mean
from singledisease.multistate.arrays import Floats
from singledisease.multistate.assumption_tests.check import AssumptionTest
from singledisease.multistate.headings import HEADINGS
from singledisease.multistate.histories.histories import Histories, histories
from singledisease.multistate.inputs.times import Dated, one_time, only_time, time_cell, time_shown
from singledisease.multistate.occupation.aalen_johansen import occupation
from singledisease.multistate.occupation.start import Moment
from singledisease.progress import Progress
from singledisease.tables import Table, displayed


@displayed
@frozen(eq=False, kw_only=True)
class Landmark:
    """Plain and landmark estimates of P(s, t) from one state, with their difference.

    Attributes
    ----------
    states, source, start
        Names, K of them; the state at s; s.
    times
        (T,).
    plain, landmark
        Probabilities from all people, and from those in the state at s, (T, K) each.
    error
        Standard error of the difference, (T, K), by drawing people.
    replicates
        How many samples had somebody in the state at s.
    dated
        Whether times are days since 1970-01-01.
    """

    states: tuple[Any, ...]
    source: Any
    start: float
    times: Floats
    plain: Floats
    landmark: Floats
    error: Floats
    replicates: int
    dated: Dated = ""

    @property
    def check(self) -> AssumptionTest:
        """Test whether all differences are 0, each on its own, by the largest one (Bonferroni)."""
        from scipy.special import chdtrc  # noqa: PLC0415 - SciPy is loaded only when asked for

        z = self.z
        known = z[np.isfinite(z)]
        worst = float((known**2).max(initial=0.0))
        p_value = min(1.0, float(chdtrc(1, worst)) * max(len(known), 1))
        moment = time_shown(self.start, self.dated)
        name = f"P({moment}, t) from {self.source} does not depend on the past (landmark against plain)"
        degrees = 1 if len(known) else 0
        return AssumptionTest(assumption=name, test="landmark", statistic=worst, degrees=degrees, p_value=p_value)

    @property
    def z(self) -> Floats:
        """Differences over their standard errors, (T, K); NaN where the error is 0."""
        gap = self.landmark - self.plain
        return np.divide(gap, self.error, out=np.full_like(gap, np.nan), where=self.error > 1e-12)

    def table(self) -> Table:
        """Write one row per time and state."""
        rows = [
            (
                time_cell(time, self.dated),
                str(state),
                *(float(x[t, k]) for x in (self.plain, self.landmark, self.error)),
            )
            for t, time in enumerate(self.times)
            for k, state in enumerate(self.states)
        ]
        names = ("time", "state", "plain", "landmark", "standard_error")
        return Table.of_rows(names, rows, headings=HEADINGS, formats=dict.fromkeys(names[2:], ".4f"))

    def __str__(self) -> str:
        return f"{self.table()}\n{self.check}"


def landmark_test(
    start: ArrayLike,
    stop: ArrayLike,
    from_state: ArrayLike,
    to_state: ArrayLike,
    *,
    source: Any,
    since: Moment,
    at: ArrayLike,
    id: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    states: Sequence[Any] | None = None,
    replicates: int = 200,
    seed: int = 0,
    progress: Progress | None = None,
) -> Landmark:
    """Compare P(s, t) from all people with that from the people in the state at s only.

    Both are right if the process is Markov; otherwise only the second is.

    Parameters
    ----------
    start, stop, from_state, to_state, id, weights, states
        Stays; see ``histories``.
    source
        The state at s.
    since, at
        s, and the times t.
    replicates, seed
        How many samples of people make the standard error of the difference, and from which seed.
    progress
        Told how many samples of how many are done; left out, a terminal shows it.

    Raises
    ------
    DataError
        If the stays are faulty, or nobody is in the state at s.
    UsageError
        If there is no such state.

    >>> state, then = ["well", "ill", "well", "ill", "ill"], ["ill", "dead", "ill", "dead", "dead"]
    >>> found = landmark_test(
    ...     [0, 2, 0, 5, 0], [2, 9, 5, 6, 8], state, then, id=[1, 1, 2, 2, 3], source="ill", since=3, at=[7]
    ... )
    >>> found.landmark.tolist(), found.plain.round(3).tolist()
    ([[0.0, 1.0, 0.0]], [[0.333, 0.667, 0.0]])
    """
    stays = histories(start, stop, from_state, to_state, id=id, states=states, weights=weights)
    return landmark_of(stays, source, since=since, at=at, replicates=replicates, seed=seed, progress=progress)


def landmark_of(
    stays: Histories,
    source: Any,
    *,
    since: Moment,
    at: ArrayLike,
    replicates: int = 200,
    seed: int = 0,
    progress: Progress | None = None,
) -> Landmark:
    """Compare both estimates on checked stays; see ``landmark_test``."""
    if source not in stays.states:
        raise UsageError(f"there is no state {source!r}; {did_you_mean(str(source), map(str, stays.states))}")
    code = stays.states.index(source)
    if replicates < 2:
        raise UsageError(f"replicates={replicates!r}: an error needs at least two samples of people")
    since, times = only_time(since, "since", stays.dated), np.sort(one_time(at, "at", stays.dated))
    plain, landmark = _both(stays, code, since, times)
    rng = np.random.default_rng(seed)
    gaps = []
    own = np.ones(len(stays.person)) if stays.weight is None else stays.weight
    for number in range(replicates):
        if progress is not None:
            progress(number + 1, replicates)
        drawn = rng.multinomial(stays.people, np.full(stays.people, 1 / stays.people))[stays.person]
        again = evolve(stays, weight=own * drawn).only(drawn > 0)
        try:
            one, other = _both(again, code, since, times)
        except DataError:
            continue
        gaps.append(other - one)
    if len(gaps) < max(2, replicates / 2):
        moment = time_shown(since, stays.dated)
        raise DataError(f"only {len(gaps)} of {replicates} samples of people had somebody in {source!r} at {moment}")
    return Landmark(
        states=stays.states,
        source=source,
        start=float(since),
        times=times,
        plain=plain,
        landmark=landmark,
        error=np.std(gaps, axis=0, ddof=1),
        replicates=len(gaps),
        dated=stays.dated,
    )


def _both(stays: Histories, code: int, since: float, times: Floats) -> tuple[Floats, Floats]:
    first = np.eye(len(stays.states))[code]
    there = (stays.start <= since) & (stays.stop > since) & (stays.source == code)
    if not there.any():
        raise DataError(f"nobody is in {stays.states[code]!r} just after {time_shown(since, stays.dated)}")
    some = stays.only(np.isin(stays.person, stays.person[there]))
    # Samples may end before the last time: what is asked then stands as it was.
    reach = np.minimum(times, float(stays.stop.max()))
    plain = occupation(stays, since=since, at=reach, initial=first, variance=None).probability
    reach = np.minimum(times, float(some.stop.max()))
    return plain, occupation(some, since=since, at=reach, initial=first, variance=None).probability
