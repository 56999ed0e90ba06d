"""Columns that came in, read as what their names mean: once per distinct text, with what is wrong where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, day_of, iso
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Flags, Numbers, smallest_codes
from singledisease.eventlog.parse_cell import (
    NORMAL_FORM,
    NormalForms,
    quantity_reader,
    read_date,
    read_flag,
    read_number,
    text_reader,
    writable,
)
from singledisease.eventlog.raw import plain_number
from singledisease.eventlog.validation_rules import IMPOSSIBLE_DATE, NOT_FINITE, ValidationIssue, out_of_bounds, outside
from singledisease.vocabulary import Quantity

T = TypeVar("T")

FIRST_DAY = day_of(dt.date.min)
LAST_DAY = day_of(dt.date.max)


@frozen
class CellProblem:
    """A problem of one row: in which column, and what stood there."""

    row: int
    column: str
    value: str
    problem: ValidationIssue


def findings(
    column: str, rows: NDArray[Any], problem: ValidationIssue, value: Callable[[int], str]
) -> list[CellProblem]:
    """Say the same problem of many rows."""
    return [CellProblem(row, column, value(row), problem) for row in rows.tolist()]


# AS TEXT


def as_text(column: AnyColumn) -> Coded:
    """Give any column as text, the way a CSV file would hold it."""
    match column:
        case Coded():
            return column
        case Numbers():
            return _written(column.values, column.known, plain_number)
        case Dates():
            return _written(column.values, column.known, day_text)
        case _:
            return _written(column.values, column.known, lambda flag: "true" if flag else "false")


def _written(values: NDArray[Any], known: NDArray[np.bool_], write: Callable[[Any], str]) -> Coded:
    distinct, inverse = np.unique(values[known], return_inverse=True)
    codes = np.zeros(len(values), np.int32)
    codes[known] = inverse + 1
    return Coded(codes, ("", *(write(value) for value in distinct.tolist())))


def day_text(day: int) -> str:
    """Write a day; one that no calendar has, as the number of days since 1970."""
    return iso(day) if FIRST_DAY <= day <= LAST_DAY else f"day {day}"


# PER DISTINCT TEXT


def _read_each(
    name: str, column: Coded, read: Callable[[str], T | ValidationIssue], missing: T
) -> tuple[list[T], list[CellProblem]]:
    """Read every category once; give one value per category, and the rows where a reading failed."""
    values: list[T] = []
    failed: dict[int, ValidationIssue] = {}
    for code, category in enumerate(column.categories):
        text = category.strip()
        got = read(text) if text else missing
        if isinstance(got, ValidationIssue):
            failed[code] = got
            got = missing
        values.append(got)
    return values, _failures(name, column, failed)


def _failures(name: str, column: Coded, failed: Mapping[int, ValidationIssue]) -> list[CellProblem]:
    if not failed:
        return []
    bad = np.zeros(len(column.categories), np.bool_)
    bad[list(failed)] = True
    rows = np.flatnonzero(bad[column.codes])
    codes = column.codes[rows].tolist()
    return [
        CellProblem(row, name, column.categories[code], failed[code])
        for row, code in zip(rows.tolist(), codes, strict=True)
    ]


# BY MEANING


def read_numbers(name: str, column: AnyColumn, quantity: Quantity | None) -> tuple[Numbers, list[CellProblem]]:
    """Read a column of numbers; those of a quantity within its bounds."""
    if isinstance(column, Numbers):
        return _check_numbers(name, column.values, quantity)
    text = as_text(column)
    reader = read_number if quantity is None else quantity_reader(quantity)
    values, wrong = _read_each(name, text, reader, np.nan)
    return Numbers(np.array(values, np.float64)[text.codes]), wrong


def _check_numbers(
    name: str, values: NDArray[np.float64], quantity: Quantity | None
) -> tuple[Numbers, list[CellProblem]]:
    if len(values) and _plainly_sound(np.fmin.reduce(values), np.fmax.reduce(values), quantity):
        return Numbers(values), []
    infinite = np.isinf(values)
    wrong = findings(name, np.flatnonzero(infinite), NOT_FINITE, lambda row: str(values[row]))
    if quantity is not None:
        beyond = np.flatnonzero(outside(quantity, values) & ~infinite)
        wrong += findings(name, beyond, out_of_bounds(quantity), lambda row: plain_number(values[row]))
    sound = values + 0.0  # -0.0 becomes 0.0, as in text
    sound[[finding.row for finding in wrong]] = np.nan
    return Numbers(sound), wrong


def _plainly_sound(least: float, most: float, quantity: Quantity | None) -> bool:
    """Tell from the extremes that no number of a column needs a look: then nothing is copied."""
    if not 0 < least <= most < np.inf:
        return False
    return quantity is None or not (outside(quantity, least) or outside(quantity, most))


def read_dates(name: str, column: AnyColumn, local_dates: bool = False) -> tuple[Dates, list[CellProblem]]:
    """Read a column of days; ``local_dates`` as in ``parse_cell.read_date``."""
    if isinstance(column, Dates):
        days = column.values
        if len(days) and days.min() >= FIRST_DAY and days.max() <= LAST_DAY:
            return column, []
        wrong = column.known & ((days < FIRST_DAY) | (days > LAST_DAY))
        return column, findings(name, np.flatnonzero(wrong), IMPOSSIBLE_DATE, lambda row: day_text(int(days[row])))
    text = as_text(column)
    values, bad = _read_each(name, text, lambda cell: read_date(cell, local_dates), MISSING)
    return Dates(np.array(values, np.int32)[text.codes]), bad


def read_flags(name: str, column: AnyColumn) -> tuple[Flags, list[CellProblem]]:
    """Read a column of flags."""
    if isinstance(column, Flags):
        return column, []
    text = as_text(column)
    values, wrong = _read_each(name, text, read_flag, -1)
    return Flags(np.array(values, np.int8)[text.codes]), wrong


def read_texts(
    name: str, column: AnyColumn, lists: Mapping[str, tuple[str, ...]], normal_forms: NormalForms = NORMAL_FORM
) -> tuple[Coded, list[CellProblem]]:
    """Read a column of text: stripped, in normal form, within its list of codes."""
    text = as_text(column)
    if name not in lists and name not in normal_forms and writable("".join(text.categories)):
        stripped = tuple(map(str.strip, text.categories))
        if stripped == text.categories:
            return Coded(smallest_codes(text.codes, len(stripped)), stripped), []
        return recoded(text.codes, stripped), []
    values, wrong = _read_each(name, text, text_reader(name, lists, normal_forms), "")
    return recoded(text.codes, values), wrong


def recoded(codes: NDArray[Any], texts: Sequence[str]) -> Coded:
    """Make a column of codes into ``texts``, which may repeat: equal texts get one code, the blank 0."""
    lookup: dict[str, int] = {"": 0}
    mapping = np.array([lookup.setdefault(text, len(lookup)) for text in texts], np.int32)
    return Coded(smallest_codes(mapping, len(lookup))[codes], lookup)
