"""A log as the tables it could have come from: for writing it, and for joining it with another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from singledisease.eventlog.columns import AnyColumn, Coded, Dates, coded
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import RawTable, TableName


def tables_of(log: EventLog) -> tuple[RawTable, RawTable, RawTable, RawTable, RawTable]:
    """Give patients, events, institutions, teams and activities; building them again gives an equal log.

    A table that was not given is one without columns.
    """
    places, teams = log.institutions, log.teams
    return (
        _patients(log),
        _events(log),
        _one_row_each("institutions", "institution", places.ids, places.columns),
        _one_row_each("teams", "team", teams.ids, teams.columns),
        _activities(log),
    )


def _patients(log: EventLog) -> RawTable:
    people = log.people
    columns: dict[str, AnyColumn] = {
        "patient_id": _every(people.ids.tolist()),
        "birth_date": Dates(people.birth),
        "sex": people.sex,
        "death_date": Dates(people.death),
        "death_recorded": Dates(people.death_recorded),
        **people.attributes,
    }
    return RawTable(name="patients", columns=columns, file="patients", line=np.arange(2, len(people) + 2))


def _every(texts: list[str]) -> Coded:
    return Coded(np.arange(1, len(texts) + 1, dtype=np.int32), ("", *texts))


def _events(log: EventLog) -> RawTable:
    ids = Coded((log.person + 1).astype(np.int32), ("", *log.people.ids.tolist()))
    columns: dict[str, AnyColumn] = {"patient_id": ids, "date": Dates(log.date), "kind": log.kind, **log.columns}
    return RawTable(name="events", columns=columns, file="events", line=np.arange(2, len(log) + 2))


def _one_row_each(name: TableName, what: str, ids: tuple[str, ...], texts: Mapping[str, tuple[str, ...]]) -> RawTable:
    columns: dict[str, AnyColumn] = {}
    if ids or texts:
        columns = {what: coded(ids), **{column: coded(cells) for column, cells in texts.items()}}
    return RawTable(name=name, columns=columns, file=name, line=np.arange(2, len(ids) + 2))


def _activities(log: EventLog) -> RawTable:
    done = log.activities
    columns: dict[str, AnyColumn] = {}
    if len(done) or done.columns:
        columns = {"institution": done.institution, "date": Dates(done.date), "kind": done.kind, **done.columns}
    return RawTable(name="activities", columns=columns, file="activities", line=np.arange(2, len(done) + 2))
