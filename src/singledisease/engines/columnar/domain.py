"""Domains: on what a value is worked out, and how the elements of one stand for those of a coarser one.

``Everyone`` is every period and person.  ``SelectedRows`` are rows of a table, each of them selected for one element
of an *outer* domain: for a period and person, or for another row.  ``Moments`` are people on days of their own, as a
pathway meets them.  What does not depend on the element of a finer domain is worked out on its ``root`` and spread.
Each domain keeps what was worked out on it, so that it goes when the domain goes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.engines.columnar.operands import Array, Mask
from singledisease.engines.columnar.table import Indices, Owners, RowTable

Days = NDArray[np.int32]


@frozen(eq=False, kw_only=True)
class Everyone:
    """Every period and every owner (person or institution); values are (periods or 1, owners or 1).

    Attributes
    ----------
    start, asked, seen
        (periods, 1): first day, the day on which the question is asked, and the last day of which anything is seen.
    """

    owners: Owners
    size: int
    start: Days
    asked: Days
    seen: Days
    kept: dict[Any, Any] = field(factory=dict)

    @property
    def periods(self) -> int:
        """How many periods."""
        return len(self.start)

    @property
    def shape(self) -> tuple[int, ...]:
        """Periods and owners."""
        return self.periods, self.size


@frozen(eq=False, kw_only=True)
class Moments:
    """People on days of their own, who see their events up to a row: what a pathway asks about while it is walked.

    Attributes
    ----------
    owner, asked
        (moments): person and day.
    behind
        (moments): the row of the log behind the last one seen.
    people
        The people themselves, in no period.
    """

    owner: Indices
    asked: Days
    behind: Indices
    people: Everyone
    kept: dict[Any, Any] = field(factory=dict)

    @property
    def shape(self) -> tuple[int, ...]:
        """How many moments."""
        return (len(self.owner),)

    @property
    def start(self) -> Days:
        """The day, which is all there is of a period."""
        return self.asked

    @property
    def seen(self) -> Days:
        """The day: nothing later is seen."""
        return self.asked

    def spread(self, values: Array) -> Array:
        """Give each moment the value of its person, out of (1, people or 1)."""
        return np.asarray(values[0].take(self.owner) if values.shape[1] != 1 else values[0])


Root = Everyone | Moments


@frozen(eq=False, kw_only=True)
class SelectedRows:
    """Rows of a table, each selected for one element of an outer domain.

    Attributes
    ----------
    index
        Places in the table.
    root
        The domain of what is not of a row.
    outer
        The domain for whose elements the rows were selected; ``None`` while they are not put into periods.
    _cell
        The element of ``outer`` to which each row belongs, ascending; ``None`` if owner and period say it.
    _period
        The period of each row; ``None`` where there is only one, or none yet, or the outer row says it.
    pick
        If these are the rows that a pick found for each period and person: the number of the pick.
    kinds
        Of which kinds the rows are, if they were asked for by kind.
    """

    table: RowTable
    index: Indices
    root: Root
    outer: Domain | None = None
    _cell: Indices | None = None
    _period: Indices | None = None
    pick: int | None = None
    kinds: frozenset[str] = frozenset()
    kept: dict[Any, Any] = field(factory=dict)

    @property
    def shape(self) -> tuple[int, ...]:
        """How many rows."""
        return self.index.shape

    @property
    def owner(self) -> Indices:
        """The person, or institution, of each row."""
        found: Indices = kept_on(self, _OWNER, lambda: self.table.owner.take(self.index).astype(np.intp))
        return found

    @property
    def dates(self) -> Days:
        """The date of each row."""
        found: Days = kept_on(self, _DATES, lambda: self.table.date.take(self.index))
        return found

    @cached_property
    def period(self) -> Indices | None:
        """The period of each row; ``None`` where all are of the only one."""
        if self._period is not None:
            return self._period
        if isinstance(self.outer, SelectedRows):
            return None if self.outer.period is None else self.outer.period.take(self.cell)
        if isinstance(self.outer, Everyone) and self._cell is not None and self.outer.periods > 1:
            return self._cell // self.outer.size
        return None

    @cached_property
    def cell(self) -> Indices:
        """The element of the outer domain to which each row belongs, ascending."""
        if self._cell is not None:
            return self._cell
        if isinstance(self.root, Moments):
            return self.moment
        if self._period is None:
            return self.owner
        return self._period * self.root.size + self.owner

    @cached_property
    def moment(self) -> Indices:
        """The moment for which each row was selected, at first or last hand."""
        if isinstance(self.outer, SelectedRows):
            return self.outer.moment.take(self.cell)
        return np.arange(len(self.index)) if self._cell is None else self._cell

    def spread(self, values: Array) -> Array:
        """Give each row the value of its element of the root."""
        if isinstance(self.root, Moments):
            return values if len(values) == 1 or self._is_moment else values.take(self.moment)
        periods, owners = values.shape
        if periods > 1:
            assert self.period is not None
            if owners == 1:
                return np.asarray(values[:, 0].take(self.period))
            # Of rows selected for each period and owner the element is known already.
            cell = self.cell if self.outer is self.root else self.period * owners + self.owner
            return np.asarray(values.reshape(-1).take(cell))
        return np.asarray(values[0].take(self.owner) if owners != 1 else values[0])

    @property
    def _is_moment(self) -> bool:
        """Whether each row is a moment of its own."""
        return self.outer is self.root and self._cell is None

    def of_outer(self, values: Array) -> Array:
        """Give each row the value of its element of the outer domain."""
        if isinstance(self.outer, Everyone):
            return np.broadcast_to(values, self.outer.shape).reshape(-1).take(self.cell)
        return values if len(values) == 1 else values.take(self.cell)

    def where(self, mask: Mask) -> SelectedRows:
        """Give the rows where a mask of the same length (or of length 1) holds."""
        if mask.all():
            return self
        return self.at(np.flatnonzero(np.broadcast_to(mask, self.index.shape)))

    def at(self, places: Indices, pick: int | None = None) -> SelectedRows:
        """Give some of these rows by their places among them."""
        return SelectedRows(
            table=self.table,
            index=self.index.take(places),
            root=self.root,
            outer=self.outer,
            cell=None if self._cell is None else self._cell.take(places),
            period=None if self._period is None else self._period.take(places),
            pick=pick,
            kinds=self.kinds,
            # Taken from here, they lie closer together than in the table.
            kept={key: self.kept[key].take(places) for key in (_OWNER, _DATES) if key in self.kept},
        )

    def put(self, places: Indices, period: Indices | None, pick: int | None = None) -> SelectedRows:
        """Give some of these rows by their places among them, each in a period."""
        chosen = self.at(places)
        return SelectedRows(
            table=self.table,
            index=chosen.index,
            root=self.root,
            outer=self.outer,
            period=period,
            pick=pick,
            kinds=self.kinds,
            kept=chosen.kept,
        )


_OWNER, _DATES = ("owner",), ("dates",)

Domain = Everyone | Moments | SelectedRows
"""Where a value is worked out."""


def shape_of(domain: Domain, rows: Any) -> tuple[int, ...]:
    """Give the shape of what is made of rows for each element of a domain; without a row one stands for all."""
    is_none = isinstance(rows, SelectedRows) and not len(rows.index)
    return (1,) * len(domain.shape) if is_none else domain.shape


Which = Literal["first", "last"]


def kept_on(domain: Any, key: tuple[Any, ...], work: Callable[[], Any]) -> Any:
    """Give what ``work`` gives, worked out once for each key on a domain or table."""
    if key not in domain.kept:
        domain.kept[key] = work()
    return domain.kept[key]
