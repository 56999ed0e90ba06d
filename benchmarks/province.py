"""A province on one machine: ``python -m benchmarks.province FOLDER [--people N]``, resumable, watched from outside.

The commands a user would give are run one after the other, each in processes of its own: ``simulate --at-a-time``,
``partition``, and ``kpi`` of a year and of twelve months.  Of each the time, the processor's time, and the most memory
that all its processes had together are written down beside the data, and added to the page once all are done.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import asdict, frozen

from benchmarks.clock import say

PAGE = Path(__file__).parent.parent / "docs" / "explanation" / "province.md"
RUNS = PAGE.with_suffix(".json")
_PEOPLE_IN_A_PART = 50_000
_AT_A_TIME = 250_000
_TICK = 0.5
_KNOWN = {
    "managed": ("managed", "numerator"),
    "without_reading": ("control", "unknown"),
    "at_goal": ("control", "numerator"),
}
"""Figures of which the simulation knows the truth: the measure and the cell that count them."""
_GIGABYTE = 1 << 30


@frozen
class Step:
    """One command: what it did, seconds by the clock and of the processors, and the most bytes of all its processes."""

    name: str
    command: str
    wall: float
    cpu: float
    memory: int


@frozen
class Figure:
    """A sum over all institutions, as the simulation knows it and as the measures count it."""

    name: str
    truth: int
    counted: int


@frozen
class Run:
    """A registry of some people, from nothing to its figures."""

    people: int
    events: int
    parts: int
    machine: str
    steps: tuple[Step, ...]
    figures: tuple[Figure, ...]


def main() -> None:
    """Run the commands that have not been run, and write the page."""
    options = _options()
    run = measured(options.folder, options.people, options.workers)
    every = {one.people: one for one in (*_runs(), run)}
    RUNS.write_text(json.dumps([asdict(every[people]) for people in sorted(every)], indent=1) + "\n", "utf-8")
    PAGE.write_text(page([every[people] for people in sorted(every)]), "utf-8")
    say(f"wrote {PAGE.name} and {RUNS.name}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.province", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the registry is made, with room for a kilobyte a person")
    parser.add_argument("--people", type=int, default=10_000_000, help="how many people")
    parser.add_argument("--workers", type=int, default=2, help="how many processes count")
    return parser.parse_args()


def measured(folder: Path, people: int, workers: int) -> Run:
    """Give the run: every step that an earlier one finished is taken as it was written down."""
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "steps.json"
    steps = {one["name"]: Step(**one) for one in json.loads(done.read_text("utf-8"))} if done.exists() else {}
    for name, arguments in _commands(folder, people, workers).items():
        if name not in steps:
            say(f"{people:,} people: {name}")
            steps[name] = _watched(name, arguments, folder)
            done.write_text(json.dumps([asdict(one) for one in steps.values()], indent=1), "utf-8")
    rows = json.loads((folder / "parts" / "parts.json").read_text("utf-8"))
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    return Run(
        rows["rows"]["patients"],
        rows["rows"]["events"],
        rows["parts"],
        machine,
        tuple(steps.values()),
        _figures(folder),
    )


def _commands(folder: Path, people: int, workers: int) -> dict[str, list[str]]:
    made, parts = str(folder / "registry"), str(folder / "parts")
    year = ["--from", "2024-01-01", "--to", "2024-12-31"]
    diseases = ["--disease", "hypertension", "--disease", "type2-diabetes"]
    size = ["--patients", str(people), "--townships", "300", "--villages", "0", "--at-a-time", str(_AT_A_TIME)]
    at_once = ["--workers", str(workers)]
    return {
        "simulate": ["simulate", made, *size, *year, *diseases, "--format", "parquet"],
        "partition": ["partition", made, parts, "--parts", str(max(4, people // _PEOPLE_IN_A_PART))],
        "kpi": [
            *["kpi", parts, "--measures", "cn-bphs-2017", "--period", "2024", "--by", "institution", *at_once],
            *["--keep", str(folder / "counted"), "--format", "csv"],
        ],
        "kpi, twelve months": [
            *["kpi", parts, "--measures", "cn-bphs-2017", "--period", "2024/month", *at_once, "--format", "csv"],
        ],
    }


def _figures(folder: Path) -> tuple[Figure, ...]:
    """Give the figures of which the simulation knows the truth; they have to be the same."""
    truth: Counter[tuple[str, str]] = Counter()
    for file in sorted(folder.glob("registry/from-*/truth.json")):
        for disease, known in json.loads(file.read_text("utf-8"))["diseases"].items():
            for name in _KNOWN:
                truth[disease, name] += known["years"]["2024"][name]
    counted: Counter[tuple[str, str]] = Counter()
    with (folder / "kpi.txt").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for name, (measure, cell) in _KNOWN.items():
                disease, _, rest = row["measure"].rpartition(".")
                if rest == measure and (disease, name) in truth:
                    counted[disease, name] += int(row[cell])
    return tuple(Figure(" ".join(key), truth[key], counted[key]) for key in truth)


def _watched(name: str, arguments: Sequence[str], folder: Path) -> Step:
    """Run a command, and watch its memory and that of every process it starts."""
    command = [sys.executable, "-m", "singledisease", *arguments]
    began, used = time.perf_counter(), _children()
    memory = 0
    result, told = folder / f"{name}.txt", folder / "told.txt"
    with result.open("w", encoding="utf-8") as output, told.open("a", encoding="utf-8") as errors:
        running = subprocess.Popen(command, stdout=output, stderr=errors)
        while running.poll() is None:
            memory = max(memory, sum(_resident(one) for one in _family(running.pid)))
            time.sleep(_TICK)
    if running.returncode:
        sys.exit(f"{name} ended with {running.returncode}: see {told}")
    wall, cpu = time.perf_counter() - began, _children() - used
    said = " ".join(["singledisease", *arguments]).replace(f"{folder}/", "")
    return Step(name, said, round(wall, 1), round(cpu, 1), memory)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _family(process: int) -> Iterator[int]:
    """Give a process and all that it and they have started."""
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _resident(process: int) -> int:
    """Give the bytes of a process in memory, what it shares with others divided among them."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


def _runs() -> list[Run]:
    if not RUNS.exists():
        return []
    return [
        Run(
            **one
            | {
                "steps": tuple(Step(**step) for step in one["steps"]),
                "figures": tuple(Figure(**figure) for figure in one["figures"]),
            }
        )
        for one in json.loads(RUNS.read_text("utf-8"))
    ]


# THE PAGE


def page(runs: Sequence[Run]) -> str:
    """Give the page, in Markdown."""
    largest = runs[-1]
    commands = "\n".join(one.command for one in largest.steps)
    return f"""# A province on one machine

`python -m benchmarks.province FOLDER --people N` wrote this page; nobody edits it.
It runs what a user would run, each command in processes of its own, and watches their memory together from outside.
A run that is interrupted goes on where it stopped: `simulate` at the next folder, `kpi` at the next part.

The largest registry has {largest.people:,} people and {largest.events:,} events in {largest.parts} parts.
The machine: {largest.machine}.

```
{commands}
```

The machine is shared: the processors' time says more than the clock.
Per person it should be the same whatever the number of people.

{chr(10).join(_table(runs))}

The simulation knows the truth, and the sums over all institutions have to be equal to it:

{chr(10).join(_truth(largest))}
"""


def _truth(run: Run) -> Iterator[str]:
    yield f"| of {run.people:,} people in 2024 | truth | counted |"
    yield "|---|---|---|"
    for one in run.figures:
        alike = "" if one.truth == one.counted else " ≠"
        yield f"| {one.name.replace('_', ' ')} | {one.truth:,} | {one.counted:,}{alike} |"


def _table(runs: Sequence[Run]) -> Iterator[str]:
    yield "| command | people | events | clock | processors | of them a million people | most memory |"
    yield "|---|---|---|---|---|---|---|"
    for name in [one.name for one in runs[-1].steps]:
        for run in runs:
            for step in run.steps:
                if step.name == name:
                    each = step.cpu / run.people * 1e6
                    yield (
                        f"| {name} | {run.people:,} | {run.events:,} | {_minutes(step.wall)} | {_minutes(step.cpu)}"
                        f" | {_minutes(each)} | {step.memory / _GIGABYTE:.2f} GB |"
                    )


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


if __name__ == "__main__":
    main()
