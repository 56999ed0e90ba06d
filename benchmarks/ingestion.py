"""Yardstick 5: a registry in Parquet with text ids and shuffled rows, read and validated, against reading the file."""

from __future__ import annotations

import cProfile
import json
import pstats
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from attrs import frozen

from benchmarks.clock import Timed, interleaved, say
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


@frozen
class Reading:
    """How long reading took, of both, in wall and processor time; in which steps; and how much memory it took."""

    times: dict[str, Timed]
    cpu: dict[str, float]
    steps: list[str]
    memory: dict[str, int]

    def of_columns(self, held: str) -> float:
        """Give memory, beside what a process has before it reads, as a multiple of the columns of the log."""
        return (self.memory[held] - self.memory["before"]) / self.memory["columns"]


def measure(log: EventLog, folder: Path, runs: int) -> Reading:
    """Time reading the files with pyarrow and into an EventLog; say in which steps the time goes."""
    write_registry(log, folder)
    read = read_folder(folder)
    (events,) = (table for table in read.report.tables if table.table == "events")
    say(f"  {events.read:,} rows read: {events.duplicates:,} duplicates, {events.refused:,} refused")
    del read
    works: dict[str, Callable[[], Any]] = {
        "pyarrow": lambda: [pq.read_table(folder / f"{name}.parquet") for name in ("patients", "events")],
        "read": lambda: read_folder(folder),
    }
    times = interleaved(works, runs)
    return Reading(times, {name: _cpu(work) for name, work in works.items()}, _where_time_goes(folder), _memory(folder))


def _cpu(work: Callable[[], Any]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


_WATCHED = """
import json, sys
import pyarrow.dataset, pyarrow.parquet
from benchmarks.memory import size_of_log
from singledisease.io.folder import read_folder

def held():
    lines = (line.split() for line in open("/proc/self/status"))
    return {line[0]: int(line[1]) * 1024 for line in lines if line[0] in ("VmHWM:", "VmRSS:")}

before = held()["VmRSS:"]
log = read_folder(sys.argv[1])
after = held()
print(json.dumps({"before": before, "peak": after["VmHWM:"], "after": after["VmRSS:"], "columns": size_of_log(log)}))
"""


def _memory(folder: Path) -> dict[str, int]:
    """Watch a process of its own from outside NumPy: what the system says it holds, at most and at the end."""
    if not Path("/proc/self/status").exists():
        return {}
    said = subprocess.run([sys.executable, "-c", _WATCHED, str(folder)], capture_output=True, text=True, check=True)
    found: dict[str, int] = json.loads(said.stdout)
    return found


_STEPS = {
    ("parquet", "read_parquet"): "columns out of the files",
    ("people", "build_people"): "people",
    ("build", "_sound_rows"): "checks of cells and rows",
    ("sort_rows", "arrange"): "order and duplicates",
    ("gather", "taken"): "columns into that order",
    ("likely_slips", "likely_slips"): "likely slips",
}
"""The steps of reading, by the function that each is: threads that it starts are part of it."""


def _where_time_goes(folder: Path) -> list[str]:
    profile = cProfile.Profile()
    profile.runcall(read_folder, folder)
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    taken = {(Path(file).stem, name): whole for (file, _, name), (_, _, _, whole, _) in stats.items()}
    every = taken["folder", "read_folder"]
    return [f"{said}: {taken[step] / every:.0%}" for step, said in _STEPS.items()]
