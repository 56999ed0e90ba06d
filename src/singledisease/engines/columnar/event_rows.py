"""What is kept on a log so that its events are found faster when they are asked for again: by person, and by kind."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.engines.columnar.concerns import of_kinds
from singledisease.engines.columnar.operands import Mask, among
from singledisease.engines.columnar.table import Indices, RowTable
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.log import EventLog

Days = NDArray[np.int32]


def person_of(log: EventLog) -> NDArray[np.int32]:
    """Give the person of each event."""
    found: NDArray[np.int32] = log.kept.of(
        "person of each event", lambda: np.repeat(np.arange(len(log.people), dtype=np.int32), np.diff(log.offsets))
    )
    return found


def rows_between(table: RowTable, kinds: frozenset[str], first: int, last: int, known: str = "") -> Indices:
    """Give the rows of a table that are dated from one day to another, both included, ascending.

    ``kinds``: of events and activities those of some kinds; none named: all, or those alone that have a text in the
    column ``known``.
    """
    if not kinds:
        told = _told(table, known)
        return told.between(first, last) if told else np.flatnonzero(_are_between(table.date, first, last))
    if table.log is not None:
        log = table.log
        dated: Dated | None = log.kept.of_again(("rows", kinds), lambda: _of_kinds(log.kind, log.date, kinds))
        if dated is not None:
            return dated.between(first, last)
    return _found(table.kind, table.date, kinds, first, last)


_FEW = 4


def _told(table: RowTable, column: str) -> Dated | None:
    """Give the events that have a text in a column, kept on their log, if few have one."""
    texts, log = table.columns.get(column), table.log
    if log is None or not isinstance(texts, Coded):
        return None
    codes = texts.codes

    def work() -> tuple[Dated, ...]:
        return (_dated(np.flatnonzero(codes), log.date),) if _FEW * np.count_nonzero(codes) < len(codes) else ()

    found: tuple[Dated, ...] = log.kept.of(("rows with", column), work)
    return found[0] if found else None


def _are_between(date: Days, first: int, last: int) -> Mask:
    # One comparison for two: what is earlier than the first turns into a very large number.
    days = np.uint32(max(last - first + 1, 0))
    return np.asarray((date - np.int32(first)).view(np.uint32) < days)


@frozen(eq=False)
class Dated:
    """Rows of a table, ascending, and their dates."""

    rows: NDArray[np.int32]
    date: Days

    def between(self, first: int, last: int) -> Indices:
        """Give the rows that are dated from one day to another, both included."""
        return self.rows.take(np.flatnonzero(_are_between(self.date, first, last))).astype(np.intp)


def _of_kinds(kind: Coded, date: Days, kinds: frozenset[str]) -> Dated:
    return _dated(np.flatnonzero(of_kinds(kind, tuple(kinds))), date)


def _dated(rows: Indices, date: Days) -> Dated:
    return Dated(rows.astype(np.int32), date.take(rows))


_BLOCK = 2**17
"""Rows looked at together: what is made of them on the way stays in the cache."""


def _found(kind: Coded, date: Days, kinds: frozenset[str], first: int, last: int) -> Indices:
    """Look for rows of some kinds on some days, without keeping where those of other days are."""
    wanted = np.array([name in kinds for name in kind.categories])
    parts = [np.zeros(0, np.intp)]
    for begin in range(0, len(date), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        meets = _are_between(date[block], first, last)
        meets &= among(kind.codes[block], wanted)
        rows = np.flatnonzero(meets)
        rows += begin
        parts.append(rows)
    return np.concatenate(parts)
