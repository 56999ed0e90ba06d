"""The tables about no person, checked: institutions and teams, one row each, and the activities of institutions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, cast

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.definitions.typed_column import TypedColumn
from singledisease.eventlog.columns import AnyColumn, Coded, Dates
from singledisease.eventlog.deduplicate import one_each
from singledisease.eventlog.institutions import ActivityColumns, InstitutionColumns, Teams
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.parse_column import findings
from singledisease.eventlog.parse_table import Account, ColumnRules, account, bad_rows, read_columns, require
from singledisease.eventlog.people import typed_columns
from singledisease.eventlog.raw import RawTable
from singledisease.eventlog.sort_rows import arrange
from singledisease.eventlog.validation_rules import (
    ACTIVITY_LISTS,
    BLANK_DATE,
    BLANK_INSTITUTION,
    BLANK_KIND,
    BLANK_TEAM,
    INSTITUTION_LISTS,
)
from singledisease.vocabulary import ACTIVITY_COLUMNS, INSTITUTION_COLUMNS, TEAM_COLUMNS

Texts = Mapping[str, tuple[str, ...]]
_BLANK = {"institution": BLANK_INSTITUTION, "team": BLANK_TEAM, "date": BLANK_DATE, "kind": BLANK_KIND}


def build_institutions(table: RawTable, rules: LoadRules) -> tuple[InstitutionColumns, Account]:
    """Check the table of institutions and make one row each, sorted by id.

    Raises
    ------
    DataError
        If there is no column ``institution``.
    """
    require(table, ("institution",), INSTITUTION_COLUMNS)
    each, made = _one_row_each(table, "institution", INSTITUTION_LISTS, rules.institution_columns)
    return InstitutionColumns(ids=each.ids, columns=each.texts, typed=each.typed), made


def build_teams(table: RawTable) -> tuple[Teams, Account]:
    """Check the table of teams and make one row each, sorted by id.

    Raises
    ------
    DataError
        If there is no column ``team``.
    """
    require(table, ("team",), TEAM_COLUMNS)
    each, made = _one_row_each(table, "team", {}, ())
    return Teams(ids=each.ids, columns=each.texts), made


@frozen(eq=False)
class _Each:
    ids: tuple[str, ...]
    texts: Texts
    typed: Mapping[str, AnyColumn]


def _one_row_each(
    table: RawTable,
    what: Literal["institution", "team"],
    lists: Mapping[str, tuple[str, ...]],
    declared: Sequence[TypedColumn],
) -> tuple[_Each, Account]:
    checked = read_columns(table, ColumnRules(kinds={}, lists=lists))
    columns = {name: cast(Coded, column) for name, column in checked.columns.items()}
    ids = columns.pop(what)
    wrong = [*checked.wrong, *findings(what, np.flatnonzero(~ids.known), _BLANK[what], lambda _: "")]
    settled = one_each(what, ids, columns.values(), bad=bad_rows(len(table), wrong), line=table.line)
    wrong += settled.wrong
    typed, readings = typed_columns(table, declared, bad_rows(len(table), wrong))
    rows = sorted(settled.keep.tolist(), key=lambda row: ids.categories[ids.codes[row]])
    each = _Each(
        ids=tuple(ids.categories[ids.codes[row]] for row in rows),
        texts={name: tuple(column.text(row) or "" for row in rows) for name, column in columns.items()},
        typed={name: column[np.array(rows, np.int64)] for name, column in typed.items()},
    )
    return each, account(table, wrong, readings, duplicates=settled.duplicates, key=lambda row: ids.text(row) or "")


def build_activities(table: RawTable, rules: LoadRules) -> tuple[ActivityColumns, Account]:
    """Check the table of activities and put its rows in order, exact duplicates dropped.

    Raises
    ------
    DataError
        If there is no column ``institution``, ``date`` or ``kind``.
    """
    needed = ("institution", "date", "kind")
    require(table, needed, ACTIVITY_COLUMNS)
    checked = read_columns(
        table,
        ColumnRules(kinds=ACTIVITY_COLUMNS, lists=ACTIVITY_LISTS, quantities={}, local_dates=rules.local_dates),
    )
    columns = dict(checked.columns)
    wrong = [found for found in checked.wrong if ACTIVITY_COLUMNS.get(found.column) != "number"]
    unread = {(found.column, found.row) for found in wrong}
    for name in needed:
        blank = [row for row in np.flatnonzero(~columns[name].known).tolist() if (name, row) not in unread]
        wrong += findings(name, np.array(blank, np.int64), _BLANK[name], lambda _: "")
    bad = bad_rows(len(table), wrong)
    readings = [found for found in checked.wrong if found not in wrong and not bad[found.row]]
    place = cast(Coded, columns.pop("institution"))
    date, kind = cast(Dates, columns.pop("date")), cast(Coded, columns.pop("kind"))
    rank = _by_text(place)
    arranged = arrange(
        len(place.categories),
        person=rank,
        date=date.values,
        kind=kind,
        columns=columns,
        chosen=np.flatnonzero(~bad),
    )
    rows = arranged.rows
    made = ActivityColumns(
        institution=place[rows],
        date=date.values[rows],
        kind=kind[rows],
        columns={name: column[rows] for name, column in columns.items()},
    )
    return made, account(table, wrong, readings, duplicates=arranged.duplicates, key=lambda row: place.text(row) or "")


def _by_text(place: Coded) -> NDArray[np.int64]:
    """Give the rank of each row's text among all."""
    order = sorted(range(len(place.categories)), key=place.categories.__getitem__)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return np.asarray(rank[place.codes])
