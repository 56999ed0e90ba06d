"""Yardstick: a set of another programme over a sparse registry, by month, against DuckDB and polars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
from attrs import evolve, frozen

from benchmarks.clock import Timed, interleaved, say
from benchmarks.measures import HYPERTENSION, THREADS
from singledisease import catalogue
from singledisease.dates import add_months, periods
from singledisease.definitions.measure import Measure
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import walk
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import Courses
from singledisease.scorecard.evaluate import evaluate

MONTHS = periods("2024/month")
_ASKED = ("hearts360.registrations", "hearts360.care_state")

Cells = dict[tuple[int, int, str], int]
"""People by month, institution (its code) and group, those outside left out."""


@frozen(eq=False)
class Registry:
    """A log with the courses of hypertension, and the measures of the set."""

    log: EventLog
    courses: Courses
    measures: tuple[Measure, ...]

    def cells(self, months: int = 12) -> Cells:
        """Count by institution, in the last so many months of the year."""
        score = evaluate(
            self.measures,
            self.log,
            MONTHS[-months:],
            diseases={HYPERTENSION: catalogue.disease(HYPERTENSION)},
            by=["institution"],
            courses={HYPERTENSION: self.courses},
            threads=THREADS,
        )
        number = {name: code for code, name in enumerate(self.log.people.attributes["institution"].categories)}
        found: Cells = {}
        for counted, block in score.counts.blocks.items():
            for month, stratum, group in np.argwhere(block.array).tolist():
                name = "registrations" if counted.measure == _ASKED[0] else counted.groups[group]
                if counted.groups[group] != "outside":
                    found[month, number[block.strata[stratum][0]], name] = int(block.array[month, stratum, group])
        return found


def registry_of(log: EventLog) -> Registry:
    """Walk the courses that the measures are given, which ask of the disease only what concerns it."""
    disease = catalogue.disease(HYPERTENSION)
    measures = tuple(one for one in catalogue.measure_set("hearts360", [disease]) if one.id in _ASKED)
    return Registry(log, walk(resolve_disease(disease, {}), log, MONTHS[-1].end), measures)


def measure(log: EventLog, runs: int) -> dict[str, Timed]:
    """Check that all three give the same counts, then time them, and the last month alone."""
    registry, tables = registry_of(log), _tables(log)
    peers = {"duckdb": _in_duckdb(*tables), "polars": _in_polars(*tables)}
    ours = registry.cells()
    for name, run in peers.items():
        if run() != ours:
            raise SystemExit(f"{name} does not give the same counts")
        say(f"  {name} gives the same {len(ours)} counts")
    works: dict[str, Callable[[], Any]] = {
        "months": lambda: evolve(registry, log=evolve(log), courses=evolve(registry.courses)).cells(),
        "months again": registry.cells,
        "month again": lambda: registry.cells(1),
        **peers,
    }
    return interleaved(works, runs)


def _tables(log: EventLog) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Give people, events and months, in codes."""
    people = pa.table(
        {
            "person": pa.array(np.arange(len(log.people), dtype=np.int32)),
            "institution": pa.array(log.people.attributes["institution"].codes),
            "dead": pa.array(log.people.death != np.iinfo(np.int32).min),
        }
    )
    events = pa.table(
        {
            "row": pa.array(np.arange(len(log), dtype=np.int32)),
            "person": pa.array(log.person.astype(np.int32)),
            "date": pa.array(log.date),
            "enrolment": pa.array(log.kind.codes == log.kind.categories.index("enrolment")),
            "sbp": pa.array(log.columns["sbp"].values, from_pandas=True),
            "dbp": pa.array(log.columns["dbp"].values, from_pandas=True),
        }
    )
    months = pa.table(
        {
            "month": pa.array(range(12), pa.int32()),
            **{
                name: pa.array([add_months(month.start, -back) for month in MONTHS], pa.int32())
                for name, back in (("start", 0), ("from3", 2), ("from12", 11))
            },
            "finish": pa.array([month.end for month in MONTHS], pa.int32()),
        }
    )
    return people, events, months


_SQL = """
WITH registered AS (
    SELECT person, min(date) AS since FROM events WHERE enrolment GROUP BY person
), readings AS (
    SELECT person, month, max_by({'date': date, 'sbp': sbp, 'dbp': dbp}, row) AS last
    FROM events JOIN months ON date BETWEEN from12 AND finish
    WHERE sbp IS NOT NULL AND dbp IS NOT NULL GROUP BY person, month
), stated AS (
    SELECT month, institution, since >= start AS is_new,
           CASE WHEN last IS NULL THEN 'lost to follow-up'
                WHEN since >= from3 THEN 'newly registered'
                WHEN last.date < from3 THEN 'no visit'
                WHEN last.sbp < 140 AND last.dbp < 90 THEN 'controlled' ELSE 'uncontrolled' END AS state
    FROM registered JOIN people USING (person) JOIN months ON since <= finish
    LEFT JOIN readings USING (person, month) WHERE NOT dead
)
SELECT month, institution, state, is_new, count(*) FROM stated GROUP BY ALL
"""


def _in_duckdb(people: pa.Table, events: pa.Table, months: pa.Table) -> Callable[[], Cells]:
    """Give the same counts by SQL over the Arrow tables."""
    connection = duckdb.connect(config={"threads": THREADS})
    for name, table in (("people", people), ("events", events), ("months", months)):
        connection.register(name, table)
    return lambda: _cells(connection.execute(_SQL).fetchall())


def _in_polars(people: pa.Table, events: pa.Table, months: pa.Table) -> Callable[[], Cells]:
    """Give the same counts by a lazy query over the Arrow tables."""
    every, rows, spans = (pl.from_arrow(table).lazy() for table in (people, events, months))
    date = pl.col("date")
    registered = rows.filter(pl.col("enrolment")).group_by("person").agg(since=date.min())
    readings = (
        rows.filter(pl.col("sbp").is_not_null() & pl.col("dbp").is_not_null())
        .join(spans, how="cross")
        .filter(date.is_between(pl.col("from12"), pl.col("finish")))
        .group_by("person", "month")
        .agg(pl.col("date", "sbp", "dbp").sort_by("row").last())
    )
    state = (
        pl.when(date.is_null())
        .then(pl.lit("lost to follow-up"))
        .when(pl.col("since") >= pl.col("from3"))
        .then(pl.lit("newly registered"))
        .when(date < pl.col("from3"))
        .then(pl.lit("no visit"))
        .when((pl.col("sbp") < 140) & (pl.col("dbp") < 90))
        .then(pl.lit("controlled"))
        .otherwise(pl.lit("uncontrolled"))
    )
    query = (
        registered.join(every.filter(~pl.col("dead")), on="person")
        .join(spans, how="cross")
        .filter(pl.col("since") <= pl.col("finish"))
        .join(readings, on=["person", "month"], how="left")
        .group_by("month", "institution", state=state, is_new=pl.col("since") >= pl.col("start"))
        .agg(people=pl.len())
    )
    return lambda: _cells(query.collect().rows())


def _cells(rows: list[tuple[int, int, str, bool, int]]) -> Cells:
    found: Cells = {}
    for month, institution, state, is_new, people in rows:
        for name in (state, "registrations") if is_new else (state,):
            found[month, institution, name] = found.get((month, institution, name), 0) + people
    return found
