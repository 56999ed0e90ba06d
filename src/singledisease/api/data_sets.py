"""Registries written as the data sets of China's standards."""

from __future__ import annotations

from pathlib import Path

from singledisease.errors import require_kind
from singledisease.eventlog.log import EventLog
from singledisease.io import data_sets
from singledisease.io.data_sets import Written


def write_data_set(log: EventLog, path: str | Path, data_set: str, *, rest: bool = False) -> Written:
    """Write a registry as the CSV of a data set, with its identifiers, codes and formats, and say what has no place.

    Each table is a file whose headings are the identifiers of the data set, beside it 数据元.md, which says of each
    identifier the data element, its name and format.  ``read(path, mapping=data_set)`` reads it back: the follow-ups,
    next visits and referrals that the data set has tables for, event for event.

    Parameters
    ----------
    log
        The registry.
    path
        The folder, made if need be.
    data_set
        ``ws365`` (WS 365, the health record) or ``ws372`` (WS 372 parts 2 and 5, with the personal file of WS 365).
    rest
        Write what has no place in the data set, enrolments among it, into files beside it, with ``mapping.toml``:
        ``read(path, mapping=path / "mapping.toml")`` reads both, and every event is there again.

    Returns
    -------
    Written
        ``account``: a table with ``written`` and ``not_written`` for each kind of event, column and table, and why;
        ``lost``, how much was not written into the data set; ``files``.

    Raises
    ------
    UsageError
        If there is no such data set, or the path is a file.
    OutputError
        If the files cannot be written; what stood there is as it was.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01", "sex": "female"}]
    >>> visit = {"patient_id": "P1", "date": "2024-03-05", "kind": "follow_up", "disease": "hypertension", "sbp": 138}
    >>> log = sd.read_frames(people, [visit, {**visit, "kind": "enrolment", "sbp": None}])
    >>> written = write_data_set(log, "ws365", "ws365")
    >>> [tuple(row.values())[:4] for row in written.account if row["what"] == "event"]
    [('event', 'follow_up hypertension', 1, 0), ('event', 'enrolment hypertension', 0, 1)]
    >>> sd.read("ws365", mapping="ws365").event(0)["sbp"]
    138.0
    """
    require_kind(log, EventLog, way="sd.write_data_set(log, path, data_set, …)", named="log")
    require_kind(path, str, Path, way="sd.write_data_set(log, path, data_set, …)", named="path")
    require_kind(data_set, str, way="sd.write_data_set(log, path, data_set, …)", named="data_set")
    return data_sets.write_data_set(log, path, data_set, rest=rest)
