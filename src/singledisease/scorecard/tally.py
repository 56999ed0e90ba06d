"""Counting people or rows by stratum and group; measures of few groups are counted together in one pass."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import Period
from singledisease.person_values import without_repeats
from singledisease.scorecard.counts import Block
from singledisease.strata import Stratum

_MOST = 2**15
"""So many combinations of a stratum and of groups are counted at once."""


def tally(
    periods: tuple[Period, ...],
    strata: tuple[Stratum, ...],
    stratum_of: NDArray[Any],
    group_of: Sequence[NDArray[Any]],
    groups: Sequence[int],
) -> list[Block]:
    """Count people by stratum and group, for each of several measures.

    Parameters
    ----------
    periods, strata
        Of which the counts are.
    stratum_of
        (periods or 1, people): index into ``strata``.
    group_of
        Of each measure (periods, people): index of the group.
    groups
        How many groups each measure has.
    """
    found: list[Block] = []
    most = min(_MOST, stratum_of.shape[1]) // max(len(strata), 1)
    for first, behind in _bundles(groups, most):
        sizes = tuple(groups[first:behind])
        joint = without_repeats(group_of[first])
        for codes, size in zip(group_of[first + 1 : behind], sizes[1:], strict=True):
            joint = joint.astype(np.uint16) * np.uint16(size) + without_repeats(codes)
        array = _counted(stratum_of, joint, (len(periods), len(strata), math.prod(sizes)))
        cube = array.reshape(*array.shape[:2], *sizes)
        for place in range(len(sizes)):
            others = tuple(2 + other for other in range(len(sizes)) if other != place)
            found.append(Block(periods, strata, cube.sum(axis=others)))
    return found


def _bundles(groups: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """Cut measures into bundles whose groups combine in at most so many ways, or of a single measure."""
    first, ways = 0, 1
    for place, size in enumerate(groups):
        if place > first and ways * size > most:
            yield first, place
            first, ways = place, 1
        ways *= size
    if groups:
        yield first, len(groups)


def _counted(stratum_of: NDArray[Any], group_of: NDArray[Any], shape: tuple[int, int, int]) -> NDArray[np.int64]:
    _, strata, groups = shape
    first_cell = stratum_of.astype(np.int64) * groups
    different = max(len(stratum_of), len(group_of))
    array = np.empty((different, strata, groups), np.int64)
    cells = strata * groups
    for p in range(different):
        first, group = first_cell[p if len(stratum_of) > 1 else 0], group_of[p if len(group_of) > 1 else 0]
        moved = _moved(stratum_of, group_of, p)
        if moved is None:
            array[p] = np.bincount(first + group, minlength=cells).reshape(strata, groups)
        else:
            place = first.take(moved)
            come = np.bincount(place + group.take(moved), minlength=cells)
            gone = np.bincount(place + group_of[p - 1].take(moved), minlength=cells)
            array[p] = array[p - 1] + (come - gone).reshape(strata, groups)
    return np.broadcast_to(array, shape)


_FEW = 3


def _moved(stratum_of: NDArray[Any], group_of: NDArray[Any], p: int) -> NDArray[np.intp] | None:
    """Give who is in another group than in the period before, if these are few and nobody changes the stratum."""
    if not p or len(stratum_of) > 1 or len(group_of) == 1:
        return None
    differs = group_of[p] != group_of[p - 1]
    return np.flatnonzero(differs) if _FEW * np.count_nonzero(differs) < len(differs) else None


def tally_rows(
    periods: tuple[Period, ...],
    strata: tuple[Stratum, ...],
    *,
    period_of: NDArray[Any],
    stratum_of: NDArray[Any],
    group_of: NDArray[Any],
    groups: int,
) -> Block:
    """Count rows by period, stratum and group; the arrays have one element for each row."""
    shape = len(periods), len(strata), groups
    cell = np.ravel_multi_index((period_of, stratum_of, group_of), shape)
    return Block(periods, strata, np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape))
