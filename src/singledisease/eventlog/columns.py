"""Columns of events and of people: codes, numbers, days and flags, each with its own missing value."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.read_only import holds_arrays, read_only


def _texts(categories: Iterable[str]) -> tuple[str, ...]:
    return tuple(categories)


def _at(values: NDArray[Any], index: Any) -> NDArray[Any]:
    """Index an array; by row numbers with ``take``, which is more than twice as fast."""
    if isinstance(index, np.ndarray) and index.dtype == np.int64:
        return values.take(index)
    return np.asarray(values[index])


@holds_arrays
@frozen(eq=False)
class Coded:
    """Text as codes into ``categories``; code 0 is the empty text, which is missing."""

    codes: NDArray[Any] = field(converter=read_only)
    categories: tuple[str, ...] = field(converter=_texts)

    def __getitem__(self, index: Any) -> Coded:
        return Coded(_at(self.codes, index), self.categories)

    def text(self, i: int) -> str | None:
        """Give the text at a place, ``None`` if missing."""
        return self.categories[self.codes[i]] or None

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where there is a value."""
        return np.asarray(self.codes != 0)


@holds_arrays
@frozen(eq=False)
class Numbers:
    """float64 with NaN for missing."""

    values: NDArray[np.float64] = field(converter=read_only)

    def __getitem__(self, index: Any) -> Numbers:
        return Numbers(_at(self.values, index))

    def number(self, i: int) -> float | None:
        """Give the number at a place, ``None`` if missing."""
        value = float(self.values[i])
        return None if math.isnan(value) else value

    def __len__(self) -> int:
        return len(self.values)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where there is a value."""
        return ~np.isnan(self.values)


@holds_arrays
@frozen(eq=False)
class Dates:
    """int32 days with ``dates.MISSING`` for missing."""

    values: NDArray[np.int32] = field(converter=read_only)

    def __getitem__(self, index: Any) -> Dates:
        return Dates(_at(self.values, index))

    def day(self, i: int) -> int | None:
        """Give the day at a place, ``None`` if missing."""
        value = int(self.values[i])
        return None if value == MISSING else value

    def __len__(self) -> int:
        return len(self.values)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where there is a value."""
        return np.asarray(self.values != MISSING)


@holds_arrays
@frozen(eq=False)
class Flags:
    """int8: 1 true, 0 false, -1 missing."""

    values: NDArray[np.int8] = field(converter=read_only)

    def __getitem__(self, index: Any) -> Flags:
        return Flags(_at(self.values, index))

    def flag(self, i: int) -> bool | None:
        """Give the flag at a place, ``None`` if missing."""
        value = int(self.values[i])
        return None if value < 0 else bool(value)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where there is a value."""
        return np.asarray(self.values >= 0)


AnyColumn = Coded | Numbers | Dates | Flags
PlainValue = str | float | int | bool


def value_at(column: AnyColumn, i: int) -> PlainValue | None:
    """Give one value of any column as plain Python, ``None`` if missing.

    >>> value_at(Flags(np.array([1, -1], np.int8)), 1) is None
    True
    """
    match column:
        case Coded():
            return column.text(i)
        case Numbers():
            return column.number(i)
        case Dates():
            return column.day(i)
        case _:
            return column.flag(i)


def blank_like(column: AnyColumn, count: int) -> AnyColumn:
    """Give a column of the same type in which everything is missing."""
    match column:
        case Coded():
            return Coded(np.zeros(count, np.uint8), ("",))
        case Numbers():
            return Numbers(np.full(count, np.nan))
        case Dates():
            return Dates(np.full(count, MISSING, np.int32))
        case _:
            return Flags(np.full(count, -1, np.int8))


def together(first: AnyColumn, second: AnyColumn) -> AnyColumn:
    """Put one column under another of the same type."""
    match first, second:
        case Coded(), Coded():
            return _texts_together(first, second)
        case Numbers(), Numbers():
            return Numbers(np.concatenate([first.values, second.values]))
        case Dates(), Dates():
            return Dates(np.concatenate([first.values, second.values]))
        case Flags(), Flags():
            return Flags(np.concatenate([first.values, second.values]))
        case _:
            raise TypeError(f"{type(first).__name__} and {type(second).__name__} cannot be one column")


def _texts_together(first: Coded, second: Coded) -> Coded:
    if second.categories == ("",):
        # Nothing is said in it, as in a column that was not given: the texts above, which may be many, stay.
        return Coded(np.concatenate([first.codes, second.codes.astype(first.codes.dtype)]), first.categories)
    lookup = {text: code for code, text in enumerate(first.categories)}
    moved = np.array([lookup.setdefault(text, len(lookup)) for text in second.categories], np.int32)
    codes = np.concatenate([first.codes.astype(np.int32), moved[second.codes]])
    return Coded(smallest_codes(codes, len(lookup)), lookup)


def smallest_codes(codes: NDArray[Any], categories: int) -> NDArray[Any]:
    """Store codes in the narrowest unsigned type that holds ``categories`` of them."""
    for width in (np.uint8, np.uint16):
        if categories <= np.iinfo(width).max + 1:
            return codes.astype(width, copy=False)
    return codes.astype(np.int32, copy=False)


class TextCoder:
    """Codes texts by first appearance, block after block, without keeping the texts themselves."""

    def __init__(self) -> None:
        self._lookup = _Lookup({"": 0, None: 0})
        self._blocks: list[NDArray[np.int32]] = []

    def add(self, texts: Iterable[str | None]) -> None:
        """Code further texts; ``None`` and the empty text are missing."""
        self._blocks.append(np.fromiter(map(self._lookup.__getitem__, texts), np.int32))

    def column(self) -> Coded:
        """Give the column of all texts so far."""
        codes = np.concatenate([np.empty(0, np.int32), *self._blocks])
        return Coded(smallest_codes(codes, self._lookup.next), ("", *list(self._lookup)[2:]))


def coded(texts: Iterable[str | None]) -> Coded:
    """Code texts by first appearance; ``None`` and the empty text are missing.

    >>> coded(["home", None, "clinic", "home"]).categories
    ('', 'home', 'clinic')
    """
    coder = TextCoder()
    coder.add(texts)
    return coder.column()


class _Lookup(dict[Any, int]):
    """Numbers given out by first appearance; ``""`` and ``None`` share 0."""

    @property
    def next(self) -> int:
        return len(self) - 1

    def __missing__(self, text: str) -> int:
        self[text] = code = self.next
        return code
