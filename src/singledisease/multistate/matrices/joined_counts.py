"""Counts of transitions of several groups of people added up, of whom each may have met some of the states only."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import Any

import numpy as np

from singledisease.errors import UsageError
from singledisease.multistate.matrices.transition_counts import TransitionCounts


def joined_counts(parts: Sequence[TransitionCounts], order: Sequence[Any] = ()) -> TransitionCounts:
    """Add up counts of the same steps by the names of their states; a state that one does not have is one of nobody.

    Every part has its states in the order of one list of them, from which those are left out in which nobody was.

    Parameters
    ----------
    parts
        The counts, each of other people.
    order
        The list, as far as it is known; where it says nothing and no part does, states stand by name.

    Raises
    ------
    UsageError
        If there are none, or they differ in the number of steps.

    >>> def counted(states, people):
    ...     return TransitionCounts(sources=states, targets=states, counts=np.array([people]))
    >>> one, other = counted(("green", "red"), [[3, 1], [0, 2]]), counted(("yellow", "red"), [[4, 0], [1, 1]])
    >>> both = joined_counts([one, other], order=("green", "yellow", "red"))
    >>> both.sources, both.total.tolist()
    (('green', 'yellow', 'red'), [[3, 0, 1], [0, 4, 0], [0, 1, 3]])
    """
    steps = {len(part.counts) for part in parts}
    if len(steps) != 1:
        raise UsageError(f"counts to be added up must be of the same steps; there are some of {sorted(steps)}")
    sources = _in_order([part.sources for part in parts], order)
    targets = _in_order([part.targets for part in parts], order)
    counts = np.zeros((*steps, len(sources), len(targets)), np.int64)
    for part in parts:
        rows, columns = [sources.index(name) for name in part.sources], [targets.index(name) for name in part.targets]
        counts[np.ix_(range(len(counts)), rows, columns)] += part.counts
    names = {state: called for part in parts for state, called in part.names.items()}
    return TransitionCounts(sources=sources, targets=targets, counts=counts, names=names)


def _in_order(lists: Sequence[Sequence[Any]], order: Sequence[Any]) -> tuple[Any, ...]:
    """Give every name once, in an order that keeps that of each list; where none says it, by name."""
    before = {name: set[Any]() for names in lists for name in names}
    for names in (*lists, [name for name in order if name in before]):
        for one, other in pairwise(names):
            before[other].add(one)
    sorter = TopologicalSorter(before)
    sorter.prepare()
    found: list[Any] = []
    while ready := sorter.get_ready():
        found += sorted(ready, key=str)
        sorter.done(*ready)
    return tuple(found)
