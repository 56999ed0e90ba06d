"""How parts of a definition come out for everybody of a log: people, or the rows that belong to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import Maturity, Period
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.disease import Disease
from singledisease.domains import RowDomain
from singledisease.engines.columnar import row_values, values, walk
from singledisease.eventlog.log import EventLog
from singledisease.language import nodes as n
from singledisease.language.traversal import inside
from singledisease.pathway_courses import Courses
from singledisease.person_values import Values


@frozen
class Definition:
    """A measure, ratio or distribution without choices, and the diseases it looks at, resolved, by id."""

    measure: Countable
    diseases: Mapping[str, Disease]


@frozen(eq=False)
class ValuationContext:
    """Of whom and when conditions are asked."""

    log: EventLog
    period: Period
    ways: Mapping[str, Courses]
    of: n.Selection | None
    matures: Maturity


def last_day_seen(measure: Countable, log: EventLog, period: Period) -> int:
    """Give the last day that is seen."""
    until = max(period.end, measure.matures.day_after(period.end))
    return until if log.known_until is None else min(until, log.known_until)


def courses_of(
    alike: Sequence[Definition], log: EventLog, until: int, walked: dict[tuple[Disease, int, bool], Courses]
) -> dict[str, Courses]:
    """Walk the diseases that definitions look at, each once; ``walked`` has what was walked before."""
    timed = {node.disease for one in alike for node in inside(one.measure, n.Breaches, n.Services)}
    ways = {}
    for name, disease in alike[0].diseases.items():
        key = disease, until, name in timed
        if key not in walked:
            walked[key] = walk(disease, log, until, obligations=name in timed)
        ways[name] = walked[key]
    return ways


def valued(expressions: list[Any], asked: ValuationContext) -> tuple[list[Flat], RowDomain | None]:
    """Value expressions of people, or of rows."""
    domain = None
    if asked.of is None:
        shape: tuple[int, ...] = (1, len(asked.log.people))
        found: list[Values] = values(expressions, asked.log, [asked.period], asked.ways, matures=asked.matures)
    else:
        domain, found = row_values(asked.of, expressions, asked.log, [asked.period], asked.ways, matures=asked.matures)
        shape = (len(domain),)
    return [Flat.of(each, shape) for each in found], domain


@frozen(eq=False)
class Flat:
    """Values of an expression, one for each person or row."""

    value: NDArray[Any]
    known: NDArray[np.bool_]

    @classmethod
    def of(cls, found: Values, shape: tuple[int, ...]) -> Flat:
        """Give values of one period as one line of them."""
        value, known = (np.broadcast_to(each, shape).reshape(-1) for each in (found.value, found.known))
        return cls(value, known)

    @property
    def true(self) -> NDArray[np.bool_]:
        """Where a condition is known to hold."""
        return np.asarray(self.known & self.value.astype(bool, copy=False))

    def differ(self, other: Flat) -> NDArray[np.bool_]:
        """Say where two expressions come out otherwise."""
        return np.asarray((self.known != other.known) | (self.known & other.known & (self.value != other.value)))


@frozen(eq=False)
class PartsValued:
    """How parts of a definition come out for everybody.

    Attributes
    ----------
    people
        How many there are.
    """

    people: int
    _found: Mapping[Any, Flat]
    _owner: NDArray[Any] | None

    def differ(self, one: Any, other: Any) -> NDArray[np.bool_]:
        """Say for which people two parts come out otherwise; of a measure of rows, for any of their rows."""
        return self._by_person(self._found[one].differ(self._found[other]))

    def met(self, condition: Any) -> list[NDArray[np.bool_]]:
        """Say for which people a condition holds, fails, and is unknown; of rows, for any of theirs."""
        found = self._found[condition]
        return [self._by_person(each) for each in (found.true, found.known & ~found.true, ~found.known)]

    def _by_person(self, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        if self._owner is None:
            return rows
        return np.asarray(np.bincount(self._owner[rows], minlength=self.people) > 0)


def parts_valued(definition: Definition, parts: Iterable[Any], log: EventLog, period: Period) -> PartsValued:
    """Value parts of a definition, or of others of the same diseases and rows, for everybody.

    Parameters
    ----------
    parts
        Values of a person; of a measure of rows, of a row.
    definition, log, period
        As for ``decided``.
    """
    listed = list(dict.fromkeys(parts))
    measure = definition.measure
    ways = courses_of([definition], log, last_day_seen(measure, log, period), {})
    found, domain = valued(listed, ValuationContext(log, period, ways, measure.of, measure.matures))
    by_part = dict(zip(listed, found, strict=True))
    return PartsValued(len(log.people), by_part, None if domain is None else domain.owner)
