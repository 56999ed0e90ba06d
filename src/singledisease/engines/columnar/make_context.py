"""Questions that know what every kind of node means."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from singledisease.dates import Period
from singledisease.definitions.disease import Disease
from singledisease.engines.columnar.common_subexpressions import CommonSubexpressions
from singledisease.engines.columnar.conditions import CERTAIN, MASKS
from singledisease.engines.columnar.context import EvaluationContext, OperationTable
from singledisease.engines.columnar.operators import OPERANDS
from singledisease.engines.columnar.select_rows import picked_cells
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import Courses

_MEANING = OperationTable(OPERANDS, MASKS, CERTAIN, picked_cells)


def make_context(
    log: EventLog,
    diseases: Mapping[str, Disease],
    courses: Mapping[str, Courses],
    periods: tuple[Period, ...],
    numbering: CommonSubexpressions,
) -> EvaluationContext:
    """Make a question about some periods (none: only what holds of single rows may be asked)."""
    latest = [period.end if log.known_until is None else min(period.end, log.known_until) for period in periods]
    start = np.array([period.start for period in periods], np.int32).reshape(-1, 1)
    asked = np.array(latest, np.int32).reshape(-1, 1)
    return EvaluationContext(
        log=log,
        diseases=diseases,
        courses=courses,
        start=start,
        asked=asked,
        numbering=numbering,
        meaning=_MEANING,
    )
