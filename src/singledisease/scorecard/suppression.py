"""Which rows of a table of counts are withheld, so that no small count can be worked out from what is published.

The counts of one table stand in rows, and some rows are sums of others.  A row with a small count is withheld in all of
its columns; then others are withheld with it, until every sum over withheld rows that can still be worked out is either
0 or no longer small.  So each withheld count may still be as great as the lesser of two sums that are not small: that
of its row and that of its column over the rows withheld together.  Nobody can tell that it is small.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from attrs import field, frozen, mutable
from numpy.typing import NDArray

ABOVE_ALL = -1
"""The sum of all rows.  It is not in the table and is taken to be known: others publish it."""


@frozen
class SuppressionRows:
    """The rows of a table: leaves, that add up, and nodes, the sums that are shown.

    Attributes
    ----------
    nodes
        How many sums are shown; a leaf that is shown as it is, is a node with one leaf.
    above
        For each leaf the nodes of which it is a part, from its own to the uppermost.
    """

    nodes: int
    above: tuple[tuple[int, ...], ...]

    @property
    def bottom_up(self) -> list[int]:
        """The nodes, each after those below it."""
        depth = {node: len(chain) - i for chain in self.above for i, node in enumerate(chain)}
        return sorted(range(self.nodes), key=lambda node: -depth.get(node, 0))

    def leaves_of(self, node: int) -> list[int]:
        """Give the leaves of which a node is the sum."""
        return [leaf for leaf, chain in enumerate(self.above) if node == ABOVE_ALL or node in chain]

    def parent(self, node: int) -> int:
        """Give the node above a node."""
        chain = next((chain for chain in self.above if node in chain), ())
        here = chain.index(node) if node in chain else -1
        return chain[here + 1] if 0 <= here < len(chain) - 1 else ABOVE_ALL


@frozen
class Withheld:
    """The leaves and the nodes that are withheld in some columns."""

    leaves: frozenset[int] = frozenset()
    nodes: frozenset[int] = frozenset()


def withheld(rows: SuppressionRows, columns: NDArray[Any], least: int, within: Withheld = Withheld()) -> Withheld:
    """Choose the rows that are withheld in some columns that are shown together.

    Parameters
    ----------
    rows
        The rows of the table.
    columns
        (leaves, columns), none negative.
    least
        A count below it, and above 0, is small.
    within
        What is withheld of the sums of which these columns are parts: it stays so, because of a sum that nobody may
        know the parts are not shown.
    """
    if not columns.size:
        return within
    work = _Work(rows, columns, least, set(within.leaves), set(within.nodes))
    work.leaves |= {int(leaf) for leaf in np.flatnonzero(work.small(columns).any(axis=1))}
    pending: dict[int, set[int]] = {}
    for leaf in work.leaves:
        pending.setdefault(rows.above[leaf][0], set()).add(leaf)
    for node in (*rows.bottom_up, ABOVE_ALL):
        open_leaves = pending.pop(node, set())
        if not open_leaves:
            continue
        if work.may_show(node):
            work.known_sums[node] = work.complemented(node, open_leaves)
        elif node != ABOVE_ALL:
            work.nodes.add(node)
            pending.setdefault(rows.parent(node), set()).update(open_leaves)
    return Withheld(frozenset(work.leaves), frozenset(work.nodes))


@mutable
class _Work:
    """What is withheld so far; ``known_sums``: for each shown node the withheld leaves whose sum it gives away."""

    rows: SuppressionRows
    columns: NDArray[Any]
    least: int
    leaves: set[int]
    nodes: set[int]
    known_sums: dict[int, set[int]] = field(factory=dict)

    def small(self, counts: NDArray[Any]) -> NDArray[np.bool_]:
        return np.asarray((counts > 0) & (counts < self.least))

    def may_show(self, node: int) -> bool:
        """Say whether a node may be shown: it has no small count itself, and was not withheld before."""
        return node not in self.nodes and not self.small(self.columns[self.rows.leaves_of(node)].sum(axis=0)).any()

    def is_safe(self, leaves: set[int]) -> bool:
        return not self.small(self.columns[sorted(leaves)].sum(axis=0)).any()

    def complemented(self, node: int, leaves: set[int]) -> set[int]:
        """Withhold further leaves below a node until the sum of all of them is not small."""
        while not self.is_safe(leaves):
            candidates = list(self._candidates(node, leaves))
            best = next((one for one in candidates if self.is_safe(leaves | one.leaves)), candidates[0])
            for hidden in best.nodes:
                self.known_sums.pop(hidden, None)
            self.nodes |= best.nodes
            self.leaves |= best.leaves
            leaves = leaves | best.leaves
        return leaves

    def _candidates(self, node: int, leaves: set[int]) -> Iterator[_Candidate]:
        """Give what could be withheld too: what hides the fewest nodes first, then what hides the fewest people."""
        found = []
        for leaf in self.rows.leaves_of(node):
            if leaf in leaves or not self.columns[leaf].any():
                continue
            chain = self.rows.above[leaf]
            between = chain if node == ABOVE_ALL else chain[: chain.index(node)]
            hidden = frozenset(between) - self.nodes
            # A sum that is no longer shown no longer parts the leaves below it from the others.
            merged = {leaf}.union(*(self.known_sums.get(one, ()) for one in between))
            found.append(_Candidate(frozenset(merged), hidden, int(self.columns[leaf].sum())))
        yield from sorted(found, key=lambda one: (len(one.nodes), one.people, sorted(one.leaves)))


@frozen
class _Candidate:
    leaves: frozenset[int]
    nodes: frozenset[int]
    people: int
