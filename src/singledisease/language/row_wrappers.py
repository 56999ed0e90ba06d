"""Selections and picked rows as people hold them: thin wrappers around nodes, with the methods of a selection."""

from __future__ import annotations

from typing import Any, ClassVar, cast, get_args

from attrs import frozen

from singledisease.errors import DefinitionError, Fault
from singledisease.language import nodes as n
from singledisease.language.typecheck import checked
from singledisease.language.wrappers import Expression, Span, Wrapper, column_node, made, node_of, window_node, words


@frozen(eq=False, repr=False)
class Row(Wrapper):
    """The first or last row of a selection; its columns and its date can be named: ``row.sbp``, ``row.date``."""

    way_out: ClassVar[str] = "name a column of the row: .date, .sbp …"

    def column(self, name: str | Expression, kind: Any = None, unit: str = "") -> Expression:
        """Give a column of the row; missing if there is no row."""
        return made(n.Picked(self.node, column_node(name, kind, unit)))

    def value(self, expression: Any) -> Expression:
        """Give what an expression of the row comes to: ``row.value(sbp - dbp)``; missing if there is no row."""
        return made(n.Picked(self.node, node_of(expression)))

    def __getattr__(self, name: str) -> Expression:
        # copy and pickle ask any object for such names; they are no columns.
        if name.startswith("_"):
            raise AttributeError(name)
        return self.column(name)


@frozen(eq=False, repr=False)
class Rows(Wrapper):
    """A selection: many rows per person, in canonical order."""

    way_out: ClassVar[str] = "reduce a selection to one value: .count(), .exists(), .last().sbp …"

    # FEWER ROWS

    def where(self, condition: Any) -> Rows:
        """Keep the rows for which a row-level condition is true (not unknown)."""
        return Rows(checked(n.Where(self.node, node_of(condition))))

    def within(self, window: Span) -> Rows:
        """Keep the rows dated in a window, both ends included; nested windows intersect."""
        return Rows(checked(n.Within(self.node, window_node(window))))

    def overlapping(self, window: Span) -> Rows:
        """Keep the rows of which a day lies in a window: from ``date`` to ``until``, of a stay to the day it ended."""
        return Rows(checked(n.Overlapping(self.node, window_node(window))))

    def same(self, *columns: str) -> Rows:
        """Keep the rows that share these columns with the outer row; a missing value equals nothing."""
        return Rows(checked(n.Same(self.node, words(columns))))

    def earliest(self, number: int) -> Rows:
        """Keep the first few rows, as rows."""
        return Rows(checked(n.Outermost(self.node, "earliest", number)))

    def latest(self, number: int) -> Rows:
        """Keep the last few rows, as rows."""
        return Rows(checked(n.Outermost(self.node, "latest", number)))

    # ONE ROW

    def first(self) -> Row:
        """Give the first row."""
        return Row(checked(n.Pick(self.node, "first")))

    def last(self) -> Row:
        """Give the last row."""
        return Row(checked(n.Pick(self.node, "last")))

    # ONE VALUE

    def count(self) -> Expression:
        """Count the rows; never unknown."""
        return self._reduce("count")

    def count_days(self) -> Expression:
        """Count the different days on which there are rows; never unknown."""
        return self._reduce("count_days")

    def count_distinct(self, *columns: str | Expression) -> Expression:
        """Count the different combinations of columns, rows in which one is missing left out; never unknown."""
        return self._reduce("count_distinct", *columns)

    def exists(self) -> Expression:
        """Ask whether there is a row; never unknown."""
        return self._reduce("exists")

    def minimum(self, column: str | Expression) -> Expression:
        """Give the lowest value of a column, missing values left out."""
        return self._reduce("minimum", column)

    def maximum(self, column: str | Expression) -> Expression:
        """Give the highest value of a column, missing values left out."""
        return self._reduce("maximum", column)

    def sum(self, column: str | Expression) -> Expression:
        """Add up a column exactly, missing values left out; of nothing it is missing."""
        return self._reduce("sum", column)

    def mean(self, column: str | Expression) -> Expression:
        """Average a column, missing values left out; of nothing it is missing."""
        return self._reduce("mean", column)

    def median(self, column: str | Expression) -> Expression:
        """Give the middle value of a column, of an even number the mean of the two in the middle."""
        return self._reduce("median", column)

    def covered(self, window: Span, open_ended: bool = False) -> Expression:
        """Count the days of a window on which some row lasts, from ``date`` to ``until``.

        A row without ``until`` is one day, or goes on and on if ``open_ended``.
        """
        return made(n.Covered(self.node, window_node(window), open_ended))

    def gap(self, window: Span, open_ended: bool = False) -> Expression:
        """Give the longest run of days of a window on which no row lasts; see ``covered``."""
        return made(n.Gap(self.node, window_node(window), open_ended))

    def _reduce(self, how: n.Reduction, *columns: str | Expression) -> Expression:
        return made(n.Reduce(how, self.node, tuple(map(column_node, columns))))


def selection_node(rows: Any) -> n.Selection:
    """Give the node of a selection."""
    node = rows.node if isinstance(rows, Rows) else rows
    if not isinstance(node, get_args(n.Selection)):
        hint = 'a selection: events("encounter").within(PERIOD)'
        raise DefinitionError("no selection", [Fault("no_selection", repr(rows), "is no selection of rows", hint)])
    return cast(n.Selection, node)
