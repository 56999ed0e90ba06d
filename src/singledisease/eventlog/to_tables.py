"""A log as the tables it could have come from: for writing it, and for joining it with another."""

from __future__ import annotations

import numpy as np

from singledisease.eventlog.columns import AnyColumn, Coded, Dates, coded
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import RawTable


def tables_of(log: EventLog) -> tuple[RawTable, RawTable, RawTable]:
    """Give patients, events and institutions; building them again gives an equal log.

    Institutions that were not given are a table without columns.
    """
    return _patients(log), _events(log), _institutions(log)


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


def _institutions(log: EventLog) -> RawTable:
    places = log.institutions
    columns: dict[str, AnyColumn] = {}
    if places.ids or places.columns:
        columns = {"institution": coded(places.ids), **{name: coded(texts) for name, texts in places.columns.items()}}
    return RawTable(name="institutions", columns=columns, file="institutions", line=np.arange(2, len(places.ids) + 2))
