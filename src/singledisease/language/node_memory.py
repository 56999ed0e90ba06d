"""What was found out about nodes, remembered for as long as each node lives: nodes never change."""

from __future__ import annotations

import weakref
from collections.abc import Hashable
from typing import Any


class NodeMemory:
    """Remembers findings about nodes by what was asked and which node it is.

    Two equal nodes are two nodes: to compare them would cost as much as to find out again.  A node that is no longer
    used takes what was found out about it with it.

    >>> from singledisease.language.nodes import Apply, Literal
    >>> memory, node = NodeMemory(), Apply("not", (Literal(True, "bool"),))
    >>> memory.about(node)["operands"] = 1
    >>> memory.about(node), memory.about(Apply("not", (Literal(True, "bool"),)))
    ({'operands': 1}, {})
    """

    def __init__(self) -> None:
        self._found: dict[int, tuple[weakref.ref[Any], dict[Hashable, Any]]] = {}

    def about(self, node: Any) -> dict[Hashable, Any]:
        """Give what is remembered about a node, to be read and added to."""
        key = id(node)
        kept = self._found.get(key)
        if kept is None:
            # The place of a node is given to another only after this was told.
            kept = self._found[key] = weakref.ref(node, lambda _: self._found.pop(key, None)), {}
        return kept[1]

    def __len__(self) -> int:
        return len(self._found)
