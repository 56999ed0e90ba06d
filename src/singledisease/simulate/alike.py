"""Happenings that no condition of a disease can tell apart, so that each different one is asked about once.

A reading of 152 and one of 156 are alike if conditions only compare them with 140 and 180.  What a condition does
more with than compare it with numbers (``sbp - dbp > 60``) is told apart by its value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from singledisease.dates import age_array
from singledisease.definitions import nodes as n
from singledisease.definitions.disease import Disease
from singledisease.definitions.traverse import parts
from singledisease.errors import UsageError
from singledisease.simulate.county import People

Indices = NDArray[np.int64]
Days = NDArray[np.int32]
Codes = list[tuple[NDArray[Any], int]]
"""Whole numbers from 0, each with how many there can be."""

AGE, SEX, PLACE, DAY, BIRTH = "age", "sex", "institution", "date", "birth_date"
FINEST = 10_000
"""Readings have four decimals at most."""

_DATE = n.Column("date", "date")
_WRITTEN_LATER = ("record", "recorded", "withdrawn", "patient_id", "death_date", "death_recorded")


@frozen(eq=False)
class Batch:
    """Happenings, one for each of some people: whose, when, what by number, and what was read (NaN: nothing)."""

    people: People
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


def conditions(disease: Disease) -> Iterator[n.Value]:
    """Give every condition that is asked of a single event: signals, what meets a timing, goals."""
    for signal in disease.pathway.signals:
        if signal.when is not None:
            yield signal.when
    for timing in disease.timings:
        if timing.leads_to is not None and timing.met_by is not None:
            yield timing.met_by
    for target in disease.targets:
        yield target.goal


@define(eq=False)
class Differences:
    """By what conditions tell happenings apart.

    Attributes
    ----------
    cuts
        The numbers with which ages and quantities are compared.
    exact
        What is told apart by its value.
    """

    cuts: dict[str, set[float]] = field(factory=dict)
    exact: set[str] = field(factory=set)

    def look(self, node: Any) -> None:
        """Take in a condition, or a part of one.

        Raises
        ------
        UsageError
            If it names something that is only known when the registry is written.
        """
        match node:
            case n.Compare(left=left, right=right):
                self._compare(left, right)
            case n.Known(arg=n.Column(name=name, kind="number")):
                self.cuts.setdefault(name, set())
            case n.Column(name=name) | n.Attribute(name=name) if name in _WRITTEN_LATER:
                raise UsageError(
                    f"a condition names {name}, which is made when the registry is written: it cannot be simulated"
                )
            case n.Column(name=name, kind="number"):
                self.exact.add(name)
            case n.Column(name="date"):
                self.exact.add(DAY)
            case n.Column(name="institution"):
                self.exact.add(PLACE)
            case n.Attribute(name="sex" | "birth_date" as name):
                self.exact.add(name)
            case n.Attribute():
                self.exact.add(PLACE)
            case n.Age(on=on):
                self.exact |= {AGE} if on == _DATE else {DAY, BIRTH}
            case _:
                for part in parts(node):
                    self.look(part)

    def _compare(self, left: n.Value, right: n.Value) -> None:
        for side, other in ((left, right), (right, left)):
            numbers = [leaf.value for leaf in _leaves(other) if isinstance(leaf, n.Literal)]
            if len(numbers) < sum(1 for _ in _leaves(other)):
                continue
            for leaf in _leaves(side):
                if (name := _cut(leaf)) is not None:
                    self.cuts.setdefault(name, set()).update(map(float, numbers))
                else:
                    self.look(leaf)
            for condition in (*_asked(side), *_asked(other)):
                self.look(condition)
            return
        for side in (left, right):
            self.look(side)


def _cut(leaf: n.Value) -> str | None:
    match leaf:
        case n.Column(name=name, kind="number"):
            return name
        case n.Age(on=on) if on == _DATE:
            return AGE
    return None


def _leaves(node: n.Value) -> Iterator[n.Value]:
    """Give what a value can be equal to: the results of a case, the parts of a coalesce, else itself."""
    match node:
        case n.Case(whens=whens, otherwise=otherwise):
            for _, result in whens:
                yield from _leaves(result)
            if otherwise is not None:
                yield from _leaves(otherwise)
        case n.Coalesce(args=args):
            for arg in args:
                yield from _leaves(arg)
        case _:
            yield node


def _asked(node: n.Value) -> Iterator[n.Value]:
    """Give the conditions of the cases that ``_leaves`` goes through."""
    match node:
        case n.Case(whens=whens, otherwise=otherwise):
            for condition, result in whens:
                yield condition
                yield from _asked(result)
            if otherwise is not None:
                yield from _asked(otherwise)
        case n.Coalesce(args=args):
            for arg in args:
                yield from _asked(arg)


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
    found = Differences()
    for condition in conditions(disease):
        found.look(condition)
    cuts = {name: np.array(sorted(numbers)) for name, numbers in found.cuts.items() if name not in found.exact}
    return Alike(cuts, frozenset(found.exact), kinds, bounds)


# ASKING


@frozen(eq=False)
class Asked:
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
