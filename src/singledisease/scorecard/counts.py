"""Counts of people by measure, period, stratum and group: merged by addition, whatever the parts.

``Counts()`` is the zero; ``+`` is commutative and associative.  Rates are made after merging, never before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.dates import Period
from singledisease.errors import Fault, UsageError
from singledisease.frozen_mapping import frozen_mapping
from singledisease.read_only import holds_arrays, read_only
from singledisease.scorecard.amounts import Sums, Tallies, merge_amounts
from singledisease.strata import Stratum
from singledisease.tables import Table


def _by_name(policy: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(policy))


PEOPLE = "people"
OF_PLACES: tuple[str, ...] = ("institutions", "activities")
"""What is of no one person, so that every part of the people has all of it."""


@frozen
class Counted:
    """What a block of counts is of: a measure in one version under one policy, its groups and its strata.

    ``of`` says what is counted: people, or rows of a source such as ``events`` or ``institutions``.
    """

    measure: str
    version: str
    policy: tuple[tuple[str, str], ...] = field(converter=_by_name)
    groups: tuple[str, ...]
    by: tuple[str, ...] = ()
    of: str = PEOPLE


@holds_arrays
@frozen(eq=False, init=False)
class Block:
    """People of each period, stratum and group.

    Attributes
    ----------
    periods, strata
        Ascending, each once; a stratum in which nobody ever stood is left out.
    array
        int64 (periods, strata, groups).
    """

    periods: tuple[Period, ...]
    strata: tuple[Stratum, ...]
    array: NDArray[np.int64] = field(converter=read_only)

    def __init__(self, periods: Iterable[Period], strata: Iterable[Stratum], array: NDArray[Any]) -> None:
        span, keys = tuple(periods), tuple(strata)
        # Without strata there is one row even for an empty registry: its counts are 0 and its rate is null.
        used = np.asarray(array.any(axis=(0, 2)))
        kept = [s for s in sorted(range(len(keys)), key=keys.__getitem__) if keys[s] == () or used[s]]
        order = sorted(range(len(span)), key=lambda p: (span[p].start, span[p].end))
        self.__attrs_init__(
            tuple(span[p] for p in order),
            tuple(keys[s] for s in kept),
            array[np.ix_(order, kept)].astype(np.int64),
        )

    @property
    def whole(self) -> NDArray[np.int64]:
        """Give the sum of the strata: int64 (periods, groups)."""
        return np.asarray(self.array.sum(axis=1), np.int64)


@frozen
class Counts:
    """Blocks by what they count.

    >>> year = Period(0, 364)
    >>> what = Counted("control", "1", (), ("numerator", "not_numerator"), ("sex",))
    >>> women = Counts({what: Block([year], [("female",)], np.array([[[3, 1]]]))})
    >>> men = Counts({what: Block([year], [("male",)], np.array([[[2, 2]]]))})
    >>> (women + men + Counts()).blocks[what].whole.tolist()
    [[5, 3]]
    """

    blocks: Mapping[Counted, Block] = field(factory=dict, converter=frozen_mapping, hash=False)
    amounts: Mapping[Counted, Sums | Tallies] = field(factory=dict, converter=frozen_mapping, hash=False)

    def __add__(self, other: Counts) -> Counts:
        """Add the counts of other people.

        Raises
        ------
        UsageError
            If a measure counts institutions, or what they did, of one period and stratum in both: whether these are
            the same ones, counts alone do not say.
        """
        return merge((self, other))

    def to_table(self) -> Table:
        """Give one row for each measure, period, stratum and group; ``counts_table.COLUMNS`` says what stands in it.

        >>> what = Counted("control", "1", (), ("numerator", "not_numerator"), ("sex",))
        >>> counts = Counts({what: Block([Period(0, 364)], [("female",)], np.array([[[3, 1]]]))})
        >>> counts.to_table()["people"], Counts.from_table(counts.to_table()) == counts
        ((3, 1), True)
        """
        from singledisease.scorecard.counts_table import table_of_counts  # noqa: PLC0415  (it stands above this module)

        return table_of_counts(self)

    @staticmethod
    def from_table(table: Table) -> Counts:
        """Make counts of a table that ``to_table`` gave, or of its ``flat()``: the same counts again.

        Raises
        ------
        UsageError
            With a fault for every column that is missing, and every row that is no cell, stands twice or is missing.
        """
        from singledisease.scorecard.counts_table import counts_of_table  # noqa: PLC0415  (it stands above this module)

        return counts_of_table(table)


def merge(parts: Iterable[Counts], *, places_differ: bool = False) -> Counts:
    """Add any number of counts at once; of none the result is the zero.

    ``places_differ``: the institutions of one are known to be none of those of another.

    Raises
    ------
    UsageError
        If institutions may be counted twice; see ``Counts.__add__``.
    """
    gathered: dict[Counted, list[Block]] = {}
    amounts: dict[Counted, list[Any]] = {}
    for part in parts:
        for counted, block in part.blocks.items():
            gathered.setdefault(counted, []).append(block)
        for counted, amount in part.amounts.items():
            amounts.setdefault(counted, []).append(amount)
    if not places_differ:
        _refuse_places_twice(gathered)
    return Counts(
        {counted: _sum(blocks, len(counted.groups)) for counted, blocks in gathered.items()},
        {counted: merge_amounts(listed) for counted, listed in amounts.items()},
    )


def _refuse_places_twice(gathered: Mapping[Counted, list[Block]]) -> None:
    faults = []
    for counted, blocks in gathered.items():
        cells = Counter(cell for block in blocks for cell in _cells(block)) if counted.of in OF_PLACES else Counter()
        if twice := [cell for cell, times in cells.items() if times > 1]:
            where = " ".join([counted.measure, str(twice[0][0]), *twice[0][1]])
            message = f"counts {counted.of}, and which of them are the same in two parts their counts do not say"
            faults.append(Fault("places_twice", where, message, "evaluate it once, over the whole registry"))
    if faults:
        raise UsageError("these counts cannot be added:", faults)


def _cells(block: Block) -> list[tuple[Period, Stratum]]:
    """Give the periods and strata in which anything was counted."""
    return [(block.periods[p], block.strata[s]) for p, s in np.argwhere(block.array.any(axis=2))]


def _sum(blocks: list[Block], groups: int) -> Block:
    if len(blocks) == 1:
        return blocks[0]
    periods = {period: i for i, period in enumerate(sorted({p for block in blocks for p in block.periods}))}
    strata = {stratum: i for i, stratum in enumerate(sorted({s for block in blocks for s in block.strata}))}
    array = np.zeros((len(periods), len(strata), groups), np.int64)
    for block in blocks:
        # Within one block every period and stratum stands once, so that += meets no index twice.
        place = np.ix_([periods[p] for p in block.periods], [strata[s] for s in block.strata])
        array[place] += block.array
    return Block(periods, strata, array)
