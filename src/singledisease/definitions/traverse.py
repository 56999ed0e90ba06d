"""Going through an expression: its parts, everything inside it, and rewriting it from the leaves up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import attrs


def parts(node: Any) -> Iterator[Any]:
    """Give the nodes directly inside a node, in the order in which they are declared."""
    for attribute in attrs.fields(type(node)):
        yield from _nodes_in(getattr(node, attribute.name))


def _nodes_in(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)
    elif attrs.has(type(value)):
        yield value


def inside(node: Any) -> Iterator[Any]:
    """Give a node and every node inside it, outermost first."""
    yield node
    for part in parts(node):
        yield from inside(part)


def rewrite(node: Any, change: Callable[[Any], Any]) -> Any:
    """Build a node anew from the leaves up, putting ``change(part)`` in the place of each part.

    Works on any frozen value made of frozen values and tuples: expressions, timings, diseases, measures.
    """
    if isinstance(node, tuple):
        return tuple(rewrite(item, change) for item in node)
    if not attrs.has(type(node)):
        return node
    new = {attribute.name: rewrite(getattr(node, attribute.name), change) for attribute in attrs.fields(type(node))}
    same = all(new[name] is getattr(node, name) for name in new)
    return change(node if same else attrs.evolve(node, **new))
