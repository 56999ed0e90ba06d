"""What was found out about a value, remembered in the value itself: it never changes, and takes that along."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any


class Memoized:
    """A frozen value with room for what is found out about it, which is no part of it: not compared, printed, pickled.

    Two equal values are two values: to compare them would cost as much as to find out again.

    >>> from singledisease.language.nodes import Apply, Literal
    >>> node, other = (Apply("not", (Literal(True, "bool"),)) for _ in range(2))
    >>> memory_of(node)["operands"] = 1
    >>> memory_of(node), memory_of(other), node == other
    ({'operands': 1}, {}, True)
    """

    __slots__ = ("found_out", "inner_kinds")

    found_out: dict[Hashable, Any]
    inner_kinds: frozenset[type]


# Frozen values refuse assignments; their slots do not.
_keep_memory = Memoized.__dict__["found_out"].__set__
_keep_kinds = Memoized.__dict__["inner_kinds"].__set__


def memory_of(value: Memoized) -> dict[Hashable, Any]:
    """Give what is remembered about a value, to be read and added to."""
    try:
        return value.found_out
    except AttributeError:
        made: dict[Hashable, Any] = {}
        _keep_memory(value, made)
        return made


def kept_kinds(value: Any) -> frozenset[type] | None:
    """Give the kinds of all that is inside a value, if they were found before."""
    return getattr(value, "inner_kinds", None)


def keep_kinds(value: Any, kinds: frozenset[type]) -> None:
    """Remember the kinds of all that is inside a value, if it has room for them."""
    if isinstance(value, Memoized):
        _keep_kinds(value, kinds)
