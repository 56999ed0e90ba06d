"""Yardsticks 1 and 2: the core measures of hypertension for a year and by month, against DuckDB and polars."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import duckdb
import polars as pl
from attrs import evolve, frozen

from benchmarks.arrow import Tables, tables_of
from benchmarks.clock import Timed, interleaved, say, where_time_goes
from benchmarks.world import LAST
from singledisease import catalogue
from singledisease.dates import Period, period, periods
from singledisease.definitions.measure import Measure
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import walk
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import Courses
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.evaluate import evaluate

HYPERTENSION = "hypertension"
THREADS = 2
YEAR = period("2024")

Cells = dict[tuple[str, int, str], int]
"""People by measure, institution (its code) and group."""


@frozen(eq=False)
class Work:
    """A registry with the courses of hypertension, and the measures to be counted."""

    log: EventLog
    courses: Courses
    measures: tuple[Measure, ...]
    disease: str = HYPERTENSION

    def cold(self) -> Work:
        """Give the same work with nothing kept on log and courses."""
        return evolve(self, log=evolve(self.log), courses=evolve(self.courses))

    def evaluate(self, span: tuple[Period, ...], threads: int = THREADS) -> Scorecard:
        """Count the three measures by institution."""
        return evaluate(
            self.measures,
            self.log,
            span,
            diseases={self.disease: catalogue.disease(self.disease)},
            by=["institution"],
            courses={self.disease: self.courses},
            threads=threads,
        )


def work_of(log: EventLog, name: str = HYPERTENSION, of_set: str = "cn-bphs-2017") -> Work:
    """Walk the courses that all ways of counting are given."""
    disease = catalogue.disease(name)
    measures = catalogue.measure_set(of_set, [disease])[:3]
    return Work(log, walk(resolve_disease(disease, {}), log, LAST), measures, name)


def measure(work: Work, runs: int) -> dict[str, Timed]:
    """Check that all three give the same counts, then time them and the twelve months, cold and asked again."""
    tables = tables_of(work.log, work.courses)
    names = work.log.people.attributes["institution"].categories
    peers = {"duckdb": in_duckdb(tables), "polars": in_polars(tables)}
    ours = cells_of(work.evaluate((YEAR,)), {name: code for code, name in enumerate(names)})
    for name, run in peers.items():
        check(name, ours, run())
        say(f"  {name} gives the same {len(ours)} counts")
    months = periods("2024/month")
    works: dict[str, Callable[[], Any]] = {
        "year": lambda: work.cold().evaluate((YEAR,)),
        "year again": lambda: work.evaluate((YEAR,)),
        **peers,
        "months": lambda: work.cold().evaluate(months),
        "months again": lambda: work.evaluate(months),
    }
    return interleaved(works, runs)


def profiles(work: Work) -> tuple[str, ...]:
    """Say where the time goes on one thread: of the year cold and asked again, and of the twelve months again."""
    months = periods("2024/month")
    works: dict[str, Callable[[], Any]] = {
        "of the year, cold": lambda: work.cold().evaluate((YEAR,), threads=1),
        "of the year, asked again": lambda: work.evaluate((YEAR,), threads=1),
        "of twelve months, asked again": lambda: work.evaluate(months, threads=1),
    }
    return tuple(
        f"Where the time goes {name}: {'; '.join(where_time_goes(run, time.process_time))}."
        for name, run in works.items()
    )


def check(name: str, ours: Cells, theirs: Cells) -> None:
    """Stop if a peer counts otherwise: a ratio between different figures says nothing."""
    theirs = {cell: people for cell, people in theirs.items() if people}
    if ours != theirs:
        differing = [cell for cell in sorted({*ours, *theirs}) if ours.get(cell) != theirs.get(cell)][:5]
        shown = ", ".join(f"{cell}: {ours.get(cell)} / {theirs.get(cell)}" for cell in differing)
        raise SystemExit(f"{name} does not give the same counts (ours / theirs): {shown}")


def cells_of(score: Scorecard, institutions: dict[str, int]) -> Cells:
    """Give the counts of a scorecard as those of the peers are given."""
    found: Cells = {}
    for counted, block in score.counts.blocks.items():
        for stratum, groups in zip(block.strata, block.array[0], strict=True):
            for group, people in zip(counted.groups, groups, strict=True):
                if people:
                    found[counted.measure.split(".")[1], institutions[stratum[0]], group] = int(people)
    return found


# DUCKDB

_SQL = """
WITH standing AS (
    SELECT person,
           bool_or(state IN ({managed}) AND departed > {first}) AS managed,
           bool_or(state = {misdiagnosed}) AS misdiagnosed,
           bool_or(state = {lost} AND departed > {last}) AS lost
    FROM spells WHERE entered <= {last} AND (departed > {first} OR state = {misdiagnosed}) GROUP BY person
), seen AS (
    SELECT person, kind, date, row, sbp, dbp
    FROM events
    WHERE kind IN ({follow_up}, {checkup}) AND date BETWEEN {first} AND {last}
      AND disease IN ({blank}, {tag}) AND state IN ({managed})
      AND (kind = {checkup} OR mode IN ({clinic}, {home}))
), done AS (
    SELECT person,
           count(DISTINCT date) FILTER (kind = {follow_up}) AS days,
           bool_or(kind = {checkup}) AS checkup,
           max_by({{'date': date, 'sbp': sbp, 'dbp': dbp}}, row)
               FILTER (kind = {follow_up} AND sbp IS NOT NULL AND dbp IS NOT NULL) AS reading
    FROM seen GROUP BY person
), grouped AS (
    SELECT institution,
           CASE WHEN NOT coalesce(managed, false) THEN 'outside'
                WHEN misdiagnosed THEN 'excluded:misdiagnosed' ELSE '' END AS population,
           {standard} AS standard,
           CASE WHEN lost THEN 'not_numerator'
                WHEN reading IS NULL THEN 'unknown'
                WHEN {goal} THEN 'numerator'
                ELSE 'not_numerator' END AS controlled
    FROM people LEFT JOIN standing USING (person) LEFT JOIN done USING (person)
)
SELECT institution, population, standard, controlled, count(*) FROM grouped GROUP BY ALL
"""


_GOAL = "reading.sbp < CASE WHEN reading.date >= old_from THEN 150 ELSE 140 END AND reading.dbp < 90"


_STANDARD = "coalesce(days, 0) >= 4 AND coalesce(checkup, false)"


def in_duckdb(
    tables: Tables, disease: str = HYPERTENSION, goal: str = _GOAL, standard: str = _STANDARD
) -> Callable[[], Cells]:
    """Give the same counts by SQL over the Arrow tables."""
    connection = duckdb.connect(config={"threads": THREADS})
    for name in ("people", "events", "spells"):
        connection.register(name, getattr(tables, name))
    codes = tables.codes
    query = _SQL.format(
        managed=", ".join(str(code) for code in tables.managed),
        misdiagnosed=codes["state misdiagnosed"],
        lost=codes["state lost"],
        follow_up=codes["kind follow_up"],
        checkup=codes["kind checkup"],
        clinic=codes["mode clinic"],
        home=codes["mode home"],
        blank=codes["tag "],
        tag=codes[f"tag {disease}"],
        goal=goal,
        standard=standard,
        first=YEAR.start,
        last=YEAR.end,
    )
    return lambda: _cells(connection.execute(query).fetchall())


def _cells(rows: list[tuple[int, str, bool, str, int]]) -> Cells:
    found: Cells = {}
    for institution, population, standard, controlled, people in rows:
        groups = {
            "managed": population or "numerator",
            "standardized_management": population or ("numerator" if standard else "not_numerator"),
            "control": population or controlled,
        }
        for measure_name, group in groups.items():
            cell = (measure_name, institution, group)
            found[cell] = found.get(cell, 0) + people
    return found


# POLARS


def in_polars(tables: Tables) -> Callable[[], Cells]:
    """Give the same counts by a lazy query over the Arrow tables; how many threads it takes is set before it starts."""
    people, events, spells = (pl.from_arrow(table) for table in (tables.people, tables.events, tables.spells))
    codes, managed = tables.codes, list(tables.managed)
    state, kind = pl.col("state"), pl.col("kind")
    misdiagnosed = state == codes["state misdiagnosed"]
    in_time = pl.col("departed") > YEAR.start
    standing = (
        spells.lazy()
        .filter((pl.col("entered") <= YEAR.end) & (in_time | misdiagnosed))
        .group_by("person")
        .agg(
            managed=(state.is_in(managed) & in_time).any(),
            misdiagnosed=misdiagnosed.any(),
            lost=((state == codes["state lost"]) & (pl.col("departed") > YEAR.end)).any(),
        )
    )
    seen = events.lazy().filter(
        kind.is_in([codes["kind follow_up"], codes["kind checkup"]])
        & pl.col("date").is_between(YEAR.start, YEAR.end)
        & pl.col("disease").is_in([codes["tag "], codes["tag hypertension"]])
        & state.is_in(managed)
        & ((kind == codes["kind checkup"]) | pl.col("mode").is_in([codes["mode clinic"], codes["mode home"]]))
    )
    visits = seen.filter(kind == codes["kind follow_up"])
    days = visits.group_by("person").agg(days=pl.col("date").n_unique())
    checkups = seen.filter(kind == codes["kind checkup"]).select("person").unique().with_columns(checkup=True)
    readings = (
        visits.filter(pl.col("sbp").is_not_null() & pl.col("dbp").is_not_null())
        .group_by("person")
        .agg(pl.col("date", "sbp", "dbp").sort_by("row").last())
    )
    limit = pl.when(pl.col("date") >= pl.col("old_from")).then(150.0).otherwise(140.0)
    controlled = (
        pl.when(pl.col("lost"))
        .then(pl.lit("not_numerator"))
        .when(pl.col("date").is_null())
        .then(pl.lit("unknown"))
        .when((pl.col("sbp") < limit) & (pl.col("dbp") < 90))
        .then(pl.lit("numerator"))
        .otherwise(pl.lit("not_numerator"))
    )
    population = (
        pl.when(~pl.col("managed").fill_null(False))
        .then(pl.lit("outside"))
        .when(pl.col("misdiagnosed"))
        .then(pl.lit("excluded:misdiagnosed"))
        .otherwise(pl.lit(""))
    )
    query = (
        people.lazy()
        .join(standing, on="person", how="left")
        .join(days, on="person", how="left")
        .join(checkups, on="person", how="left")
        .join(readings, on="person", how="left")
        .select(
            "institution",
            population=population,
            standard=(pl.col("days").fill_null(0) >= 4) & pl.col("checkup").fill_null(False),
            controlled=controlled,
        )
        .group_by("institution", "population", "standard", "controlled")
        .agg(people=pl.len())
    )
    return lambda: _cells(query.collect().rows())
