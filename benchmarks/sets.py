"""Yardstick: three measures of each set that asks events alone, against DuckDB over the same codes."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import numpy as np
import pyarrow as pa
from attrs import evolve, frozen
from numpy.typing import NDArray

from benchmarks.arrow import birthdays
from benchmarks.clock import Timed, interleaved, say
from benchmarks.measures import HYPERTENSION, THREADS, YEAR
from singledisease import catalogue
from singledisease.dates import MISSING, Period, add_months, period
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import walk
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import Courses
from singledisease.scorecard.evaluate import evaluate

MONTH = period("2024-12")

Cells = dict[tuple[str, int, str], int]
"""People by measure, institution (its code) and group."""


@frozen
class Asked:
    """Three measures of a set, and the query that gives the group of each person in each of them."""

    set: str
    measures: tuple[str, str, str]
    span: Period
    sql: str


_READING = "sbp IS NOT NULL AND dbp IS NOT NULL"
_GOAL = "reading.sbp < 140 AND reading.dbp < 90"

HEARTS360 = Asked(
    "hearts360",
    ("hearts360.registrations", "hearts360.cumulative", "hearts360.lost_to_follow_up"),
    MONTH,
    f"""
WITH facts AS (
    SELECT person,
           min(date) FILTER (kind = {{enrolment}} AND concerns) AS since,
           bool_or(kind = {{exit}} AND reason = {{died}}) AS dead,
           bool_or(date >= {{year}} AND kind <> {{measurement}} AND {_READING}) AS seen
    FROM events WHERE date <= {{finish}} GROUP BY person
), grouped AS (
    SELECT institution, since IS NULL OR coalesce(dead, false) OR death IS NOT NULL AS outside, since, seen
    FROM people LEFT JOIN facts USING (person)
)
SELECT institution, CASE WHEN outside OR since < {{start}} THEN 'outside' ELSE 'numerator' END AS one,
       CASE WHEN outside THEN 'outside' ELSE 'numerator' END AS two,
       CASE WHEN outside THEN 'outside' WHEN seen THEN 'not_numerator' ELSE 'numerator' END AS three,
       count(*)
FROM grouped GROUP BY ALL
""",
)

_VISIT = f"""(kind IN ({{encounter}}, {{follow_up}}, {{checkup}}, {{medication}}, {{appointment}}) AND concerns
              OR kind <> {{measurement}} AND {_READING})"""

SIMPLE = Asked(
    "simple",
    ("simple.registrations", "simple.control", "simple.missed_visits"),
    MONTH,
    f"""
WITH facts AS (
    SELECT person,
           min(date) FILTER (kind = {{enrolment}} AND concerns) AS enrolled,
           min(date) FILTER (kind = {{diagnosis}} AND code = {{i10}}) AS diagnosed,
           bool_or(kind = {{exit}} AND reason = {{died}}) AS dead,
           bool_or(date >= {{year}} AND {_VISIT}) AS seen,
           bool_or(date >= {{quarter}} AND {_VISIT}) AS lately,
           max_by({{{{'sbp': sbp, 'dbp': dbp}}}}, row)
               FILTER (date >= {{quarter}} AND kind <> {{measurement}} AND {_READING}) AS reading
    FROM events WHERE date <= {{finish}} GROUP BY person
), grouped AS (
    SELECT institution, enrolled IS NULL AS unknown, coalesce(diagnosed, enrolled) AS since,
           coalesce(dead, false) OR coalesce(death <= {{finish}}, false) AS dead,
           coalesce(seen, false) AS seen, coalesce(lately, false) AS lately, reading
    FROM people LEFT JOIN facts USING (person)
), placed AS (
    SELECT *, CASE WHEN unknown OR dead OR since >= {{quarter}} THEN 'outside'
                   WHEN since < {{year}} AND NOT seen THEN 'excluded:lost' ELSE '' END AS population FROM grouped
)
SELECT institution, CASE WHEN unknown OR since < {{start}} THEN 'outside' ELSE 'numerator' END AS one,
       CASE WHEN population <> '' THEN population WHEN reading IS NULL THEN 'unknown'
            WHEN {_GOAL} THEN 'numerator' ELSE 'not_numerator' END AS two,
       CASE WHEN population <> '' THEN population WHEN lately THEN 'not_numerator' ELSE 'numerator' END AS three,
       count(*)
FROM placed GROUP BY ALL
""",
)

_GIVEN = "kind = {diagnosis} AND code = {i10} OR kind = {enrolment} AND concerns"

QOF = Asked(
    "qof",
    ("qof.hyp_register", "qof.hyp_control", "qof.hyp_control_80"),
    YEAR,
    f"""
WITH facts AS (
    SELECT person,
           min(date) FILTER ({_GIVEN}) AS first_given,
           max(date) FILTER ({_GIVEN}) AS given,
           max(date) FILTER (kind = {{exit}} AND concerns AND reason = {{misdiagnosed}}) AS taken,
           max(date) FILTER (kind = {{exit}} AND reason IN ({{died}}, {{moved}})) AS gone,
           max(date) FILTER (kind = {{enrolment}}) AS back,
           max_by({{{{'sbp': sbp, 'dbp': dbp}}}}, row) FILTER (date >= {{year}} AND {_READING}) AS reading
    FROM events WHERE date <= {{finish}} GROUP BY person
), grouped AS (
    SELECT institution, first_given, reading, eighty_from <= {{finish}} AS old,
           given IS NOT NULL AND NOT coalesce(given <= taken, false) AND NOT coalesce(death <= {{finish}}, false)
           AND NOT (gone IS NOT NULL AND NOT coalesce(back > gone, false)) AS listed
    FROM people LEFT JOIN facts USING (person)
)
SELECT institution, CASE WHEN listed THEN 'numerator' ELSE 'outside' END AS one,
       CASE WHEN NOT listed OR old THEN 'outside' WHEN reading.sbp <= 140 AND reading.dbp <= 90 THEN 'numerator'
            WHEN first_given >= {{nine}} THEN 'exception:newly diagnosed'
            WHEN reading IS NULL THEN 'unknown' ELSE 'not_numerator' END AS two,
       CASE WHEN NOT listed OR NOT old THEN 'outside' WHEN reading.sbp <= 150 AND reading.dbp <= 90 THEN 'numerator'
            WHEN first_given >= {{nine}} THEN 'exception:newly diagnosed'
            WHEN reading IS NULL THEN 'unknown' ELSE 'not_numerator' END AS three,
       count(*)
FROM grouped GROUP BY ALL
""",
)

SETS = (HEARTS360, SIMPLE, QOF)


def measure(log: EventLog, runs: int) -> dict[str, dict[str, Timed]]:
    """Check of each set that DuckDB gives the same counts, then time both, ours cold and asked again."""
    courses = walk(resolve_disease(catalogue.disease(HYPERTENSION), {}), log, YEAR.end)
    connection = duckdb.connect(config={"threads": THREADS})
    people, events = _tables(log)
    connection.register("people", people)
    connection.register("events", events)
    return {asked.set: _timed(asked, log, courses, connection, runs) for asked in SETS}


def _timed(
    asked: Asked, log: EventLog, courses: Courses, connection: duckdb.DuckDBPyConnection, runs: int
) -> dict[str, Timed]:
    works: dict[str, Callable[[], Cells]] = {
        "ours": lambda: _ours(asked, evolve(log), evolve(courses)),
        "again": lambda: _ours(asked, log, courses),
        "duckdb": _in_duckdb(asked, log, connection),
    }
    ours, theirs = works["ours"](), works["duckdb"]()
    if ours != theirs:
        differing = [cell for cell in sorted({*ours, *theirs}) if ours.get(cell) != theirs.get(cell)][:5]
        shown = ", ".join(f"{cell}: {ours.get(cell)} / {theirs.get(cell)}" for cell in differing)
        raise SystemExit(f"DuckDB does not give the same counts of {asked.set} (ours / theirs): {shown}")
    say(f"  {asked.set}: DuckDB gives the same {len(ours)} counts")
    return interleaved(works, runs)


def _ours(asked: Asked, log: EventLog, courses: Courses) -> Cells:
    disease = catalogue.disease(HYPERTENSION)
    measures = [one for one in catalogue.measure_set(asked.set, [disease]) if one.id in asked.measures]
    score = evaluate(
        measures,
        log,
        asked.span,
        diseases={HYPERTENSION: disease},
        by=["institution"],
        courses={HYPERTENSION: courses},
        threads=THREADS,
    )
    number = {name: code for code, name in enumerate(log.people.attributes["institution"].categories)}
    return {
        (counted.measure, number[block.strata[stratum][0]], counted.groups[group]): int(block.array[0, stratum, group])
        for counted, block in score.counts.blocks.items()
        for stratum, group in np.argwhere(block.array[0]).tolist()
    }


def _in_duckdb(asked: Asked, log: EventLog, connection: duckdb.DuckDBPyConnection) -> Callable[[], Cells]:
    """Give the same counts by SQL over the Arrow tables."""
    kinds = {name: log.kind.categories.index(name) for name in log.kind.categories if name}
    end = asked.span.end
    days = {name: add_months(MONTH.start, -back) for name, back in (("year", 11), ("quarter", 2), ("nine", 8))}
    query = asked.sql.format(
        **kinds,
        **{name: _column(log, "reason").categories.index(name) for name in ("died", "moved", "misdiagnosed")},
        i10=_column(log, "code").categories.index("I10"),
        start=asked.span.start,
        finish=end,
        **days,
    )

    def counted() -> Cells:
        found: Cells = {}
        for institution, *groups, people in connection.execute(query).fetchall():
            for name, group in zip(asked.measures, groups, strict=True):
                found[name, institution, group] = found.get((name, institution, group), 0) + people
        return found

    return counted


def _column(log: EventLog, name: str) -> Coded:
    column = log.columns[name]
    assert isinstance(column, Coded)
    return column


def _tables(log: EventLog) -> tuple[pa.Table, pa.Table]:
    """Give people and events in codes, with whether each event concerns the disease, which both have beforehand."""
    death = log.people.death
    people = pa.table(
        {
            "person": pa.array(np.arange(len(log.people), dtype=np.int32)),
            "institution": pa.array(log.people.attributes["institution"].codes),
            "death": pa.array(death, mask=death == MISSING),
            "eighty_from": pa.array(birthdays(log, 80)),
        }
    )
    events = pa.table(
        {
            "row": pa.array(np.arange(len(log), dtype=np.int32)),
            "person": pa.array(log.person.astype(np.int32)),
            "date": pa.array(log.date),
            "kind": pa.array(log.kind.codes),
            "reason": pa.array(_column(log, "reason").codes),
            "code": pa.array(_column(log, "code").codes),
            "concerns": pa.array(_concerns(log)),
            "sbp": pa.array(log.columns["sbp"].values, from_pandas=True),
            "dbp": pa.array(log.columns["dbp"].values, from_pandas=True),
        }
    )
    return people, events


def _concerns(log: EventLog) -> NDArray[np.bool_]:
    """Say of which events hypertension is told: tagged with it, or with nothing and no other code."""
    tag, code, reason = (_column(log, name) for name in ("disease", "code", "reason"))
    blank = tag.codes == 0
    other = (code.codes == code.categories.index("E11")) & np.isin(
        log.kind.codes, [log.kind.categories.index(name) for name in ("diagnosis", "enrolment")]
    )
    dies = (log.kind.codes == log.kind.categories.index("exit")) & (reason.codes == reason.categories.index("died"))
    return np.asarray((tag.codes == tag.categories.index(HYPERTENSION)) | (blank & ~other) | dies)
