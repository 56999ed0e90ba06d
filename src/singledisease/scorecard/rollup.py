"""Roll-up: each institution with the sum of itself and of everything below it, along the institutions' parents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.errors import DataError, Fault, UsageError
from singledisease.eventlog.log import InstitutionColumns
from singledisease.scorecard.amounts import AmountPlaces, Sums, Tallies
from singledisease.scorecard.counts import Block, Counted, Counts
from singledisease.strata import Stratum

_OF_INSTITUTION = "institution."


def place_of_institution(by: tuple[str, ...]) -> int:
    """Give the place of the institution among the strata.

    Raises
    ------
    UsageError
        If the counts are not by institution.
    """
    if "institution" not in by:
        raise UsageError(f"counts by {list(by)} cannot be rolled up; evaluate by=['institution', ...]")
    return by.index("institution")


def joined(parts: Sequence[InstitutionColumns]) -> InstitutionColumns:
    """Join the institutions of several logs.

    Raises
    ------
    DataError
        If they say different things of one institution, with a fault for each.
    """
    names = dict.fromkeys(column for part in parts for column in part.columns)
    rows: dict[str, tuple[str, ...]] = {}
    faults = []
    for part in parts:
        blank = ("",) * len(part.ids)
        for name, *cells in zip(part.ids, *(part.columns.get(column, blank) for column in names), strict=True):
            row = tuple(cells)
            if rows.setdefault(name, row) != row:
                message = f"{', '.join(rows[name])} in one part, {', '.join(row)} in another"
                faults.append(Fault("institutions_differ", name, message, "correct one of the institution files"))
    if faults:
        raise DataError("the parts of this scorecard differ in their institutions:", faults)
    return InstitutionColumns(
        ids=tuple(rows), columns={name: tuple(row[i] for row in rows.values()) for i, name in enumerate(names)}
    )


def parents_of(institutions: InstitutionColumns) -> Mapping[str, str]:
    """Give the parent of each institution that has one.

    Raises
    ------
    DataError
        If parents go round in a circle, with a fault for each circle.
    """
    column = institutions.columns.get("parent", ())
    parents = {name: parent for name, parent in zip(institutions.ids, column, strict=False) if parent}
    circles = {frozenset(circle) for name in parents if (circle := _circle(name, parents))}
    if circles:
        faults = [
            Fault("circle_of_parents", " → ".join(sorted(circle)), "each is above the others", "give one of them none")
            for circle in sorted(circles, key=sorted)
        ]
        raise DataError("institutions cannot be their own ancestors:", faults)
    return parents


def _circle(start: str, parents: Mapping[str, str]) -> list[str]:
    """Give the institutions of the circle that ``start`` stands in, none if it stands in none."""
    way, name = [start], parents[start]
    while name in parents and name not in way:
        way.append(name)
        name = parents[name]
    return way if name == start else []


def ancestors(name: str, parents: Mapping[str, str]) -> Iterator[str]:
    """Give the institutions above one, nearest first."""
    while name in parents:
        name = parents[name]
        yield name


def roll_up_counts(counts: Counts, institutions: InstitutionColumns) -> Counts:
    """Give counts in which each institution, at every level, has the sum of itself and of all below it.

    People without an institution keep a row of their own.
    """
    parents = parents_of(institutions)
    # Many measures stand in the same strata: where these go is worked out once.
    found: dict[tuple[tuple[str, ...], tuple[Stratum, ...]], _Ways] = {}

    def ways(counted: Counted, strata: tuple[Stratum, ...]) -> _Ways:
        key = counted.by, strata
        if key not in found:
            found[key] = _ways(counted, strata, institutions, parents)
        return found[key]

    return Counts(
        {counted: _rolled(block, ways(counted, block.strata)) for counted, block in counts.blocks.items()},
        {
            counted: _rolled_amounts(amounts, ways(counted, amounts.places.strata))
            for counted, amounts in counts.amounts.items()
        },
    )


@frozen(eq=False)
class _Ways:
    """Where strata go: the strata there will be, and for each stratum those that it is part of, as places.

    ``into`` and ``out_of`` are int64, a pair of places each.
    """

    strata: tuple[Stratum, ...]
    into: NDArray[np.int64]
    out_of: NDArray[np.int64]

    def added_up(self, array: NDArray[Any]) -> NDArray[Any]:
        """Add up an array of (periods, strata, …)."""
        made = np.zeros((len(array), len(self.strata), array.shape[2]), array.dtype)
        np.add.at(made.swapaxes(0, 1), self.into, array[:, self.out_of].swapaxes(0, 1))
        return made


def _ways(
    counted: Counted, strata: Sequence[Stratum], institutions: InstitutionColumns, parents: Mapping[str, str]
) -> _Ways:
    place, columns = place_of_institution(counted.by), _columns(counted.by, institutions)
    number: dict[Stratum, int] = {}
    into: list[tuple[int, int]] = []
    for s, stratum in enumerate(strata):
        for name in (stratum[place], *ancestors(stratum[place], parents)):
            key = _at(name, stratum, counted.by, columns)
            into.append((number.setdefault(key, len(number)), s))
    pairs = np.array(into, np.int64).reshape(-1, 2)
    return _Ways(tuple(number), pairs[:, 0], pairs[:, 1])


def nodes_above(by: tuple[str, ...], stratum: Stratum, institutions: InstitutionColumns) -> list[Stratum]:
    """Give the strata of which a stratum is a part once rolled up, its own first, the uppermost last."""
    parents, own = parents_of(institutions), stratum[place_of_institution(by)]
    columns = _columns(by, institutions)
    return [_at(name, stratum, by, columns) for name in (own, *ancestors(own, parents))]


def _rolled(block: Block, ways: _Ways) -> Block:
    return Block(block.periods, ways.strata, ways.added_up(block.array))


def _rolled_amounts(amounts: Sums | Tallies, ways: _Ways) -> Sums | Tallies:
    """Add up the sums, or the counts by value, of what is below each institution."""
    places = AmountPlaces(periods=amounts.places.periods, strata=ways.strata)
    if isinstance(amounts, Sums):
        return evolve(amounts, places=places, array=ways.added_up(amounts.array))
    return evolve(amounts, places=places, counts=ways.added_up(amounts.counts))


def _columns(by: Sequence[str], institutions: InstitutionColumns) -> dict[str, dict[str, str]]:
    """Give, for each stratum that is a column of institutions, what it says of each."""
    return {
        _OF_INSTITUTION + column: dict(zip(institutions.ids, values, strict=True))
        for column, values in institutions.columns.items()
        if _OF_INSTITUTION + column in by
    }


def _at(name: str, stratum: Stratum, by: Sequence[str], columns: Mapping[str, Mapping[str, str]]) -> Stratum:
    """Give the stratum an institution above takes the place of: its own columns stand in it."""
    return tuple(
        name if b == "institution" else columns[b].get(name, "") if b in columns else text
        for b, text in zip(by, stratum, strict=True)
    )
