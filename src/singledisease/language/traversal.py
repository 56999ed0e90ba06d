"""Going through an expression: its parts, everything inside it, and rewriting it from the leaves up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from operator import attrgetter, is_
from typing import Any

import attrs

from singledisease.language.node_memory import Memoized, keep_kinds, kept_kinds


@cache
def field_names(kind: Any) -> tuple[str, ...] | None:
    """Give the names of the fields of a type of node, ``None`` if it is no node but a plain value."""
    return tuple(attribute.name for attribute in attrs.fields(kind)) if attrs.has(kind) else None


@cache
def _arguments(kind: Any) -> tuple[str, ...]:
    return tuple(attribute.alias for attribute in attrs.fields(kind))


def made_anew(node: Any, values: Iterable[Any]) -> Any:
    """Give a node of the same kind with other values in its fields, in their order.

    A kind that checks what it is made of (a measure) does not check again what was made of a sound one.
    """
    kind = node.__class__
    arguments = dict(zip(_arguments(kind), values, strict=True))
    unchecked = getattr(kind, "__attrs_init__", None)
    if unchecked is None:
        return kind(**arguments)
    made = object.__new__(kind)
    unchecked(made, **arguments)
    return made


class _Readers(dict[Any, Callable[[Any], tuple[Any, ...]] | None]):
    """By type of node what reads all its fields, ``None`` if it is a plain value; made when it is first asked for."""

    def __missing__(self, kind: Any) -> Callable[[Any], tuple[Any, ...]] | None:
        names = field_names(kind)
        reader = None if names is None else _reader(names)
        self[kind] = reader
        return reader


def _reader(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda node: tuple(getattr(node, name) for name in names)


_READERS = _Readers()


def values_of(node: Any) -> tuple[Any, ...] | None:
    """Give the values of all fields of a node, in their order; ``None`` of a plain value."""
    read = _READERS[node.__class__]
    return None if read is None else read(node)


def parts(node: Any) -> Iterator[Any]:
    """Give the nodes directly inside a node, in the order in which they are declared."""
    return iter(_parts(node))


def _parts(node: Any) -> list[Any]:
    found: list[Any] = []
    read = _READERS[node.__class__]
    if read is not None:
        _gather(read(node), found)
    return found


def _gather(values: tuple[Any, ...], found: list[Any]) -> None:
    for value in values:
        kind = value.__class__
        if kind is tuple:
            _gather(value, found)
        elif kind is not str and _READERS[kind] is not None:
            found.append(value)


def inside(node: Any, *kinds: type) -> Iterator[Any]:
    """Give a node and every node inside it, once each and outermost first; if kinds are named, only nodes of these.

    A node that stands in several places is given where it stands first.

    >>> from singledisease.language.nodes import Apply, Literal, PeriodEnd
    >>> [part.value for part in inside(Apply("==", (Literal(1, "date"), PeriodEnd())), Literal)]
    [1]
    """
    return _descend(node) if not kinds else iter(_of_kinds(node, frozenset(kinds)))


def _descend(node: Any) -> Iterator[Any]:
    waiting, seen = [node], set()
    while waiting:
        first = waiting.pop()
        if id(first) in seen:
            continue
        seen.add(id(first))
        yield first
        found = _parts(first)
        found.reverse()
        waiting += found


def _of_kinds(node: Any, kinds: frozenset[type]) -> list[Any]:
    """Look only where there is something to be found."""
    found, waiting, seen = [], [node], set()
    while waiting:
        first = waiting.pop()
        if holds_none(first, kinds) or id(first) in seen:
            continue
        seen.add(id(first))
        if first.__class__ in kinds:
            found.append(first)
        inner = _parts(first)
        inner.reverse()
        waiting += inner
    return found


def kinds_inside(node: Any) -> frozenset[type]:
    """Give the kind of a node and the kinds of all nodes inside it; found once, out of what is known of its parts."""
    return kept_kinds(node) or _kinds_found(node)


def holds_none(value: Any, kinds: frozenset[type]) -> bool:
    """Say whether a value is known to be and to hold none of some kinds; of one that keeps nothing it is not known."""
    kept = getattr(value, "inner_kinds", None)
    if kept is None:
        return isinstance(value, Memoized) and kinds.isdisjoint(_kinds_found(value))
    return kinds.isdisjoint(kept)


def _kinds_found(node: Any) -> frozenset[type]:
    waiting = [(node, _parts(node))]
    found: dict[int, frozenset[type]] = {}
    while waiting:
        last, inner = waiting[-1]
        known = [kept_kinds(part) or found.get(id(part)) for part in inner]
        if None in known:
            waiting += [(part, _parts(part)) for part, kinds in zip(inner, known, strict=True) if kinds is None]
            continue
        waiting.pop()
        kinds = one_of_equal(_OWN_KIND[last.__class__].union(*filter(None, known)))
        found[id(last)] = kinds
        keep_kinds(last, kinds)
    return found[id(node)]


class _OwnKind(dict[type, frozenset[type]]):
    """By type what is inside a value of it that holds no other."""

    def __missing__(self, kind: type) -> frozenset[type]:
        self[kind] = frozenset({kind})
        return self[kind]


_OWN_KIND = _OwnKind()


@cache
def one_of_equal(kinds: frozenset[type]) -> frozenset[type]:
    """Give the one of many equal sets that is kept: there are few of them, and very many nodes."""
    return kinds


def rewrite(node: Any, change: Callable[[Any], Any], *kinds: type, holding: frozenset[type] = frozenset()) -> Any:
    """Build a node anew from the leaves up, putting ``change(part)`` in the place of each part.

    Works on any frozen value made of frozen values and tuples: expressions, timings, diseases, measures.
    What holds nothing that changed is kept as it is, and a part that stands in several places is changed once.

    Parameters
    ----------
    node
        What to rewrite.
    change
        What to put in the place of a part.
    kinds
        If any are named, only parts of these kinds are changed.
    holding
        If kinds are named, only parts that hold a node of one of these are looked at.
    """
    return _Rewriter(change, frozenset(kinds), holding).rewritten(node)


@attrs.frozen
class _Rewriter:
    """Rewrites one node; ``done`` has the parts that were changed, by which they are."""

    change: Callable[[Any], Any]
    kinds: frozenset[type]
    holding: frozenset[type]
    done: dict[int, Any] = attrs.field(factory=dict)

    def rewritten(self, value: Any) -> Any:
        kind = value.__class__
        if kind is tuple:
            return self._all(value)
        read = None if kind is str else _READERS[kind]
        if read is None or (self.kinds and holds_none(value, self.kinds)):
            return value
        if self.holding and holds_none(value, self.holding):
            return value
        if id(value) not in self.done:
            self.done[id(value)] = self._changed(value, read(value))
        return self.done[id(value)]

    def _all(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        new = tuple([value if value.__class__ is str else self.rewritten(value) for value in values])
        return values if all(map(is_, new, values)) else new

    def _changed(self, node: Any, values: tuple[Any, ...]) -> Any:
        new = self._all(values)
        made = node
        if new is not values:
            made = made_anew(node, new)
        return self.change(made) if not self.kinds or node.__class__ in self.kinds else made
