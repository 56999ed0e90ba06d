"""Yardstick: all measures of a set that is counted by month, for one month and for twelve."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.clock import Timed, interleaved
from benchmarks.measures import HYPERTENSION, THREADS, YEAR
from singledisease import catalogue
from singledisease.dates import Period, period, periods
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import walk
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import Courses
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.evaluate import evaluate

SETS = ("hearts360", "simple")

PART = 2**17
"""People of whom whole sets are counted: as many as are counted together."""


def measure(log: EventLog, runs: int) -> dict[str, dict[str, Timed]]:
    """Time every measure of each set by institution, for a month and for twelve, asked again; courses are given."""
    few = log.slice(0, min(len(log.people), PART))
    # Some figures mature after the year's end.
    courses = walk(resolve_disease(catalogue.disease(HYPERTENSION), {}), few, YEAR.end + 31)
    return {name: interleaved(_works(name, few, courses), runs) for name in SETS}


def _works(name: str, log: EventLog, courses: Courses) -> dict[str, Callable[[], Scorecard]]:
    disease = catalogue.disease(HYPERTENSION)
    measures = catalogue.measure_set(name, [disease])

    def counted(span: tuple[Period, ...]) -> Scorecard:
        return evaluate(
            measures,
            log,
            span,
            diseases={HYPERTENSION: disease},
            by=["institution"],
            courses={HYPERTENSION: courses},
            threads=THREADS,
        )

    return {"month": lambda: counted((period("2024-12"),)), "months": lambda: counted(periods("2024/month"))}
