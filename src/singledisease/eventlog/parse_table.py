"""One raw table, column by column: which columns it must have, what each means, what is wrong in its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.errors import DataError, Fault, did_you_mean
from singledisease.eventlog.columns import AnyColumn
from singledisease.eventlog.parse_column import Finding, read_dates, read_flags, read_numbers, read_texts
from singledisease.eventlog.raw import RawTable
from singledisease.eventlog.report import Refusal, TableReport
from singledisease.vocabulary import QUANTITIES, Quantity, ValueKind


@frozen(eq=False)
class Checked:
    """A table whose cells have been read: typed columns, and what is wrong with which rows."""

    columns: Mapping[str, AnyColumn]
    wrong: tuple[Finding, ...]


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


def read_columns(
    table: RawTable,
    kinds: Mapping[str, ValueKind],
    lists: Mapping[str, tuple[str, ...]],
    quantities: Mapping[str, Quantity] = QUANTITIES,
) -> Checked:
    """Read every column of a table as its name means; a column of no known name is text."""
    columns: dict[str, AnyColumn] = {}
    wrong: list[Finding] = []
    for name, raw in table.columns.items():
        columns[name], found = _read(name, raw, kinds.get(name, "text"), lists, quantities)
        wrong += found
    return Checked(columns, tuple(wrong))


def _read(
    name: str,
    raw: AnyColumn,
    kind: ValueKind,
    lists: Mapping[str, tuple[str, ...]],
    quantities: Mapping[str, Quantity],
) -> tuple[AnyColumn, list[Finding]]:
    match kind:
        case "number":
            return read_numbers(name, raw, quantities.get(name))
        case "date":
            return read_dates(name, raw)
        case "bool":
            return read_flags(name, raw)
        case _:
            return read_texts(name, raw, lists)


def bad_rows(count: int, wrong: Iterable[Finding]) -> NDArray[np.bool_]:
    """Mark the rows in which anything is wrong."""
    bad = np.zeros(count, np.bool_)
    bad[[finding.row for finding in wrong]] = True
    return bad


def refusals(table: RawTable, wrong: Iterable[Finding], key: Any) -> tuple[Refusal, ...]:
    """Write findings with file and line, in the order of the file; ``key(row)`` names whom a row is about."""
    made = [
        Refusal(
            table=table.name,
            file=table.file,
            line=int(table.line[finding.row]),
            column=finding.column,
            value=finding.value,
            check=finding.problem.check,
            reason=finding.problem.reason,
            key=key(finding.row),
        )
        for finding in wrong
    ]
    return tuple(sorted((*table.refused, *made), key=lambda refusal: refusal.line))


def counted(table: RawTable, bad: NDArray[np.bool_], duplicates: int) -> TableReport:
    """Count what became of the rows of a table."""
    unread, refused = len(table.refused), int(bad.sum())
    return TableReport(
        table=table.name,
        read=len(table) + unread,
        accepted=len(table) - refused - duplicates,
        duplicates=duplicates,
        refused=refused + unread,
    )
