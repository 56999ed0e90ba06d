"""One clock: Kaplan–Meier with late entry, and the log-rank test.

Sources: Kaplan & Meier, J Am Stat Assoc 1958;53:457–481; Mantel, Cancer Chemother Rep 1966;50:163–170.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.cohort.histories import Floats
from singledisease.errors import DataError
from singledisease.tables import Table


@frozen(eq=False, kw_only=True)
class Survival:
    """The probability of not having had the event, over time.

    Attributes
    ----------
    times
        Event times, (T,).
    at_risk, events
        (T,): people at risk just before, and events.
    probability, standard_error
        (T,): Kaplan–Meier and Greenwood.
    """

    times: Floats
    at_risk: Floats
    events: Floats
    probability: Floats
    standard_error: Floats

    def interval(
        self, level: float = 0.95, transform: Literal["log", "log-log", "plain"] = "log-log"
    ) -> tuple[Floats, Floats]:
        """Give pointwise limits, (T,) each; NaN where the scale has none (at 0, for ``log-log`` also at 1)."""
        z, p, se = NormalDist().inv_cdf(0.5 + level / 2), self.probability, self.standard_error
        with np.errstate(divide="ignore", invalid="ignore"):
            if transform == "plain":
                return np.clip(p - z * se, 0, 1), np.clip(p + z * se, 0, 1)
            if transform == "log":
                spread = np.exp(z * se / p)
                return np.where(p > 0, p / spread, np.nan), np.where(p > 0, np.minimum(p * spread, 1), np.nan)
            inner = (p > 0) & (p < 1)
            spread = np.exp(z * se / (p * np.abs(np.log(p))))
            return np.where(inner, p**spread, np.nan), np.where(inner, p ** (1 / spread), np.nan)

    def quantile(self, share: float = 0.5, level: float = 0.95) -> tuple[float | None, float | None, float | None]:
        """Give the time by which a share has had the event, with limits; ``None`` where the curve stays above.

        The limits are where those of the curve cross (Brookmeyer & Crowley, Biometrics 1982;38:29–41).
        """
        low, high = self.interval(level)
        found = []
        for curve in (self.probability, np.nan_to_num(low, nan=0.0), np.where(np.isnan(high), self.probability, high)):
            below = np.flatnonzero(curve <= 1 - share + 1e-12)
            found.append(float(self.times[below[0]]) if len(below) else None)
        return found[0], found[1], found[2]

    def table(self, level: float = 0.95) -> Table:
        """Write one row per event time."""
        low, high = self.interval(level)
        columns = (self.times, self.at_risk, self.events, self.probability, self.standard_error, low, high)
        rows = [[None if np.isnan(cell) else float(cell) for cell in row] for row in zip(*columns, strict=True)]
        names = ("time", "at_risk", "events", "probability", "standard_error", "ci_low", "ci_high")
        return Table.of_rows(names, rows)

    def __str__(self) -> str:
        return str(self.table())


def kaplan_meier(duration: ArrayLike, event: ArrayLike, *, entry: ArrayLike | None = None) -> Survival:
    """Estimate survival from durations, some of them censored, some under observation only from an entry on.

    Parameters
    ----------
    duration
        Time to the event or to the end of observation, (people,).
    event
        Whether it was the event, (people,).
    entry
        When observation began on the same clock; at risk in (entry, duration].  Left out: 0.

    Raises
    ------
    DataError
        If the columns differ in length, or a duration is not after its entry.

    >>> print(kaplan_meier([2, 4, 6, 6], [True, False, True, False]))
    time  at_risk  events  probability  standard_error     ci_low   ci_high
    ----  -------  ------  -----------  --------------  ---------  --------
       2        4       1         0.75        0.216506   0.127947  0.960549
       6        2       1        0.375        0.286411  0.0109711  0.808001
    """
    time, happened, begin = _checked(duration, event, entry)
    times, at_risk, events = _table(time, happened, begin)
    share = events / at_risk
    probability = np.asarray(np.cumprod(1 - share), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.cumsum(share / (at_risk - events))
        error = np.where(probability > 0, probability * np.sqrt(total), 0.0)
    return Survival(times=times, at_risk=at_risk, events=events, probability=probability, standard_error=error)


@frozen(eq=False, kw_only=True)
class LogRank:
    """A log-rank test: per group the events observed and expected, and how unlikely that is if all are alike."""

    groups: tuple[Any, ...]
    observed: Floats
    expected: Floats
    statistic: float
    degrees: int
    p_value: float

    def __str__(self) -> str:
        rows = zip(map(str, self.groups), self.observed.tolist(), self.expected.tolist(), strict=True)
        text = str(Table.of_rows(("group", "observed", "expected"), list(rows)))
        return f"{text}\nchi² {self.statistic:.4g}, df {self.degrees}, p {self.p_value:.4g}"


def log_rank(duration: ArrayLike, event: ArrayLike, group: ArrayLike, *, entry: ArrayLike | None = None) -> LogRank:
    """Test whether groups have the same survival.

    Parameters
    ----------
    duration, event, entry
        As in ``kaplan_meier``.
    group
        Which group each person is in, (people,).

    Raises
    ------
    DataError
        If the columns differ in length, or there is but one group.

    >>> print(log_rank([2, 4, 6, 7], [1, 1, 1, 0], ["a", "a", "b", "b"]))
    group  observed  expected
    -----  --------  --------
    a             2  0.833333
    b             1   2.16667
    chi² 2.882, df 1, p 0.08956
    """
    from scipy.special import chdtrc  # noqa: PLC0415 - SciPy is loaded only when asked for

    time, happened, begin = _checked(duration, event, entry)
    names, code = np.unique(np.asarray(group), return_inverse=True)
    if len(code) != len(time) or len(names) < 2:
        raise DataError(f"a log-rank test needs one group per person and at least two groups; got {len(names)}")
    times, whole, events = _table(time, happened, begin)
    parts = [_risk(time[code == g], begin[code == g], times) for g in range(len(names))]
    at_risk = np.stack(parts, axis=1)
    observed = np.bincount(code[happened], minlength=len(names)).astype(np.float64)
    share = at_risk / whole[:, None]
    expected = events @ share
    spread = events * np.where(whole > 1, (whole - events) / np.maximum(whole - 1, 1), 0.0)
    covariance = np.einsum("t,ti,ij->ij", spread, share, np.eye(len(names))) - (spread[:, None] * share).T @ share
    gap = (observed - expected)[:-1]
    inner = covariance[:-1, :-1]
    degrees = int(np.linalg.matrix_rank(inner))
    statistic = float(gap @ np.linalg.pinv(inner) @ gap)
    return LogRank(
        groups=tuple(names.tolist()),
        observed=observed,
        expected=expected,
        statistic=statistic,
        degrees=degrees,
        p_value=float(chdtrc(degrees, statistic)) if degrees else 1.0,
    )


def _checked(
    duration: ArrayLike, event: ArrayLike, entry: ArrayLike | None
) -> tuple[Floats, NDArray[np.bool_], Floats]:
    time, happened = np.asarray(duration, dtype=np.float64), np.asarray(event, dtype=bool)
    begin = np.zeros(len(time)) if entry is None else np.asarray(entry, dtype=np.float64)
    if not len(time) == len(happened) == len(begin):
        raise DataError(f"the columns differ in length: {len(time)}, {len(happened)}, {len(begin)}")
    wrong = np.flatnonzero(~(time > begin) | ~np.isfinite(time))
    if len(wrong):
        i = int(wrong[0])
        raise DataError(f"row {i}: a duration of {time[i]:g} does not end after its entry at {begin[i]:g}")
    return time, happened, begin


def _risk(time: Floats, begin: Floats, at: Floats) -> Floats:
    started = np.searchsorted(np.sort(begin), at, side="left")
    ended = np.searchsorted(np.sort(time), at, side="left")
    return np.asarray(started - ended, dtype=np.float64)


def _table(time: Floats, happened: NDArray[np.bool_], begin: Floats) -> tuple[Floats, Floats, Floats]:
    times, events = np.unique(time[happened], return_counts=True)
    return times, _risk(time, begin, times), events.astype(np.float64)
