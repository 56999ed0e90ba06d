"""Yardstick: everyone's way through sixty diseases, against one; and all measures of the sixty.

Every person of the registry has one of the sixty diseases: what was of hypertension is of that.  Somebody who has a
disease is a sixtieth of the people; whoever has nothing to do with one should cost nothing.
"""

from __future__ import annotations

import time

import numpy as np
from attrs import evolve

import singledisease as sd
from benchmarks.clock import Timed, interleaved, where_time_goes
from benchmarks.walking import PART
from benchmarks.world import LAST
from singledisease import catalogue
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import walk
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.log import EventLog

_OF_ONE = ("screening", "diagnosis", "enrolment", "follow_up", "checkup", "lost", "exit")
"""Kinds of events that are of the person's disease; others may be tagged with none."""


def spread(log: EventLog, seed: int = 2) -> EventLog:
    """Give each person of a registry one of the sixty diseases."""
    ids, rng = catalogue.disease_ids(), np.random.default_rng(seed)
    own = rng.integers(1, len(ids) + 1, len(log.people)).astype(np.uint8)
    tag = log.columns["disease"]
    assert isinstance(tag, Coded)
    of_one = [log.kind.categories.index(kind) for kind in _OF_ONE]
    is_own = (tag.codes != 0) | np.isin(log.kind.codes, of_one)
    tags = Coded(np.where(is_own, np.repeat(own, np.diff(log.offsets)), np.uint8(0)), ("", *ids))
    # The codes are those of hypertension and of diabetes.
    return evolve(log, columns={**{name: log.columns[name] for name in log.columns if name != "code"}, "disease": tags})


def walking(log: EventLog, among: EventLog, runs: int) -> dict[str, Timed]:
    """Time everyone's walk through hypertension, and through each of sixty diseases in a registry of sixty."""
    one, many = _resolved("hypertension"), [_resolved(name) for name in catalogue.disease_ids()]
    return interleaved(
        {"one": lambda: walk(one, log, LAST), "sixty": lambda: [walk(each, among, LAST) for each in many]}, runs
    )


def profile(among: EventLog) -> str:
    """Say where the time of the sixty walks goes, on one thread and one part of the people."""
    many = [_resolved(name) for name in catalogue.disease_ids()]
    few = among.slice(0, min(len(among.people), PART))
    places = where_time_goes(lambda: [walk(each, few, LAST) for each in many], time.thread_time)
    return "Where the time of the sixty walks goes, on one thread: " + "; ".join(places) + "."


def scorecard(among: EventLog, runs: int) -> Timed:
    """Time all measures of the sixty diseases by institution, one year, walking included."""
    measures = sd.measures("single-disease")
    work = {"scorecard": lambda: sd.evaluate(measures, among, period="2024", by="institution")}
    # It takes so long that what is done the first time alone shows nowhere.
    return interleaved(work, runs, warm_up=False)["scorecard"]


def _resolved(name: str) -> Disease:
    return resolve_disease(catalogue.disease(name), {})
