"""Equal intervals counted once: seen in one state, and so many steps later in another, so many times."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.multistate.aggregate.keys import dense, table_size
from singledisease.multistate.arrays import Codes

CHUNK = 2**16
"""Visits worked on at a time: what is made of them on the way stays in the cache."""


@frozen(eq=False)
class IntervalCounts:
    """Distinct intervals, ordered by what is seen before, their length, and what is seen after.

    Attributes
    ----------
    before, after
        int64 (groups): codes of what is seen at both ends.
    length
        int64 (groups): in steps.
    number
        int64 (groups): how many such intervals there are.
    """

    before: Codes
    length: Codes
    after: Codes
    number: Codes


def by_table(
    same: NDArray[np.bool_], ticks: Codes, before: Codes, after: Codes, codes: tuple[int, int]
) -> IntervalCounts | None:
    """Count intervals between visits that stand by person and time in a table of all that there may be.

    Parameters
    ----------
    same
        bool (visits - 1): whether a visit and the next are of one person.
    ticks
        int64 (visits): times in steps.
    before, after
        int64 (visits): what counts of a visit at the beginning of an interval, and at the end of one.
    codes
        How many different ``before`` and ``after`` there are.

    Returns
    -------
    IntervalCounts or None
        ``None`` if the table would outgrow the visits by far.

    >>> seen = np.array([0, 0, 1, 0, 0])
    >>> found = by_table(np.array([True, True, False, True]), np.array([0, 2, 4, 0, 2]), seen, seen, (2, 2))
    >>> found.before.tolist(), found.length.tolist(), found.after.tolist(), found.number.tolist()
    ([0, 0], [2, 2], [0, 1], [2, 1])
    """
    width = int(ticks.max(initial=0)) - int(ticks.min(initial=0)) + 1
    size = codes[0] * width * codes[1]
    if size > table_size(len(ticks)):
        return None
    number = np.zeros(size + 1, dtype=np.int64)
    pace = max(CHUNK, size)
    for low in range(0, len(same), pace):
        here, there = slice(low, min(low + pace, len(same))), slice(low + 1, low + 1 + pace)
        key = ticks[there] - ticks[here]
        key += before[here] * width
        key *= codes[1]
        key += after[there]
        # From the last visit of a person to the first of the next is no interval: it has a cell of its own.
        number += np.bincount(np.where(same[here], key, size), minlength=size + 1)
    found = np.flatnonzero(number[:size])
    rest, behind = np.divmod(found, codes[1])
    ahead, length = np.divmod(rest, width)
    return IntervalCounts(ahead, length, behind, number[found])


def by_sorting(before: Codes, spacing: tuple[Codes, Codes], after: Codes) -> tuple[IntervalCounts, Codes]:
    """Count intervals of any lengths, and say which of the distinct ones each is.

    ``before`` and ``after`` are (intervals); ``spacing`` gives the distinct lengths in ascending order, and which of
    them each interval has.  Intervals are numbered in the same order as by a table.

    >>> by_sorting(np.array([0, 0]), (np.array([2, 10**12]), np.array([1, 0])), np.array([1, 1]))[1].tolist()
    [1, 0]
    """
    lengths, which = spacing
    group, one = dense(before, which, after)
    return IntervalCounts(before[one], lengths[which[one]], after[one], np.bincount(group, minlength=len(one))), group
