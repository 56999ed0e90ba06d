"""From raw tables to the event log: check every row, put the rest in order, drop what repeats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.eventlog.check_rows import (
    crossed_pressures,
    find_persons,
    set_aside,
    without_crossed,
    wrong_rows,
)
from singledisease.eventlog.columns import AnyColumn, Coded, Dates
from singledisease.eventlog.gather import taken
from singledisease.eventlog.institutions import ActivityColumns, InstitutionColumns, Teams
from singledisease.eventlog.levels import with_levels
from singledisease.eventlog.likely_slips import likely_slips, slips_of_tables
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog, People, Provenance
from singledisease.eventlog.parse_column import CellProblem
from singledisease.eventlog.parse_table import Account, Checked, ColumnRules, account, bad_rows, read_columns, require
from singledisease.eventlog.people import build_people, shortened_ids
from singledisease.eventlog.places import build_activities, build_institutions, build_teams
from singledisease.eventlog.raw import RawTable
from singledisease.eventlog.report import LoadReport, NotDone, Slip
from singledisease.eventlog.sort_rows import arrange
from singledisease.eventlog.validation_rules import EVENT_LISTS
from singledisease.vocabulary import EVENT_COLUMNS, QUANTITIES, Quantity, ValueKind


def build(
    patients: RawTable,
    events: RawTable,
    institutions: RawTable | None = None,
    quantities: Sequence[Quantity] = (),
    *,
    teams: RawTable | None = None,
    activities: RawTable | None = None,
    rules: LoadRules | None = None,
) -> EventLog:
    """Make an event log of tables as they came in; its report accounts for every row.

    Parameters
    ----------
    patients, events, institutions, teams, activities
        The tables of the registry.
    quantities
        Further quantities that columns of ``events`` hold, beside the vocabulary's: short for rules of which nothing
        else is said.
    rules
        What else the tables are read by.

    Raises
    ------
    DataError
        If a table lacks a column it must have, or the rules are strict and a word is likely a slip.  Single rows are
        refused and reported, not raised.

    >>> from singledisease.eventlog.raw import raw_rows
    >>> people = raw_rows("patients", {"patient_id": ["P1"], "birth_date": ["1960-01-01"]})
    >>> visits = raw_rows(
    ...     "events",
    ...     {
    ...         "patient_id": ["P1", "P1"],
    ...         "date": ["2024-03-01", "2024-02-30"],
    ...         "kind": ["follow_up", "follow_up"],
    ...         "sbp": [152, 148],
    ...     },
    ... )
    >>> log = build(people, visits)
    >>> str(log.event(0)), log.report.refusals[0].check
    ('2024-03-01 follow_up sbp=152.0', 'impossible_date')
    """
    by = LoadRules(quantities=tuple(quantities)) if rules is None else rules
    people, of_patients = build_people(patients, by)
    places, of_places = (InstitutionColumns(), None) if institutions is None else build_institutions(institutions, by)
    groups, of_teams = (Teams(), None) if teams is None else build_teams(teams)
    deeds, of_deeds = (ActivityColumns(), None) if activities is None else build_activities(activities, by)
    tables = [one for one in (patients, institutions, teams, activities, events) if one is not None]
    notes = (*(note for table in tables for note in table.notes), *_absent(patients))
    slips = slips_of_tables(tables, by)
    sound = _sound_rows(events, people, places, by)
    # The columns as they came in are let go of here, if nobody else holds them: they are as large as the log.
    without = evolve(events, columns={})
    del tables, events
    log, of_events = _in_order(without, sound, people)
    accounts = [one for one in (of_patients, of_places, of_teams, of_deeds, of_events) if one is not None]
    log = evolve(log, institutions=places, teams=groups, activities=deeds)
    return evolve(log, report=_report(accounts, likely_slips(slips, log, by, of_events.refusals), notes))


def _report(accounts: Sequence[Account], slips: tuple[Slip, ...], notes: tuple[str, ...]) -> LoadReport:
    return LoadReport(
        tables=tuple(one.counts for one in accounts),
        refusals=tuple(refusal for one in accounts for refusal in one.refusals),
        readings=tuple(reading for one in accounts for reading in one.readings),
        not_done=tuple(rows for one in accounts for rows in one.not_done),
        slips=slips,
        notes=notes,
    )


def _absent(patients: RawTable) -> Iterator[str]:
    """Say which columns everyone is blank in: a misspelt name would go unnoticed otherwise."""
    for name in ("sex", "institution"):
        if name not in patients.columns:
            yield f"{patients.file}: 没有列 {name}，一律视为未知 / there is no column {name}: unknown for everyone"


# EVENTS


@frozen(eq=False)
class _Sorted:
    """What is wrong with rows, and what only with a reading of a row that is kept."""

    rows: list[CellProblem]
    readings: list[CellProblem]


@frozen(eq=False)
class _Sound:
    """Events whose cells were read, and which of them are kept: all, if ``chosen`` is ``None``.

    ``columns``, those of day and kind included, are used up when they are put in order.
    """

    columns: dict[str, AnyColumn]
    person: NDArray[np.int32]
    chosen: NDArray[np.int64] | None
    found: _Sorted
    not_done: tuple[NotDone, ...]
    names: Mapping[int, str]


def _sound_rows(events: RawTable, people: People, places: InstitutionColumns, rules: LoadRules) -> _Sound:
    require(events, ("patient_id", "date", "kind"), ("patient_id", *EVENT_COLUMNS))
    column_rules = _column_rules(rules)
    checked = read_columns(events, column_rules)
    checked = evolve(checked, wrong=(*shortened_ids(events), *checked.wrong))
    ids, kind = cast(Coded, checked.columns["patient_id"]), cast(Coded, checked.columns["kind"])
    person = find_persons(ids, people)
    aside, not_done = set_aside(events, kind, checked.columns.get("status"))
    crossed = list(crossed_pressures(checked.columns))
    found = _told([*checked.wrong, *wrong_rows(ids, person, people, checked)], crossed, column_rules, rules, aside)
    bad = bad_rows(len(events), found.rows) | aside
    return _Sound(
        _columns_kept(checked, crossed, places),
        person,
        np.flatnonzero(~bad) if bad.any() else None,
        found,
        not_done,
        {one.row: ids.text(one.row) or "" for one in (*found.rows, *found.readings)},
    )


def _in_order(events: RawTable, sound: _Sound, people: People) -> tuple[EventLog, Account]:
    columns = sound.columns
    arranged = arrange(
        len(people),
        person=sound.person,
        date=cast(Dates, columns["date"]).values,
        kind=cast(Coded, columns["kind"]),
        columns={name: column for name, column in columns.items() if name not in ("date", "kind")},
        chosen=sound.chosen,
    )
    kept = taken(columns, arranged.rows)
    log = EventLog(
        people=people,
        offsets=arranged.offsets,
        date=cast(Dates, kept.pop("date")).values,
        kind=cast(Coded, kept.pop("kind")),
        columns=kept,
        source=_source(events, arranged.rows),
    )
    found = sound.found
    return log, account(
        events,
        found.rows,
        found.readings,
        duplicates=arranged.duplicates,
        key=sound.names.__getitem__,
        not_done=sound.not_done,
    )


def _column_rules(rules: LoadRules) -> ColumnRules:
    known = {**QUANTITIES, **{quantity.name: quantity for quantity in rules.quantities}}
    kinds: dict[str, ValueKind] = {**dict.fromkeys(known, "number"), **EVENT_COLUMNS}
    return ColumnRules(
        kinds=kinds,
        lists=EVENT_LISTS,
        quantities=known,
        normal_forms=rules.normal_forms(),
        local_dates=rules.local_dates,
    )


def _told(
    wrong: Sequence[CellProblem],
    crossed: Sequence[CellProblem],
    columns: ColumnRules,
    rules: LoadRules,
    aside: NDArray[np.bool_],
) -> _Sorted:
    """Divide what is wrong into rows that are refused and readings that are, of rows that did not happen neither."""
    every = [one for one in (*wrong, *crossed) if not aside[one.row]]
    if rules.impossible == "row":
        return _Sorted(every, [])
    numbers = {name for name, kind in columns.kinds.items() if kind == "number"}
    refused = {one.row for one in every if one.column not in numbers}
    return _Sorted([one for one in every if one.row in refused], [one for one in every if one.row not in refused])


def _columns_kept(checked: Checked, crossed: Sequence[CellProblem], places: InstitutionColumns) -> dict[str, AnyColumn]:
    columns = without_crossed(checked.columns, crossed)
    del columns["patient_id"]
    columns = with_levels(columns, places)
    date, recorded = columns["date"], columns.get("recorded")
    if isinstance(recorded, Dates) and isinstance(date, Dates):
        columns["recorded"] = Dates(np.where(recorded.known, recorded.values, date.values))
    return columns


def _source(events: RawTable, rows: NDArray[np.int64]) -> Provenance:
    return Provenance(files=(events.file,), file=np.zeros(len(rows), np.uint16), line=events.line.take(rows))
