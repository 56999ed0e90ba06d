"""Rows selected anew for each element of a domain: a range of candidate rows for each, without writing out the pairs.

Candidates are sorted by a key (their owner, or what they have to share with the outer row) and date, so that those
of one element are neighbours: two binary searches find them.  Pairs of element and row are only written out where a
condition compares the two, and then a bounded number at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.engines.columnar.domain import Domain, Moments, Root, SelectedRows, Which
from singledisease.engines.columnar.operands import Array
from singledisease.engines.columnar.table import Indices
from singledisease.engines.columnar.windows import Bounds

PAIRS = 2**22
"""How many pairs of element and row are written out at a time."""

_SHIFT = np.int64(2**31)


@frozen(eq=False, kw_only=True)
class RowRanges:
    """For each element of a domain the candidates ``low:high``.

    Attributes
    ----------
    rows
        The candidates, by key and in canonical order.
    outer
        The domain.
    low, high
        (elements of the flattened domain); ``high`` is never below ``low``.
    root
        The root of the selected rows.
    """

    rows: SelectedRows
    outer: Domain
    low: Indices
    high: Indices
    root: Root
    kept: dict[Any, Any] = field(factory=dict)

    @property
    def counts(self) -> Indices:
        """How many rows each element has."""
        return self.high - self.low

    def outermost(self, which: Which, pick: int | None = None) -> SelectedRows:
        """Give the first or the last row of each element that has one."""
        some = np.flatnonzero(self.high > self.low)
        return self._rows(self.low[some] if which == "first" else self.high[some] - 1, some, pick)

    def limited(self, which: Which, number: int) -> RowRanges:
        """Leave the first or the last few rows of each element."""
        low, high = self.low, self.high
        if which == "first":
            high = np.minimum(high, low + number)
        else:
            low = np.maximum(low, high - number)
        return RowRanges(rows=self.rows, outer=self.outer, low=low, high=high, root=self.root)

    def written_out(self) -> SelectedRows:
        """Give all rows of all elements."""
        return self._pairs(0, len(self.low))

    def where(self, narrow: Callable[[SelectedRows], SelectedRows]) -> SelectedRows:
        """Give the rows that ``narrow`` leaves, out of a bounded number of pairs at a time."""
        parts = [narrow(self._pairs(first, behind)) for first, behind in self._blocks()]
        index = np.concatenate([part.index for part in parts])
        cell = np.concatenate([part.cell for part in parts])
        return SelectedRows(table=self.rows.table, index=index, root=self.root, outer=self.outer, cell=cell)

    def _blocks(self) -> Iterator[tuple[int, int]]:
        """Cut the elements so that each block has a bounded number of pairs, or is a single element."""
        total = np.cumsum(self.counts)
        first = 0
        while first < len(total):
            before = int(total[first - 1]) if first else 0
            behind = max(int(np.searchsorted(total, before + PAIRS, "right")), first + 1)
            yield first, behind
            first = behind
        if not len(total):
            yield 0, 0

    def _pairs(self, first: int, behind: int) -> SelectedRows:
        low, count = self.low[first:behind], self.high[first:behind] - self.low[first:behind]
        before = np.cumsum(count) - count
        place = np.repeat(low - before, count) + np.arange(int(count.sum()))
        return self._rows(place, np.repeat(np.arange(first, behind), count), None)

    def _rows(self, place: Indices, cell: Indices, pick: int | None) -> SelectedRows:
        index = self.rows.index.take(place)
        return SelectedRows(table=self.rows.table, index=index, root=self.root, outer=self.outer, cell=cell, pick=pick)


@frozen(eq=False)
class Keys:
    """By what candidates and elements belong together: a number each, -1 for what belongs to nothing.

    ``is_sorted``: the candidates stand by key already.
    """

    candidates: NDArray[np.int64]
    elements: NDArray[np.int64]
    is_sorted: bool


def ranges_of(rows: SelectedRows, keys: Keys, bounds: Bounds, outer: Domain, root: Root) -> RowRanges:
    """Find for each element the candidates of its key that are dated within its bounds."""
    rows, key = _by_key(rows, keys)
    date = rows.dates.astype(np.int64) + _SHIFT
    packed = (key << 32) + date
    element = keys.elements << 32
    first, last = (flat(days, outer).astype(np.int64) + _SHIFT for days in (bounds.first, bounds.last))
    low = np.searchsorted(packed, element + first)
    high = np.searchsorted(packed, element + last, "right")
    if isinstance(root, Moments):
        # Of the day itself only what stands before: rows of one key are in the order of the log.
        behind = outer.behind if isinstance(outer, Moments) else root.behind.take(_moment(outer))
        high = np.minimum(high, np.searchsorted((key << 32) + rows.index, element + behind))
    nothing = keys.elements < 0
    if nothing.any():
        low[nothing] = high[nothing] = 0
    return RowRanges(rows=rows, outer=outer, low=low, high=np.maximum(high, low), root=root)


def _by_key(rows: SelectedRows, keys: Keys) -> tuple[SelectedRows, NDArray[np.int64]]:
    key = keys.candidates
    if keys.is_sorted:
        return rows, key
    there = np.flatnonzero(key >= 0)
    order = there[np.lexsort((rows.dates[there], key[there]))]
    return rows.at(order), key[order]


def _moment(domain: Domain) -> Indices:
    assert isinstance(domain, SelectedRows)
    return domain.moment


def flat(values: Array, domain: Domain) -> Array:
    """Give each element of a flattened domain its value."""
    return np.broadcast_to(values, domain.shape).reshape(-1)
