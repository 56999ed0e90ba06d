"""Yardstick: outpatient encounters that had none in the 90 days before, against DuckDB and polars."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
from attrs import evolve

import singledisease as sd
from benchmarks.clock import Timed, interleaved, say
from benchmarks.measures import THREADS
from benchmarks.world import FIRST, LAST
from singledisease.dates import Period
from singledisease.eventlog.log import EventLog
from singledisease.scorecard.evaluate import evaluate

SPAN = Period(FIRST, LAST)
"""All that there is."""

_VISITS = sd.events("encounter").where(sd.column("setting") == "outpatient")
FIRST_CONTACT = sd.Measure(
    id="first_contact",
    of=_VISITS.within(sd.PERIOD),
    numerator=~_VISITS.within(sd.between(sd.this("date") - 90, sd.this("date") - 1)).exists(),
)

Cells = dict[int, tuple[int, int]]
"""By institution (its code): encounters that had none before, and all."""


def measure(log: EventLog, runs: int) -> dict[str, Timed]:
    """Check that all three count the same encounters, then time them."""
    tables = _tables(log)
    works: dict[str, Callable[[], Cells]] = {
        "ours": lambda: _ours(evolve(log)),
        "again": lambda: _ours(log),
        "duckdb": _in_duckdb(*tables),
        "polars": _in_polars(*tables),
    }
    ours = works["ours"]()
    for name in ("duckdb", "polars"):
        if works[name]() != ours:
            raise SystemExit(f"{name} does not count the same encounters")
        say(f"  {name} counts the same {sum(every for _, every in ours.values()):,} encounters")
    return interleaved(works, runs)


def _ours(log: EventLog) -> Cells:
    score = evaluate(FIRST_CONTACT, log, SPAN, diseases={}, by=["institution"], threads=THREADS)
    number = {name: code for code, name in enumerate(log.people.attributes["institution"].categories)}
    (counted, block), *_ = score.counts.blocks.items()
    numerator = counted.groups.index("numerator")
    return {
        number[stratum[0]]: (int(cells[numerator]), int(cells.sum()))
        for stratum, cells in zip(block.strata, block.array[0], strict=True)
    }


def _tables(log: EventLog) -> tuple[pa.Table, pa.Table]:
    setting = log.columns["setting"]
    events = pa.table(
        {
            "person": pa.array(log.person.astype(np.int32)),
            "date": pa.array(log.date),
            "visit": pa.array(log.kind.codes == log.kind.categories.index("encounter")),
            "outpatient": pa.array(setting.codes == setting.categories.index("outpatient")),
        }
    )
    people = pa.table(
        {
            "person": pa.array(np.arange(len(log.people), dtype=np.int32)),
            "institution": pa.array(log.people.attributes["institution"].codes),
        }
    )
    return people, events


_SQL = f"""
WITH visits AS (
    SELECT person, date, count(*) OVER (
        PARTITION BY person ORDER BY date RANGE BETWEEN 90 PRECEDING AND 1 PRECEDING
    ) AS earlier
    FROM events WHERE visit AND outpatient AND date BETWEEN {SPAN.start - 90} AND {SPAN.end}
)
SELECT institution, count(*) FILTER (earlier = 0), count(*)
FROM visits JOIN people USING (person) WHERE date >= {SPAN.start} GROUP BY institution
"""


def _in_duckdb(people: pa.Table, events: pa.Table) -> Callable[[], Cells]:
    """Count by a window over the days before."""
    connection = duckdb.connect(config={"threads": THREADS})
    connection.register("people", people)
    connection.register("events", events)
    return lambda: {place: (first, every) for place, first, every in connection.execute(_SQL).fetchall()}


def _in_polars(people: pa.Table, events: pa.Table) -> Callable[[], Cells]:
    """Count by joining each encounter with the last one before its day."""
    rows, date = pl.from_arrow(events), pl.col("date")
    visits = (
        rows.lazy()
        .filter(pl.col("visit") & pl.col("outpatient") & date.is_between(SPAN.start - 90, SPAN.end))
        .select("person", "date")
        .sort("date")
    )
    query = (
        visits.filter(date >= SPAN.start)
        .join_asof(
            visits.with_columns(earlier=date),
            on="date",
            by="person",
            strategy="backward",
            tolerance=90,
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .join(pl.from_arrow(people).lazy(), on="person")
        .group_by("institution")
        .agg(first=pl.col("earlier").is_null().sum(), every=pl.len())
    )
    return lambda: {place: (first, every) for place, first, every in query.collect().rows()}
