"""Telling which parts of expressions are the same, so that each is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

from attrs import field, frozen

from singledisease.language.traversal import values_of


@frozen(eq=False)
class CommonSubexpressions:
    """Numbers of nodes: equal nodes have the same, wherever they stand; and facts about them.

    Frozen nodes could be keys themselves, but hashing one walks all that is inside it, at every level.

    ``linked`` has the diseases of which each linked sequence has a course of its own: on which rows a value depends
    that asks about them is another fact than of a disease of which each person has one.
    """

    linked: frozenset[str] = frozenset()
    _by_identity: dict[int, int] = field(factory=dict)
    _by_content: dict[tuple[Any, ...], int] = field(factory=dict)
    _facts: dict[tuple[Any, ...], Any] = field(factory=dict)
    _added: list[Any] = field(factory=list)
    _numbers: Iterator[int] = field(factory=count)

    def add(self, nodes: Iterable[Any]) -> None:
        """Give numbers to nodes and to all that is inside them."""
        for node in nodes:
            # A node that is gone would leave its place, by which it is known, to another.
            self._added.append(node)
            self._content(node)

    def of(self, node: Any) -> int:
        """Give the number of a node, which may stand inside one that was added."""
        number = self._by_identity.get(id(node))
        if number is None:
            self.add((node,))
            number = self._by_identity[id(node)]
        return number

    def fact(self, key: tuple[Any, ...], find: Callable[[], Any]) -> Any:
        """Give what ``find`` finds out about nodes alone, found out once for each key."""
        if key not in self._facts:
            self._facts[key] = find()
        return self._facts[key]

    def _content(self, value: Any) -> Any:
        kind = value.__class__
        if kind is str:
            return value
        if kind is tuple:
            return tuple([self._content(item) for item in value])
        number = self._by_identity.get(id(value))
        if number is None:
            values = values_of(value)
            if values is None:
                # True, 1 and 1.0 are equal as keys, but not as constants.
                return kind, value
            content = (kind, *[self._content(each) for each in values])
            # Several threads may come upon new nodes: each number is given once, and one content keeps one.
            number = self._by_content.setdefault(content, next(self._numbers))
            self._by_identity[id(value)] = number
        return -1 - number
