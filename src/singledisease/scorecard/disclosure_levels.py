"""What of each measure is withheld in which stratum: everything, who is in the denominator, or its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.definitions.aggregate import Ratio
from singledisease.definitions.measure import COUNTED, DENOMINATOR_GROUPS, NUMERATOR, OUTSIDE
from singledisease.definitions.resolve import Resolved
from singledisease.errors import UsageError
from singledisease.eventlog.log import InstitutionColumns
from singledisease.frozen_mapping import frozen_mapping
from singledisease.scorecard.assign import counted_of
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.counts import OF_PLACES, PEOPLE, Counted, Counts
from singledisease.scorecard.rollup import nodes_above
from singledisease.scorecard.suppression import SuppressionRows, Withheld, withheld
from singledisease.strata import Stratum

Cells = frozenset[Stratum]
Parts = tuple[tuple[int, ...], ...]
"""Places of groups, of which the sums are shown."""


@frozen
class Division:
    """How the groups of a measure are divided, step by step; sums of the parts are shown or can be worked out.

    Everybody, into the denominator and the rest; the denominator, into the numerator (or those counted) and the others;
    the rest, into those outside and those who are not; and what is left over, into its groups.
    """

    whole: Parts
    denominator: Parts
    others: Parts
    rest: Parts
    inner: Parts

    @classmethod
    def of(cls, groups: Sequence[str]) -> Division:
        """Divide groups."""
        inside = _where(groups, lambda group: group in (*DENOMINATOR_GROUPS, COUNTED))
        rest = _where(groups, lambda group: group not in (*DENOMINATOR_GROUPS, COUNTED))
        head = tuple(g for g in inside if groups[g] in (NUMERATOR, COUNTED))
        outside = tuple(g for g in rest if groups[g] == OUTSIDE)
        others, inner = (tuple(g for g in part if g not in first) for part, first in ((inside, head), (rest, outside)))
        return cls(
            whole=_parts(inside, rest),
            denominator=_parts(head, others),
            others=_parts(*((g,) for g in others)),
            rest=_parts(outside, inner),
            inner=_parts(*((g,) for g in inner)),
        )


def _where(groups: Sequence[str], test: Callable[[str], bool]) -> tuple[int, ...]:
    return tuple(g for g, group in enumerate(groups) if test(group))


def _parts(*parts: tuple[int, ...]) -> Parts:
    """Give the parts if there are several: one alone is the sum that is divided."""
    some = tuple(part for part in parts if part)
    return some if len(some) > 1 else ()


@frozen
class Hidden:
    """The strata of one measure and period in which something is withheld.

    Attributes
    ----------
    groups
        By place of a group, where its count is.
    whole
        Where it may not be known how many are in the denominator.
    sums
        Of a ratio, where a sum is.
    """

    groups: Mapping[int, Cells] = field(factory=dict, converter=frozen_mapping)
    whole: Cells = frozenset()
    sums: Cells = frozenset()


def hidden_cells(
    score: Scorecard, least: int, institutions: InstitutionColumns | None = None
) -> Mapping[tuple[str, int], Hidden]:
    """Choose what is withheld, by id of measure and place of the period.

    Measures of one disease are about the same people in part: a stratum that is withheld in one is withheld in all of
    them, so that none gives another away.  Counts of institutions are not of people, and are all shown.
    """
    found: dict[tuple[str, int], Hidden] = {}
    for family in _families(score.measures):
        table = _Table.of(score, family, institutions)
        for p in range(len(score.periods)):
            found.update(((one.measure.id, p), hidden) for one, hidden in table.hidden(p, least))
    return found


def _families(measures: Iterable[Resolved]) -> Iterator[list[Resolved]]:
    families: dict[tuple[str, str], list[Resolved]] = {}
    for one in measures:
        measure = one.measure
        of = counted_of(one).of
        if of in OF_PLACES:
            continue
        shared = measure.disease if of == PEOPLE and measure.disease else f" {measure.id}"
        families.setdefault((of, shared), []).append(one)
    yield from families.values()


@frozen(eq=False)
class _Table:
    """The measures of a family with the rows that they share."""

    family: tuple[tuple[Resolved, Counted], ...]
    counts: Counts
    leaves: tuple[Stratum, ...]
    nodes: tuple[Stratum, ...]
    rows: SuppressionRows

    @classmethod
    def of(cls, score: Scorecard, family: Sequence[Resolved], institutions: InstitutionColumns | None) -> _Table:
        counts = score.leaves or score.counts
        keyed = tuple((one, counted_of(one, score.by)) for one in family)
        leaves = tuple(sorted({stratum for _, key in keyed for stratum in counts.blocks[key].strata}))
        known = score.institutions if institutions is None else institutions
        rolled = known if score.leaves is not None else None
        chains = [_chain(score.by, leaf, rolled) for leaf in leaves]
        nodes = tuple(dict.fromkeys(node for chain in chains for node in chain))
        _check_nodes({stratum for _, key in keyed for stratum in score.counts.blocks[key].strata}, nodes)
        number = {node: i for i, node in enumerate(nodes)}
        rows = SuppressionRows(len(nodes), tuple(tuple(number[node] for node in chain) for chain in chains))
        return cls(keyed, counts, leaves, nodes, rows)

    def hidden(self, p: int, least: int) -> Iterator[tuple[Resolved, Hidden]]:
        """Choose what is withheld in a period."""
        divisions = [Division.of(key.groups) for _, key in self.family]
        arrays = [self._array(key, p) for _, key in self.family]

        def within(parts: Sequence[Parts], upper: Withheld) -> Withheld:
            sums = (array[:, part].sum(axis=1) for array, some in zip(arrays, parts, strict=True) for part in some)
            return withheld(self.rows, _columns(sums), least, upper)

        everybody = withheld(self.rows, _columns(array.sum(axis=1) for array in arrays), least)
        whole = within([one.whole for one in divisions], everybody)
        denominator = within([one.denominator for one in divisions], whole)
        others = within([one.others for one in divisions], denominator)
        rest = within([one.rest for one in divisions], whole)
        inner = within([one.inner for one in divisions], rest)
        sums = withheld(self.rows, _columns(self._sums(p)), least, denominator)
        for (one, key), division in zip(self.family, divisions, strict=True):
            groups = dict.fromkeys(range(len(key.groups)), self._strata(whole))
            for parts, found in (
                (division.denominator, denominator),
                (division.others, others),
                (division.rest, rest),
                (division.inner, inner),
            ):
                groups.update(dict.fromkeys((g for part in parts for g in part), self._strata(found)))
            yield one, Hidden(groups=groups, whole=self._strata(whole), sums=self._strata(sums))

    def _array(self, key: Counted, p: int) -> NDArray[np.int64]:
        """Give the counts of a measure: (leaves, groups); 0 where nobody ever stood."""
        block = self.counts.blocks[key]
        array = np.zeros((len(self.leaves), len(key.groups)), np.int64)
        array[[self.leaves.index(stratum) for stratum in block.strata]] = block.array[p]
        return array

    def _sums(self, p: int) -> Iterator[NDArray[np.float64]]:
        for one, key in self.family:
            if isinstance(one.measure, Ratio):
                sums, period = self.counts.amounts[key], self.counts.blocks[key].periods[p]
                found = np.array([sums.totals(period, leaf) for leaf in self.leaves])  # type: ignore[union-attr]
                yield from np.abs(found).T

    def _strata(self, found: Withheld) -> Cells:
        return frozenset(self.nodes[node] for node in found.nodes)


def _chain(by: tuple[str, ...], leaf: Stratum, institutions: InstitutionColumns | None) -> list[Stratum]:
    return [leaf] if institutions is None else nodes_above(by, leaf, institutions)


def _check_nodes(shown: set[Stratum], nodes: Sequence[Stratum]) -> None:
    """Refuse a table whose rows are not the sums that they are taken to be."""
    if further := sorted(shown - set(nodes)):
        raise UsageError(
            f"it is not known of which institutions {' '.join(further[0])} is the sum: "
            "disclose(…, institutions=…), as they were given to roll_up"
        )


def _columns(columns: Iterable[NDArray[Any]]) -> NDArray[Any]:
    listed = list(columns)
    return np.stack(listed, axis=1) if listed else np.zeros((0, 0))
