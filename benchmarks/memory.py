"""Yardstick 6: memory while evaluating, against the columns that are evaluated."""

from __future__ import annotations

import tracemalloc

import attrs
from attrs import frozen

from benchmarks.measures import YEAR, Work
from singledisease.dates import Period, periods
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import Courses


@frozen
class Memory:
    """Bytes: of the columns, of what is kept on them, and the most there were beside them while evaluating."""

    columns: int
    kept: int
    year: int
    months: int

    def ratio(self, beside: int) -> float:
        """Give all there was, as a multiple of the columns."""
        return (self.columns + beside) / self.columns


def measure(work: Work) -> Memory:
    """Watch the memory of one year and of twelve months."""
    columns = size_of_log(work.log) + _size_of_courses(work.courses)
    cold = work.cold()
    year = _peak(cold, (YEAR,))
    kept = cold.log.kept.nbytes + cold.courses.kept.nbytes
    return Memory(columns, kept, year, _peak(work.cold(), periods("2024/month")))


def _peak(work: Work, span: tuple[Period, ...]) -> int:
    tracemalloc.start()
    work.evaluate(span)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def size_of_log(log: EventLog) -> int:
    """Give the bytes of the columns of a log."""
    columns = [*log.columns.values(), log.kind]
    arrays = [column.codes if hasattr(column, "codes") else column.values for column in columns]
    arrays += [log.date, log.offsets, log.source.file, log.source.line]
    return sum(array.nbytes for array in arrays)


def _size_of_courses(courses: Courses) -> int:
    arrays = [courses.at_row]
    for part in (courses.spells, courses.moves):
        arrays += [getattr(part, column.name) for column in attrs.fields(type(part))]
    return sum(array.nbytes for array in arrays)
