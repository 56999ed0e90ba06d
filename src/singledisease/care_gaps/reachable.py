"""What the clauses of a measure can still become before a period ends, whatever happens, for one person.

An answer is given only where it is certain: a clause of which nothing is known may become anything.  So "no longer
possible" is shown by the clauses, and what they do not show is not said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

from attrs import frozen

from singledisease.definitions.measure import NUMERATOR, Rule
from singledisease.engines.reference.context import PersonContext
from singledisease.engines.reference.make_context import rows_of, value_of
from singledisease.engines.reference.windows import days
from singledisease.language import nodes as n
from singledisease.language.traversal import inside

Truth = bool | None
Truths = frozenset[Truth]
ANYTHING: Truths = frozenset((True, False, None))

_OF_A_ROW = (
    n.Apply,
    n.Column,
    n.Concerns,
    n.Literal,
    n.HasCode,
    n.Case,
    n.Attribute,
    n.Age,
    n.PeriodStart,
    n.PeriodEnd,
)


@frozen
class Range:
    """The least and the greatest that a number can become; it is never unknown."""

    low: float
    high: float


@frozen(eq=False)
class Outlook:
    """What can still happen to one person.

    Attributes
    ----------
    context
        The person, as seen from the end of the period if nothing more happens.
    first, last
        The days still to come; none if ``last`` is before ``first``.
    """

    context: PersonContext
    first: int
    last: int

    def blocking(self, rules: Iterable[Rule]) -> list[n.Value]:
        """Give the clauses that keep somebody out of the numerator whatever happens; none where that is not shown."""
        found: list[n.Value] = []
        for rule in rules:
            truths = self.truths(rule.when)
            if rule.group == NUMERATOR:
                if True in truths:
                    return []
                found += [part for part in conjuncts(rule.when) if True not in self.truths(part)] or [rule.when]
            if False not in truths:
                # Nobody gets past this rule: what was found before it is all that there is.
                return found if rule.group == NUMERATOR or found else [rule.when]
        return found

    # CONDITIONS

    def truths(self, node: Any) -> Truths:
        """Give what a condition can become."""
        if self.is_settled(node):
            return frozenset((value_of(node, self.context),))  # type: ignore[arg-type]
        match node:
            case n.Apply(operation="and" | "or" | "not"):
                of_parts = [self.truths(part) for part in node.args]
                return frozenset(_kleene(node.operation, some) for some in product(*of_parts))
            case n.Apply(operation=">=" | ">" | "<=" | "<" | "==" as sign, args=(left, right)):
                return _compared(sign, self.range(left), self.range(right))
            case n.Reduce(how="exists"):
                count = self._count(node)
                return ANYTHING if count is None else _compared(">=", count, Range(1, 1))
        return ANYTHING

    # NUMBERS

    def range(self, node: Any) -> Range | None:
        """Give the least and the greatest that a number can become; ``None``: nothing is known of it."""
        if self.is_settled(node):
            value = value_of(node, self.context)
            return Range(float(value), float(value)) if isinstance(value, int | float) else None
        return self._count(node) if isinstance(node, n.Reduce) and node.how in ("count", "count_days") else None

    def _count(self, node: n.Reduce) -> Range | None:
        """Count rows that are there, and those that can come: any number of them a day."""
        chain = _chain(node.source)
        if chain is None or not all(map(self._is_settled_row, _conditions(chain))):
            return None
        # Of events only, which all have a day.
        there = [day for row in rows_of(node.source, self.context) if (day := row.date or 0) < self.first]
        coming = self._days_to_come(chain)
        if node.how == "count_days":
            return Range(len(set(there)), len(set(there)) + coming)
        return Range(len(there), len(there) if not coming else math.inf)

    # WHAT NOTHING CAN CHANGE

    def is_settled(self, node: Any) -> bool:
        """Say whether no event that is still to come can change a value."""
        match node:
            case n.Literal() | n.PeriodStart() | n.PeriodEnd():
                return True
            case n.Attribute():
                return node.name not in ("death_date", "death_recorded")
            case n.Age():
                return self.is_settled(node.on)
            case n.Apply():
                return all(map(self.is_settled, node.args))
            case n.Picked():
                return self._is_settled_row(node.value) and (
                    self._is_over(node.row.source) or self._has_first(node.row)
                )
            case n.Reduce():
                return self._is_over(node.source)
            case n.StatusOn():
                return self.is_settled(node.on) and self._is_past(value_of(node.on, self.context))
            case n.StatusDuring() | n.DaysIn():
                return self._window(node.window)[1] < self.first
        return False

    def _is_past(self, day: Any) -> bool:
        return day is not None and int(day) < self.first

    def _is_over(self, source: n.Selection) -> bool:
        """Say whether a selection takes no event that is still to come."""
        chain = _chain(source)
        return (
            chain is not None and all(map(self._is_settled_row, _conditions(chain))) and not self._days_to_come(chain)
        )

    def _has_first(self, row: n.Pick) -> bool:
        """Say whether the first row of a selection is there already: nothing that is to come stands before it."""
        chain = _chain(row.source)
        if row.which != "first" or chain is None or not all(map(self._is_settled_row, _conditions(chain))):
            return False
        return any((each.date or 0) < self.first for each in rows_of(row.source, self.context))

    def _is_settled_row(self, condition: Any) -> bool:
        """Say whether a condition on a row that is there is decided: it looks at the row, and at its own day."""
        for node in inside(condition):
            if isinstance(node, n.StatusOn):
                if node.on != n.Column("date", "date"):
                    return False
            elif not isinstance(node, (*_OF_A_ROW, n.Status, n.Codes)):
                return False
        return True

    def _days_to_come(self, chain: Sequence[Any]) -> int:
        """Count the days still to come on which a selection would take an event."""
        first, last = self.first, self.last
        for each in chain:
            if isinstance(each, n.Within):
                start, end = self._window(each.window)
                first, last = max(first, start), min(last, end)
        return max(0, last - first + 1)

    def _window(self, window: n.Window) -> tuple[int, int]:
        """Give the days of a window; of one whose bounds may still move every day."""
        if isinstance(window, n.Between) and not all(
            end is None or self.is_settled(end) for end in (window.start, window.end)
        ):
            return -(2**31), 2**31
        span = days(window)(self.context.before_rows())
        return (1, 0) if span is None else (span.first, span.last)


def _kleene(operation: str, values: Sequence[Truth]) -> Truth:
    if operation == "not":
        return None if values[0] is None else not values[0]
    decisive = operation == "or"
    if decisive in values:
        return decisive
    return None if None in values else not decisive


def _compared(sign: str, left: Range | None, right: Range | None) -> Truths:
    if left is None or right is None:
        return ANYTHING
    if sign in ("<", "<="):
        return _compared({"<": ">", "<=": ">="}[sign], right, left)
    if sign == "==":
        can = left.low <= right.high and right.low <= left.high
        must = left.low == left.high == right.low == right.high
    else:
        can = left.high > right.low if sign == ">" else left.high >= right.low
        must = left.low > right.high if sign == ">" else left.low >= right.high
    return frozenset((*((True,) if can else ()), *(() if must else (False,))))


def _chain(source: Any) -> list[Any] | None:
    """Give a selection of events and those it narrows; ``None`` if it is of another kind."""
    found = []
    while isinstance(source, n.Where | n.Within):
        found.append(source)
        source = source.source
    return [*found, source] if isinstance(source, n.Events) else None


def _conditions(chain: Iterable[Any]) -> Iterator[Any]:
    yield from (each.condition for each in chain if isinstance(each, n.Where))


# CLAUSES


def conjuncts(node: Any) -> list[Any]:
    """Give the parts of a condition that all have to hold."""
    if isinstance(node, n.Apply) and node.operation == "and":
        return [part for arg in node.args for part in conjuncts(arg)]
    return [node]


def counted_in(clause: Any) -> tuple[Any, float] | None:
    """Give the count that a clause asks for and how many it has to be, if it is one: ``count >= 4``."""
    match clause:
        case n.Apply(
            operation=">=" | ">" as sign, args=(n.Reduce(how="count" | "count_days") as count, n.Literal() as least)
        ):
            return count, float(least.value) + (sign == ">")
        case n.Reduce(how="exists"):
            return n.Reduce("count", clause.source), 1.0
    return None
