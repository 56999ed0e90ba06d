"""Tests of what the estimates rest on: order, homogeneity, prevalence.

Sources: Anderson & Goodman, Ann Math Stat 1957;28:89–110 (conditional tests of chains); Gentleman, Lawless, Lindsey &
Yan, Stat Med 1994;13:805–821 (prevalence observed and expected).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.cohorts.columns import Floats
from singledisease.cohorts.counting import TransitionCounts
from singledisease.cohorts.observations import in_order, read_observations, refuse_clashes
from singledisease.cohorts.show import COMPARED, HEADINGS
from singledisease.cohorts.steps import Steps
from singledisease.errors import DataError, UsageError
from singledisease.tables import Table, displayed

AGAINST = 0.05
SPARSE = 0.2
FEW = 5


@displayed
@frozen(kw_only=True)
class Check:
    """A test of an assumption.

    Attributes
    ----------
    assumption
        What would be true.
    test
        Which test it is: ``order``, ``steps``, ``strata``, ``groups``, ``chapman_kolmogorov`` or ``landmark``.
    statistic, degrees, p_value
        Its χ², the degrees of freedom, and how often it is as large if the assumption is true.
    sparse
        Share of cells in which fewer than 5 are expected, if the test counts cells: from a fifth on χ² is rough
        (Cochran, Biometrics 1954;10:417–451).
    """

    assumption: str
    test: str
    statistic: float
    degrees: int
    p_value: float
    sparse: float = 0.0

    @property
    def against(self) -> bool:
        """Whether it speaks against the assumption (p < 0.05)."""
        return self.p_value < AGAINST

    @property
    def verdict(self) -> bool | None:
        """The same, or ``None`` where there was nothing to test: no degree of freedom."""
        return self.against if self.degrees else None

    def table(self) -> Table:
        """Write one row."""
        names = ("assumption", "test", "statistic", "degrees", "p_value", "against")
        p_value = self.p_value if self.degrees else None
        row = (self.assumption, self.test, self.statistic, self.degrees, p_value, self.verdict)
        return Table.of_rows(names, [row], headings=HEADINGS, formats={"statistic": ".5g", "p_value": ".3g"})

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know before relying on it."""
        if not self.degrees or self.sparse < SPARSE:
            return ()
        return (f"rough: fewer than {FEW} are expected in {self.sparse:.0%} of the cells",)

    def __str__(self) -> str:
        if not self.degrees:
            return f"{self.assumption}: nothing to test (df 0)"
        verdict = "speaks against it" if self.against else "does not speak against it"
        facts = f"χ² {self.statistic:.5g}, df {self.degrees}, p {self.p_value:.3g}"
        return f"{self.assumption}: {verdict} ({'; '.join((facts, *self.notes))})"


def check_of(assumption: str, test: str, statistic: float, degrees: int) -> Check:
    """Make a check of a statistic that is χ² if the assumption is true."""
    from scipy.special import chdtrc  # noqa: PLC0415 - SciPy is loaded only when asked for

    p_value = float(chdtrc(degrees, max(statistic, 0.0))) if degrees else 1.0
    return Check(assumption=assumption, test=test, statistic=statistic, degrees=degrees, p_value=p_value)


def homogeneity(
    counts: ArrayLike, assumption: str = "the matrix is the same in all groups", *, test: str = "groups"
) -> Check:
    """Test whether groups (strata, periods) share one transition matrix: conditional G test.

    Parameters
    ----------
    counts
        Transitions of each group, (groups, K, L), or a list of ``TransitionCounts``.  Rows that a group lacks, and
        columns that nobody reached from a state, cost no degree of freedom.
    assumption
        What the test is said to be of.
    test
        Its id; see ``Check``.

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
    """Give the table of counts that were counted here."""
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


def order_test(id: ArrayLike, time: ArrayLike, state: ArrayLike, *, states: Sequence[Any] | None = None) -> Check:
    """Test whether the next state depends on the one before the present one: order 1 against order 2.

    Parameters
    ----------
    id, time, state
        Visits, one per row, equally spaced, shape (visits,), in any order.
    states
        The states in order; left out: those that occur, sorted.

    Raises
    ------
    DataError
        With every row in which something is missing, and every pair of rows of one person at one time.

    >>> walk = ["a", "b", "a", "a", "b", "b", "a", "b", "a", "a", "b", "a"]
    >>> order_test([1] * 12, range(12), walk).degrees
    2
    """
    seen = read_observations(id, time, state, states)
    order = in_order(seen)
    refuse_clashes(seen, order, alike=False)
    who, code = seen.person[order], seen.code[order]
    whole = (who[2:] == who[:-2]) if len(who) > 2 else np.zeros(0, bool)
    k = len(seen.states)
    return _order(code[:-2][whole], code[1:-1][whole], code[2:][whole], k, k)


def order_of(steps: Steps) -> Check:
    """Test the order of a cohort's steps: those of people who were in it at the start of two steps in a row."""
    k = len(steps.states)
    triples = [
        tuple(row[inside] for row in (before, now, after))
        for before, now, after in zip(steps.codes[:-2], steps.codes[1:-1], steps.codes[2:], strict=True)
        for inside in [(before < k) & (now < k)]
    ]
    if not triples:
        raise UsageError("a test of order needs at least two steps")
    before, now, after = (np.concatenate(column).astype(np.int64) for column in zip(*triples, strict=True))
    return _order(before, now, after, k, k + 2)


def _order(before: NDArray[np.int64], now: NDArray[np.int64], after: NDArray[np.int64], k: int, columns: int) -> Check:
    cell = (before * k + now) * columns + after
    counts = np.bincount(cell, minlength=k * k * columns).reshape(k, k, columns)
    return homogeneity(counts, "the next state depends on the present one alone (order 1, not 2)", test="order")


def prevalence(steps: Steps) -> Table:
    """Compare how many of the people present at the start are in each state with what the matrix expects.

    The matrix is that of all steps together; the comparison leaves out who enters later and who has left.
    """
    k = len(steps.states)
    counts = steps.counts().total[:k].astype(np.float64)
    rows = counts.sum(1, keepdims=True)
    p = np.eye(k + 2)
    p[:k] = np.divide(counts, rows, out=np.eye(k + 2)[:k], where=rows > 0)
    present = steps.codes[0] < k
    expected = np.bincount(steps.codes[0][present], minlength=k + 2).astype(np.float64)
    lines = []
    for t, codes in enumerate(steps.codes):
        if t:
            expected = expected @ p
        observed = np.bincount(codes[present], minlength=k + 2)
        names = (*steps.states, "left", "died")
        lines += [(t, names[i], int(observed[i]), float(expected[i])) for i in range(k + 2)]
    return Table.of_rows(("step", "state", "observed", "expected"), lines, headings=HEADINGS, formats=COMPARED)
