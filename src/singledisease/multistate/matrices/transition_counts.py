"""Counting transitions: how many went from each state to each, with intervals that leave nothing to a bare point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError, UsageError, did_you_mean
from singledisease.intervals import wilson
from singledisease.multistate.aggregate.pairs import count_as_they_are, count_packed, count_pairs
from singledisease.multistate.arrays import Floats
from singledisease.multistate.headings import HEADINGS, SHARES
from singledisease.multistate.inputs.allowed import Allowed, pairs_of
from singledisease.multistate.inputs.observations import in_order, read_observations, refuse_clashes
from singledisease.multistate.names import NAMELESS, Called
from singledisease.multistate.uncertainty.limits import tails_of
from singledisease.read_only import holds_arrays, read_only
from singledisease.tables import Table, displayed


@displayed
@holds_arrays
@frozen(eq=False, kw_only=True)
class TransitionCounts:
    """How many went from each state to each, in each step.

    Attributes
    ----------
    sources, targets
        Names of rows and columns.
    counts
        int64 (steps, rows, columns).
    names
        What states are called in Chinese and English, as far as they are.
    """

    sources: tuple[Any, ...]
    targets: tuple[Any, ...]
    counts: NDArray[np.int64] = field(converter=read_only)
    names: Called = field(default=NAMELESS, repr=False)

    def __add__(self, other: TransitionCounts) -> TransitionCounts:
        if (self.sources, self.targets, self.counts.shape) != (other.sources, other.targets, other.counts.shape):
            raise UsageError("only counts of the same states and steps can be added")
        return evolve(self, counts=self.counts + other.counts)

    @property
    def total(self) -> NDArray[np.int64]:
        """Counts of all steps together, (rows, columns)."""
        return np.asarray(self.counts.sum(0))

    def matrix(self) -> Floats:
        """Return the share of each row that went to each column, all steps together; an empty row is NaN."""
        counts = self.total.astype(np.float64)
        rows = counts.sum(1, keepdims=True)
        return np.asarray(np.divide(counts, rows, out=np.full_like(counts, np.nan), where=rows > 0))

    def table(self) -> Table:
        """Write one row per pair of states that somebody took, all steps together, with the share of the first."""
        total, shares, (low, high) = self.total, self.matrix(), self.interval()
        rows = [
            (str(self.sources[i]), str(self.targets[j]), int(total[i, j]), shares[i, j], low[i, j], high[i, j])
            for i, j in np.argwhere(total)
        ]
        names = ("from", "to", "people", "share", "ci_low", "ci_high")
        called = dict.fromkeys(("from", "to"), self.names)
        return Table.of_rows(names, rows, headings=HEADINGS, formats=SHARES, called=called)

    def __str__(self) -> str:
        return str(self.table())

    def only(self, states: Sequence[Any] | None = None) -> TransitionCounts:
        """Keep the rows and columns of some states: those that are both, if none are named.

        What entered, left or died falls away, and a matrix of what is left is that of who stayed throughout.

        Raises
        ------
        UsageError
            If a state is no row or no column.
        """
        names = tuple(s for s in self.sources if s in self.targets) if states is None else tuple(states)
        for name in names:
            if name not in self.sources or name not in self.targets:
                raise UsageError(
                    f"{name!r} is not both a row and a column; rows {self.sources}, columns {self.targets}"
                )
        rows = [self.sources.index(name) for name in names]
        columns = [self.targets.index(name) for name in names]
        return TransitionCounts(sources=names, targets=names, counts=self.counts[:, rows][:, :, columns])

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return Wilson limits of ``matrix``, (rows, columns) each; NaN in an empty row."""
        counts = self.total
        low, high = wilson(counts, np.broadcast_to(counts.sum(1, keepdims=True), counts.shape), confidence=level)
        return low, high

    def dirichlet(
        self, allowed: Allowed | ArrayLike | None = None, prior: float = 0.5, level: float = 0.95
    ) -> tuple[Floats, Floats, Floats]:
        """Return posterior mean and equal-tailed limits of each cell, with a prior on allowed cells only.

        A prior on an impossible cell would bring the dead back.  An empty row has no estimate: it is NaN.

        Parameters
        ----------
        allowed
            A table of truth values (rows, columns), pairs (from, to), or targets by state; staying is a cell as
            well.  Left out: every cell that was seen, so that one that could have been but was not is taken for
            impossible.
        prior
            What is added to each allowed cell, above 0; ½ is Jeffreys' of a row with two.
        level
            Of the limits.

        Returns
        -------
        tuple of arrays
            Mean, lower and upper limits, (rows, columns) each.

        Raises
        ------
        DataError
            If somebody went where it is not allowed.
        UsageError
            If ``allowed`` is none of these cells, or the prior or the level cannot be.

        >>> counted = transition_counts([1, 1, 1, 1], [0, 1, 2, 3], ["well", "well", "ill", "ill"])
        >>> mean, low, high = counted.dirichlet({"well": ["well", "ill"], "ill": ["ill"]})
        >>> mean.round(3).tolist()
        [[1.0, 0.0], [0.5, 0.5]]
        """
        from scipy.special import betaincinv  # noqa: PLC0415 - SciPy is loaded only when asked for

        counts = self.total.astype(np.float64)
        if not 0 < prior < np.inf:
            raise UsageError(f"prior={prior!r}: say what is added to each allowed cell, above 0, such as 0.5")
        tails = tails_of(level)
        cells = counts > 0 if allowed is None else self._cells(allowed)
        if (counts[~cells] > 0).any():
            i, j = np.argwhere(~cells & (counts > 0))[0]
            raise DataError(
                f"{counts[i, j]:g} went from {self.sources[i]!r} to {self.targets[j]!r}, which is not allowed"
            )
        alpha = np.where(cells & (counts.sum(1, keepdims=True) > 0), counts + prior, 0.0)
        total = alpha.sum(1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = alpha / total
            low, high = (betaincinv(alpha, total - alpha, q) for q in tails)
        sure = (alpha > 0) & (alpha == total)
        low, high = (np.where(sure, 1.0, np.where((alpha == 0) & (total > 0), 0.0, edge)) for edge in (low, high))
        return mean, low, high

    def _cells(self, allowed: Any) -> NDArray[np.bool_]:
        """Read allowed cells: a table of this shape, or names of rows and columns."""
        shape = self.counts.shape[1:]
        if not isinstance(allowed, Mapping):
            try:
                table = np.asarray(allowed, dtype=np.float64)
            except (TypeError, ValueError):
                table = None
            if table is not None:
                if table.shape != shape:
                    raise UsageError(
                        f"allowed must be a table of {shape} cells, or pairs of states; got shape {table.shape}"
                    )
                return np.asarray(table != 0)
        cells = np.zeros(shape, dtype=bool)
        for source, target in pairs_of(allowed, self.sources):
            for name, names in ((source, self.sources), (target, self.targets)):
                if name not in names:
                    raise UsageError(f"allowed names {name!r}; {did_you_mean(str(name), map(str, names))}")
            cells[self.sources.index(source), self.targets.index(target)] = True
        return cells


def transition_counts(
    id: ArrayLike, time: ArrayLike, state: ArrayLike, *, states: Sequence[Any] | None = None
) -> TransitionCounts:
    """Count the pairs of successive visits of each person.

    Visits are not transitions: if the visits are not equally spaced the matrix belongs to no step of time; use
    ``fit_generator`` then.

    Parameters
    ----------
    id, time, state
        One visit per row, shape (visits,), in any order.
    states
        The states in order; left out: codes 0, 1, … up to the largest as they are, categories in their order, other
        labels that occur sorted.

    Raises
    ------
    DataError
        If the columns differ in length; with every row in which something is missing, and every pair of rows of
        one person at one time.

    >>> counted = transition_counts([1, 1, 1, 2, 2], [0, 1, 2, 0, 1], ["a", "b", "b", "a", "a"])
    >>> counted.total.tolist()
    [[1, 1], [0, 1]]
    """
    counted = count_as_they_are(id, time, state) if states is None else None
    if counted is None:
        seen = read_observations(id, time, state, states)
        names = seen.states
        total = count_packed(seen)
        if total is None:
            order = in_order(seen)
            refuse_clashes(seen, order, alike=False)
            codes, person = seen.code[order], seen.person[order]
            total = count_pairs(codes[:-1], codes[1:], person[1:] == person[:-1], len(names))
        counted = names, total
    return TransitionCounts(sources=counted[0], targets=counted[0], counts=counted[1][None])
