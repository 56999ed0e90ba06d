"""Whether a transition matrix can be that of a chain in continuous time, and its principal logarithm.

Source: Israel, Rosenthal & Wei, Mathematical Finance 2001;11:245–265.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.cohort.histories import Floats
from singledisease.errors import DataError
from singledisease.tables import Table, displayed

ROUNDING = 1e-12
"""A rate as far below 0 as this is 0 but for rounding."""


def checked_matrix(matrix: ArrayLike) -> Floats:
    """Take a square matrix whose rows are probabilities.

    Raises
    ------
    DataError
        If it is not square, an entry lies outside 0 to 1, or a row does not sum to 1 (within 1e-8).
    """
    p = np.array(matrix, dtype=np.float64)
    if p.ndim != 2 or p.shape[0] != p.shape[1]:
        raise DataError(f"a transition matrix is square; this one has shape {p.shape}")
    if not np.isfinite(p).all():
        rows = np.flatnonzero(~np.isfinite(p).all(axis=1)).tolist()
        raise DataError(f"rows {rows} have no estimate; nobody was seen there: leave those states out or say the row")
    wrong = np.flatnonzero((p < 0).any(axis=1) | (np.abs(p.sum(1) - 1) > 1e-8))
    if len(wrong):
        raise DataError(
            f"row {wrong[0]} is not one of probabilities: {p[wrong[0]].tolist()} sums to {p[wrong[0]].sum()}"
        )
    return np.asarray(p / p.sum(1, keepdims=True))


@displayed
@frozen(eq=False, kw_only=True)
class Embeddability:
    """Whether a matrix can be that of a chain in continuous time.

    Attributes
    ----------
    logarithm
        The principal logarithm, (K, K), or ``None`` if there is none.
    determinant
        Must be above 0.
    negative
        Pairs (i, j) whose rate in the principal logarithm is below 0.
    impossible
        Pairs (i, j) that cannot be reached in one step but can be in several: a chain in continuous time reaches
        in any time what it reaches at all.
    """

    logarithm: Floats | None
    determinant: float
    negative: tuple[tuple[int, int], ...]
    impossible: tuple[tuple[int, int], ...]

    @property
    def embeddable(self) -> bool | None:
        """``True``: the principal logarithm is a generator; ``False``: none exists; ``None``: not decided.

        A matrix with determinant > ½ and distinct positive eigenvalues has no other logarithm that could be one;
        otherwise another branch might.
        """
        if self.determinant <= 0 or self.impossible:
            return False
        return True if self.logarithm is not None and not self.negative else None

    def table(self) -> Table:
        """Write one row."""
        row = (self.embeddable, self.determinant, len(self.negative), len(self.impossible), self.logarithm is not None)
        return Table.of_rows(
            ("embeddable", "determinant", "negative_rates", "impossible", "principal_logarithm"), [row]
        )

    def __str__(self) -> str:
        said = {
            True: "embeddable",
            False: "not embeddable",
            None: "not decided: the principal logarithm is no generator",
        }
        facts = [
            said[self.embeddable],
            f"determinant {self.determinant:.6g}",
            "no principal logarithm" if self.logarithm is None else f"{len(self.negative)} negative rates",
        ]
        if self.impossible:
            facts.append(f"reachable, but not in one step: {', '.join(map(str, self.impossible))}")
        return "; ".join(facts)


def embeddability(matrix: ArrayLike) -> Embeddability:
    """Say whether a transition matrix can come from a chain in continuous time, and why not.

    Parameters
    ----------
    matrix
        Shape (K, K), rows of probabilities.

    >>> print(embeddability([[0.9, 0.1], [0.2, 0.8]]))
    embeddable; determinant 0.7; 0 negative rates
    >>> print(embeddability([[0.2, 0.8], [0.9, 0.1]]))
    not embeddable; determinant -0.7; no principal logarithm
    """
    p = checked_matrix(matrix)
    reach = p > 0
    for _ in range(len(p).bit_length()):
        reach = reach @ reach
    logarithm = _principal_logarithm(p)
    negative = np.zeros(p.shape, bool) if logarithm is None else logarithm < -ROUNDING
    np.fill_diagonal(negative, val=False)
    return Embeddability(
        logarithm=logarithm,
        determinant=float(np.linalg.det(p)),
        negative=_pairs(negative),
        impossible=_pairs(reach & (p == 0)),
    )


def _pairs(where: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    return tuple((int(i), int(j)) for i, j in np.argwhere(where))


def _principal_logarithm(p: Floats) -> Floats | None:
    """Give log P, or ``None`` where an eigenvalue is 0 or negative, or the result is no real root of P."""
    from scipy.linalg import logm  # noqa: PLC0415 - SciPy is loaded only when asked for

    values = np.linalg.eigvals(p)
    if ((np.abs(values.imag) < 1e-14) & (values.real < 1e-14)).any():
        return None
    found = np.asarray(logm(p))
    q = np.array(found.real, dtype=np.float64)
    # Rows of a logarithm of a matrix with rows of 1 sum to 0; what is left over is rounding.
    q[np.diag_indices_from(q)] -= q.sum(1)
    # A pair of negative eigenvalues that rounding took off the axis makes a logarithm that is not real.
    return q if np.isfinite(found).all() and np.abs(found.imag).max() <= 1e-9 else None
