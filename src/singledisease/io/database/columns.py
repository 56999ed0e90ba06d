"""Columns as a database keeps them: one type each, and values that drivers take."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from attrs import frozen

from singledisease.dates import date_of
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Numbers
from singledisease.io.database.connection import Family

Kind = Literal["truth", "whole", "number", "day", "moment", "text"]

_SQL: Mapping[Kind, str] = {
    "truth": "boolean",
    "whole": "bigint",
    "number": "double precision",
    "day": "date",
    "moment": "timestamp",
    "text": "text",
}
_ARROW: Mapping[Kind, str] = {
    "truth": "bool",
    "whole": "int64",
    "number": "float64",
    "day": "date32",
    "moment": "timestamp[us]",
    "text": "string",
}


@frozen(eq=False)
class DatabaseColumn:
    """A column that is to be written: what it holds, and its values, ``None`` where missing."""

    kind: Kind
    values: Sequence[Any]

    @property
    def sql(self) -> str:
        """The type that a database declares for it."""
        return _SQL[self.kind]

    @property
    def arrow(self) -> str:
        """The type that Arrow has for it."""
        return _ARROW[self.kind]

    def passed(self, family: Family) -> Sequence[Any]:
        """Give the values as a driver takes them: SQLite has no type for days, and keeps them as text."""
        if family == "sqlite" and self.kind in ("day", "moment"):
            return [None if value is None else value.isoformat() for value in self.values]
        return self.values


def column_of_cells(cells: Sequence[Any]) -> DatabaseColumn:
    """Make a column of the cells of a table.

    What is neither number, truth value nor day is text; so are cells of several kinds, and lists, as JSON.

    >>> column_of_cells([3, None]).kind, column_of_cells([3, 0.5]).values, column_of_cells([("a", "b"), 1]).values
    ('whole', [3.0, 0.5], ['["a", "b"]', '1'])
    """
    kinds = {_kind(cell) for cell in cells if cell is not None}
    if kinds == {"whole", "number"}:
        kinds = {"number"}
    kind = kinds.pop() if len(kinds) == 1 else "text"
    if kind == "number":
        return DatabaseColumn(kind, [None if cell is None else float(cell) for cell in cells])
    if kind == "text":
        return DatabaseColumn(kind, [None if cell is None else _text(cell) for cell in cells])
    return DatabaseColumn(kind, list(cells))


def column_of_log(column: AnyColumn) -> DatabaseColumn:
    """Make a column of a column of a log."""
    known = column.known.tolist()
    match column:
        case Coded():
            texts = column.categories
            return DatabaseColumn(
                "text", [texts[code] if there else None for code, there in _pairs(column.codes, known)]
            )
        case Numbers():
            return DatabaseColumn("number", [value if there else None for value, there in _pairs(column.values, known)])
        case Dates():
            return DatabaseColumn(
                "day", [date_of(value) if there else None for value, there in _pairs(column.values, known)]
            )
        case _:
            return DatabaseColumn(
                "truth", [value == 1 if there else None for value, there in _pairs(column.values, known)]
            )


def _pairs(values: Any, known: list[bool]) -> Any:
    return zip(values.tolist(), known, strict=True)


def _kind(cell: Any) -> Kind:
    match cell:
        case bool():
            return "truth"
        case int():
            return "whole" if -(2**63) <= cell < 2**63 else "text"
        case float():
            return "number"
        case dt.datetime():
            return "moment"
        case dt.date():
            return "day"
        case _:
            return "text"


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return json.dumps(cell, ensure_ascii=False, default=str)
