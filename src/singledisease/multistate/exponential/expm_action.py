"""Rows carried through exp(Q t), each under a generator of its own, and the gradient back to the generators.

With a number as covariate every interval has its own generator, and all that is asked of its matrix is one row.
A row takes K² steps where a matrix takes K³: v exp(Qt) = e^{-θ} Σ v Xⁿ/n! with θ = λt and X = Qt + θI, which has
no negative entry.  As in ``propagation`` nothing cancels, so that every entry keeps its relative accuracy.

One entry of all matrices lies next to the same entry of the others ("lanes"): NumPy takes thousands of them in one
step, where products of small matrices would mostly be calls.

Everything is analytic in the generators: with complex generators the imaginary parts carry derivatives.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.multistate.arrays import Codes, Floats, Numbers
from singledisease.multistate.exponential.propagation import terms_for

LANES = 2048
"""Rows worked on at a time: a term of all of them stays in the cache."""

LONGEST = 32.0
"""The largest θ for which carrying pays: a series takes some 3 θ terms, and squaring a matrix log₂ θ products."""


@frozen(eq=False)
class NonZeroEntries:
    """Which entries are not 0 in every generator.

    Attributes
    ----------
    rows, columns
        Per row and per column of a matrix, from which entry to which there are any.
    moves
        How many moves the longest of the shortest ways from a state to another takes.
    """

    rows: tuple[slice, ...]
    columns: tuple[slice, ...]
    moves: int


def graph_of(generators: Numbers) -> NonZeroEntries:
    """Find the entries of (C, K, K) that are not 0, the diagonal always among them."""
    there = (generators != 0).any(0) | np.eye(generators.shape[1], dtype=bool)
    reached, moves = there, 1
    while ((further := reached @ there) != reached).any():
        reached, moves = further, moves + 1
    return NonZeroEntries(_spans(there), _spans(there.T), moves)


def _spans(there: NDArray[np.bool_]) -> tuple[slice, ...]:
    found = [np.flatnonzero(row) for row in there]
    return tuple(slice(int(some[0]), int(some[-1]) + 1) for some in found)


@frozen(eq=False)
class ReadyGenerators:
    """Generators made ready, (C, K, K), the largest rate out of a state in each, (C), and their graph."""

    generators: Numbers
    fastest: Floats
    graph: NonZeroEntries


def ready(generators: Numbers) -> ReadyGenerators:
    """Make generators ready, (C, K, K)."""
    fastest = -np.diagonal(generators.real, axis1=1, axis2=2).min(1)
    return ReadyGenerators(generators, fastest, graph_of(generators))


def expm_action(by: ReadyGenerators, which: Codes, times: Floats, rows: Numbers) -> Numbers:
    """Return v exp(Q t) for each row v.

    Parameters
    ----------
    by
        The generators.
    which, times
        (G,): the generator and the length of each step; λt must be well below 700, where e^{λt} ends.
    rows
        (G, K).

    >>> q = np.array([[[-0.1, 0.1], [0.0, 0.0]]])
    >>> expm_action(ready(q), np.array([0]), np.array([5.0]), np.array([[1.0, 0.0]])).round(6).tolist()
    [[0.606531, 0.393469]]
    """
    out = np.empty(rows.shape, dtype=np.result_type(rows, by.generators))
    for part, lanes in blocks(by, which, times):
        out[part] = (lanes.forward(rows[part].T).sum(0) * lanes.scale).T
    return out


def expm_action_gradient(
    by: ReadyGenerators, which: Codes, times: Floats, rows: Numbers, slopes: Numbers
) -> tuple[Numbers, Numbers]:
    """Return the slopes by the rows, (G, K), and by the generator of each step, (G, K, K).

    ``slopes`` are those by the rows carried, (G, K); entries that are 0 in every generator have none.
    """
    kind = np.result_type(rows, by.generators, slopes)
    out, owed = np.empty(rows.shape, dtype=kind), np.empty((len(which), *by.generators.shape[1:]), dtype=kind)
    for part, lanes in blocks(by, which, times):
        series = lanes.forward(rows[part].T)
        slope, ahead = lanes.backward(slopes[part].T * lanes.scale)
        out[part], owed[part] = slope.T, np.moveaxis(lanes.meet(series, ahead) * times[part], 2, 0)
    return out, owed


@frozen(eq=False)
class Lanes:
    """A block of steps: their X, (K, K, lanes), e^{-θ}, and how many terms the series takes."""

    graph: NonZeroEntries
    x: Numbers
    scale: Floats
    terms: int

    def forward(self, rows: Numbers) -> Numbers:
        """Return v Xⁿ/n! for each n, (terms, K, lanes), of rows v, (K, lanes)."""
        series = np.empty((self.terms, *rows.shape), dtype=np.result_type(self.x, rows))
        series[0] = rows
        for n in range(1, self.terms):
            self.times_x(series[n - 1] * (1 / n), series[n])
        return series

    def times_x(self, rows: Numbers, out: Numbers) -> None:
        """Put v X into ``out``, both (…, K, lanes)."""
        for j, span in enumerate(self.graph.columns):
            np.einsum("...il,il->...l", rows[..., span, :], self.x[span, j], out=out[..., j, :])

    def backward(self, slopes: Numbers) -> tuple[Numbers, Numbers]:
        """Return the slopes by v, (K, lanes), and by what X/n makes of terms but the last, (terms - 1, K, lanes)."""
        ahead = np.empty((self.terms - 1, *slopes.shape), dtype=np.result_type(self.x, slopes))
        slope = slopes.astype(ahead.dtype)
        for n in range(self.terms - 1, 0, -1):
            np.multiply(slope, 1 / n, out=ahead[n - 1])
            for i, span in enumerate(self.graph.rows):
                np.einsum("jl,jl->l", self.x[i, span], ahead[n - 1, span], out=slope[i])
            slope += slopes
        return slope, ahead

    def meet(self, series: Numbers, ahead: Numbers) -> Numbers:
        """Return the slopes by the entries of X, (K, K, lanes), from the way forward and the way back."""
        owed = np.zeros(self.x.shape, dtype=ahead.dtype)
        for i, span in enumerate(self.graph.rows):
            np.einsum("nl,njl->jl", series[:-1, i], ahead[:, span], out=owed[i, span])
        return owed


def blocks(by: ReadyGenerators, which: Codes, times: Floats) -> Iterator[tuple[slice, Lanes]]:
    """Lay steps out, block by block."""
    k = by.generators.shape[1]
    for first in range(0, len(which), LANES):
        part = slice(first, first + LANES)
        mine, time = which[part], times[part]
        theta = by.fastest[mine] * time
        x = np.ascontiguousarray(np.moveaxis(by.generators[mine], 0, 2))
        x *= time
        x[range(k), range(k)] += theta
        yield part, Lanes(by.graph, x, np.exp(-theta), terms_for(float(theta.max()), by.graph.moves))
