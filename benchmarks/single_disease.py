"""Yardstick: the three measures that every disease has, of one whose goals are its own, against DuckDB."""

from __future__ import annotations

from attrs import evolve

from benchmarks.arrow import tables_of
from benchmarks.clock import Timed, interleaved, say
from benchmarks.measures import YEAR, cells_of, check, in_duckdb, work_of
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.log import EventLog

DISEASE = "acs-recovery"
MEASURES = ("managed", "standardized_management", "control")
_STANDARD = "coalesce(days, 0) >= 4"
_GOAL = "reading.sbp < 130 AND reading.dbp < 80"


def measure(log: EventLog, runs: int) -> dict[str, Timed]:
    """Check that DuckDB gives the same counts, then time both, ours cold and asked again."""
    work = work_of(_of_disease(log), DISEASE, "single-disease")
    names = log.people.attributes["institution"].categories
    theirs = in_duckdb(tables_of(work.log, work.courses), DISEASE, _GOAL, _STANDARD)
    ours = cells_of(work.evaluate((YEAR,)), {name: code for code, name in enumerate(names)})
    check("duckdb", ours, theirs())
    say(f"  single-disease: DuckDB gives the same {len(ours)} counts")
    works = {
        "ours": lambda: work.cold().evaluate((YEAR,)),
        "again": lambda: work.evaluate((YEAR,)),
        "duckdb": theirs,
    }
    return interleaved(works, runs)


def _of_disease(log: EventLog) -> EventLog:
    """Call what is hypertension in the registry another disease, in tags and codes."""
    columns = dict(log.columns)
    for column, was, called in (("disease", "hypertension", DISEASE), ("code", "I10", "I21")):
        coded = columns[column]
        assert isinstance(coded, Coded)
        columns[column] = Coded(coded.codes, [called if name == was else name for name in coded.categories])
    return evolve(log, columns=columns)
