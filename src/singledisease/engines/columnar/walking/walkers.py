"""The log of those who walk: their events, with the columns alone that their pathway reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from attrs import evolve

from singledisease.engines.columnar.common_subexpressions import CommonSubexpressions
from singledisease.engines.columnar.table import Indices
from singledisease.engines.columnar.walking.observation_windows import stretches
from singledisease.engines.columnar.walking.pathway_tables import Machine
from singledisease.eventlog.log import EventLog
from singledisease.language.traversal import values_of

_ALWAYS = frozenset({"disease", "code", "reason", "link", "institution", "until"})
"""Columns that are read without being named: of which disease an event is, what links it, where, how long."""


def log_of_walkers(log: EventLog, who: Indices, machine: Machine, common: CommonSubexpressions) -> EventLog:
    """Give the log of some people as far as their pathway reads it; from where each row came is not in it.

    Of sixty diseases each reads a few of many columns: to take them all would take as long as the walk.

    Parameters
    ----------
    log
        The log of everybody.
    who
        Their places among the people of the log, ascending.
    machine
        The pathway as tables.
    common
        What is found out about its expressions is kept there.
    """
    read = common.fact(("columns read",), lambda: _ALWAYS.union(_texts(_read_by(machine))))
    first, behind = log.offsets[who], log.offsets[who + 1]
    rows = stretches(first, behind)
    nowhere = np.broadcast_to(np.zeros(1, np.int64), len(rows))
    return evolve(
        log,
        people=log.people[who],
        offsets=np.concatenate([np.zeros(1, np.int64), np.cumsum(behind - first)]),
        date=log.date.take(rows),
        kind=log.kind[rows],
        columns={name: column[rows] for name, column in log.columns.items() if name in read},
        source=evolve(log.source, file=nowhere.astype(np.uint16), line=nowhere),
    )


def _read_by(machine: Machine) -> tuple[Any, ...]:
    return machine.disease.pathway.signals, tuple(clock.timing for clock in machine.clocks)


def _texts(value: Any) -> Iterator[str]:
    """Give every text that stands in a value: of the names of columns among them none is left out."""
    if isinstance(value, str):
        yield value
    else:
        assert not isinstance(value, Mapping)  # its keys and values would be left out: no part of a pathway holds one
        for each in value if isinstance(value, (tuple, list, set, frozenset)) else values_of(value) or ():
            yield from _texts(each)
