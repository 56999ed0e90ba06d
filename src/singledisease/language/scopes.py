"""Where a part of an expression stands: about a person, in a row, or in a window of a selection made for a row.

The same thing is said differently in each: the date of the row is ``Column("date")`` in the row and ``This("date")`` in
the windows of the selections that stand in it; a person has the period's end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import is_
from typing import Any, Literal

import attrs

from singledisease.errors import DefinitionError, Fault
from singledisease.language import nodes as n
from singledisease.language.format import write
from singledisease.language.row_sources import COLUMNS, source_of
from singledisease.language.traversal import field_names

Scope = Literal["person", "row", "window"]
Change = Callable[[Any, Scope], Any]


def scope_of_rows(selection: n.Selection) -> Scope:
    """Say where an expression about the rows of a selection stands; rows without a date are like a person."""
    return "row" if "date" in COLUMNS[source_of(selection)] else "person"


def own_day(scope: Scope) -> n.Value:
    """Give the day that is meant where no other is said: the row's own date, or the period's end.

    >>> own_day("row"), own_day("person")
    (Column(name='date', kind='date', unit=''), PeriodEnd())
    """
    match scope:
        case "row":
            return n.Column("date", "date")
        case "window":
            return n.This("date", "date")
    return n.PeriodEnd()


def rewrite_in_scope(
    node: Any, change: Change, scope: Scope, of_row: Mapping[type, tuple[str, ...]] | None = None
) -> Any:
    """Build a node anew from the leaves up, putting ``change(part, scope)`` in the place of each part.

    Parameters
    ----------
    node
        An expression, or any frozen value made of expressions and tuples.
    change
        Gets a part and where it stands.
    scope
        Where the node stands.
    of_row
        Fields of definitions that hold expressions about a row, by type.
    """
    if node.__class__ is tuple:
        items = [rewrite_in_scope(item, change, scope, of_row) for item in node]
        return node if all(map(is_, items, node)) else tuple(items)
    names = field_names(node.__class__)
    if names is None:
        return node
    in_row = (of_row or {}).get(node.__class__, ())
    old = [getattr(node, name) for name in names]
    scopes = [("row" if name in in_row else _scope_inside(node, name, scope)) for name in names]
    new = [rewrite_in_scope(value, change, each, of_row) for value, each in zip(old, scopes, strict=True)]
    same = all(map(is_, new, old))
    return change(node if same else attrs.evolve(node, **dict(zip(names, new, strict=True))), scope)


def _scope_inside(node: Any, name: str, scope: Scope) -> Scope:
    match node:
        case n.Where() if name == "condition":
            return scope_of_rows(node.source)
        case n.Picked() if name == "value":
            return scope_of_rows(node.row.source)
        case n.Within() | n.Overlapping() | n.Covered() | n.Gap() if name == "window" and scope == "row":
            return "window"
    return scope


def seen_from_inside(node: Any) -> Any:
    """Say of a row what an expression says in it, from a selection that stands in the row.

    Raises
    ------
    DefinitionError
        If it names the row outside that one, which cannot be said from further inside.

    >>> write(seen_from_inside(n.Apply("-", (n.Column("date", "date"), n.Literal(1.0, "number")))))
    'this("date") - 1'
    """
    match node:
        case n.Column(name, kind, unit):
            return n.This(name, kind, unit)
        case n.This() | n.Concerns():
            message = f"{write(node)} cannot be asked from a selection further inside"
            raise DefinitionError(
                "this expression cannot be asked", [Fault("too_far_inside", write(node), message, "ask it of the row")]
            )
        case n.Picked() | n.Reduce() | n.Covered() | n.Gap():
            return node
    if node.__class__ is tuple:
        return tuple(map(seen_from_inside, node))
    names = field_names(node.__class__)
    return (
        node if names is None else attrs.evolve(node, **{name: seen_from_inside(getattr(node, name)) for name in names})
    )
