"""Measures that are no counts of a group: the ratio of two sums, and the distribution of a value."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, Literal

from attrs import Converter, field, frozen
from attrs.converters import optional
from attrs.validators import gt

from singledisease.dates import Maturity, maturity_of
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import (
    COUNTED,
    OUTSIDE,
    UNKNOWN,
    Measure,
    Rule,
    only_disease,
    selection_faults,
    value_faults,
)
from singledisease.errors import DefinitionError, Fault
from singledisease.language import nodes
from singledisease.language.format import write
from singledisease.language.node_memory import Memoized
from singledisease.language.nodes import Value
from singledisease.language.row_wrappers import selection_node
from singledisease.language.wrappers import node_of


def _names(given: Names | None, made: Any) -> Names:
    return given or Names(made.id, made.id)


@frozen(kw_only=True)
class _Aggregate(Memoized, ABC):
    """What a ratio and a distribution have in common; see there."""

    id: str
    version: str = "1"
    names: Names = field(default=None, converter=Converter(_names, takes_self=True))  # type: ignore[misc]
    of: nodes.Selection | None = field(default=None, converter=optional(selection_node))
    population: Value | None = field(default=None, converter=optional(node_of))
    matures: Maturity = field(default=Maturity(), converter=maturity_of)
    disease: str = ""
    citation: str = ""
    status: str = "proposal"

    @property
    @abstractmethod
    def amounts(self) -> tuple[Value, ...]:
        """The numbers that are asked of each person or row."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Who is outside, of whom a number is missing, and who counts."""
        return tuple(_rules(self.population, self.amounts))

    def __attrs_post_init__(self) -> None:
        named = [part for part in (self.of, self.population, *self.amounts) if part is not None]
        object.__setattr__(self, "disease", self.disease or only_disease(*named))
        faults = tuple(dict.fromkeys(_faults(self)))
        if faults:
            raise DefinitionError(f"measure {self.id} is not sound", faults)

    def __hash__(self) -> int:
        return hash((self.id, self.version))


def _rules(population: Value | None, amounts: tuple[Value, ...]) -> Iterator[Rule]:
    if population is not None:
        names = Names("不在人群内", "not in the population")
        yield Rule(name="population", names=names, when=nodes.Apply("not", (population,)), group=OUTSIDE)
    there = [nodes.Apply("known", (amount,)) for amount in amounts]
    missing = nodes.Apply("not", (nodes.Apply("and", tuple(there)) if len(there) > 1 else there[0],))
    yield Rule(name="unknown", names=Names("数值缺失", "no value"), when=missing, group=UNKNOWN)
    yield Rule(name="counted", names=Names("计入", "counted"), when=True, group=COUNTED)


def _faults(made: _Aggregate) -> Iterator[Fault]:
    if made.of is not None:
        yield from selection_faults(made.id, made.of)
    if made.population is not None:
        yield from value_faults(f"{made.id}, population", made.population, "bool", made.of)
    for amount in made.amounts:
        yield from value_faults(made.id, amount, "number", made.of)


@frozen(kw_only=True)
class Ratio(_Aggregate):
    """The ratio of two sums over people, or over the rows of a selection, times ``per``.

    Whoever has no numerator or no denominator adds to neither sum, and is counted as unknown.  Sums are exact and
    merged before they are divided; the ratio of a denominator of 0 is null.

    Parameters
    ----------
    numerator, denominator
        Numbers of a person (of a row, with ``of``).
    per
        By what the ratio is multiplied: 100, 1000.
    population
        Who is looked at; everyone, if not said.
    of, matures
        As of a ``Measure``.

    Raises
    ------
    DefinitionError
        With all faults.

    >>> from singledisease.language.build import PERIOD, column, events
    >>> visits = events("encounter").within(PERIOD)
    >>> primary = visits.where(column("level").is_in("village", "township", "community"))
    >>> share = Ratio(id="primary", numerator=primary.count(), denominator=visits.count(), per=100)
    >>> [rule.group for rule in share.rules]
    ['unknown', 'counted']
    """

    numerator: Value = field(converter=node_of)
    denominator: Value = field(converter=node_of)
    per: float = field(default=1, validator=gt(0))

    @property
    def form(self) -> Literal["ratio"]:
        """What kind of figure it is."""
        return "ratio"

    @property
    def amounts(self) -> tuple[Value, ...]:
        """The numerator and the denominator."""
        return self.numerator, self.denominator

    def __repr__(self) -> str:
        return f"<Ratio {self.id} {self.version}: {write(self.numerator)} / {write(self.denominator)}>"

    __hash__ = _Aggregate.__hash__


@frozen(kw_only=True)
class Distribution(_Aggregate):
    """The distribution of a number over people, or over the rows of a selection: mean, median, quantiles.

    Counts by value are kept, so that parts are merged exactly and nothing is averaged twice.

    Parameters
    ----------
    value
        A number of a person (of a row, with ``of``); whoever has none is counted as unknown.
    unit
        In which the value is shown.
    population
        Who is looked at; everyone, if not said.
    of, matures
        As of a ``Measure``.

    Raises
    ------
    DefinitionError
        With all faults.

    >>> from singledisease.language.build import PERIOD, events
    >>> Distribution(id="visits", value=events("follow_up").within(PERIOD).count())
    <Distribution visits 1: events("follow_up").within(PERIOD).count()>
    """

    value: Value = field(converter=node_of)
    unit: str = ""

    @property
    def form(self) -> Literal["distribution"]:
        """What kind of figure it is."""
        return "distribution"

    @property
    def amounts(self) -> tuple[Value, ...]:
        """The value."""
        return (self.value,)

    def __repr__(self) -> str:
        return f"<Distribution {self.id} {self.version}: {write(self.value)}>"

    __hash__ = _Aggregate.__hash__


Countable = Measure | Ratio | Distribution
"""What is counted in one pass: it has rules that put people or rows into groups, and perhaps amounts to add up."""
