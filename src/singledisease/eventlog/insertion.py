"""Events put among those that people have, as if they had been loaded with them."""

from __future__ import annotations

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from singledisease.errors import DataError
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, blank_like, together
from singledisease.eventlog.concatenate import mismatches
from singledisease.eventlog.log import EventLog, Provenance
from singledisease.eventlog.sort_rows import arrange
from singledisease.eventlog.validation_rules import after_death, before_birth


def with_events(log: EventLog, person: NDArray[np.int64], events: EventLog, rows: NDArray[np.int64]) -> EventLog:
    """Give people further events, which are copied from another log, whoever's they are there.

    The log is the one that joining both would give if the events were of these people: in canonical order, without
    those that are there already, before birth or after death.  Only what joining asks of tables is not asked again,
    so that a few events can be tried for many people, and many times.

    Parameters
    ----------
    log
        Of the people who get events.
    person
        int64: the place in ``log`` of the person who gets each event.
    events
        The events.
    rows
        int64: which of them, one for each element of ``person``.

    Raises
    ------
    DataError
        If a column holds numbers in one log and text in the other.

    >>> import numpy as np
    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}, {"patient_id": "P2", "birth_date": None}]
    >>> log = sd.read_frames(people, [{"patient_id": "P1", "date": "2024-04-02", "kind": "follow_up"}])
    >>> more = with_events(log, np.array([0, 1, 1]), log, np.array([0, 0, 0]))
    >>> np.diff(more.offsets).tolist()
    [1, 1]
    """
    faults = mismatches(log, events)
    if faults:
        raise DataError("两份数据不能合并 / the two logs cannot be joined", faults)
    lives = log.people
    day = events.date[rows]
    outside = before_birth(day, lives.birth[person]) | after_death(day, lives.death[person])
    person, rows = person[~outside], rows[~outside]
    owner = np.concatenate([log.person, person])
    date = np.concatenate([log.date, events.date[rows]])
    kind = together(log.kind, events.kind[rows])
    assert isinstance(kind, Coded)
    columns = _columns(log, events, rows, date)
    arranged = arrange(len(lives), person=owner, date=date, kind=kind, columns=columns)
    source = _source(log.source, events.source, rows)
    order = arranged.rows
    return evolve(
        log,
        offsets=arranged.offsets,
        date=date[order],
        kind=kind[order],
        columns={name: column[order] for name, column in columns.items()},
        source=evolve(source, file=source.file[order], line=source.line[order]),
    )


def _columns(log: EventLog, events: EventLog, rows: NDArray[np.int64], date: NDArray[np.int32]) -> dict[str, AnyColumn]:
    given = {name: column[rows] for name, column in events.columns.items()}
    columns = {
        name: together(
            log.columns.get(name, blank_like(like, len(log))),
            given.get(name, blank_like(like, len(rows))),
        )
        for name, like in {**log.columns, **given}.items()
    }
    recorded = columns.get("recorded")
    if isinstance(recorded, Dates):
        columns["recorded"] = Dates(np.where(recorded.known, recorded.values, date))
    return columns


def _source(first: Provenance, second: Provenance, rows: NDArray[np.int64]) -> Provenance:
    files = tuple(dict.fromkeys((*first.files, *second.files)))
    moved = np.array([files.index(file) for file in second.files], np.uint16)
    return Provenance(
        files=files,
        file=np.concatenate([first.file, moved[second.file[rows]]]),
        line=np.concatenate([first.line, second.line[rows]]),
    )
