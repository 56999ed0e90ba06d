"""Rows of a foreign table that are no records, or say nothing that is asked for: skipped, and counted by reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.errors import DataError, Fault, did_you_mean
from singledisease.eventlog.columns import AnyColumn, Coded
from singledisease.eventlog.parse_column import as_text, read_dates, recoded
from singledisease.eventlog.raw import RawTable
from singledisease.io.mapping.names import called, normal
from singledisease.io.mapping.source import Source

Rows = NDArray[np.bool_]


def skipped_rows(source: Source, raw: RawTable, columns: Mapping[str, AnyColumn]) -> dict[str, Rows]:
    """Mark the rows that are skipped, each for its first reason: why, and which rows."""
    found: dict[str, Rows] = {}
    gone = np.zeros(len(raw), np.bool_)

    def skip(why: str, rows: Rows) -> None:
        found[why] = rows & ~gone
        np.logical_or(gone, rows, out=gone)

    if source.footers:
        blank, footer = ends(raw, source.footers)
        skip("空行 / nothing stands in them", blank)
        skip(f"表尾，不是记录 / no records, they begin with {', '.join(source.footers)}", footer)
    for wanted, cells in source.where.items():
        skip(f"{wanted}: 不是 / not {', '.join(cells)}", ~_holds(raw, wanted, cells))
    for name in source.only_with:
        column = columns.get(name)
        skip(f"空 / blank: {name}", np.ones(len(raw), np.bool_) if column is None else ~_filled(column))
    if source.once and "patient_id" in columns:
        skip("每人只取最早一行 / only the earliest row of each person", ~_earliest(columns, ~gone))
    return found


def of_no_source(sources: Sequence[Source], raw: RawTable) -> dict[str, int]:
    """Count the rows that none of the tables that a file is takes, by what stands where they choose theirs."""
    left = np.ones(len(raw), np.bool_)
    for source in sources:
        left &= ~np.all([left, *(_holds(raw, *one) for one in source.where.items())], axis=0)
    asked = [called(wanted, raw.columns) for wanted in dict.fromkeys(w for source in sources for w in source.where)]
    columns = [as_text(raw.columns[name]) for name in asked if name is not None]
    kinds, number = np.unique(np.stack([column.codes[left] for column in columns]), axis=1, return_counts=True)
    texts = [[column.categories[code] for code in codes] for column, codes in zip(columns, kinds, strict=True)]
    return {", ".join(cells): int(n) for cells, n in zip(zip(*texts, strict=True), number, strict=True)}


def _holds(raw: RawTable, wanted: str, cells: tuple[str, ...]) -> Rows:
    """Mark the rows that have one of some cells in a foreign column."""
    found = called(wanted, raw.columns)
    if found is None:
        fault = Fault(
            "no_column", f"{raw.file}: {wanted}", "没有这一列 / no such column", did_you_mean(wanted, raw.columns)
        )
        raise DataError(f"{raw.file}: 按列取行，但没有这一列 / rows are to be taken by a column it lacks", [fault])
    column, asked = as_text(raw.columns[found]), {normal(cell) for cell in cells}
    return np.asarray(np.array([normal(category) in asked for category in column.categories], np.bool_)[column.codes])


def _filled(column: AnyColumn) -> Rows:
    if not isinstance(column, Coded):
        return column.known
    filled = np.array([bool(category.strip()) for category in column.categories], np.bool_)
    return np.asarray(filled[column.codes])


def ends(raw: RawTable, words: tuple[str, ...]) -> tuple[Rows, Rows]:
    """Mark rows in which nothing stands, and rows whose first cell that is not blank begins with one of the words.

    合  计 counts as 合计; a row with a number before it does not: 12, 合计医院 is a record.
    """
    starts = tuple(normal(word) for word in words)
    blank = np.ones(len(raw), np.bool_)
    footer = np.zeros(len(raw), np.bool_)
    for column in raw.columns.values():
        if isinstance(column, Coded):
            begins = np.array([normal(category).startswith(starts) for category in column.categories], np.bool_)
            footer |= blank & begins[column.codes]
        blank &= ~_filled(column)
    return blank, footer


def _stripped(column: AnyColumn) -> NDArray[np.int64]:
    text = as_text(column)
    return recoded(text.codes, [category.strip() for category in text.categories]).codes.astype(np.int64)


def _earliest(columns: Mapping[str, AnyColumn], wanted: Rows) -> Rows:
    """Mark the earliest row of each person, for each disease that rows name; of several on a day the first.

    A day that is none comes last.
    """
    person = _stripped(columns["patient_id"])
    if "disease" in columns:
        disease = _stripped(columns["disease"])
        person = person * (int(disease.max(initial=0)) + 1) + disease
    day = np.zeros(len(wanted), np.int64)
    if "date" in columns:
        day = read_dates("date", columns["date"])[0].values.astype(np.int64)
        day[day == MISSING] = np.iinfo(np.int64).max
    order = np.lexsort((day, person, ~wanted))
    order = order[wanted[order]]
    first = np.ones(len(order), np.bool_)
    first[1:] = person[order][1:] != person[order][:-1]
    marked = np.zeros(len(wanted), np.bool_)
    marked[order[first]] = True
    return marked
