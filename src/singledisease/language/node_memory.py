"""What was found out about a value, remembered in the value itself: it never changes, and takes that along."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar


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


Value = TypeVar("Value", bound=Memoized)
Further = ParamSpec("Further")
Answer = TypeVar("Answer")

_KEPT = 64
"""How many answers of one function are remembered in a value: under as many policies, or beside as many diseases."""


def remembered(
    find: Callable[Concatenate[Value, Further], Answer],
) -> Callable[Concatenate[Value, Further], Answer]:
    """Have what a function finds out about its first argument remembered in that, for each of its further arguments.

    Of more answers than a few the eldest is forgotten: a measure may be asked under thousands of definitions.

    >>> from singledisease.language.nodes import Literal
    >>> @remembered
    ... def negated(node, times):
    ...     return print("worked out") or (-1) ** times * node.value
    >>> one = Literal(1, "number")
    >>> negated(one, 3), negated(one, 3), negated(one, 2)
    worked out
    worked out
    (-1, -1, 1)
    """
    # By name, so that what is remembered can be written to a file with the value.
    name = f"{find.__module__}.{find.__qualname__}"

    @wraps(find)
    def asked(value: Value, /, *further: Further.args, **none: Further.kwargs) -> Answer:
        answers: dict[Hashable, Answer] = memory_of(value).setdefault(name, {})
        if further in answers:
            return answers[further]
        found = find(value, *further, **none)
        if len(answers) >= _KEPT:
            answers.pop(next(iter(answers)), None)
        answers[further] = found
        return found

    return asked


def kept_kinds(value: Any) -> frozenset[type] | None:
    """Give the kinds of all that is inside a value, if they were found before."""
    return getattr(value, "inner_kinds", None)


def keep_kinds(value: Any, kinds: frozenset[type]) -> None:
    """Remember the kinds of all that is inside a value, if it has room for them."""
    if isinstance(value, Memoized):
        _keep_kinds(value, kinds)
