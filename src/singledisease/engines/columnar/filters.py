"""Selections taken apart: which table, kinds, windows and conditions; and rows put into periods."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.engines.columnar.concerns import of_kinds
from singledisease.engines.columnar.domain import Rows, Table
from singledisease.engines.columnar.operands import Mask
from singledisease.language import nodes as n

Days2 = NDArray[np.int32]


@frozen
class Filters:
    """What a selection asks of a row.  All of it has to hold, so the order does not matter.

    ``breaches_of`` is a disease, or ``None`` for events; conditions stand innermost first.
    """

    breaches_of: str | None
    kinds: tuple[str, ...]
    windows: tuple[n.Window, ...]
    conditions: tuple[n.Value, ...]


def filters_of(selection: n.Selection) -> Filters:
    """Take a selection apart."""
    windows: list[n.Window] = []
    conditions: list[n.Value] = []
    node: Any = selection
    while isinstance(node, n.Where | n.Within):
        if isinstance(node, n.Where):
            conditions.append(node.condition)
        else:
            windows.append(node.window)
        node = node.source
    is_events = isinstance(node, n.Events)
    kinds = node.kinds if is_events else ()
    disease = None if is_events else node.disease
    return Filters(disease, kinds, tuple(windows), tuple(reversed(conditions)))


@frozen(eq=False)
class Bounds:
    """First and last day of a window, both included, as (periods or 1, people or 1); empty where turned round."""

    first: Days2
    last: Days2

    def __and__(self, other: Bounds) -> Bounds:
        return Bounds(np.maximum(self.first, other.first), np.minimum(self.last, other.last))

    @property
    def hull(self) -> tuple[int, int]:
        """The days that hold the windows of all periods and people; (1, 0) if there are none."""
        first, last = np.broadcast_arrays(self.first, self.last)
        some = first <= last
        if not some.any():
            return 1, 0
        return int(first[some].min()), int(last[some].max())

    @property
    def is_same_for_all(self) -> bool:
        """Whether the window does not depend on the person."""
        return bool(self.first.shape[1] == 1 and self.last.shape[1] == 1)


def rows_of_kinds(table: Table, kinds: tuple[str, ...], among: Mask) -> Rows:
    """Give the rows of some kinds (none given: any) among those of a mask."""
    if not kinds:
        return Rows(table, np.flatnonzero(among))
    assert table.log is not None
    return Rows(table, np.flatnonzero(among & of_kinds(table.log.kind, kinds)))


def in_periods(rows: Rows, bounds: Bounds, periods: int) -> Rows:
    """Put rows into the periods in whose window they are dated: a row into none, one or several.

    ``rows`` have to lie within the hull of the bounds.
    """
    first, last = np.broadcast_arrays(bounds.first, bounds.last)
    if bounds.is_same_for_all:
        if periods == 1:
            return rows
        if (first[1:, 0] > last[:-1, 0]).all() and (first <= last).all():
            return _in_one_each(rows, first[:, 0], last[:, 0])
    dates = rows.dates
    chosen = []
    for period in range(periods):
        which = period if len(first) > 1 else 0
        # Asked for nobody, a window of a person has no column to take.
        who = 0 if bounds.is_same_for_all else rows.person
        low, high = first[which, who], last[which, who]
        chosen.append(np.flatnonzero((dates >= low) & (dates <= high)))
    index = rows.index[np.concatenate(chosen)]
    if periods == 1:
        return Rows(rows.table, index)
    return Rows(rows.table, index, np.repeat(np.arange(periods), [len(part) for part in chosen]))


def _in_one_each(rows: Rows, first: NDArray[np.int32], last: NDArray[np.int32]) -> Rows:
    """Put rows into windows that follow one another: no row into two."""
    days = np.arange(first[0], last[-1] + 1)
    period_of_day = np.searchsorted(last, days)
    period_of_day[days < first[period_of_day]] = -1
    period = period_of_day[rows.dates - first[0]]
    placed = Rows(rows.table, rows.index, period)
    return placed.where(period >= 0)
