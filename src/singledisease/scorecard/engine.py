"""The two engines behind one face: walk a pathway, value expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from attrs import frozen

from singledisease.dates import AT_ONCE, Maturity, Period
from singledisease.definitions.disease import Disease
from singledisease.domains import RowDomain
from singledisease.engines.columnar.values import row_values_on_demand, values_on_demand
from singledisease.engines.columnar.walking.walk_everyone import walk as columnar_walk
from singledisease.engines.reference.evaluate_log import row_values as reference_row_values
from singledisease.engines.reference.evaluate_log import values as reference_values
from singledisease.engines.reference.walk_log import walk as reference_walk
from singledisease.errors import UsageError, did_you_mean
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Selection, Value
from singledisease.pathway_courses import Courses
from singledisease.person_values import Values

EngineName = Literal["columnar", "reference"]
ENGINES: tuple[EngineName, ...] = ("columnar", "reference")


class CourseWalk(Protocol):
    """Walks everybody through the pathway of a resolved disease, to the end of ``until``."""

    def __call__(self, disease: Disease, log: EventLog, until: int, *, obligations: bool = False) -> Courses:
        """Walk."""
        ...


class ValueAll(Protocol):
    """Values expressions for every period and person, at once or each when it is taken."""

    def __call__(
        self,
        expressions: Sequence[Value],
        log: EventLog,
        periods: Sequence[Period],
        courses: Mapping[str, Courses],
        *,
        matures: Maturity = AT_ONCE,
    ) -> Sequence[Values]:
        """Value."""
        ...


class ValueRows(Protocol):
    """Values expressions for every row of a selection, in every period: at once, or each when it is taken."""

    def __call__(
        self,
        of: Selection,
        expressions: Sequence[Value],
        log: EventLog,
        periods: Sequence[Period],
        courses: Mapping[str, Courses],
        *,
        matures: Maturity = AT_ONCE,
    ) -> tuple[RowDomain, Sequence[Values]]:
        """Value."""
        ...


@frozen
class Engine:
    """What an engine does."""

    walk: CourseWalk
    values: ValueAll
    row_values: ValueRows


def engine_named(name: str) -> Engine:
    """Give an engine by name; raises ``UsageError`` if there is none."""
    if name not in ENGINES:
        raise UsageError(f"engine {name!r} is not known; {did_you_mean(name, ENGINES)}")
    if name == "columnar":
        return Engine(columnar_walk, values_on_demand, row_values_on_demand)
    return Engine(reference_walk, reference_values, reference_row_values)
