"""Whether a transition matrix can be that of a chain in continuous time, and its principal logarithm.

Source: Israel, Rosenthal & Wei, Mathematical Finance 2001;11:245–265; Goodman, Z Wahrscheinlichkeitstheorie
1970;16:51–65 (the determinant against the product of the diagonal).
"""

from __future__ import annotations

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.inputs.frames import frame_values
from singledisease.multistate.matrices.logarithms import CLOSE, LOST, other_logarithms
from singledisease.tables import Table, displayed

SHOWN = 10
"""Faulty rows named in one error."""
ROUNDING = 1e-12
"""A rate as far below 0 as this is 0 but for rounding."""


def checked_matrix(matrix: ArrayLike) -> Floats:
    """Take a square matrix whose rows are probabilities.

    Raises
    ------
    DataError
        If it is not square, an entry lies outside 0 to 1, or a row does not sum to 1 (within 1e-8).
    """
    try:
        p = np.array(matrix, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError(f"a transition matrix is a square table of numbers, not {type(matrix).__name__}") from None
    if p.ndim != 2 or p.shape[0] != p.shape[1] or not len(p):
        raise DataError(f"a transition matrix is square; this one has shape {p.shape}")
    if not np.isfinite(p).all():
        rows = np.flatnonzero(~np.isfinite(p).all(axis=1)).tolist()
        raise DataError(f"rows {rows} have no estimate; nobody was seen there: leave those states out or say the row")
    wrong = np.flatnonzero((p < 0).any(axis=1) | (np.abs(p.sum(1) - 1) > 1e-8))
    if len(wrong):
        shown = "; ".join(f"row {i} {p[i].tolist()} sums to {p[i].sum():.10g}" for i in wrong[:SHOWN].tolist())
        more = f"; and {len(wrong) - SHOWN} more rows" if len(wrong) > SHOWN else ""
        percent = "; divide per cents by 100" if np.allclose(p.sum(1), 100) else ""
        raise DataError(f"rows must be probabilities that sum to 1: {shown}{more}{percent}")
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
        Pairs (i, j) that cannot be reached in one step but can be in several, staying included: a chain in
        continuous time reaches in any time what it reaches at all.
    generator
        A generator that is a logarithm, (K, K): the principal one, or else that of another branch; ``None`` if none
        was found.
    refuted
        Why no logarithm can be a generator; blank if none was found to say so.
    """

    logarithm: Floats | None
    determinant: float
    negative: tuple[tuple[int, int], ...]
    impossible: tuple[tuple[int, int], ...]
    generator: Floats | None = field(default=None, repr=False)
    refuted: str = ""

    @property
    def embeddable(self) -> bool | None:
        """``True``: some logarithm is a generator; ``False``: none is; ``None``: not decided.

        If all eigenvalues differ there are few logarithms that could be one, and each was tried.
        """
        if self.refuted:
            return False
        return True if self.generator is not None else None

    def table(self) -> Table:
        """Write one row."""
        row = (self.embeddable, self.determinant, len(self.negative), len(self.impossible), self.logarithm is not None)
        return Table.of_rows(tuple(_HEADINGS), [row], headings=_HEADINGS)

    def __str__(self) -> str:
        said = {
            True: "embeddable",
            False: "not embeddable",
            None: "not decided"
            + (": the principal logarithm is not a generator" if self.negative else ": too near to a determinant of 0"),
        }
        other = self.generator is not None and bool(self.negative)
        facts = [
            said[self.embeddable] + ", by another logarithm than the principal one" * other,
            f"determinant {self.determinant:.6g}",
            "no principal logarithm" if self.logarithm is None else f"{len(self.negative)} negative rates",
        ]
        if self.impossible:
            facts.append(f"reachable, but not in one step: {', '.join(map(str, self.impossible))}")
        elif self.refuted and self.determinant > 0:
            facts.append(self.refuted)
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
    p = checked_matrix(frame_values(matrix))
    reach = (p > 0) | np.eye(len(p), dtype=bool)
    for _ in range(len(p).bit_length()):
        reach = reach @ reach
    logarithm = _principal_logarithm(p)
    negative = np.zeros(p.shape, bool) if logarithm is None else logarithm < -ROUNDING
    np.fill_diagonal(negative, val=False)
    impossible, determinant = _pairs(reach & (p == 0)), float(np.linalg.det(p))
    generator = logarithm if logarithm is not None and not negative.any() and not impossible else None
    refuted = "" if generator is not None else _refuted(p, determinant, impossible)
    if generator is None and not refuted:
        generator, refuted = other_logarithms(p)
    return Embeddability(
        logarithm=logarithm,
        determinant=determinant,
        negative=_pairs(negative),
        impossible=impossible,
        generator=generator,
        refuted=refuted,
    )


def _refuted(p: Floats, determinant: float, impossible: tuple[tuple[int, int], ...]) -> str:
    """Look for what no matrix of a chain in continuous time has."""
    singular = determinant == 0 or len(np.unique(p, axis=0)) < len(p)
    if singular or (determinant < 0 and np.abs(np.linalg.eigvals(p)).min() > LOST):
        return "the determinant is not above 0"
    if impossible:
        return "what can be reached at all is not reached in one step"
    if determinant > float(np.prod(p.diagonal())) * (1 + CLOSE):
        return "the determinant is above the product of the probabilities of staying"
    if determinant > 0.5 and np.linalg.norm(p - np.eye(len(p)), 2) < 0.5:
        return "so near to staying only the principal logarithm could be a generator"
    return ""


def _pairs(where: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    return tuple((int(i), int(j)) for i, j in np.argwhere(where))


def _principal_logarithm(p: Floats) -> Floats | None:
    """Return log P, or ``None`` where an eigenvalue is 0 or negative, or the result is no real root of P."""
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


_HEADINGS = {
    "embeddable": ("可嵌入", "embeddable"),
    "determinant": ("行列式", "determinant"),
    "negative_rates": ("负率个数", "negative rates"),
    "impossible": ("不可能的零", "impossible"),
    "principal_logarithm": ("主对数存在", "principal logarithm"),
}
