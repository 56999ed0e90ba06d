"""Rows that a selection holds: where they stand, whose they are, and of which period."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import count

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.engines.columnar.operands import Array, Mask
from singledisease.eventlog.columns import AnyColumn, Dates
from singledisease.eventlog.log import EventLog

Indices = NDArray[np.intp]


@frozen(eq=False)
class Table:
    """What rows are taken from: the events of the log, or the breaches of a disease, by person and in order.

    ``person`` has the person of each row; ``log`` is ``None`` for breaches.
    """

    date: NDArray[np.int32]
    person: NDArray[np.int32]
    columns: Mapping[str, AnyColumn]
    log: EventLog | None = None

    def column(self, name: str) -> AnyColumn | None:
        """Give a column, ``None`` if there is none of that name."""
        return Dates(self.date) if name == "date" else self.columns.get(name)


def events_table(log: EventLog) -> Table:
    """Give the events of a log as a table."""
    person = np.repeat(np.arange(len(log.people), dtype=np.int32), np.diff(log.offsets))
    return Table(log.date, person, {**log.columns, "kind": log.kind}, log)


@frozen(eq=False)
class Rows:
    """Some rows of a table.

    Attributes
    ----------
    index
        Places in the table, ascending within each period.
    period
        The period of each row; ``None`` where there is only one, or rows are not told apart by period yet.
    pick
        If these are the rows that a pick found, one or none for each period and person: the number of the pick.
    number
        Tells these rows from any other within one run: what is worked out on rows is kept under it.
    """

    table: Table
    index: Indices
    period: Indices | None = None
    pick: int | None = None
    number: int = field(init=False, factory=count(1).__next__)

    @cached_property
    def person(self) -> Indices:
        """The person of each row."""
        # NumPy's indexing keeps the other thread waiting, take does not.
        return self.table.person.take(self.index).astype(np.intp)

    @cached_property
    def dates(self) -> NDArray[np.int32]:
        """The date of each row."""
        return self.table.date.take(self.index)

    def where(self, mask: Mask) -> Rows:
        """Give the rows where a mask of the same length (or of length 1) holds."""
        if mask.all():
            return self
        return self.at(np.flatnonzero(np.broadcast_to(mask, self.index.shape)))

    def at(self, places: Indices, pick: int | None = None) -> Rows:
        """Give some of these rows by their places among them."""
        period = None if self.period is None else self.period.take(places)
        return Rows(self.table, self.index.take(places), period, pick)

    def spread(self, values: Array) -> Array:
        """Give each row the value of its period and person, out of (periods or 1, people or 1)."""
        periods, people = values.shape
        if periods > 1:
            assert self.period is not None
            return np.asarray(values[self.period, self.person] if people != 1 else values[self.period, 0])
        return np.asarray(values[0].take(self.person) if people != 1 else values[0])
