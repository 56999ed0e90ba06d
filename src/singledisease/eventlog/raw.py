"""A table as it came in: columns not yet believed, with the file and line of each row.

Every way in (CSV, Parquet, frames, Synthea, clinic software) makes raw tables; ``events.build`` checks them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.eventlog.columns import AnyColumn, coded
from singledisease.eventlog.report import Refusal

TableName = Literal["patients", "events", "institutions", "teams", "activities"]


def _columns(columns: Mapping[str, AnyColumn]) -> Mapping[str, AnyColumn]:
    return dict(columns)


@frozen
class Lines:
    """The lines of rows that stand one after the other in a file: only the first is kept, and how many there are.

    >>> lines = Lines(2, 3)
    >>> lines[0], lines[np.array([2, 1])].tolist(), np.asarray(lines).tolist()
    (2, [4, 3], [2, 3, 4])
    """

    first: int
    count: int

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, rows: Any) -> Any:
        """Give the line of one row, or of several, chosen as those of an array."""
        if isinstance(rows, int | np.integer):
            return self.first + int(rows)
        if isinstance(rows, slice) or rows.dtype == np.bool_:
            return np.asarray(self)[rows]
        return self.take(rows)

    def take(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Give the lines of rows in the narrowest type that holds them."""
        made: NDArray[Any] = np.add(rows, self.first, dtype=self._type, casting="same_kind")
        return made

    def tolist(self) -> list[int]:
        """Give all lines as plain numbers."""
        return list(range(self.first, self.first + self.count))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.arange(self.first, self.first + self.count, dtype=self._type if dtype is None else dtype)

    @property
    def _type(self) -> type[np.integer[Any]]:
        return np.int32 if self.first + self.count <= np.iinfo(np.int32).max else np.int64


@frozen(eq=False, kw_only=True)
class RawTable:
    """A table before it is checked.

    Attributes
    ----------
    name
        ``patients``, ``events``, ``institutions``, ``teams`` or ``activities``.
    columns
        Columns of one length, by name.  Text is ``Coded`` with distinct categories, and is parsed once per
        category whatever the column means; ``Numbers``, ``Dates`` and ``Flags`` are taken as they are.
        NaN in ``Numbers`` is missing; an infinite number is refused.
    file
        What refusals call the source.
    line
        The place of each row in the file, as int64 or ``Lines``; the header is line 1.
    refused
        Rows that could not even be made into cells, one refusal each; they count as read.
    notes
        Things worth knowing that refused nothing.
    """

    name: TableName
    columns: Mapping[str, AnyColumn] = field(converter=_columns)
    file: str
    line: NDArray[np.int64] | Lines
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.line)


def raw_rows(name: TableName, columns: Mapping[str, Sequence[Any]], *, file: str = "") -> RawTable:
    """Make a raw table of plain values, written as text: dates as ``YYYY-MM-DD``, ``None`` as blank.

    Parameters
    ----------
    name
        ``patients``, ``events``, ``institutions``, ``teams`` or ``activities``.
    columns
        Lists of one length, by column name.
    file
        What refusals call the source; by default the name.

    >>> table = raw_rows("events", {"patient_id": ["P1", "P1"], "sbp": [152, None]})
    >>> table.columns["sbp"].categories, table.line.tolist()
    (('', '152'), [2, 3])
    """
    made = {column: coded([_cell(value) for value in values]) for column, values in columns.items()}
    count = len(next(iter(made.values()))) if made else 0
    return RawTable(name=name, columns=made, file=file or name, line=np.arange(2, count + 2))


def _cell(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case dt.date():
            return value.isoformat()
        case float():
            return plain_number(value)
        case _:
            return str(value)


def plain_number(value: float) -> str:
    """Write a number as a plain decimal number that reads back to the same, without an exponent.

    >>> plain_number(152.0), plain_number(1e-7)
    ('152', '0.0000001')
    """
    return np.format_float_positional(value, trim="-")
