"""Whether groups share one transition matrix: the conditional G test.

Source: Anderson & Goodman, Ann Math Stat 1957;28:89–110.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.assumption_tests.check import (
    FEW,
    AssumptionTest,
    check_of,
)
from singledisease.multistate.matrices.transition_counts import TransitionCounts


def homogeneity(
    counts: ArrayLike, assumption: str = "the matrix is the same in all groups", *, test: str = "groups"
) -> AssumptionTest:
    """Test whether groups (strata, periods) share one transition matrix: conditional G test.

    Parameters
    ----------
    counts
        Transitions of each group, (groups, K, L), or a list of ``TransitionCounts``.  Rows that a group lacks, and
        columns that nobody reached from a state, cost no degree of freedom.
    assumption
        What the test is said to be of.
    test
        Its id; see ``AssumptionTest``.

    Raises
    ------
    DataError
        If they are no counts, or of different states.

    >>> print(homogeneity([[[30, 10], [5, 20]], [[18, 22], [6, 19]]]))
    the matrix is the same in all groups: speaks against it (χ² 7.7606, df 2, p 0.0206)
    """
    n = _groups(counts)
    rows, cells = n.sum(2), n.sum(0)
    whole = rows.sum(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = rows[:, :, None] * cells / whole[:, None]
        terms = np.where(n > 0, n * np.log(n / expected), 0.0)
    groups, columns = (rows > 0).sum(0), (cells > 0).sum(1)
    degrees = int((np.maximum(groups - 1, 0) * np.maximum(columns - 1, 0)).sum())
    asked = (rows[:, :, None] > 0) & (cells > 0) & (groups[:, None] > 1) & (columns[:, None] > 1)
    sparse = float((expected[asked] < FEW).mean()) if asked.any() else 0.0
    return evolve(check_of(assumption, test, float(2 * terms.sum()), degrees), sparse=sparse)


def _groups(counts: Any) -> Floats:
    if isinstance(counts, list | tuple) and counts:
        shapes = [np.shape(_plain(one)) for one in counts]
        if len(set(shapes)) > 1:
            raise DataError(f"counts of the groups must be of the same states; they have shapes {shapes}")
        counts = np.stack([_plain(one) for one in counts])
    return table_of_counts(counts, "counts", "(groups, states, states)", axes=3)


def _plain(one: Any) -> Any:
    """Return the table of counts that were counted here."""
    return one.total if isinstance(one, TransitionCounts) else _as_array(one)


def _as_array(one: Any) -> NDArray[Any]:
    try:
        return np.asarray(one)
    except ValueError:
        raise DataError("counts must be tables whose rows are of one length") from None


def table_of_counts(counts: Any, name: str, shape: str = "(states, states)", *, axes: int = 2) -> Floats:
    """Take counts: finite, not negative, and no shares.

    Raises
    ------
    DataError
        If they are none.
    """
    try:
        n = np.asarray(_plain(counts), dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError(f"{name} must be numbers, {shape}") from None
    if n.ndim != axes:
        raise DataError(f"{name} must be {shape}; got shape {n.shape}")
    if not np.isfinite(n).all() or (n < 0).any():
        place = tuple(np.argwhere(~(n >= 0) | np.isinf(n))[0].tolist())
        raise DataError(f"{name} has {n[place]:g} at {place}; counts are finite and not negative")
    if n.size and (n != np.rint(n)).any() and (n.sum(-1) <= 1 + 1e-9).all():
        raise DataError(f"{name} are shares, whose rows sum to 1; a test needs the counts they are of")
    return n
