"""The log-rank test: whether groups have the same survival.

Source: Mantel, Cancer Chemother Rep 1966;50:163–170; ties are hypergeometric, late entry as in Kaplan–Meier.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from singledisease.cohort.columns import Floats
from singledisease.cohort.labels import read_labels
from singledisease.cohort.survival import checked_durations, risk_at, risk_table
from singledisease.errors import DataError
from singledisease.tables import Table, displayed


@displayed
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

    time, happened, begin = checked_durations(duration, event, entry)
    found = read_labels(group)
    names, code = found.names, found.codes
    if len(code) != len(time) or len(names) < 2:
        raise DataError(f"a log-rank test needs one group per person and at least two groups; got {len(names)}")
    lost = np.flatnonzero(code < 0)
    if len(lost):
        raise DataError(f"the group is missing in {len(lost)} rows, such as {lost[:10].tolist()}")
    times, whole, events = risk_table(time, happened, begin)
    parts = [risk_at(time[code == g], begin[code == g], times) for g in range(len(names))]
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
        groups=names,
        observed=observed,
        expected=expected,
        statistic=statistic,
        degrees=degrees,
        p_value=float(chdtrc(degrees, statistic)) if degrees else 1.0,
    )
