"""The tables that have one row each: patients and institutions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.eventlog.columns import AnyColumn, Coded, Dates
from singledisease.eventlog.deduplicate import one_each
from singledisease.eventlog.log import Institutions, People
from singledisease.eventlog.parse_column import Finding, day_text, findings
from singledisease.eventlog.parse_table import bad_rows, counted, read_columns, refusals, require
from singledisease.eventlog.raw import RawTable
from singledisease.eventlog.report import Refusal, TableReport
from singledisease.eventlog.validation_rules import (
    BLANK_INSTITUTION,
    BLANK_PERSON,
    DEATH_BEFORE_BIRTH,
    INSTITUTION_LISTS,
    PERSON_LISTS,
    before_birth,
)
from singledisease.vocabulary import INSTITUTION_COLUMNS, PERSON_COLUMNS, SEXES

SEX_CATEGORIES = ("", *SEXES)
_WITH_A_FIELD = ("patient_id", "birth_date", "death_date", "death_recorded", "sex")


@frozen(eq=False)
class Account:
    """What became of the rows of one table."""

    counts: TableReport
    refusals: tuple[Refusal, ...]


def build_people(table: RawTable) -> tuple[People, Account]:
    """Check the table of patients and make one row per person, sorted by id.

    Raises
    ------
    DataError
        If there is no column ``patient_id`` or ``birth_date``.
    """
    require(table, ("patient_id", "birth_date"), PERSON_COLUMNS)
    checked = read_columns(table, PERSON_COLUMNS, PERSON_LISTS)
    ids = cast(Coded, checked.columns["patient_id"])
    wrong = [*checked.wrong, *findings("patient_id", np.flatnonzero(~ids.known), BLANK_PERSON, lambda _: "")]
    wrong += _dead_before_born(checked.columns)
    settled = one_each("person", ids, checked.columns.values(), bad=bad_rows(len(table), wrong), line=table.line)
    wrong += settled.wrong
    account = Account(
        counted(table, bad_rows(len(table), wrong), settled.duplicates),
        refusals(table, wrong, lambda row: ids.text(row) or ""),
    )
    return _people(checked.columns, settled.keep), account


def _dead_before_born(columns: Mapping[str, AnyColumn]) -> list[Finding]:
    birth, death = columns["birth_date"], columns.get("death_date")
    if not isinstance(birth, Dates) or not isinstance(death, Dates):
        return []
    rows = np.flatnonzero(death.known & before_birth(death.values, birth.values))
    return findings("death_date", rows, DEATH_BEFORE_BIRTH, lambda row: day_text(int(death.values[row])))


def _people(columns: Mapping[str, AnyColumn], keep: NDArray[np.int64]) -> People:
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


def build_institutions(table: RawTable) -> tuple[Institutions, Account]:
    """Check the table of institutions and make one row each, sorted by id.

    Raises
    ------
    DataError
        If there is no column ``institution``.
    """
    require(table, ("institution",), INSTITUTION_COLUMNS)
    checked = read_columns(table, {}, INSTITUTION_LISTS)
    columns = {name: cast(Coded, column) for name, column in checked.columns.items()}
    ids = columns.pop("institution")
    wrong = [*checked.wrong, *findings("institution", np.flatnonzero(~ids.known), BLANK_INSTITUTION, lambda _: "")]
    settled = one_each("institution", ids, columns.values(), bad=bad_rows(len(table), wrong), line=table.line)
    wrong += settled.wrong
    rows = sorted(settled.keep.tolist(), key=lambda row: ids.categories[ids.codes[row]])
    made = Institutions(
        ids=tuple(ids.categories[ids.codes[row]] for row in rows),
        columns={name: tuple(column.text(row) or "" for row in rows) for name, column in columns.items()},
    )
    account = Account(
        counted(table, bad_rows(len(table), wrong), settled.duplicates),
        refusals(table, wrong, lambda row: ids.text(row) or ""),
    )
    return made, account
