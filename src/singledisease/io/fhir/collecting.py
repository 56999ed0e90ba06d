"""Rows kept as columns while they are found: a number or a code a cell, so that no resource stays in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Numbers, smallest_codes

_BLOCK = 1 << 13


class NumberedTexts(dict[str, int]):
    """Texts numbered by first appearance; the empty one is 0.  Columns that share them are compared by number."""

    def __init__(self) -> None:
        super().__init__({"": 0})

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number

    def texts(self) -> tuple[str, ...]:
        """Give the texts by their number."""
        return tuple(self)


class CollectedRows:
    """Rows of one kind: text, days and numbers by column; what a row does not name is missing in it.

    Parameters
    ----------
    days, numbers, counts
        Names of columns of days, of float64, and of int64 (which are never missing).
    keys
        Columns of text that number their texts together with other columns.
    """

    def __init__(
        self,
        *,
        days: tuple[str, ...] = (),
        numbers: tuple[str, ...] = (),
        counts: tuple[str, ...] = (),
        keys: Mapping[str, NumberedTexts] | None = None,
    ) -> None:
        self._missing: dict[str, tuple[Any, Any]] = {
            **dict.fromkeys(days, (np.int32, MISSING)),
            **dict.fromkeys(numbers, (np.float64, np.nan)),
            **dict.fromkeys(counts, (np.int64, 0)),
        }
        self._keys: dict[str, NumberedTexts] = dict(keys or {})
        self._blocks: dict[str, list[NDArray[Any]]] = {}
        self._pending: list[Mapping[str, Any]] = []
        self._done = 0

    def __len__(self) -> int:
        return self._done + len(self._pending)

    def add(self, row: Mapping[str, Any]) -> None:
        """Keep one more row."""
        self._pending.append(row)
        if len(self._pending) >= _BLOCK:
            self.close()

    def close(self) -> None:
        """Turn the rows that were added last into columns."""
        if not self._pending:
            return
        names = dict.fromkeys((*self._blocks, *(name for row in self._pending for name in row)))
        for name in names:
            blocks = self._blocks.setdefault(name, [self._blank(name, self._done)] if self._done else [])
            blocks.append(self._block(name))
        self._done += len(self._pending)
        self._pending = []

    def _blank(self, name: str, count: int) -> NDArray[Any]:
        kind, missing = self._missing.get(name, (np.int32, 0))
        return np.full(count, missing, kind)

    def _block(self, name: str) -> NDArray[Any]:
        if name in self._missing:
            kind, missing = self._missing[name]
            return np.array([row.get(name, missing) for row in self._pending], kind)
        keys = self._keys.setdefault(name, NumberedTexts())
        return np.array([keys[row.get(name) or ""] for row in self._pending], np.int32)

    def array(self, name: str) -> NDArray[Any]:
        """Give a column as numbers: days, float64, or of text the number of each."""
        self.close()
        blocks = self._blocks.get(name)
        return np.concatenate(blocks) if blocks else self._blank(name, self._done)

    def keys(self, name: str) -> NumberedTexts:
        """Give the texts of a column by which its numbers mean something."""
        return self._keys.setdefault(name, NumberedTexts())

    def names(self) -> tuple[str, ...]:
        """Give the columns that any row has named."""
        self.close()
        return tuple(self._blocks)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give the rows as they were added, without what is missing."""
        self.close()
        columns = {name: self.array(name).tolist() for name in self._blocks}
        texts = {name: self._keys[name].texts() for name in columns if name in self._keys}
        missing = {name: blank for name, (_, blank) in self._missing.items()}
        for i in range(self._done):
            row: dict[str, Any] = {}
            for name, values in columns.items():
                value = values[i]
                if name in texts:
                    if value:
                        row[name] = texts[name][value]
                elif value == value and (value != missing[name] or missing[name] == 0):  # noqa: PLR0124 - NaN
                    row[name] = value
            yield row

    def column(self, name: str) -> AnyColumn:
        """Give a column as an event log has it."""
        values = self.array(name)
        if values.dtype == np.float64:
            return Numbers(values)
        if name in self._missing:
            return Dates(values.astype(np.int32))
        return coded_of(values, self.keys(name).texts())


def coded_of(codes: NDArray[Any], texts: tuple[str, ...]) -> Coded:
    """Make a column of text of numbers into texts of which it need not use all, or in that order."""
    used, place = np.unique(np.append(codes, 0), return_inverse=True)
    return Coded(smallest_codes(place[:-1].astype(np.int32), len(used)), tuple(texts[code] for code in used.tolist()))
