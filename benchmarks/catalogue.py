"""Yardstick: what sixty diseases in the catalogue cost before the first figure of two people is there, against two.

Every turn is a process of its own, in which nothing has been read yet: it reads a registry of two people, takes all
measures of single diseases, and evaluates them.  The two are hypertension and type 2 diabetes, the sixty all there are.
Both are read beforehand, as they are where the package is installed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.clock import Timed
from singledisease import catalogue
from singledisease.catalogue.precompile import precompile

STEPS = ("read", "measures", "evaluate", "evaluate again")
TWO = ("hypertension", "type2-diabetes")
SIZES = (len(TWO), len(catalogue.disease_ids()))

_PATIENTS = "patient_id,birth_date,sex\nP1,1950-01-01,male\nP2,1960-01-01,female\n"
_EVENTS = """patient_id,date,kind,disease,mode,sbp,dbp
P1,2024-01-01,enrolment,hypertension,,,
P1,2024-02-01,follow_up,hypertension,clinic,130,80
P2,2024-01-01,enrolment,type2-diabetes,,,
"""
_TURN = """
import json, sys, time
from pathlib import Path
import numpy
import singledisease as sd
folder = Path(sys.argv[1])
import singledisease.catalogue.shipped as shipped
shipped._folder = lambda name="diseases": folder / name
taken = []
def timed(work):
    begin = time.perf_counter()
    found = work()
    taken.append(time.perf_counter() - begin)
    return found
log = timed(lambda: sd.read([folder / "patients.csv", folder / "events.csv"]))
measures = timed(lambda: sd.measures("single-disease"))
for _ in range(2):
    timed(lambda: sd.evaluate(measures, log, period="2024"))
print(json.dumps(taken))
"""


def measure(folder: Path, runs: int) -> dict[int, dict[str, Timed]]:
    """Time each step for each size of catalogue, in turn, and all but the last step together as ``whole``."""
    precompile()
    for size in SIZES:
        _write(folder / str(size), size)
    turns: dict[int, list[list[float]]] = {size: [] for size in SIZES}
    for turn in range(runs + 1):
        for size, taken in turns.items():
            seconds = _turn(folder / str(size))
            # The first turn compiles what Python loads.
            if turn:
                taken.append(seconds)
    return {size: _timed(taken) for size, taken in turns.items()}


def _timed(turns: list[list[float]]) -> dict[str, Timed]:
    found = {step: Timed(tuple(turn[i] for turn in turns)) for i, step in enumerate(STEPS)}
    return {**found, "whole": Timed(tuple(sum(turn[:-1]) for turn in turns))}


def _turn(folder: Path) -> list[float]:
    # What Python loads is compiled once, as where it is installed, whatever the surroundings say.
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    surroundings["PYTHONPYCACHEPREFIX"] = str(folder.parent / "bytecode")
    done = subprocess.run(
        [sys.executable, "-c", _TURN, str(folder)], capture_output=True, text=True, check=True, env=surroundings
    )
    taken: list[float] = json.loads(done.stdout)
    return taken


def _write(folder: Path, size: int) -> None:
    folder.mkdir(parents=True)
    (folder / "patients.csv").write_text(_PATIENTS, "utf-8")
    (folder / "events.csv").write_text(_EVENTS, "utf-8")
    for what in ("diseases", "indicators"):
        (folder / what).mkdir()
        for file in (Path(catalogue.__file__).parent / what).glob("*.toml"):
            if size > len(TWO) or file.stem in TWO:
                (folder / what / file.name).write_bytes(file.read_bytes())
