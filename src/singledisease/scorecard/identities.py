"""What must hold of every scorecard, checked whenever one is made: otherwise no figure is shown at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.errors import Fault, IdentityError
from singledisease.scorecard.counts import PEOPLE, Block, Counted, Counts
from singledisease.scorecard.rates import figures
from singledisease.scorecard.rollup import ancestors, place_of_institution

Whole = Mapping[Counted, NDArray[Any]] | None
"""People by period and group, counted one by one from the lists of people: (periods, groups); ``None``: not at hand."""


def check(counts: Counts, whole: Whole, people: int, of_rows: Collection[Counted] = ()) -> None:
    """Check counts against the lists of people, or of rows (``of_rows``), that they were made from.

    Raises
    ------
    IdentityError
        With a fault for every figure that does not add up.
    """
    _refuse(
        fault
        for counted, block in counts.blocks.items()
        for fault in (
            *(() if counted in of_rows else _everybody(counted, block, people)),
            *_subsets(counted, block),
            *(() if whole is None else _whole(counted, block, whole)),
        )
    )


def check_alone(counts: Counts) -> None:
    """Check counts without the lists of people: every measure of people has to count as many in every period.

    Raises
    ------
    IdentityError
        With a fault for every figure that does not add up.
    """
    of_people = {counted: block for counted, block in counts.blocks.items() if counted.of == PEOPLE}
    totals = [int(block.array[p].sum()) for block in of_people.values() for p in range(len(block.periods))]
    people = totals[0] if totals else 0
    _refuse(
        fault
        for counted, block in counts.blocks.items()
        for fault in (
            *(_everybody(counted, block, people, "those of another measure or period") if counted in of_people else ()),
            *_subsets(counted, block),
        )
    )


def check_roll_up(rolled: Counts, leaves: Counts, parents: Mapping[str, str]) -> None:
    """Check that every institution of rolled-up counts has the sum of itself and all below it.

    Raises
    ------
    IdentityError
        With a fault for every measure and institution that does not.
    """
    _refuse(
        fault
        for counted, block in rolled.blocks.items()
        for fault in (*_subsets(counted, block), *_leaves(counted, block, leaves.blocks[counted], parents))
    )


def _refuse(faults: Iterator[Fault]) -> None:
    found = list(faults)
    if found:
        raise IdentityError("the counts do not add up:", found)


def _everybody(counted: Counted, block: Block, people: int, whose: str = "the registry") -> Iterator[Fault]:
    for p, period in enumerate(block.periods):
        total = int(block.array[p].sum())
        if total != people:
            message = f"the groups hold {total} people, {whose} {people}"
            yield Fault("groups_sum_to_everybody", f"{counted.measure} {period}", message)


def _subsets(counted: Counted, block: Block) -> Iterator[Fault]:
    made = figures(counted.groups, np.maximum(block.array, 0))
    nested = (made.numerator <= made.denominator) & (made.denominator <= made.initial_population)
    for p, s in np.argwhere(~nested | (block.array < 0).any(axis=2)):
        where = f"{counted.measure} {block.periods[p]} {' '.join(block.strata[s])}".rstrip()
        message = f"numerator ⊆ denominator ⊆ initial population fails for {block.array[p, s].tolist()}"
        yield Fault("numerator_in_denominator_in_initial", where, message)


def _whole(counted: Counted, block: Block, whole: Mapping[Counted, NDArray[Any]]) -> Iterator[Fault]:
    for p, g in np.argwhere(block.whole != whole[counted]):
        message = f"the strata hold {block.whole[p, g]} people, the list of people {whole[counted][p, g]}"
        yield Fault("strata_sum_to_whole", f"{counted.measure} {block.periods[p]} {counted.groups[g]}", message)


def _leaves(counted: Counted, block: Block, leaves: Block, parents: Mapping[str, str]) -> Iterator[Fault]:
    place = place_of_institution(counted.by)
    own, below = dict[str, list[int]](), dict[str, list[int]]()
    for s, stratum in enumerate(block.strata):
        own.setdefault(stratum[place], []).append(s)
    for s, leaf in enumerate(leaves.strata):
        for name in {leaf[place], *ancestors(leaf[place], parents)}:
            below.setdefault(name, []).append(s)
    found = _sums(block.array, list(own.values()))
    expected = _sums(leaves.array, [below.get(name, []) for name in own])
    names = list(own)
    for i in np.flatnonzero((found != expected).any(axis=(0, 2))):
        one, other = found[:, i].tolist(), expected[:, i].tolist()
        message = f"rolled up {one}, the institutions below it sum to {other}"
        yield Fault("roll_up_sums_leaves", f"{counted.measure} {names[i]}", message)


def _sums(array: NDArray[Any], groups: Sequence[Sequence[int]]) -> NDArray[Any]:
    """Add up an array of (periods, strata, …) over each of some groups of strata."""
    sizes = np.array([len(group) for group in groups], np.intp)
    ends = np.cumsum(sizes)
    chosen = np.array([s for group in groups for s in group], np.intp)
    until = np.concatenate((np.zeros_like(array[:, :1]), array[:, chosen].cumsum(axis=1)), axis=1)
    return np.asarray(until[:, ends] - until[:, ends - sizes])
