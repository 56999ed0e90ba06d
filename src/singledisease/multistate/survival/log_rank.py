"""The log-rank test: whether groups have the same survival.

Source: Mantel, Cancer Chemother Rep 1966;50:163–170; ties are hypergeometric, late entry as in Kaplan–Meier.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError
from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.headings import HEADINGS
from singledisease.multistate.inputs.labels import LabelColumn, read_labels
from singledisease.multistate.survival.durations import checked_durations, risk_at, risk_table
from singledisease.tables import Table, displayed


@displayed
@frozen(eq=False, kw_only=True)
class LogRank:
    """A log-rank test: per group the events observed and expected, and how unlikely that is if all are alike.

    Attributes
    ----------
    groups
        Names, G of them.
    observed, expected
        Events, (G,).
    covariance
        Of observed less expected, (G, G).
    statistic, degrees, p_value
        χ², its degrees of freedom, and how often it is as large if all are alike; 1 without a degree of freedom.
    """

    groups: tuple[Any, ...]
    observed: Floats
    expected: Floats
    covariance: Floats = field(repr=False)
    statistic: float
    degrees: int
    p_value: float

    def table(self) -> Table:
        """Write one row per group."""
        rows = zip(map(str, self.groups), self.observed.tolist(), self.expected.tolist(), strict=True)
        return Table.of_rows(("group", "observed", "expected"), list(rows), headings=HEADINGS)

    @property
    def notes(self) -> tuple[str, ...]:
        """The test in words."""
        if not self.degrees:
            return ("nothing to compare: at no event are two groups at risk together",)
        return (f"chi² {self.statistic:.4g}, df {self.degrees}, p {self.p_value:.4g}",)

    def __str__(self) -> str:
        return "\n".join((str(self.table()), *self.notes))


def log_rank(
    duration: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    strata: ArrayLike | None = None,
) -> LogRank:
    """Test whether groups have the same survival.

    Parameters
    ----------
    duration, event, entry
        As in ``kaplan_meier``, (people,) each.
    group
        Which group each person is in, (people,).
    strata
        Groups are compared within each of these only, such as institutions, (people,); left out: all together.

    Raises
    ------
    DataError
        If the columns differ in length, or there is but one group; with every row that cannot be.

    >>> print(log_rank([2, 4, 6, 7], [1, 1, 1, 0], ["a", "a", "b", "b"]))
    group  observed  expected
    -----  --------  --------
    a             2  0.833333
    b             1   2.16667
    chi² 2.882, df 1, p 0.08956
    """
    from scipy.special import chdtrc  # noqa: PLC0415 - SciPy is loaded only when asked for

    time, happened, begin = checked_durations(duration, event, entry)
    groups = read_groups(group, "group", len(time))
    apart = None if strata is None else read_groups(strata, "strata", len(time))
    if len(groups.names) < 2:
        only = f"there is but {groups.names[0]!r}" if groups.names else "there is none"
        raise DataError(f"a log-rank test needs at least two groups; {only}")
    observed, expected = np.zeros(len(groups.names)), np.zeros(len(groups.names))
    covariance = np.zeros((len(groups.names), len(groups.names)))
    for one in [slice(None)] if apart is None else [apart.codes == s for s in range(len(apart.names))]:
        part = _one_stratum(time[one], happened[one], begin[one], groups.codes[one], len(groups.names))
        observed, expected, covariance = observed + part[0], expected + part[1], covariance + part[2]
    gap, inner = (observed - expected)[:-1], covariance[:-1, :-1]
    degrees = int(np.linalg.matrix_rank(inner))
    statistic = float(gap @ np.linalg.pinv(inner) @ gap)
    return LogRank(
        groups=groups.names,
        observed=observed,
        expected=expected,
        covariance=covariance,
        statistic=statistic,
        degrees=degrees,
        p_value=float(chdtrc(degrees, statistic)) if degrees else 1.0,
    )


def read_groups(values: ArrayLike, name: str, people: int) -> LabelColumn:
    """Return the group of each person; raises ``DataError`` if one is missing."""
    found = read_labels(values, name)
    if len(found.codes) != people:
        raise DataError(f"the columns differ in length: duration {people}, {name} {len(found.codes)}")
    lost = np.flatnonzero(found.codes < 0)
    if len(lost):
        raise DataError(f"{name} is missing in {len(lost)} rows, such as {lost[:10].tolist()}")
    return found


def _one_stratum(
    time: Floats, happened: NDArray[np.bool_], begin: Floats, code: Codes, number: int
) -> tuple[Floats, Floats, Floats]:
    """Return the events of each group, what is expected of it, and the covariance of the difference."""
    times, whole, events = risk_table(time, happened, begin)
    parts = [risk_at(time[code == g], begin[code == g], times) for g in range(number)]
    share = np.stack(parts, axis=1) / whole[:, None]
    observed = np.bincount(code[happened], minlength=number).astype(np.float64)
    spread = events * np.where(whole > 1, (whole - events) / np.maximum(whole - 1, 1), 0.0)
    covariance = np.einsum("t,ti,ij->ij", spread, share, np.eye(number)) - (spread[:, None] * share).T @ share
    return observed, events @ share, covariance
