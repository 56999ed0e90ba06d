"""Counting transitions: who was where at both ends of each step, reconciled with both stocks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.cohort.columns import Codes, Floats
from singledisease.cohort.observations import (
    Observations,
    check_lengths,
    in_order,
    read_observations,
    refuse_clashes,
)
from singledisease.cohort.show import HEADINGS, SHARES
from singledisease.errors import DataError, Fault, SingleDiseaseError, UsageError
from singledisease.intervals import wilson
from singledisease.tables import Table, displayed

CHUNK = 2**18
"""Rows counted at once: what is made of them on the way stays in the cache."""
BYTE = 256
LONG = 2.0**62


@displayed
@frozen(eq=False, kw_only=True)
class TransitionCounts:
    """How many went from each state to each, in each step.

    Attributes
    ----------
    sources, targets
        Names of rows and columns.
    counts
        int64 (steps, rows, columns).
    """

    sources: tuple[Any, ...]
    targets: tuple[Any, ...]
    counts: NDArray[np.int64]

    def __add__(self, other: TransitionCounts) -> TransitionCounts:
        if (self.sources, self.targets, self.counts.shape) != (other.sources, other.targets, other.counts.shape):
            raise UsageError("only counts of the same states and steps can be added")
        return TransitionCounts(sources=self.sources, targets=self.targets, counts=self.counts + other.counts)

    @property
    def total(self) -> NDArray[np.int64]:
        """Counts of all steps together, (rows, columns)."""
        return np.asarray(self.counts.sum(0))

    def matrix(self) -> Floats:
        """Give the share of each row that went to each column, all steps together; an empty row is NaN."""
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
        return Table.of_rows(names, rows, headings=HEADINGS, formats=SHARES)

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
        """Give Wilson limits of ``matrix``, (rows, columns) each; NaN in an empty row."""
        counts = self.total
        low, high = wilson(counts, np.broadcast_to(counts.sum(1, keepdims=True), counts.shape), confidence=level)
        return low, high

    def dirichlet(
        self, allowed: ArrayLike | None = None, prior: float = 0.5, level: float = 0.95
    ) -> tuple[Floats, ...]:
        """Give posterior mean and equal-tailed limits of each cell, with a prior on allowed cells only.

        A prior on an impossible cell would bring the dead back.  Left out, ``allowed`` is every cell that was
        seen.  An empty row has no estimate: it is NaN.
        """
        from scipy.special import betaincinv  # noqa: PLC0415 - SciPy is loaded only when asked for

        counts = self.total.astype(np.float64)
        cells = counts > 0 if allowed is None else np.asarray(allowed, dtype=bool)
        if (counts[~cells] > 0).any():
            i, j = np.argwhere(~cells & (counts > 0))[0]
            raise DataError(
                f"{counts[i, j]:g} went from {self.sources[i]!r} to {self.targets[j]!r}, which is not allowed"
            )
        alpha = np.where(cells & (counts.sum(1, keepdims=True) > 0), counts + prior, 0.0)
        total = alpha.sum(1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = alpha / total
            low, high = (betaincinv(alpha, total - alpha, q) for q in (0.5 - level / 2, 0.5 + level / 2))
        sure = (alpha > 0) & (alpha == total)
        bounded = [np.where(sure, 1.0, np.where((alpha == 0) & (total > 0), 0.0, edge)) for edge in (low, high)]
        return mean, *bounded


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
    counted = _taken_as_they_are(id, time, state) if states is None else None
    if counted is None:
        seen = read_observations(id, time, state, states)
        names = seen.states
        total = _count_packed(seen)
        if total is None:
            order = in_order(seen)
            refuse_clashes(seen, order, alike=False)
            codes, person = seen.code[order], seen.person[order]
            total = count_pairs(codes[:-1], codes[1:], person[1:] == person[:-1], len(names))
        counted = names, total
    return TransitionCounts(sources=counted[0], targets=counted[0], counts=counted[1][None])


def _taken_as_they_are(
    id: ArrayLike, time: ArrayLike, state: ArrayLike
) -> tuple[tuple[Any, ...], NDArray[np.int64]] | None:
    """Count whole numbers that stand by person and time, without making anything of them first."""
    columns = tuple(np.asarray(column) for column in (id, time, state))
    if any(column.dtype.kind not in "iu" or column.ndim != 1 for column in columns) or not len(columns[0]):
        return None
    check_lengths(*columns)
    low, high = int(columns[2].min()), int(columns[2].max())
    if low < 0 or high >= BYTE:
        return None
    who, when, code = columns
    counted = _count_sorted(who, when, code.astype(np.uint8, copy=False), high + 1)
    return None if counted is None else (tuple(range(high + 1)), counted)


def _count_packed(seen: Observations) -> NDArray[np.int64] | None:
    """Count rows in any order by sorting one number that holds person, time and state.

    ``None`` if that takes more than 63 bits, or somebody was seen twice at one time.
    """
    if len(seen.time) and np.ptp(seen.time) < LONG and (seen.time == np.rint(seen.time)).all():
        ticks = (seen.time - seen.time.min()).astype(np.int64)
    else:
        ticks = np.unique(seen.time, return_inverse=True)[1]
    low, middle = (int(n).bit_length() for n in (len(seen.states), ticks.max(initial=0)))
    if len(seen.people).bit_length() + middle + low > 63:
        return None
    key = np.sort((seen.person << (middle + low)) | (ticks << low) | seen.code)
    if (key[1:] >> low == key[:-1] >> low).any():
        return None
    person = key >> (middle + low)
    code = key & ((1 << low) - 1)
    return count_pairs(code[:-1], code[1:], person[1:] == person[:-1], len(seen.states))


def count_pairs(first: NDArray[Any], second: NDArray[Any], keep: NDArray[np.bool_], k: int) -> NDArray[np.int64]:
    """Count (first, second) where ``keep``, in pieces that stay in the cache: (k, k)."""
    total = np.zeros(max(k * k + 1, BYTE), dtype=np.int64)
    for lo in range(0, len(first), CHUNK):
        part = slice(lo, lo + CHUNK)
        total += _histogram(_cells(first[part], second[part], keep[part], k), len(total))
    return total[: k * k].reshape(k, k)


def _cells(first: NDArray[Any], second: NDArray[Any], keep: NDArray[np.bool_], k: int) -> NDArray[Any]:
    """Give the number of each cell, in as few bytes as hold it; the one after the last is not counted."""
    kind: type[Any] = np.uint8 if k * k < BYTE else np.uint16 if k * k < BYTE**2 else np.int64
    cell: NDArray[Any] = first.astype(kind, copy=False) * kind(k) + second.astype(kind, copy=False)
    return np.where(keep, cell, kind(k * k))


def _histogram(cells: NDArray[Any], number: int) -> NDArray[np.int64]:
    """Count each number; of bytes two at a time, which halves the longest part of the work."""
    if cells.dtype != np.uint8:
        return np.bincount(cells, minlength=number)
    even = len(cells) // 2 * 2
    pairs = np.bincount(cells[:even].view(np.uint16), minlength=BYTE**2).reshape(BYTE, BYTE)
    found = pairs.sum(0) + pairs.sum(1)
    if even < len(cells):
        found[cells[-1]] += 1
    return np.asarray(found)


def _count_sorted(who: NDArray[Any], when: NDArray[Any], codes: NDArray[Any], k: int) -> NDArray[np.int64] | None:
    """Count the pairs of rows that stand by person and time; ``None`` if they do not, or a time stands twice."""
    total = np.zeros(max(k * k + 1, BYTE), dtype=np.int64)
    for lo in range(0, len(who) - 1, CHUNK):
        part, further = slice(lo, min(lo + CHUNK, len(who) - 1)), slice(lo + 1, lo + CHUNK + 1)
        same = who[further] == who[part]
        if not ((who[further] > who[part]) | (same & (when[further] > when[part]))).all():
            return None
        total += _histogram(_cells(codes[part], codes[further], same, k), len(total))
    return total[: k * k].reshape(k, k)


@frozen(eq=False, kw_only=True)
class Steps:
    """Where everybody was on each of a row of days, and the transitions between them.

    Attributes
    ----------
    days
        int32 (steps + 1): the state is that at the end of each of these days.
    states
        Names of the states counted as being in the cohort.
    codes
        uint8 (steps + 1, people): index into ``states``; of K states K means out of the cohort, K + 1 dead.
    passed
        bool (steps, people): who was out of the cohort at both ends of a step, but in it in between; ``None``:
        nobody.  They are in no stock, yet whoever entered and died within a month has died.
    """

    days: NDArray[np.int32]
    states: tuple[str, ...]
    codes: NDArray[np.uint8]
    passed: NDArray[np.bool_] | None = None

    def inside(self, step: int) -> NDArray[np.bool_]:
        """Say who was in the cohort at some time of a step, its start included."""
        k = len(self.states)
        seen = (self.codes[step] < k) | (self.codes[step + 1] < k)
        return np.asarray(seen if self.passed is None else seen | self.passed[step])

    @property
    def stocks(self) -> NDArray[np.int64]:
        """How many were in each state on each day, (steps + 1, states)."""
        k = len(self.states)
        return np.stack([np.bincount(row, minlength=k + 2)[:k] for row in self.codes])

    def counts(self) -> TransitionCounts:
        """Count transitions, with a row for who entered and columns for who left and who died.

        Raises
        ------
        SingleDiseaseError
            If the counts do not reconcile with the stocks at both ends of each step.
        """
        k = len(self.states)
        table = []
        for step, (before, after) in enumerate(pairwise(self.codes)):
            table.append(count_pairs(np.minimum(before, k), after, self.inside(step), k + 2)[: k + 1])
        counts = TransitionCounts(
            sources=(*self.states, "entered"), targets=(*self.states, "left", "died"), counts=np.stack(table)
        )
        self._reconcile(counts)
        return counts

    def counts_by(self, stratum: NDArray[np.int64], number: int) -> NDArray[np.int64]:
        """Count transitions of each stratum, (steps, strata, states + 1, states + 2); see ``counts``.

        Parameters
        ----------
        stratum
            Which stratum each person is in during each step, (steps or 1, people).
        number
            How many strata there are.
        """
        k = len(self.states)
        cells = number * (k + 1) * (k + 2)
        table = []
        for step, (before, after) in enumerate(pairwise(self.codes)):
            who = np.flatnonzero(self.inside(step))
            group = stratum[min(step, len(stratum) - 1), who]
            cell = (group * (k + 1) + np.minimum(before[who], k)) * (k + 2) + after[who]
            table.append(np.bincount(cell, minlength=cells).reshape(number, k + 1, k + 2))
        return np.stack(table)

    def _reconcile(self, counted: TransitionCounts) -> None:
        k = len(self.states)
        opening, closing = counted.counts[:, :k].sum(2), counted.counts[:, :, :k].sum(1)
        faults = [
            Fault("reconciles", f"step {step}, state {self.states[state]}", f"{flow} in transitions, {stock} in stock")
            for flows, stocks in ((opening, self.stocks[:-1]), (closing, self.stocks[1:]))
            for step, state in np.argwhere(flows != stocks)
            for flow, stock in [(flows[step, state], stocks[step, state])]
        ]
        if faults:
            raise SingleDiseaseError("the transitions do not add up to the stocks", faults)

    def members(self, step: int, source: str, target: str) -> Codes:
        """Give the people behind one cell of one step, as indices."""
        k = len(self.states)
        rows, columns = (*self.states, "entered"), (*self.states, "left", "died")
        if source not in rows or target not in columns:
            raise UsageError(f"no cell from {source!r} to {target!r}; rows {rows}, columns {columns}")
        if not -len(self.codes) < step < len(self.codes) - 1:
            raise UsageError(f"there is no step {step}; there are {len(self.codes) - 1}, numbered from 0")
        place = step % (len(self.codes) - 1)
        before, after = np.minimum(self.codes[place], k), self.codes[place + 1]
        return np.flatnonzero(self.inside(place) & (before == rows.index(source)) & (after == columns.index(target)))
