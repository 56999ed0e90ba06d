"""The order of stays: by person and time, and within a day each stay of length zero after the one that led to it."""

from __future__ import annotations

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from singledisease.multistate.histories.faults import SortedStays


def ordered(stays: SortedStays) -> tuple[SortedStays, NDArray[np.intp]]:
    """Sort stays by person and time; those of length zero come first, in the order in which they happened."""
    order = np.lexsort((stays.target < 0, stays.stop, stays.start, stays.person))
    order = _chained(stays, order)
    columns = ("row", "person", "start", "stop", "source", "target")
    return evolve(stays, **{name: getattr(stays, name)[order] for name in columns}), order


def _chained(stays: SortedStays, order: NDArray[np.intp]) -> NDArray[np.intp]:
    """Put several stays of length zero of one person at one time in the order in which each leads to the next."""
    empty = (stays.start == stays.stop)[order]
    person, start = stays.person[order], stays.start[order]
    alike = empty[1:] & empty[:-1] & (person[1:] == person[:-1]) & (start[1:] == start[:-1])
    if not alike.any():
        return order
    order = order.copy()
    first = np.flatnonzero(alike & ~np.append(False, alike[:-1]))
    last = np.flatnonzero(alike & ~np.append(alike[1:], False)) + 2
    for lo, hi in zip(first.tolist(), last.tolist(), strict=True):
        order[lo:hi] = _chain(stays, order[lo:hi].tolist(), _state_before(stays, order, lo))
    return order


def _state_before(stays: SortedStays, order: NDArray[np.intp], i: int) -> int:
    """Return the state that the stay before led to; -1 if the person has none before."""
    if i == 0 or stays.person[order[i - 1]] != stays.person[order[i]]:
        return -1
    before = order[i - 1]
    return int(stays.source[before] if stays.target[before] < 0 else stays.target[before])


def _chain(stays: SortedStays, rows: list[int], state: int) -> list[int]:
    """Follow states from one on; without one, from a state that none of the rows leads to."""
    reached = {int(stays.target[row]) for row in rows}
    chain: list[int] = []
    while rows:
        fits = [row for row in rows if stays.source[row] == state]
        fits = fits or [row for row in rows if int(stays.source[row]) not in reached] or rows
        chain.append(fits[0])
        rows = [row for row in rows if row != fits[0]]
        state = int(stays.target[fits[0]])
    return chain
