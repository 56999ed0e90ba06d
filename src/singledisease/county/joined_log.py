"""One log of the rows of several systems, each under the person whose it is, with its file and line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from singledisease.dates import iso
from singledisease.eventlog.build import build
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, coded
from singledisease.eventlog.concatenate import joined_source, placed, rows_of_source, stacked, unbounded
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.parse_column import as_text
from singledisease.eventlog.person import Person
from singledisease.eventlog.raw import RawTable, raw_rows

Rows = NDArray[np.int64]


def joined_log(
    persons: Sequence[Person],
    logs: Mapping[str, EventLog],
    called: Mapping[str, Sequence[str]],
    kept: Mapping[str, Rows],
    rules: LoadRules | None,
) -> EventLog:
    """Make one log of several.

    Parameters
    ----------
    persons
        Everybody, by the id that they have in the joined log.
    logs
        The log of each system; institutions, teams and activities are those of the first that has any.
    called
        By system, the id in the joined log of each of its people.
    kept
        By system, the rows that stay, ascending.
    rules
        By which the rows are read again.
    """
    tables = _of_one_kind([_events(logs[system], system, called[system], kept[system]) for system in logs])
    events = reduce(stacked, tables)
    read_by = rules or LoadRules()
    declared = {one.name for one in read_by.quantities}
    further = tuple(one for one in unbounded(events) if one.name not in declared)
    made = build(_patients(persons), events, rules=evolve(read_by, quantities=(*read_by.quantities, *further)))
    sources = [rows_of_source(logs[system].source, kept[system]) for system in logs]
    source, first = reduce(joined_source, sources), list(logs.values())
    return evolve(
        made,
        source=rows_of_source(source, made.source.line),
        report=placed(made.report, source),
        institutions=next((one.institutions for one in first if len(one.institutions.ids)), made.institutions),
        teams=next((one.teams for one in first if len(one.teams.ids)), made.teams),
        activities=next((one.activities for one in first if len(one.activities)), made.activities),
    )


def _events(log: EventLog, system: str, called: Sequence[str], rows: Rows) -> RawTable:
    """Give some rows of a system, each with the new id of its person and the system it came from."""
    ids = coded(called)
    columns: dict[str, AnyColumn] = {
        "patient_id": Coded(ids.codes[log.person[rows]], ids.categories),
        "date": Dates(log.date[rows]),
        "kind": log.kind[rows],
        **{name: part for name, column in log.columns.items() if (part := column[rows]).known.any()},
        "source": Coded(np.ones(len(rows), np.uint8), ("", system)),
    }
    return RawTable(name="events", columns=columns, file="events", line=np.arange(len(rows)))


def _of_one_kind(tables: Sequence[RawTable]) -> list[RawTable]:
    """Give tables in which a column that holds numbers in one and text in another holds text."""
    kinds: dict[str, set[type]] = {}
    for table in tables:
        for name, column in table.columns.items():
            kinds.setdefault(name, set()).add(type(column))
    return [
        evolve(
            table,
            columns={name: as_text(one) if len(kinds[name]) > 1 else one for name, one in table.columns.items()},
        )
        for table in tables
    ]


def _patients(persons: Sequence[Person]) -> RawTable:
    rows = [
        {
            "patient_id": person.id,
            "birth_date": None if person.birth is None else iso(person.birth),
            "sex": person.sex,
            "death_date": None if person.death is None else iso(person.death),
            "death_recorded": None if person.death_recorded is None else iso(person.death_recorded),
            **person.attributes,
        }
        for person in persons
    ]
    names = dict.fromkeys(["patient_id", "birth_date", *(name for row in rows for name in row)])
    return raw_rows("patients", {name: [row.get(name) for row in rows] for name in names})
