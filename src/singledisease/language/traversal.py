"""Going through an expression: its parts, everything inside it, and rewriting it from the leaves up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from operator import is_
from typing import Any

import attrs


@cache
def field_names(kind: Any) -> tuple[str, ...] | None:
    """Give the names of the fields of a type of node, ``None`` if it is no node but a plain value."""
    return tuple(attribute.name for attribute in attrs.fields(kind)) if attrs.has(kind) else None


def parts(node: Any) -> Iterator[Any]:
    """Give the nodes directly inside a node, in the order in which they are declared."""
    return iter(_parts(node))


def _parts(node: Any) -> list[Any]:
    found: list[Any] = []
    for name in field_names(node.__class__) or ():
        _gather(getattr(node, name), found)
    return found


def _gather(value: Any, found: list[Any]) -> None:
    kind = value.__class__
    if kind is tuple:
        for item in value:
            _gather(item, found)
    elif field_names(kind) is not None:
        found.append(value)


def inside(node: Any) -> Iterator[Any]:
    """Give a node and every node inside it, outermost first."""
    waiting = [node]
    while waiting:
        first = waiting.pop()
        yield first
        found = _parts(first)
        found.reverse()
        waiting += found


def rewrite(node: Any, change: Callable[[Any], Any]) -> Any:
    """Build a node anew from the leaves up, putting ``change(part)`` in the place of each part.

    Works on any frozen value made of frozen values and tuples: expressions, timings, diseases, measures.
    What holds nothing that changed is kept as it is.
    """
    if node.__class__ is tuple:
        items = [rewrite(item, change) for item in node]
        return node if all(map(is_, items, node)) else tuple(items)
    names = field_names(node.__class__)
    if names is None:
        return node
    old = [getattr(node, name) for name in names]
    new = [rewrite(value, change) for value in old]
    same = all(map(is_, new, old))
    return change(node if same else attrs.evolve(node, **dict(zip(names, new, strict=True))))
