"""What a value depends on, and so where it has to be worked out: rows, picked rows, periods."""

from __future__ import annotations

from typing import Any

from singledisease.engines.columnar.common_subexpressions import CommonSubexpressions
from singledisease.language import nodes as n
from singledisease.language.operations import OPERATIONS
from singledisease.language.traversal import parts


def is_of_row(numbering: CommonSubexpressions, node: Any, pick: int | None) -> bool:
    """Say whether a value names the row it stands in; what a selection inside it names is another row.

    Among the rows that a pick found, the columns of the pick are those of the row.
    """

    def work() -> bool:
        if isinstance(node, n.Column | n.Concerns):
            return True
        if isinstance(node, n.Picked):
            return pick == numbering.of(node.row)
        return not isinstance(node, n.Reduce) and any(is_of_row(numbering, part, pick) for part in parts(node))

    found: bool = numbering.fact(("of row", numbering.of(node), pick), work)
    return found


def strict_in(numbering: CommonSubexpressions, node: Any) -> n.Pick | None:
    """Give a pick without whose row a value is missing: it need only be worked out where there is that row.

    There are far fewer such rows than periods times people.
    """
    found: n.Pick | None = numbering.fact(("strict", numbering.of(node)), lambda: _strictness(numbering, node))
    return found


def _strictness(numbering: CommonSubexpressions, node: Any) -> n.Pick | None:
    match node:
        case n.Picked():
            return node.row
        case n.Age() | n.StatusOn():
            return strict_in(numbering, node.on)
        case n.Case():
            return strict_in(numbering, node.whens[0][0])
        case n.Apply("and" | "or" | "coalesce" | "earliest" | "latest" | "smallest" | "largest"):
            # Unknown only where all operands are.
            picks = [strict_in(numbering, arg) for arg in node.args]
            numbers = {pick and numbering.of(pick) for pick in picks}
            return picks[0] if len(numbers) == 1 else None
        case n.Apply() if node.operation == "not" or OPERATIONS[node.operation].unknown == "strict":
            return next(filter(None, (strict_in(numbering, arg) for arg in node.args)), None)
    return None


_OF_PERIOD = (n.PeriodStart, n.PeriodEnd, n.Picked, n.Reduce, n.StatusOn, n.StatusDuring, n.DaysIn)


def is_timeless(numbering: CommonSubexpressions, node: Any) -> bool:
    """Say whether a condition on a row is the same in all periods."""

    def work() -> bool:
        # No selected row is dated after the day asked on: its own date is never too late to know the state.
        if isinstance(node, n.StatusOn) and is_own_date(node.on):
            return True
        return not isinstance(node, _OF_PERIOD) and all(is_timeless(numbering, part) for part in parts(node))

    found: bool = numbering.fact(("timeless", numbering.of(node)), work)
    return found


def is_own_date(node: Any) -> bool:
    """Say whether a value is the date of the row it stands in."""
    return isinstance(node, n.Column) and node.name == "date"
