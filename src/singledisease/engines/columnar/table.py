"""Tables of rows to select from: events, and what engines make of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.domains import RowSource
from singledisease.engines.columnar.operands import Array, Operand, of_column
from singledisease.eventlog.columns import AnyColumn, Coded, Dates
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import Courses

Indices = NDArray[np.intp]
Owners = Literal["people", "institutions"]

SeenColumn = Callable[[Indices, NDArray[np.int32]], Operand]
"""Gives a column of some rows as it stands at the end of a day for each of them."""


@frozen(eq=False, kw_only=True)
class RowTable:
    """Rows by owner and in canonical order.

    Attributes
    ----------
    date
        Of each row; meaningless where rows have no date.
    owners, owner
        Whether rows are of people or of institutions, and of which.
    columns
        By name; one that is not given is absent.
    as_seen
        Columns that change with the last day seen.
    ends
        The column of the last day of a row, and how many days before it the row ends; blank: a row is one day.
    is_dated
        Whether rows have dates at all.
    log, courses
        What events, or the rows of a disease, are taken from.
    course
        Of which linked sequence each row is, if each of them has a course of its own.
    row
        Where each row stands in what it was taken from; ``None``: in the same place.
    """

    source: RowSource
    date: NDArray[np.int32]
    owners: Owners = "people"
    owner: NDArray[Any]
    columns: Mapping[str, AnyColumn]
    as_seen: Mapping[str, SeenColumn] = field(factory=dict)
    ends: tuple[str, int] = ("", 0)
    is_dated: bool = True
    log: EventLog | None = None
    courses: Courses | None = None
    course: NDArray[Any] | None = None
    row: Indices | None = None
    kept: dict[Any, Any] = field(factory=dict)

    @property
    def kind(self) -> Coded:
        """The kind of each event or activity."""
        column = self.columns["kind"]
        assert isinstance(column, Coded)
        return column

    def column(self, name: str, index: Indices, seen: Callable[[], Array]) -> Operand | None:
        """Give a column of some rows, ``None`` if there is none of that name; ``seen`` gives their last days seen."""
        if name == "date" and self.is_dated:
            return of_column(Dates(self.date), index)
        if name in self.as_seen:
            return self.as_seen[name](index, np.broadcast_to(seen(), index.shape))
        column = self.columns.get(name)
        return None if column is None else of_column(column, index)
