"""How near histories come to telling a mutant: which part of its rules comes out otherwise, the outermost first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.conformance.valued import PartsValued
from singledisease.definitions.aggregate import Countable
from singledisease.language import nodes as n
from singledisease.language.traversal import parts

Pair = tuple[Any, Any]
"""A part of a definition and what stands in its place in another, both values of a person (or of a row)."""

_VALUES = (
    n.Apply,
    n.Case,
    n.Picked,
    n.Reduce,
    n.Covered,
    n.Gap,
    n.Age,
    n.StatusOn,
    n.StatusDuring,
    n.TierOn,
    n.TierDuring,
    n.DaysIn,
    n.HasCode,
)
_FILTERS = (n.Where, n.Within, n.Overlapping, n.Same, n.Outermost)
_SELECTIONS = (*_FILTERS, n.Events, n.Breaches, n.Spells, n.Services, n.Sequences)
_CONDITIONS = ("and", "or", "not")


def parts_compared(one: Countable, other: Countable) -> list[Pair]:
    """Give the parts in which the rules of two measures differ, outermost first; none where rules are not alike.

    >>> import singledisease as sd
    >>> few, many = (sd.Measure(id="m", numerator=sd.events("follow_up").count() >= k) for k in (1, 2))
    >>> [pair[0].operation for pair in parts_compared(few, many)]
    ['>=']
    """
    if [rule.name for rule in one.rules] != [rule.name for rule in other.rules]:
        return []
    found: dict[Pair, None] = {}
    for rule, changed in zip(one.rules, other.rules, strict=True):
        found.update(dict.fromkeys(_differing(rule.when, changed.when)))
    return list(found)


def _differing(one: Any, other: Any) -> Iterator[Pair]:
    if one is other or one == other:
        return
    if isinstance(one, _VALUES) and isinstance(other, _VALUES):
        yield one, other
    if isinstance(one, _SELECTIONS) and isinstance(other, _SELECTIONS):
        # What is asked of a row is asked of no person: that other rows are taken is seen in how many there are.
        yield n.Reduce("count", one), n.Reduce("count", other)
        if isinstance(one, _FILTERS) and isinstance(other, _FILTERS):
            yield from _differing(one.source, other.source)
        return
    if isinstance(one, n.Picked) and isinstance(other, n.Picked):
        # What is read of a row stands inside it.
        yield from _differing(one.row, other.row)
        return
    inner, others = list(parts(one)), list(parts(other))
    if type(one) is type(other) and len(inner) == len(others):
        for pair in zip(inner, others, strict=True):
            yield from _differing(*pair)


def conditions_in(measure: Countable) -> list[Any]:
    """Give the conditions of a measure's rules and those of which they are put together by and, or, not."""
    found: dict[Any, None] = {}
    waiting = [rule.when for rule in measure.rules]
    while waiting:
        condition = waiting.pop(0)
        found[condition] = None
        if isinstance(condition, n.Apply) and condition.operation in _CONDITIONS:
            waiting += condition.args
    return list(found)


def nearness(pairs: Sequence[Pair], valued: PartsValued) -> NDArray[np.int64]:
    """Say for each person how many parts of a definition come out alike, from the outermost in, before one does not.

    Returns
    -------
    (people,) int64; as many as there are pairs: they all come out alike.
    """
    near = np.full(valued.people, len(pairs), np.int64)
    for depth in reversed(range(len(pairs))):
        near[valued.differ(*pairs[depth])] = depth
    return near


def signatures(conditions: Sequence[Any], valued: PartsValued) -> list[bytes]:
    """Give for each person how all conditions come out, as one text: alike for who is alike to a definition."""
    columns = [column for one in conditions for column in valued.met(one)]
    return [row.tobytes() for row in np.packbits(np.stack(columns, axis=1), axis=1)]
