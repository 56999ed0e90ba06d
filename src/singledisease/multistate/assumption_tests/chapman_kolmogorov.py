"""Whether two steps are one step taken twice: P(2h) against P(h)² (Chapman–Kolmogorov).

Both matrices are estimates, and from visits both come of the same people.  So the difference is weighed by what each
person adds to it: a person moves P by (own moves − own stays · P) / N row by row, and P(2h) − P(h)² by what follows.
That holds whatever the number of visits, and however the moves of one person depend on each other.

Source: Hotelling, Ann Math Stat 1931;2:360–378 (differences weighed by an estimated covariance).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import ArrayLike

from singledisease.errors import DataError
from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.assumption_tests.check import FEW, AssumptionTest, check_of
from singledisease.multistate.assumption_tests.homogeneity import table_of_counts
from singledisease.multistate.inputs.observations import in_order, read_observations, refuse_clashes

TWICE = "two steps are one step taken twice (Chapman–Kolmogorov)"
TEST = "chapman_kolmogorov"
PEOPLE = 2**15
"""People whose counts are held at once."""


Rows = Callable[[int, int], tuple[Codes, Codes]]
"""Returns whose each row is, from 0, and its state, by person and time, of the people from one number to another."""


def chapman_kolmogorov(single: ArrayLike, double: ArrayLike) -> AssumptionTest:
    """Test whether the matrix of two steps is the square of that of one, on counts of different people.

    Of the same people, or of visits, ask ``chapman_kolmogorov_test``: counts alone do not say how one person's
    moves hang together, and this test would seldom speak against anything.

    Parameters
    ----------
    single, double
        Counts of one step and of two, (K, K) each, or ``TransitionCounts``.

    Raises
    ------
    DataError
        If they are no counts of the same states, or in two steps somebody went where single steps never lead.

    >>> chapman_kolmogorov([[80, 20], [10, 90]], [[66, 34], [18, 82]]).against
    False
    """
    n, m = table_of_counts(single, "single"), table_of_counts(double, "double")
    if n.shape != m.shape or n.shape[0] != n.shape[1]:
        raise DataError(f"both tables must be square and alike; got {n.shape} and {m.shape}")
    p, twice = _shares(n), _shares(m)
    rows = _rows(n, m)
    impossible = np.argwhere((p @ p == 0) & (m > 0) & rows[:, None])
    if len(impossible):
        i, j = impossible[0]
        raise DataError(f"{m[i, j]:g} went from {i} to {j} in two steps, which two single steps cannot do")
    expected = (p @ p * m.sum(1, keepdims=True))[rows]
    sparse = float((expected[expected > 0] < FEW).mean()) if rows.any() else 0.0
    return evolve(_tested(twice - p @ p, _apart(n, m), rows), sparse=sparse)


def chapman_kolmogorov_test(
    id: ArrayLike, time: ArrayLike, state: ArrayLike, *, states: Sequence[Any] | None = None
) -> AssumptionTest:
    """Test whether the matrix of two steps is the square of that of one, on visits.

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

    >>> walks = ["abbab", "aabab", "bbaab", "babba", "abaab", "bbaba"]
    >>> who = [i for i, walk in enumerate(walks) for _ in walk]
    >>> chapman_kolmogorov_test(who, [*range(5)] * 6, list("".join(walks))).degrees
    2
    """
    seen = read_observations(id, time, state, states)
    order = in_order(seen)
    refuse_clashes(seen, order, alike=False)
    who, code = seen.person[order], seen.code[order]

    def rows(first: int, last: int) -> tuple[Codes, Codes]:
        part = slice(*np.searchsorted(who, (first, last)).tolist())
        return who[part] - first, code[part]

    return weighed_by_people(rows, len(seen.people), len(seen.states))


def _counted(who: Codes, code: Codes, k: int) -> tuple[Any, Any]:
    """Count moves in one step and in two, of rows that stand by person and time."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - SciPy is loaded only when asked for

    people = int(who.max(initial=-1)) + 1
    tables = []
    for lag in (1, 2):
        same = who[lag:] == who[:-lag]
        cell = code[:-lag][same] * k + code[lag:][same]
        ends = np.cumsum(np.bincount(who[lag:][same], minlength=people))
        table = csr_matrix((np.ones(len(cell)), cell, np.concatenate(([0], ends))), shape=(people, k * k))
        table.sum_duplicates()
        tables.append(table)
    return tables[0], tables[1]


def weighed_by_people(rows: Rows, people: int, k: int) -> AssumptionTest:
    """Test people, so many of them, in K states: the difference is weighed by what each person adds to it.

    That is linear in their own counts, so that the sum of the products of counts is all that is kept of people.
    Few cells are not 0, and dense products would wait for the other core.
    """
    from scipy.sparse import hstack  # noqa: PLC0415 - SciPy is loaded only when asked for

    total, products, seen = np.zeros(2 * k * k), np.zeros((2 * k * k, 2 * k * k)), 0
    for first in range(0, people, PEOPLE):
        one, two = _counted(*rows(first, min(first + PEOPLE, people)), k)
        own = hstack((one, two)).tocsr()
        total += np.asarray(own.sum(0)).ravel()
        products += (own.T @ own).toarray()
        seen += int((two.getnnz(axis=1) > 0).sum())
    if not seen:
        return check_of(TWICE, TEST, 0.0, 0)
    n, m = total.reshape(2, k, k)
    p, twice = _shares(n), _shares(m)
    onto = np.hstack((-_onto_square(p).reshape(n.size, n.size) @ _influence(p, n), _influence(twice, m)))
    covariance = onto @ products @ onto.T
    known, gap = _rows(n, m), twice - p @ p
    whole = _tested(gap, _apart(n, m), known)
    found = _tested(gap, covariance * seen / max(seen - 1, 1), known)
    # Few people, or people all alike, leave directions in which nothing seems to vary: counts say more than they do.
    return _of_few(found, seen) if found.degrees == whole.degrees < seen else whole


def _of_few(found: AssumptionTest, people: int) -> AssumptionTest:
    """Weigh the statistic by Hotelling's T²: a covariance estimated from few people is too small too often."""
    from scipy.special import fdtrc  # noqa: PLC0415 - SciPy is loaded only when asked for

    if not found.degrees:
        return found
    spare = people - found.degrees
    ratio = found.statistic * spare / (found.degrees * (people - 1))
    return evolve(found, p_value=float(fdtrc(found.degrees, spare, ratio)))


def _apart(single: Floats, double: Floats) -> Floats:
    """Return the covariance of P(2h) − P(h)² if both were counted on different people, (K², K²).

    Both are estimates of one matrix; either alone makes cells sure that few or none were seen in.
    """
    k, p = len(single), _shares(single)
    found = _multinomial((_shares(double) + p @ p) / 2, double, np.eye(k * k).reshape(k, k, k, k))
    return found + _multinomial(p, single, _onto_square(p))


def _influence(shares: Floats, total: Floats) -> Floats:
    """Return what a person's counts add to estimated shares, (K², K²): (counts − stays · shares) / total, by row."""
    k, whole = len(shares), np.maximum(total.sum(1), 1.0)
    added = np.einsum("ai,bj->abij", np.eye(k), np.eye(k)) - np.einsum("ai,ab->abi", np.eye(k), shares)[..., None]
    return np.asarray((added / whole[:, None, None, None]).reshape(k * k, k * k))


def _shares(counts: Floats) -> Floats:
    rows = counts.sum(1, keepdims=True)
    return np.asarray(np.divide(counts, rows, out=np.eye(len(counts)), where=rows > 0))


def _rows(single: Floats, double: Floats) -> Floats:
    """Say which states the square says something of: those from which, and from whose next states, people went on."""
    known = single.sum(1) > 0
    return np.asarray((double.sum(1) > 0) & known & ~((single > 0) & ~known).any(1))


def _multinomial(shares: Floats, counts: Floats, onto: Floats) -> Floats:
    """Carry the covariance of shares over to all entries of the difference, (K², K²); ``onto`` (K, K, K, K)."""
    rows = np.maximum(counts.sum(1), 1.0)
    own = (np.einsum("ij,jl->ijl", shares, np.eye(len(shares))) - np.einsum("ij,il->ijl", shares, shares)) / rows[
        :, None, None
    ]
    found = np.einsum("abij,ijl,cdil->abcd", onto, own, onto, optimize=True)
    return np.asarray(found.reshape(shares.size, shares.size))


def _onto_square(p: Floats) -> Floats:
    """Return the change of each entry of P² with each entry of P, (K, K, K, K): [a, b, i, j] is ∂(P²)_ab / ∂P_ij."""
    one = np.eye(len(p))
    return np.asarray(np.einsum("ai,jb->abij", one, p) + np.einsum("ai,jb->abij", p, one))


def _tested(gap: Floats, covariance: Floats, rows: Floats) -> AssumptionTest:
    """Weigh the difference in known rows by its covariance: a Wald test."""
    keep = np.repeat(rows, len(gap))
    gap, covariance = gap.ravel()[keep], covariance[np.ix_(keep, keep)]
    values, vectors = np.linalg.eigh(covariance) if keep.any() else (np.zeros(0), np.zeros((0, 0)))
    on = values > 1e-10 * values.max(initial=0.0)
    along = gap @ vectors[:, on]
    return check_of(TWICE, TEST, float((along**2 / values[on]).sum()), int(on.sum()))
