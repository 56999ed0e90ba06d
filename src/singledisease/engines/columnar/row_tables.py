"""The timings of a disease that were missed, as rows to select from."""

from __future__ import annotations

import numpy as np

from singledisease.engines.columnar.domain import Table
from singledisease.errors import UsageError
from singledisease.eventlog.columns import AnyColumn, Coded, Dates
from singledisease.pathway_courses import OUTCOMES, Courses


def breaches_table(courses: Courses) -> Table:
    """Give the missed timings that count as breaches, by person and in the order in which they fell.

    Raises
    ------
    UsageError
        If the courses were made without obligations.
    """
    made = courses.obligations
    timings = courses.disease.timings
    if made is None:
        raise UsageError(f"an expression asks for breaches of {courses.disease.id!r}; walk it with obligations=True")
    counts = np.array([timing.breach for timing in timings], np.bool_)
    missed = np.flatnonzero((made.outcome == OUTCOMES.index("breached")) & counts[made.timing])
    moves = np.array([timing.leads_to is not None for timing in timings], np.bool_)
    date, timing = made.ended[missed], made.timing[missed]
    order = np.lexsort((timing, moves[timing], date, made.person[missed]))
    chosen = missed[order]
    names = ("", *[timing.id for timing in timings])
    columns: dict[str, AnyColumn] = {"timing": Coded(made.timing[chosen] + 1, names), "due": Dates(made.due[chosen])}
    return Table(made.ended[chosen], made.person[chosen].astype(np.int32), columns)
