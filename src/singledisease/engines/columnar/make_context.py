"""Evaluation contexts that know what every kind of node means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from singledisease.dates import Maturity, Period
from singledisease.definitions.disease import Disease
from singledisease.engines.columnar.common_subexpressions import CommonSubexpressions
from singledisease.engines.columnar.context import EvaluationContext, OperationTable
from singledisease.engines.columnar.domain import Everyone
from singledisease.engines.columnar.node_functions import NODES
from singledisease.engines.columnar.operators import OPERATORS
from singledisease.engines.columnar.select_rows import picked
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import Courses

_TABLE = OperationTable({**OPERATORS, **NODES}, picked)


def make_context(
    log: EventLog,
    diseases: Mapping[str, Disease],
    courses: Mapping[str, Courses],
    periods: Sequence[Period],
    common: CommonSubexpressions,
    *,
    matures: Maturity | None = None,
) -> EvaluationContext:
    """Make a context for some periods (none: only what holds of rows and moments may be asked)."""
    later = matures or Maturity()

    def days(last: Sequence[int]) -> np.ndarray:
        known = [day if log.known_until is None else min(day, log.known_until) for day in last]
        return np.array(known, np.int32).reshape(-1, 1)

    everyone = Everyone(
        owners="people",
        size=len(log.people),
        start=np.array([period.start for period in periods], np.int32).reshape(-1, 1),
        asked=days([period.end for period in periods]),
        seen=days([later.day_after(period.end) for period in periods]),
    )
    return EvaluationContext(
        log=log, diseases=diseases, courses=courses, everyone=everyone, common=common, table=_TABLE
    )
