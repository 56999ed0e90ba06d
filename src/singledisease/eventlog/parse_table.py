"""One raw table, column by column: which columns it must have, what each means, what is wrong in its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.errors import DataError, Fault, did_you_mean
from singledisease.eventlog.columns import AnyColumn
from singledisease.eventlog.parse_cell import NORMAL_FORM, NormalForms
from singledisease.eventlog.parse_column import CellProblem, read_dates, read_flags, read_numbers, read_texts
from singledisease.eventlog.raw import RawTable
from singledisease.eventlog.report import NotDone, Refusal, TableReport
from singledisease.vocabulary import QUANTITIES, Quantity, ValueKind


@frozen(kw_only=True)
class ColumnRules:
    """How the columns of a table are read.

    Attributes
    ----------
    kinds
        What kind of value a column holds, by name; one that is not named is text.
    lists
        The codes that a column of text may hold.
    quantities
        The bounds of columns of numbers.
    normal_forms
        How texts of a column are brought into one form.
    local_dates
        Whether a time stamp without a zone stands for its date.
    """

    kinds: Mapping[str, ValueKind]
    lists: Mapping[str, tuple[str, ...]] = field(factory=dict)
    quantities: Mapping[str, Quantity] = QUANTITIES
    normal_forms: NormalForms = NORMAL_FORM
    local_dates: bool = False


@frozen(eq=False)
class Checked:
    """A table whose cells have been read: typed columns, and what is wrong with which rows."""

    columns: Mapping[str, AnyColumn]
    wrong: tuple[CellProblem, ...]


def require(table: RawTable, required: Sequence[str], known: Iterable[str]) -> None:
    """Refuse a table that lacks a column it must have.

    Raises
    ------
    DataError
        Naming every column that is missing, the file, and the column that was perhaps meant.
    """
    unknown = [name for name in table.columns if name not in set(known)]
    faults = [
        Fault(
            "missing_column", table.file, f"缺少列 {name} / {table.name} has no column {name}", _way_out(name, unknown)
        )
        for name in required
        if name not in table.columns
    ]
    if faults:
        raise DataError(f"{table.file}: 不能作为 {table.name} 表读取 / cannot be read as {table.name}", faults)


def _way_out(name: str, unknown: Sequence[str]) -> str:
    if not unknown:
        return f"add the column {name}"
    return f"{did_you_mean(name, unknown)} (columns without a meaning of their own)"


def read_columns(table: RawTable, rules: ColumnRules) -> Checked:
    """Read every column of a table as its name means; a column of no known name is text."""
    columns: dict[str, AnyColumn] = {}
    wrong: list[CellProblem] = []
    for name, raw in table.columns.items():
        columns[name], found = _read(name, raw, rules)
        wrong += found
    return Checked(columns, tuple(wrong))


def _read(name: str, raw: AnyColumn, rules: ColumnRules) -> tuple[AnyColumn, list[CellProblem]]:
    match rules.kinds.get(name, "text"):
        case "number":
            return read_numbers(name, raw, rules.quantities.get(name))
        case "date":
            return read_dates(name, raw, rules.local_dates)
        case "bool":
            return read_flags(name, raw)
        case _:
            return read_texts(name, raw, rules.lists, rules.normal_forms)


def bad_rows(count: int, wrong: Iterable[CellProblem]) -> NDArray[np.bool_]:
    """Mark the rows in which anything is wrong."""
    bad = np.zeros(count, np.bool_)
    bad[[finding.row for finding in wrong]] = True
    return bad


def _written(table: RawTable, found: Iterable[CellProblem], key: Callable[[int], str]) -> Iterator[Refusal]:
    """Write findings with file and line."""
    for one in found:
        line = int(table.line[one.row])
        check, reason = one.problem.check, one.problem.reason
        yield Refusal(table.name, table.file, line, one.column, one.value, check, reason, key(one.row))


@frozen(eq=False)
class Account:
    """What became of the rows of one table."""

    counts: TableReport
    refusals: tuple[Refusal, ...] = ()
    readings: tuple[Refusal, ...] = ()
    not_done: tuple[NotDone, ...] = ()


def account(
    table: RawTable,
    wrong: Sequence[CellProblem],
    readings: Sequence[CellProblem] = (),
    *,
    duplicates: int,
    key: Callable[[int], str],
    not_done: Sequence[NotDone] = (),
) -> Account:
    """Account for every row of a table.

    Parameters
    ----------
    table
        The table.
    wrong
        What is wrong with rows that are refused.
    readings
        What is wrong with readings that are refused in rows that are kept.
    duplicates
        How many sound rows repeat another.
    key
        Gives whom a row is about.
    not_done
        Rows that are set aside.
    """
    unread, refused = len(table.refused), int(bad_rows(len(table), wrong).sum())
    aside = sum(len(one.lines) for one in not_done)
    return Account(
        TableReport(
            table=table.name,
            read=len(table) + unread,
            accepted=len(table) - refused - duplicates - aside,
            duplicates=duplicates,
            refused=refused + unread,
            not_done=aside,
            readings=len(readings),
        ),
        tuple(sorted((*table.refused, *_written(table, wrong, key)), key=lambda refusal: refusal.line)),
        tuple(sorted(_written(table, readings, key), key=lambda refusal: refusal.line)),
        tuple(not_done),
    )
