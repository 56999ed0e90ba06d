"""Happenings that no condition of a disease can tell apart, so that each different one is asked about once.

A reading of 152 and one of 156 are alike if conditions only compare them with 140 and 180.  What a condition does
more with than compare it with numbers (``sbp - dbp > 60``) is told apart by its value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.dates import age_array
from singledisease.definitions.disease import Disease
from singledisease.simulation.county import Residents
from singledisease.simulation.thresholds import AGE, BIRTH, DAY, PLACE, SEX, differences

Indices = NDArray[np.int64]
Days = NDArray[np.int32]
Codes = list[tuple[NDArray[Any], int]]
"""Whole numbers from 0, each with how many there can be."""

FINEST = 10_000
"""Readings have four decimals at most."""


@frozen(eq=False)
class Batch:
    """Happenings, one for each of some people: whose, when, what by number, and what was read (NaN: nothing)."""

    people: Residents
    who: Indices
    day: Days
    what: Indices
    values: Mapping[str, NDArray[np.float64]]

    def __len__(self) -> int:
        return len(self.who)

    def those(self, chosen: NDArray[Any]) -> Batch:
        """Give some of them."""
        values = {name: column[chosen] for name, column in self.values.items()}
        return Batch(self.people, self.who[chosen], self.day[chosen], self.what[chosen], values)


@frozen(eq=False)
class Alike:
    """Numbers happenings so that those with equal numbers are alike to every condition.

    Attributes
    ----------
    cuts, exact
        As in ``Differences``, the cuts in order; a quantity is never in both.
    kinds
        How many happenings there are.
    bounds
        The lowest and the highest value of each quantity.
    """

    cuts: Mapping[str, NDArray[np.float64]]
    exact: frozenset[str]
    kinds: int
    bounds: Mapping[str, tuple[float, float]]

    def codes(self, batch: Batch) -> Codes:
        """Give the numbers that tell happenings apart."""
        found: Codes = [(batch.what, self.kinds)]
        found += [self._quantity(name, values) for name, values in batch.values.items() if self.looks_at(name)]
        if self.looks_at(AGE):
            age = age_array(batch.people.birth[batch.who], batch.day)
            found.append((age, 256) if AGE in self.exact else self._cell(AGE, age.astype(np.float64)))
        if SEX in self.exact:
            found.append((batch.people.woman[batch.who].astype(np.int64), 2))
        if PLACE in self.exact:
            found.append((batch.people.place_on(batch.who, batch.day), len(batch.people.places)))
            found.append((batch.people.place[batch.who], len(batch.people.places)))
        if DAY in self.exact:
            found.append((batch.day.astype(np.int64), 1 << 16))
        if BIRTH in self.exact:
            found.append((batch.people.birth[batch.who].astype(np.int64) + (1 << 15), 1 << 16))
        return found

    def looks_at(self, name: str) -> bool:
        """Tell whether any condition asks for it."""
        return name in self.exact or name in self.cuts

    def _quantity(self, name: str, values: NDArray[np.float64]) -> tuple[NDArray[Any], int]:
        if name not in self.exact:
            return self._cell(name, values)
        low, high = self.bounds[name]
        fine = np.round((np.where(np.isnan(values), low, values) - low) * FINEST).astype(np.int64)
        return np.where(np.isnan(values), 0, fine + 1), int((high - low) * FINEST) + 2

    def _cell(self, name: str, values: NDArray[np.float64]) -> tuple[NDArray[Any], int]:
        """Give 1 below the first cut, 2 on it, 3 between it and the second …; 0 is missing."""
        cuts = self.cuts[name]
        cell = 1 + cuts.searchsorted(values, "left") + cuts.searchsorted(values, "right")
        return np.where(np.isnan(values), 0, cell), 2 * len(cuts) + 2


def alike(disease: Disease, kinds: int, bounds: Mapping[str, tuple[float, float]]) -> Alike:
    """Find out what the conditions of a resolved disease tell apart.

    Raises
    ------
    UsageError
        If one names something that is only known when the registry is written.
    """
    found = differences(disease)
    cuts = {name: np.array(sorted(numbers)) for name, numbers in found.cuts.items() if name not in found.exact}
    return Alike(cuts, frozenset(found.exact), kinds, bounds)


# ASKING


@frozen(eq=False)
class EventQuestion:
    """A question about happenings, and the answers so far."""

    answer: Callable[[Batch, int], int]
    known: dict[Any, int] = field(factory=dict)

    def of(self, batch: Batch, codes: Iterable[tuple[NDArray[Any], int]]) -> Indices:
        """Answer for every happening of a batch, asking of those with equal codes one."""
        cases, first, back = np.unique(_packed(list(codes), len(batch)), return_index=True, return_inverse=True)
        answers = np.empty(len(cases), np.int64)
        for place, (case, example) in enumerate(zip(cases.tolist(), first.tolist(), strict=True)):
            if case not in self.known:
                self.known[case] = self.answer(batch, example)
            answers[place] = self.known[case]
        return answers[back]


def _packed(codes: Sequence[tuple[NDArray[Any], int]], count: int) -> NDArray[Any]:
    """Pack codes into one key each: a whole number, or bytes where they are too many for one."""
    if prod(size for _, size in codes) < 1 << 62:
        key = np.zeros(count, np.int64)
        for code, size in codes:
            key = key * size + code
        return key
    columns = np.ascontiguousarray(np.column_stack([code.astype(np.int64) for code, _ in codes]))
    return columns.view(f"V{8 * columns.shape[1]}").ravel()
