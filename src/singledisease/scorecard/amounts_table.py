"""Sums and counts by value as rows of a table of counts, and back without loss.

A sum stands under the group ``sum:<number of the amount>:<decimal places>`` as a whole number of its unit, a value
under ``value:<value>`` with how often it occurs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from singledisease.dates import Period
from singledisease.scorecard.amounts import AmountPlaces, Sums, Tallies
from singledisease.strata import Stratum

_SUM, _VALUE = "sum:", "value:"

AmountCell = tuple[Period, Stratum, str, int]
"""Period, stratum, group and number."""


def is_amount(group: str) -> bool:
    """Say whether a group stands for a sum or a value.

    >>> is_amount("sum:0:2"), is_amount("value:3.5"), is_amount("excluded:moved")
    (True, True, False)
    """
    return group.startswith((_SUM, _VALUE))


def cells_of_amounts(amounts: Sums | Tallies) -> Iterator[AmountCell]:
    """Give the cells of sums, or of values that occur; of no values at all, one cell without a value."""
    places = amounts.places
    cells = [
        (period, stratum, p, s) for p, period in enumerate(places.periods) for s, stratum in enumerate(places.strata)
    ]
    for period, stratum, p, s in cells:
        if isinstance(amounts, Sums):
            for a, total in enumerate(amounts.array[p, s]):
                yield period, stratum, f"{_SUM}{a}:{amounts.digits}", int(total)
        else:
            for v in np.flatnonzero(amounts.counts[p, s]):
                yield period, stratum, f"{_VALUE}{float(amounts.values[v])!r}", int(amounts.counts[p, s, v])
    if isinstance(amounts, Tallies) and not len(amounts.values) and cells:
        yield places.periods[0], places.strata[0], _VALUE, 0


def amounts_of_cells(places: AmountPlaces, cells: Sequence[AmountCell]) -> Sums | Tallies:
    """Make sums, or counts by value, of the cells that ``cells_of_amounts`` gave.

    Raises
    ------
    ValueError
        If sums and values stand side by side, sums are in different units, or a cell is of another place.
    """
    kinds = {group.partition(":")[0] for _, _, group, _ in cells}
    if len(kinds) > 1:
        raise ValueError("sums and values stand under one measure")
    return _sums(places, cells) if kinds == {"sum"} else _tallies(places, cells)


def _at(places: AmountPlaces, period: Period, stratum: Stratum) -> tuple[int, int]:
    return places.periods.index(period), places.strata.index(stratum)


def _sums(places: AmountPlaces, cells: Sequence[AmountCell]) -> Sums:
    named = [tuple(map(int, group.split(":")[1:])) for _, _, group, _ in cells]
    units = {digits for _, digits in named}
    if len(units) > 1:
        raise ValueError(f"sums of one measure are in different units: {sorted(units)} decimal places")
    array: Any = np.zeros((len(places.periods), len(places.strata), 1 + max(a for a, _ in named)), object)
    for (period, stratum, _, total), (a, _) in zip(cells, named, strict=True):
        array[(*_at(places, period, stratum), a)] = total
    return Sums(places=places, digits=units.pop(), array=array)


def _tallies(places: AmountPlaces, cells: Sequence[AmountCell]) -> Tallies:
    there = [
        (period, stratum, float(group.removeprefix(_VALUE)), n)
        for period, stratum, group, n in cells
        if group != _VALUE
    ]
    values = np.unique(np.array([value for _, _, value, _ in there], np.float64))
    counts = np.zeros((len(places.periods), len(places.strata), len(values)), np.int64)
    for period, stratum, value, number in there:
        counts[(*_at(places, period, stratum), np.searchsorted(values, value))] = number
    return Tallies(places=places, values=values, counts=counts)
