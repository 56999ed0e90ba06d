"""The table of patients: one row per person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.definitions.typed_column import TypedColumn
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Numbers
from singledisease.eventlog.deduplicate import one_each
from singledisease.eventlog.identity_number import is_shortened
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import People
from singledisease.eventlog.parse_column import CellProblem, as_text, day_text, findings
from singledisease.eventlog.parse_table import Account, ColumnRules, account, bad_rows, read_columns, require
from singledisease.eventlog.raw import RawTable
from singledisease.eventlog.validation_rules import (
    BLANK_PERSON,
    DEATH_BEFORE_BIRTH,
    PERSON_LISTS,
    SHORTENED_ID,
    before_birth,
)
from singledisease.vocabulary import PERSON_COLUMNS, SEXES

SEX_CATEGORIES = ("", *SEXES)
WHOLE = 2**53
"""Whole numbers beyond this are not exact as float64: such a number names several people."""
_WITH_A_FIELD = ("patient_id", "birth_date", "death_date", "death_recorded", "sex")


def build_people(table: RawTable, rules: LoadRules) -> tuple[People, Account]:
    """Check the table of patients and make one row per person, sorted by id.

    Raises
    ------
    DataError
        If there is no column ``patient_id`` or ``birth_date``.
    """
    require(table, ("patient_id", "birth_date"), PERSON_COLUMNS)
    checked = read_columns(table, ColumnRules(kinds=PERSON_COLUMNS, lists=PERSON_LISTS, local_dates=rules.local_dates))
    ids = cast(Coded, checked.columns["patient_id"])
    wrong = [*checked.wrong, *findings("patient_id", np.flatnonzero(~ids.known), BLANK_PERSON, lambda _: "")]
    wrong += shortened_ids(table)
    wrong += _dead_before_born(checked.columns)
    settled = one_each("person", ids, checked.columns.values(), bad=bad_rows(len(table), wrong), line=table.line)
    wrong += settled.wrong
    typed, readings = typed_columns(table, rules.attributes, bad_rows(len(table), wrong))
    made = account(table, wrong, readings, duplicates=settled.duplicates, key=lambda row: ids.text(row) or "")
    return _people(checked.columns, typed, settled.keep), made


def shortened_ids(table: RawTable) -> Iterator[CellProblem]:
    """Find numbers of people that a spreadsheet has shortened: with an exponent, or as floats that are not exact."""
    column = table.columns["patient_id"]
    if isinstance(column, Coded):
        # Of a million names hardly one is shortened: one look at all of them says so.
        if "E+" not in "\n".join(column.categories).upper():
            return
        bad = np.array([is_shortened(text.strip()) for text in column.categories], np.bool_)[column.codes]
    elif isinstance(column, Numbers):
        bad = np.abs(column.values) > WHOLE
    else:
        return
    if bad.any():
        text = as_text(column)
        yield from findings("patient_id", np.flatnonzero(bad), SHORTENED_ID, lambda row: text.text(row) or "")


def typed_columns(
    table: RawTable, declared: Sequence[TypedColumn], refused: NDArray[np.bool_]
) -> tuple[dict[str, AnyColumn], list[CellProblem]]:
    """Read the columns that are declared to hold something other than text, and what of them is no such value.

    What cannot be read is missing; it is told unless its row is refused.
    """
    kinds = {one.name: one.kind for one in declared if one.kind != "text" and one.name in table.columns}
    rules = ColumnRules(kinds=kinds, quantities={})
    checked = read_columns(_only(table, kinds), rules)
    return dict(checked.columns), [found for found in checked.wrong if not refused[found.row]]


def _only(table: RawTable, names: Mapping[str, object]) -> RawTable:
    columns = {name: table.columns[name] for name in names}
    return RawTable(name=table.name, columns=columns, file=table.file, line=table.line)


def _dead_before_born(columns: Mapping[str, AnyColumn]) -> list[CellProblem]:
    birth, death = columns["birth_date"], columns.get("death_date")
    if not isinstance(birth, Dates) or not isinstance(death, Dates):
        return []
    rows = np.flatnonzero(death.known & before_birth(death.values, birth.values))
    return findings("death_date", rows, DEATH_BEFORE_BIRTH, lambda row: day_text(int(death.values[row])))


def _people(columns: Mapping[str, AnyColumn], typed: Mapping[str, AnyColumn], keep: NDArray[np.int64]) -> People:
    ids = cast(Coded, columns["patient_id"])
    texts = [ids.categories[code] for code in ids.codes[keep].tolist()]
    order = np.array(sorted(range(len(texts)), key=texts.__getitem__), np.int64)
    rows = keep[order]
    death = _days(columns, "death_date", rows)
    recorded = _days(columns, "death_recorded", rows)
    return People(
        ids=np.array(texts, np.object_)[order],
        birth=_days(columns, "birth_date", rows),
        death=death,
        death_recorded=np.where((recorded == MISSING) | (death == MISSING), death, recorded),
        sex=_sex(columns, rows),
        attributes={name: cast(Coded, column)[rows] for name, column in columns.items() if name not in _WITH_A_FIELD},
        typed={name: column[rows] for name, column in typed.items()},
    )


def _days(columns: Mapping[str, AnyColumn], name: str, rows: NDArray[np.int64]) -> NDArray[np.int32]:
    column = columns.get(name)
    return column.values[rows] if isinstance(column, Dates) else np.full(len(rows), MISSING, np.int32)


def _sex(columns: Mapping[str, AnyColumn], rows: NDArray[np.int64]) -> Coded:
    unknown = SEX_CATEGORIES.index("unknown")
    column = columns.get("sex")
    if not isinstance(column, Coded):
        return Coded(np.full(len(rows), unknown, np.uint8), SEX_CATEGORIES)
    codes = np.array([SEX_CATEGORIES.index(text) or unknown for text in column.categories], np.uint8)
    return Coded(codes[column.codes[rows]], SEX_CATEGORIES)
