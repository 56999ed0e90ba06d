"""Picks without whose row a value is missing: such a value need only be worked out on the rows that are there."""

from __future__ import annotations

from typing import Any

from singledisease.engines.columnar.common_subexpressions import CommonSubexpressions
from singledisease.engines.columnar.scopes import asks_linked
from singledisease.language import nodes as n
from singledisease.language.operations import OPERATIONS


def null_strict_pick(common: CommonSubexpressions, node: Any) -> n.Pick | None:
    """Give a pick without whose row a value is missing; there are far fewer such rows than periods times people."""
    found: n.Pick | None = common.fact(("strict", common.of(node)), lambda: _strict_in(common, node))
    return found


def _strict_in(common: CommonSubexpressions, node: Any) -> n.Pick | None:
    if asks_linked(common, node):
        # It would be asked of the wrong row: in the row that is picked, of another sequence.
        return None
    match node:
        case n.Picked():
            return node.row
        case n.Age() | n.StatusOn():
            return null_strict_pick(common, node.on)
        case n.Case():
            return null_strict_pick(common, node.whens[0][0])
        case n.HasCode():
            return null_strict_pick(common, node.code)
        case n.Apply("and" | "or" | "coalesce" | "earliest" | "latest" | "smallest" | "largest"):
            # Unknown only where all operands are.
            picks = [null_strict_pick(common, arg) for arg in node.args]
            numbers = {pick and common.of(pick) for pick in picks}
            return picks[0] if len(numbers) == 1 else None
        case n.Apply() if node.operation == "not" or OPERATIONS[node.operation].unknown == "strict":
            return next(filter(None, (null_strict_pick(common, arg) for arg in node.args)), None)
    return None
