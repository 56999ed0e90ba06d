"""By what the conditions of a disease tell happenings apart: the numbers they compare with, and what they look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import define, field

from singledisease.definitions.disease import Disease
from singledisease.errors import UsageError
from singledisease.language import nodes as n
from singledisease.language.operations import COMPARISONS
from singledisease.language.traversal import inside, parts

AGE, SEX, PLACE, DAY, BIRTH = "age", "sex", "institution", "date", "birth_date"
_DATE = n.Column("date", "date")
_WRITTEN_LATER = ("record", "recorded", "withdrawn", "patient_id", "death_date", "death_recorded")


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


_OF_THE_PAST = (n.Events, n.TierOn, n.StatusOn)


def past(condition: n.Value) -> bool:
    """Say whether a condition asks about more than the one event."""
    return any(True for _ in inside(condition, *_OF_THE_PAST))


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
            case n.Apply(sign, (left, right)) if sign in COMPARISONS:
                self._compare(left, right)
            case n.Apply("known", (n.Column(name=name, kind="number"),)):
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
        case n.Apply("coalesce", args):
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
        case n.Apply("coalesce", args):
            for arg in args:
                yield from _asked(arg)


def differences(disease: Disease) -> Differences:
    """Find out by what the conditions of a resolved disease tell happenings apart.

    Raises
    ------
    UsageError
        If one names something that is only known when the registry is written.
    """
    found = Differences()
    for condition in conditions(disease):
        found.look(condition)
    return found
