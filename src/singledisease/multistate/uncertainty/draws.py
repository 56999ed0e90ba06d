"""Draws of a transition matrix: from a Dirichlet posterior, or by resampling people."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError, UsageError
from singledisease.multistate.arrays import Floats


def dirichlet_draws(
    counts: ArrayLike, n: int, seed: int, *, allowed: ArrayLike | None = None, prior: float = 0.5
) -> Floats:
    """Draw matrices from the posterior of each row of counts, with a prior on allowed cells only.

    Rows of one person depend on each other, which this leaves out of account: where people differ for good
    (frailty), resample people instead, see ``bootstrap_counts``.

    Parameters
    ----------
    counts
        How many went from each state to each, (K, L).
    n, seed
        How many draws, and from which seed.
    allowed
        Cells that are possible, (K, L); left out: those that were seen.
    prior
        Added to each allowed cell of a row that has any count.

    Returns
    -------
    ndarray
        (n, K, L); an empty row has no estimate and is NaN.

    >>> dirichlet_draws([[8, 2], [0, 0]], n=1, seed=1)[0].round(2).tolist()
    [[0.77, 0.23], [nan, nan]]
    """
    number = np.asarray(counts, dtype=np.float64)
    cells = number > 0 if allowed is None else np.asarray(allowed, dtype=bool)
    if (number < 0).any() or (number[~cells] > 0).any():
        raise DataError("counts must not be negative, and none may stand in a cell that is not allowed")
    if n < 1 or prior < 0:
        raise UsageError(f"n={n!r}, prior={prior!r}: draw at least one, with a prior that is not negative")
    alpha = np.where(cells & (number.sum(1, keepdims=True) > 0), number + prior, 0.0)
    gamma = np.random.default_rng(seed).standard_gamma(alpha, size=(n, *alpha.shape))
    total = gamma.sum(2, keepdims=True)
    return np.asarray(np.divide(gamma, total, out=np.full_like(gamma, np.nan), where=total > 0))


def bootstrap_cells(
    person: ArrayLike, cell: ArrayLike, cells: int, people: int, *, n: int, seed: int
) -> NDArray[np.int64]:
    """Count cells again and again with people drawn with replacement: whole people, never single transitions.

    People with the same transitions are drawn together, by one multinomial for each replicate.

    Parameters
    ----------
    person, cell
        One transition per row: whose (from 0) and which of ``cells`` it is.
    cells, people
        How many there are; people without a transition are drawn too.
    n, seed
        How many replicates, and from which seed.

    Returns
    -------
    ndarray
        (n, cells).
    """
    who, what = np.asarray(person, dtype=np.int64), np.asarray(cell, dtype=np.int64)
    rng = np.random.default_rng(seed)
    # A sum of random words names a multiset; two of a million kinds share a name once in 40 million tables.
    words = rng.integers(1, 2**64, size=cells, dtype=np.uint64)
    name = np.zeros(people, dtype=np.uint64)
    np.add.at(name, who, words[what])
    _, example, kind, size = np.unique(name, return_index=True, return_inverse=True, return_counts=True)
    typical = np.isin(who, example)
    table = np.zeros((len(size), cells), dtype=np.int64)
    np.add.at(table, (kind[who[typical]], what[typical]), 1)
    drawn = rng.multinomial(people, size / people, size=n)
    return np.asarray(drawn @ table)
