"""Yardstick: three measures of each set, against DuckDB over the same codes.

The made-up registry has no contracts: the appointments of every other person are taken for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import duckdb
import numpy as np
import pyarrow as pa
from attrs import evolve, frozen
from numpy.typing import NDArray

from benchmarks import single_disease
from benchmarks.arrow import birthdays
from benchmarks.clock import Timed, interleaved, say
from benchmarks.measures import HYPERTENSION, THREADS, YEAR
from singledisease import catalogue
from singledisease.dates import MISSING, Period, add_months, period
from singledisease.definitions.code_set import CodeSet
from singledisease.definitions.given_codes import with_code_sets
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import walk
from singledisease.engines.columnar.values import values
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.log import EventLog
from singledisease.language.build import PERIOD
from singledisease.language.build import managed as is_managed
from singledisease.pathway_courses import Courses
from singledisease.scorecard.evaluate import evaluate

MONTH = period("2024-12")
HIGHS = (HYPERTENSION, "type2-diabetes", "dyslipidaemia")

Cells = dict[tuple[str, int, str], int]
"""People by measure, institution (its code) and group."""


@frozen
class Asked:
    """Three measures of a set, and the query that gives the group of each person in each of them."""

    set: str
    measures: tuple[str, str, str]
    span: Period
    sql: str
    policy: Mapping[str, str] = {}
    diseases: tuple[str, ...] = HIGHS
    code_sets: tuple[CodeSet, ...] = ()


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

_HEARTS_VISIT = "kind IN ({encounter}, {follow_up}, {checkup}, {enrolment}) AND concerns"

WHO_HEARTS = Asked(
    "who-hearts",
    ("who-hearts.control", "who-hearts.outcomes", "who-hearts.lower_goal"),
    YEAR,
    f"""
WITH facts AS (
    SELECT person,
           min(date) FILTER (kind = {{enrolment}} AND concerns) AS since,
           bool_or(kind = {{exit}} AND reason = {{died}}) AS dead,
           max(date) FILTER (kind = {{exit}} AND concerns AND reason = {{moved}}) AS moved,
           max(date) FILTER (kind = {{lost}} AND concerns) AS lost,
           max(date) FILTER (kind = {{referral}} AND concerns AND direction = {{up}} AND date >= {{first}}) AS referred,
           max(date) FILTER ({_HEARTS_VISIT}) AS visit,
           max_by({{{{'sbp': sbp, 'dbp': dbp}}}}, row) FILTER ({_HEARTS_VISIT} AND {_READING}) AS known,
           max_by({{{{'sbp': sbp, 'dbp': dbp}}}}, row) FILTER ({_HEARTS_VISIT} AND {_READING}
               AND date >= {{first}}) AS lately,
           bool_or(code = {{e11}} OR kind = {{enrolment}} AND disease = {{diabetes}}) AS lower
    FROM events WHERE date <= {{finish}} GROUP BY person
), placed AS (
    SELECT institution, since IS NULL AS unknown, coalesce(dead, false) OR coalesce(death <= {{finish}}, false) AS dead,
           since >= {{quarter}} AS new, moved IS NOT NULL AND NOT coalesce(visit > moved, false) AS moved,
           lost IS NOT NULL AND NOT coalesce(visit > lost, false) AS lost, coalesce(lower, false) AS lower,
           referred IS NOT NULL AND NOT coalesce(visit > referred, false) AS referred, known, lately
    FROM people LEFT JOIN facts USING (person)
), grouped AS (
    SELECT *, CASE WHEN moved THEN known ELSE lately END AS reading FROM placed
), decided AS (
    SELECT *, reading.sbp < CASE WHEN lower THEN 130 ELSE 140 END AND reading.dbp < 90 AS goal FROM grouped
)
SELECT institution, CASE WHEN unknown OR dead THEN 'outside' WHEN new THEN 'excluded:under three months'
            WHEN lost OR referred THEN 'not_numerator' WHEN reading IS NULL THEN 'unknown'
            WHEN goal THEN 'numerator' ELSE 'not_numerator' END AS one,
       CASE WHEN unknown THEN 'outside' WHEN dead THEN 'dead' WHEN new THEN 'under three months'
            WHEN moved THEN 'moved' WHEN lost THEN 'dropped out' WHEN referred THEN 'referred up'
            WHEN reading IS NULL THEN 'missed' WHEN goal THEN 'controlled' ELSE 'uncontrolled' END AS two,
       CASE WHEN unknown OR dead THEN 'outside' WHEN lower THEN 'numerator' ELSE 'not_numerator' END AS three,
       count(*)
FROM decided GROUP BY ALL
""",
    diseases=(*HIGHS, "type1-diabetes", "chronic-kidney-disease"),
)

_SIGNED = """
    SELECT person,
           max_by(reason, row) FILTER (kind = {exit}) AS last_exit,
           max(date) FILTER (kind = {contract}) AS agreed,
           max(date) FILTER (kind = {exit} AND reason IN ({died}, {moved}) AND date < {finish}) AS gone
    FROM events WHERE date <= {finish} GROUP BY person
"""
_IN_FORCE = """coalesce(agreed >= {first}, false) AND NOT coalesce(gone >= agreed, false)
                 AND NOT coalesce(death < {finish}, false)"""

COUNTY = Asked(
    "cn-county",
    ("county.contracted", "county.primary_share", "county.specialist_clinic_share"),
    YEAR,
    f"""
WITH signed AS ({_SIGNED}), visits AS (
    SELECT institution, level FROM events JOIN people USING (person)
    WHERE kind = {{encounter}} AND date BETWEEN {{first}} AND {{finish}}
)
SELECT institution,
       CASE WHEN coalesce(death <= {{finish}}, false) OR coalesce(last_exit IN ({{died}}, {{moved}}), false)
            THEN 'outside' WHEN {_IN_FORCE} THEN 'numerator' ELSE 'not_numerator' END AS one,
       NULL AS two, NULL AS three, count(*)
FROM people LEFT JOIN signed USING (person) GROUP BY ALL
UNION ALL
SELECT institution, NULL, CASE WHEN level = 0 THEN 'undetermined:population' WHEN level = {{city}} THEN 'outside'
            WHEN level = {{township}} THEN 'numerator' ELSE 'not_numerator' END,
       CASE WHEN level = 0 THEN 'undetermined:population' WHEN level = {{township}} THEN 'not_numerator'
            ELSE 'outside' END,
       count(*)
FROM visits GROUP BY ALL
""",
)

THREE_HIGHS = Asked(
    "cn-three-highs",
    ("three_highs.managed", "three_highs.contracted", "three_highs.pressure_goal"),
    YEAR,
    f"""
WITH signed AS ({_SIGNED}), readings AS (
    SELECT person, max_by({{{{'sbp': sbp, 'dbp': dbp, 'date': date}}}}, row) AS reading
    FROM events WHERE kind = {{follow_up}} AND mode IN ({{clinic}}, {{home}}) AND {_READING}
                      AND date BETWEEN {{first}} AND {{finish}} GROUP BY person
)
SELECT institution, CASE high_pressure::int + high_glucose::int + high_lipids::int
            WHEN 3 THEN 'three' WHEN 2 THEN 'two' WHEN 1 THEN 'one' ELSE 'outside' END AS one,
       CASE WHEN NOT (high_pressure OR high_glucose OR high_lipids) THEN 'outside'
            WHEN {_IN_FORCE} THEN 'numerator' ELSE 'not_numerator' END AS two,
       CASE WHEN NOT high_pressure THEN 'outside' WHEN reading IS NULL THEN 'unknown'
            WHEN reading.dbp < 90 AND reading.sbp < CASE WHEN sixty_five_from <= reading.date THEN 150 ELSE 140 END
            THEN 'numerator' ELSE 'not_numerator' END AS three,
       count(*)
FROM people LEFT JOIN signed USING (person) LEFT JOIN readings USING (person) GROUP BY ALL
""",
    policy={"joint": "any"},
)

_ECQM_SETS = ("virtual_visit", "hospice", "palliative_care", "frailty", "pregnancy", "end_stage_renal_disease")
_ECQM_SETS += ("dialysis_or_transplant", "advanced_illness", "dementia_medication")

ECQM = Asked(
    "ecqm",
    ("ecqm.cms165",),
    YEAR,
    f"""
WITH told AS (
    SELECT person, date, kind, setting, sbp, dbp,
           bool_or(kind = {{encounter}} AND setting = {{emergency}}) OVER (PARTITION BY person, date) AS elsewhere
    FROM events WHERE date BETWEEN {{first}} AND {{finish}}
), readings AS (
    SELECT person, date, sbp, dbp FROM told
    WHERE {_READING} AND setting <> {{emergency}} AND (setting <> 0 OR NOT elsewhere)
), of_day AS (
    SELECT person, date, min(sbp) AS sbp, min(dbp) AS dbp FROM readings GROUP BY person, date
), last AS (
    SELECT person, max_by({{{{'sbp': sbp, 'dbp': dbp}}}}, date) AS reading FROM of_day GROUP BY person
), facts AS (
    SELECT person,
           bool_or(kind IN ({{diagnosis}}, {{enrolment}}) AND code = {{i10}} AND date < {{half}}) AS found,
           bool_or(kind = {{encounter}} AND code = {{i10}} AND date >= {{first}}) AS visited
    FROM events WHERE date <= {{finish}} GROUP BY person
)
SELECT institution, CASE WHEN eighteen_from > {{finish}} OR eighty_six_from <= {{finish}} OR NOT coalesce(found, false)
                              OR NOT coalesce(visited, false) THEN 'outside'
            WHEN reading IS NULL THEN 'unknown' WHEN {_GOAL} THEN 'numerator' ELSE 'not_numerator' END AS one,
       count(*)
FROM people LEFT JOIN facts USING (person) LEFT JOIN last USING (person) GROUP BY ALL
""",
    code_sets=(
        *(CodeSet(name=name, codes=["I10"]) for name in ("qualifying_visit", "essential_hypertension")),
        *(CodeSet(name=name, codes=["none"]) for name in _ECQM_SETS),
    ),
)

SETS = (HEARTS360, SIMPLE, QOF, WHO_HEARTS, COUNTY, THREE_HIGHS, ECQM)


def measure(log: EventLog, runs: int) -> dict[str, dict[str, Timed]]:
    """Check of each set that DuckDB gives the same counts, then time both, ours cold and asked again."""
    log = _with_contracts(log)
    walked = dict.fromkeys(name for asked in SETS for name in asked.diseases)
    courses = {name: walk(resolve_disease(catalogue.disease(name), {}), log, YEAR.end) for name in walked}
    connection = duckdb.connect(config={"threads": THREADS})
    people, events = _tables(log, courses)
    connection.register("people", people)
    connection.register("events", events)
    found = {asked.set: _timed(asked, log, courses, connection, runs) for asked in SETS}
    return {**found, "single-disease": single_disease.measure(log, runs)}


def _with_contracts(log: EventLog) -> EventLog:
    """Take the appointments of every other person for contracts, which stand in the same place within a day."""
    names = log.kind.categories
    taken = (log.kind.codes == names.index("appointment")) & (log.person % 2 == 0)
    return evolve(
        log, kind=Coded(np.where(taken, log.kind.codes.dtype.type(names.index("contract")), log.kind.codes), names)
    )


def _timed(
    asked: Asked, log: EventLog, courses: Mapping[str, Courses], connection: duckdb.DuckDBPyConnection, runs: int
) -> dict[str, Timed]:
    works: dict[str, Callable[[], Cells]] = {
        "ours": lambda: _ours(asked, evolve(log), {name: evolve(courses[name]) for name in asked.diseases}),
        "again": lambda: _ours(asked, log, {name: courses[name] for name in asked.diseases}),
        "duckdb": _in_duckdb(asked, log, connection),
    }
    ours, theirs = works["ours"](), works["duckdb"]()
    if ours != theirs:
        differing = [cell for cell in sorted({*ours, *theirs}) if ours.get(cell) != theirs.get(cell)][:5]
        shown = ", ".join(f"{cell}: {ours.get(cell)} / {theirs.get(cell)}" for cell in differing)
        raise SystemExit(f"DuckDB does not give the same counts of {asked.set} (ours / theirs): {shown}")
    say(f"  {asked.set}: DuckDB gives the same {len(ours)} counts")
    return interleaved(works, runs)


def _ours(asked: Asked, log: EventLog, courses: Mapping[str, Courses]) -> Cells:
    diseases = {name: catalogue.disease(name) for name in asked.diseases}
    of_set = catalogue.measure_set(asked.set)
    score = evaluate(
        with_code_sets([one for one in of_set if one.id in asked.measures], asked.set, asked.code_sets),
        log,
        asked.span,
        diseases=diseases,
        by=["institution"],
        policy=asked.policy,
        courses=courses,
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
    days = {
        name: add_months(MONTH.start, -back) for name, back in (("year", 11), ("quarter", 2), ("nine", 8), ("half", 5))
    }
    words = {
        "reason": ("died", "moved", "misdiagnosed"),
        "direction": ("up",),
        "level": ("city", "township"),
        "setting": ("emergency",),
        "mode": ("clinic", "home"),
    }
    query = asked.sql.format(
        **kinds,
        **{name: _column(log, column).categories.index(name) for column, names in words.items() for name in names},
        i10=_column(log, "code").categories.index("I10"),
        e11=_column(log, "code").categories.index("E11"),
        diabetes=_column(log, "disease").categories.index("type2-diabetes"),
        start=asked.span.start,
        first=YEAR.start,
        finish=end,
        **days,
    )

    def counted() -> Cells:
        found: Cells = {}
        for institution, *groups, people in connection.execute(query).fetchall():
            for name, group in zip(asked.measures, groups, strict=True):
                if group is not None:
                    found[name, institution, group] = found.get((name, institution, group), 0) + people
        return found

    return counted


def _column(log: EventLog, name: str) -> Coded:
    column = log.columns[name]
    assert isinstance(column, Coded)
    return column


def _tables(log: EventLog, courses: Mapping[str, Courses]) -> tuple[pa.Table, pa.Table]:
    """Give people and events in codes, with what both have beforehand: whom each event concerns, who is managed."""
    death = log.people.death
    managed = [is_managed(name, during=PERIOD).node for name in HIGHS]
    high = (one.true[0] for one in values(managed, log, (YEAR,), courses))
    people = pa.table(
        {
            "person": pa.array(np.arange(len(log.people), dtype=np.int32)),
            "institution": pa.array(log.people.attributes["institution"].codes),
            "death": pa.array(death, mask=death == MISSING),
            **{f"{name}_from": pa.array(birthdays(log, years)) for name, years in _AGES.items()},
            **dict(zip(("high_pressure", "high_glucose", "high_lipids"), map(pa.array, high), strict=True)),
        }
    )
    coded = ("reason", "code", "disease", "direction", "level", "setting", "mode")
    events = pa.table(
        {
            "row": pa.array(np.arange(len(log), dtype=np.int32)),
            "person": pa.array(log.person.astype(np.int32)),
            "date": pa.array(log.date),
            "kind": pa.array(log.kind.codes),
            **{name: pa.array(_column(log, name).codes) for name in coded},
            "concerns": pa.array(_concerns(log)),
            "sbp": pa.array(log.columns["sbp"].values, from_pandas=True),
            "dbp": pa.array(log.columns["dbp"].values, from_pandas=True),
        }
    )
    return people, events


_AGES = {"eighteen": 18, "sixty_five": 65, "eighty": 80, "eighty_six": 86}


def _concerns(log: EventLog) -> NDArray[np.bool_]:
    """Say of which events hypertension is told: tagged with it, or with nothing and no other code."""
    tag, code, reason = (_column(log, name) for name in ("disease", "code", "reason"))
    blank = tag.codes == 0
    other = (code.codes == code.categories.index("E11")) & np.isin(
        log.kind.codes, [log.kind.categories.index(name) for name in ("diagnosis", "enrolment")]
    )
    dies = (log.kind.codes == log.kind.categories.index("exit")) & (reason.codes == reason.categories.index("died"))
    return np.asarray((tag.codes == tag.categories.index(HYPERTENSION)) | (blank & ~other) | dies)
