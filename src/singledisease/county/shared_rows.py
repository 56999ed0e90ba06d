"""Which rows of several systems may be one event: of one person, kind and day, and from more than one system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.eventlog.columns import Coded, Dates
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog


@frozen(eq=False)
class RowsOfPersons:
    """Rows of some systems beside each other: the system, row and person of each, in the order of systems."""

    system: NDArray[np.int64]
    row: NDArray[np.int64]
    person: NDArray[np.int64]
    kind: NDArray[np.int64]
    date: NDArray[np.int64]


def perhaps_shared(
    logs: Mapping[str, EventLog], person: Mapping[str, NDArray[np.int64]]
) -> Iterator[tuple[int, tuple[Event, ...]]]:
    """Give the person and the events of everybody that another system may hold too, each with its ``source``.

    What nobody else has said of that person, kind and day is one event of one system, and need not be looked at.

    Parameters
    ----------
    logs
        The log of each system.
    person
        By system, the number of the person that each of its people is.
    """
    rows = _in_several(_stacked(logs, person))
    events: list[Event] = []
    for place, (system, log) in enumerate(logs.items()):
        source = Coded(np.ones(len(log), np.uint8), ("", system))
        told = evolve(log, columns={**log.columns, "source": source})
        events += told.events_at(rows.row[rows.system == place])
    # Of one person, those of the first system come first: so they were put beside each other.
    order = np.argsort(rows.person, kind="stable")
    ends = np.flatnonzero(np.diff(rows.person[order], append=-1)) + 1
    first = 0
    for last in ends.tolist():
        yield int(rows.person[order[first]]), tuple(events[i] for i in order[first:last].tolist())
        first = last


def _stacked(logs: Mapping[str, EventLog], person: Mapping[str, NDArray[np.int64]]) -> RowsOfPersons:
    """Put the rows of all systems that were not taken back beside each other."""
    kinds: dict[str, int] = {}
    parts: list[RowsOfPersons] = []
    for place, (system, log) in enumerate(logs.items()):
        withdrawn = log.columns.get("withdrawn")
        rows = np.arange(len(log), dtype=np.int64)
        if isinstance(withdrawn, Dates):
            rows = rows[withdrawn.values == MISSING]
        called = np.array([kinds.setdefault(kind, len(kinds)) for kind in log.kind.categories], np.int64)
        whose = person[system][log.person[rows]]
        kind, date = called[log.kind.codes[rows]], log.date[rows].astype(np.int64)
        parts.append(RowsOfPersons(np.full(len(rows), place), rows, whose, kind, date))
    return RowsOfPersons(
        system=np.concatenate([one.system for one in parts]),
        row=np.concatenate([one.row for one in parts]),
        person=np.concatenate([one.person for one in parts]),
        kind=np.concatenate([one.kind for one in parts]),
        date=np.concatenate([one.date for one in parts]),
    )


def _in_several(rows: RowsOfPersons) -> RowsOfPersons:
    """Leave the rows of whose person, kind and day more than one system has some."""
    order = np.lexsort((rows.system, rows.date, rows.kind, rows.person))
    keys = np.stack([rows.person[order], rows.kind[order], rows.date[order]])
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    group = np.cumsum(begins) - 1
    system = rows.system[order]
    firsts = np.flatnonzero(begins)
    lasts = np.append(firsts[1:], len(order)) - 1
    several = system[lasts] != system[firsts] if len(order) else np.zeros(0, np.bool_)
    chosen = np.sort(order[several[group]])
    return RowsOfPersons(*(column[chosen] for column in (rows.system, rows.row, rows.person, rows.kind, rows.date)))
