"""The rows of a log as what wants a reason is looked for in them, and what is found."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.definitions.citation import Names
from singledisease.eventlog.columns import Coded, Dates
from singledisease.eventlog.log import EventLog


@frozen(kw_only=True)
class IrregularRows:
    """Rows that want a reason: what they look like, the row that is named, those with it, and why."""

    what: str
    row: int
    others: tuple[int, ...] = ()
    reason: Names


def _texts_of(column: Any, size: int) -> NDArray[Any]:
    if not isinstance(column, Coded):
        return np.full(size, "", object)
    return np.asarray(np.array(column.categories, object)[column.codes])


@frozen(eq=False)
class LogRows:
    """The rows of a log, with the texts and days that are asked for."""

    log: EventLog
    _kept: dict[str, NDArray[Any]] = field(factory=dict, init=False)

    def texts(self, name: str) -> NDArray[Any]:
        """Give a column of texts; blank where it says nothing."""
        if name not in self._kept:
            self._kept[name] = _texts_of(self.log.column(name), len(self.log))
        return self._kept[name]

    @property
    def kind(self) -> NDArray[Any]:
        """The kind of each row."""
        return self.texts("kind")

    @cached_property
    def person(self) -> NDArray[np.int64]:
        """The place of the person of each row."""
        return self.log.person

    def days(self, name: str) -> NDArray[np.int32]:
        """Give a column of days; ``MISSING`` where it says nothing."""
        column = self.log.columns.get(name)
        return column.values if isinstance(column, Dates) else np.full(len(self.log), MISSING, np.int32)

    def of(self, *kinds: str) -> list[int]:
        """Give the rows of some kinds that were not taken back."""
        there = np.isin(self.kind, kinds) if kinds else np.ones(len(self.log), np.bool_)
        return [int(row) for row in np.flatnonzero(there & (self.days("withdrawn") == MISSING))]

    def links(self) -> dict[tuple[int, str], list[int]]:
        """Give the rows of each referral that were not taken back, by person and link."""
        links, found = self.texts("link"), dict[tuple[int, str], list[int]]()
        for row in self.of("referral"):
            if links[row]:
                found.setdefault((int(self.person[row]), links[row]), []).append(row)
        return found

    def submitted(self, rows: list[int]) -> list[int]:
        """Give those of some rows of referral that send the patient up."""
        status, direction = self.texts("status"), self.texts("direction")
        return [row for row in rows if status[row] in {"", "submitted"} and direction[row] != "down"]
