"""What is kept on a log so that its events are found faster when they are asked for again: by person, and by kind."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.engines.columnar.concerns import of_kinds
from singledisease.engines.columnar.table import Indices, Table
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.log import EventLog

Days = NDArray[np.int32]


def person_of(log: EventLog) -> NDArray[np.int32]:
    """Give the person of each event."""
    found: NDArray[np.int32] = log.kept.of(
        "person of each event", lambda: np.repeat(np.arange(len(log.people), dtype=np.int32), np.diff(log.offsets))
    )
    return found


@frozen(eq=False)
class Dated:
    """Rows of a table, ascending, and their dates; of the whole table, ``rows`` is ``None``."""

    rows: NDArray[np.int32] | None
    date: Days

    def between(self, first: int, last: int) -> Indices:
        """Give the rows that are dated from one day to another, both included."""
        # One comparison for two: what is earlier than the first turns into a very large number.
        days = np.uint32(max(last - first + 1, 0))
        inside = np.flatnonzero((self.date - np.int32(first)).view(np.uint32) < days)
        return inside if self.rows is None else self.rows.take(inside).astype(np.intp)


def dated_rows(table: Table, kinds: frozenset[str]) -> Dated:
    """Give the rows of a table, of events and activities those of some kinds; none named: all."""
    if not kinds:
        return Dated(None, table.date)
    if table.log is None:
        return _of_kinds(table.kind, table.date, kinds)
    log = table.log
    found: Dated = log.kept.of(("rows", kinds), lambda: _of_kinds(log.kind, log.date, kinds))
    return found


def _of_kinds(kind: Coded, date: Days, kinds: frozenset[str]) -> Dated:
    rows = np.flatnonzero(of_kinds(kind, tuple(kinds)))
    return Dated(rows.astype(np.int32), date.take(rows))
