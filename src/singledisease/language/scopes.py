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
from singledisease.language.traversal import field_names, holds_none, made_anew, values_of

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
    node: Any,
    change: Change,
    scope: Scope,
    *,
    of_row: Mapping[type, tuple[str, ...]] | None = None,
    kinds: tuple[type, ...] = (),
    kept: frozenset[type] = frozenset(),
) -> Any:
    """Build a node anew from the leaves up, putting ``change(part, scope)`` in the place of each part.

    A part that stands in several places of one scope is changed once.

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
    kinds
        If any are named, only parts of these kinds are changed.
    kept
        Parts of these kinds are kept as they are, and nothing in them is looked at.
    """
    return _ScopedRewriter(change, of_row or {}, frozenset(kinds), kept | _PLAIN).rewritten(node, scope)


_PLAIN: frozenset[type] = frozenset({str, bool, int, float, type(None)})


@attrs.frozen
class _ScopedRewriter:
    """Rewrites one node; ``done`` has the parts that were changed, by which they are and where they stand."""

    change: Change
    of_row: Mapping[type, tuple[str, ...]]
    kinds: frozenset[type]
    kept: frozenset[type]
    done: dict[tuple[int, Scope], Any] = attrs.field(factory=dict)

    def rewritten(self, value: Any, scope: Scope) -> Any:
        kind = value.__class__
        if kind is tuple:
            return self._all(value, scope)
        values = None if kind in self.kept else values_of(value)
        if values is None or (self.kinds and holds_none(value, self.kinds)):
            return value
        place = id(value), scope
        if place not in self.done:
            self.done[place] = self._changed(value, values, scope)
        return self.done[place]

    def _all(self, values: tuple[Any, ...], scope: Scope) -> tuple[Any, ...]:
        kept = self.kept
        new = tuple([value if value.__class__ in kept else self.rewritten(value, scope) for value in values])
        return values if all(map(is_, new, values)) else new

    def _changed(self, node: Any, values: tuple[Any, ...], scope: Scope) -> Any:
        kind = node.__class__
        if kind in _TURNING or kind in self.of_row:
            kept, names = self.kept, field_names(kind) or ()
            new = tuple(
                [
                    value if value.__class__ in kept else self.rewritten(value, self._scope(node, name, scope))
                    for name, value in zip(names, values, strict=True)
                ]
            )
        else:
            new = self._all(values, scope)
        made = node if all(map(is_, new, values)) else made_anew(node, new)
        return self.change(made, scope) if not self.kinds or kind in self.kinds else made

    def _scope(self, node: Any, name: str, scope: Scope) -> Scope:
        if name in self.of_row.get(node.__class__, ()):
            return "row"
        return _scope_inside(node, name, scope)


_TURNING: frozenset[type] = frozenset({n.Where, n.Picked, n.Within, n.Overlapping, n.Covered, n.Gap})
"""Nodes in which something stands elsewhere than they do."""


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
