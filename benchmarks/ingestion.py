"""Yardstick 5: a registry in Parquet with text ids and shuffled rows, read and validated, against reading the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.clock import Timed, interleaved, say, where_time_goes
from singledisease.eventlog.columns import AnyColumn, Coded, Flags
from singledisease.eventlog.log import EventLog
from singledisease.io.folder import read_folder


def write_registry(log: EventLog, folder: Path, seed: int = 2) -> None:
    """Write patients and events as Parquet, the events in no order at all."""
    shuffled = np.random.default_rng(seed).permutation(len(log))
    ids = pa.array(log.people.ids, pa.string())
    people = log.people
    patients = {
        "patient_id": ids,
        "birth_date": _days(people.birth),
        "sex": _text(people.sex),
        "institution": _text(people.attributes["institution"]),
        "death_date": _days(people.death),
    }
    pq.write_table(pa.table(patients), folder / "patients.parquet")
    events = {
        "patient_id": ids.take(pa.array(log.person[shuffled])),
        "date": _days(log.date[shuffled]),
        "kind": _text(log.kind[shuffled]),
        **{name: _arrow(column[shuffled]) for name, column in log.columns.items()},
    }
    pq.write_table(pa.table(events), folder / "events.parquet")


def _days(days: np.ndarray) -> pa.Array:
    return pa.array(days, pa.date32(), mask=days == -(2**31))


def _text(column: Coded) -> pa.Array:
    names = pa.array([name or None for name in column.categories], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(column.codes.astype(np.int32)), names).cast(pa.string())


def _arrow(column: AnyColumn) -> pa.Array:
    if isinstance(column, Coded):
        return _text(column)
    if isinstance(column, Flags):
        return pa.array(column.values == 1, mask=column.values < 0)
    return pa.array(column.values, from_pandas=True)


def measure(log: EventLog, folder: Path, runs: int) -> tuple[dict[str, Timed], list[str]]:
    """Time reading the files with pyarrow and into an EventLog; say in which functions the time goes."""
    write_registry(log, folder)
    read = read_folder(folder)
    (events,) = (table for table in read.report.tables if table.table == "events")
    say(f"  {events.read:,} rows read: {events.duplicates:,} duplicates, {events.refused:,} refused")
    works = {
        "pyarrow": lambda: [pq.read_table(folder / f"{name}.parquet") for name in ("patients", "events")],
        "read": lambda: read_folder(folder),
    }
    return interleaved(works, runs), where_time_goes(lambda: read_folder(folder))
