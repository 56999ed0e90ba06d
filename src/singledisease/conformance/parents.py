"""Which histories are worth changing a little: the nearest to telling what is not told yet, and one of each sort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from singledisease.conformance.histories import History
from singledisease.conformance.nearness import Pair, conditions_in, nearness, parts_compared, signatures
from singledisease.conformance.valued import Definition, parts_valued
from singledisease.dates import Period
from singledisease.eventlog.log import EventLog

_EACH = 12
"""How many of the nearest to each definition are kept."""
_SORTS = 600
"""Of how many sorts of people one each is kept."""


@frozen
class Parents:
    """Histories to be changed, from all rounds.

    Attributes
    ----------
    near
        By number of the definition sought the nearest, each with how near it is; fewer is nearer.
    sorts
        By how all conditions of the original come out the smallest that was seen.
    """

    near: Mapping[int, Sequence[tuple[int, History]]] = field(factory=dict)
    sorts: Mapping[bytes, History] = field(factory=dict)

    def picked(self, random: Random) -> History:
        """Draw one: mostly the nearest to one of the definitions sought."""
        if self.near and random.random() < 0.7:
            return random.choice(self.near[random.choice([*self.near])])[1]
        return self.sorts[random.choice([*self.sorts])]


@frozen
class Sought:
    """What histories are to tell from a definition: the others, by number, in a period."""

    original: Definition
    others: Mapping[int, Definition]
    period: Period


def parents_with(known: Parents, histories: Sequence[History], log: EventLog, asked: Sought) -> Parents:
    """Add what is worth it of some histories to parents.

    Parameters
    ----------
    known
        Those of earlier rounds.
    histories, log
        New ones, and the log of them.
    asked
        What they are to tell.
    """
    conditions = conditions_in(asked.original.measure)
    pairs = {i: _pairs(asked.original, one) for i, one in asked.others.items()}
    parts = [part for some in pairs.values() for pair in some for part in pair]
    # Of definitions that see different days, what sees the most shows where the others differ from it.
    far = max((asked.original, *asked.others.values()), key=lambda one: one.measure.matures.day_after(asked.period.end))
    seen = Definition(evolve(asked.original.measure, matures=far.measure.matures), asked.original.diseases)
    valued = parts_valued(seen, [*conditions, *parts], log, asked.period)
    near = {
        i: _nearest(known.near.get(i, ()), histories, nearness(some, valued), len(some)) for i, some in pairs.items()
    }
    sorts = _sorts(known.sorts, histories, signatures(conditions, valued))
    return Parents({i: some for i, some in near.items() if some}, sorts)


def _nearest(
    known: Sequence[tuple[int, History]], histories: Sequence[History], distance: NDArray[np.int64], farthest: int
) -> Sequence[tuple[int, History]]:
    closest = np.argsort(distance, kind="stable")[:_EACH].tolist()
    found = [*known, *((int(distance[k]), histories[k]) for k in closest if distance[k] < farthest)]
    return sorted(found, key=lambda pair: (pair[0], pair[1].size))[:_EACH]


def _sorts(
    known: Mapping[bytes, History], histories: Sequence[History], found: Sequence[bytes]
) -> dict[bytes, History]:
    sorts = dict(known)
    for one, sort in zip(histories, found, strict=True):
        if sort in sorts:
            sorts[sort] = min(sorts[sort], one, key=_size)
        elif len(sorts) < _SORTS:
            sorts[sort] = one
    return sorts


def _size(one: History) -> int:
    return one.size


def _pairs(original: Definition, other: Definition) -> list[Pair]:
    """Give what differs between rules, as far as both are asked of the same people or rows."""
    one, two = original.measure, other.measure
    return parts_compared(one, two) if original.diseases == other.diseases and one.of == two.of else []
