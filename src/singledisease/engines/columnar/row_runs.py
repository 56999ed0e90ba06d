"""Rows that lie in the windows of several periods, said by the first of these and the one behind the last.

Where windows move on from period to period, the periods in whose window a row lies follow one another: they are a
run.  The last row of each person in each period has a run too, which the next row ends.  So a row is looked at once,
however many periods it counts in, and what is made of it is written along its run.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar.domain import Everyone, SelectedRows, Which, kept_on
from singledisease.engines.columnar.operands import Array, Mask, Operand
from singledisease.engines.columnar.table import Indices

Places = NDArray[np.unsignedinteger[Any]]
"""Numbers of periods, in as few bytes as they need."""


@frozen(eq=False, kw_only=True)
class RowRuns:
    """Rows by owner and in canonical order, each with the periods ``begin:behind``, which are at least one.

    Attributes
    ----------
    rows
        The rows, not told apart by period.
    begin, behind
        (rows): neither is smaller than that of the row before of the same owner.
    """

    rows: SelectedRows
    begin: Places
    behind: Places
    everyone: Everyone
    kept: dict[Any, Any] = field(factory=dict)

    @property
    def pairs(self) -> int:
        """How many pairs of period and row there are."""
        return int(self.behind.sum(dtype=np.int64) - self.begin.sum(dtype=np.int64))

    def counts(self) -> NDArray[np.int64]:
        """Count of each period and owner the rows: those that have come so far, without those that have gone."""
        come, gone = (self._number(places) for places in (self.begin, self.behind))
        return np.cumsum(come - gone, axis=0)

    def _number(self, places: Places) -> NDArray[np.int64]:
        size, periods = self.everyone.size, self.everyone.periods
        cells = places * np.intp(size) + self.rows.owner
        return np.bincount(cells, minlength=(periods + 1) * size)[: periods * size].reshape(periods, size)

    def exists(self) -> Mask:
        """Say of which periods and owners there is a row."""
        return self.outermost("last").spread_array(np.ones(1, np.bool_), False)

    def outermost(self, which: Which, pick: int | None = None) -> RowRuns:
        """Give the first or the last row of each period and owner that has one: no two have a period in common."""
        owner, begin, behind = self.rows.owner, self.begin, self.behind
        same = owner[1:] == owner[:-1]
        if which == "first":
            begin = begin.copy()
            np.maximum(begin[1:], behind[:-1], out=begin[1:], where=same)
        else:
            behind = behind.copy()
            np.minimum(behind[:-1], begin[1:], out=behind[:-1], where=same)
        some = np.flatnonzero(begin < behind)
        return RowRuns(
            rows=self.rows.at(some, pick), begin=begin.take(some), behind=behind.take(some), everyone=self.everyone
        )

    def spread(self, operand: Operand) -> Operand:
        """Give each period and owner the value of its row; missing where there is none.  No two runs may overlap."""
        match operand:
            case o.Truth():
                return o.Truth(lambda wanted: self.spread_array(operand.where(wanted), False))
            case o.Number(values):
                return o.Number(self.spread_array(values, np.nan))
            case o.Day(values):
                return o.Day(self.spread_array(values, MISSING))
            case _:
                return o.Text(self.spread_array(operand.codes, 0), operand.categories)

    def spread_array(self, values: Array, otherwise: Any) -> Array:
        """Give each period and owner the element of its row, or what stands where there is none."""
        values = np.broadcast_to(values, self.rows.shape)
        whole = np.empty(self.everyone.shape, values.dtype)
        of_period: Any = otherwise
        for place, (come, gone) in enumerate(zip(self._by("begin"), self._by("behind"), strict=True)):
            whole[place] = of_period
            of_period = whole[place]
            of_period[gone[1]] = otherwise
            of_period[come[1]] = values.take(come[0])
        return whole

    def _by(self, end: Literal["begin", "behind"]) -> list[tuple[Indices, Indices]]:
        """Give of each period the rows whose run begins there, or has just ended, and their owners."""
        found: list[tuple[Indices, Indices]] = kept_on(self, (end,), lambda: list(self._sorted_by(end)))
        return found

    def _sorted_by(self, end: Literal["begin", "behind"]) -> Iterator[tuple[Indices, Indices]]:
        places = self.begin if end == "begin" else self.behind
        order = np.argsort(places, kind="stable")
        owner = self.rows.owner.take(order)
        cuts = np.searchsorted(places.take(order), np.arange(self.everyone.periods + 1, dtype=places.dtype)).tolist()
        for first, behind in itertools.pairwise(cuts):
            yield order[first:behind], owner[first:behind]

    def written_out(self) -> SelectedRows:
        """Give the rows of each period, one period after the other."""
        chosen = [
            np.flatnonzero((self.begin <= place) & (self.behind > place)) for place in range(self.everyone.periods)
        ]
        periods = np.repeat(np.arange(self.everyone.periods), [len(rows) for rows in chosen])
        return self.rows.put(np.concatenate(chosen), periods, self.rows.pick)
