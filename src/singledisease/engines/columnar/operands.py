"""What a value is made of, in arrays, and how values are put together.

A condition is a pair of masks (known true, known false), so that three-valued *and*, *or*, *not* are plain
mask operations; mostly only one of the two is asked for, and only that one is worked out.  A number is float64
with NaN, a day int32 with ``MISSING``, a text codes into categories with code 0 missing.  Arrays broadcast: what is
the same for all periods or people has length 1 there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Numbers
from singledisease.vocabulary import ValueKind

Array = NDArray[Any]
Mask = NDArray[np.bool_]

FIRST_DAY = -719162
"""1 January of year 1: no earlier day can be written."""
LAST_DAY = 2932896
"""31 December 9999."""


@frozen(eq=False)
class Truth:
    """A condition; each of its masks is worked out when it is first asked for.

    ``is_certain``: it is unknown nowhere.
    """

    _where: Callable[[bool], Mask]
    is_certain: bool = False

    @cached_property
    def yes(self) -> Mask:
        """Where it is known to hold."""
        return self._where(True)

    @cached_property
    def no(self) -> Mask:
        """Where it is known not to hold."""
        return self._where(False)

    def where(self, wanted: bool) -> Mask:
        """Say where it is known to be as wanted."""
        return self.yes if wanted else self.no


_FEW = 12


def among(codes: Array, holds: Mask) -> Mask:
    """Say where a code is one for which something holds; ``holds`` has an element for each code.

    Codes for which it holds mostly stand together: comparing a few times takes a fraction of looking each up.
    """
    edges = np.flatnonzero(np.diff(holds, prepend=False, append=False)).reshape(-1, 2).tolist()
    if codes.dtype.kind != "u" or len(edges) > _FEW:
        return holds.take(codes)
    found = np.zeros(codes.shape, np.bool_)
    for first, behind in edges:
        found |= codes == first if behind == first + 1 else codes - codes.dtype.type(first) < behind - first
    return found


def both(one: Mask, other: Mask) -> Mask:
    """Say where both of two masks hold."""
    return _or_what_differs(one, other, True, np.logical_and)


def either(one: Mask, other: Mask) -> Mask:
    """Say where one of two masks holds."""
    return _or_what_differs(one, other, False, np.logical_or)


def _or_what_differs(one: Mask, other: Mask, neutral: bool, join: np.ufunc) -> Mask:
    """Join two masks; if one is the same for all and changes nothing, the other stands for both.

    NumPy takes ten times as long to read one element over and over as to read along.
    """
    for few, many in ((one, other), (other, one)):
        if few.shape[-1] == 1 < many.shape[-1] and (few == neutral).all():
            return many if len(few) == 1 or few.ndim == 1 else np.broadcast_to(many, (len(few), many.shape[-1]))
    return np.asarray(join(one, other))


def certain(holds: Callable[[], Mask]) -> Truth:
    """Make a condition that is never unknown."""
    truth = Truth(lambda wanted: holds() if wanted else ~truth.yes, True)
    return truth


@frozen(eq=False)
class Number:
    """float64, NaN where missing."""

    values: NDArray[np.float64]


@frozen(eq=False)
class Day:
    """int32 days, ``MISSING`` where missing."""

    values: NDArray[np.int32]


@frozen(eq=False)
class Text:
    """Codes into categories; code 0 is missing."""

    codes: Array
    categories: tuple[str, ...]


Operand = Truth | Number | Day | Text


def on_arrays(operand: Operand, change: Callable[[Array], Array]) -> Operand:
    """Give the operand with ``change`` applied to each of its arrays."""
    match operand:
        case Truth():
            return Truth(lambda wanted: change(operand.where(wanted)), operand.is_certain)
        case Number(values):
            return Number(change(values))
        case Day(values):
            return Day(change(values))
        case _:
            return Text(change(operand.codes), operand.categories)


def scattered(operand: Operand, cell: Array, shape: tuple[int, ...]) -> Operand:
    """Put values into the cells of a shape; all other cells are missing."""

    def put(values: Array, otherwise: Any) -> Array:
        whole = np.full(shape, otherwise, values.dtype)
        whole.reshape(-1)[cell] = values
        return whole

    match operand:
        case Truth():
            return Truth(lambda wanted: put(operand.where(wanted), False))
        case Number(values):
            return Number(put(values, np.nan))
        case Day(values):
            return Day(put(values, MISSING))
        case _:
            return Text(put(operand.codes, 0), operand.categories)


def of_column(column: AnyColumn, places: Any) -> Operand:
    """Take a column of events or people at the given places."""
    # A column takes its places itself, by the way that leaves another thread room.
    match column[places]:
        case Numbers(values):
            return Number(values)
        case Dates(values):
            return Day(values)
        case Coded(codes, categories):
            return Text(codes, categories)
        case flags:
            return Truth(lambda wanted: np.asarray(flags.values == wanted))


def missing(kind: ValueKind, shape: tuple[int, ...]) -> Operand:
    """Give a value that is missing everywhere."""
    match kind:
        case "number":
            return Number(np.full(shape, np.nan))
        case "date":
            return Day(np.full(shape, MISSING, np.int32))
        case "text":
            return Text(np.zeros(shape, np.uint8), ("",))
        case _:
            return Truth(lambda _: np.zeros(shape, np.bool_))


def constant(value: bool | float | int | str, kind: ValueKind) -> Operand:
    """Give a constant, of shape (1, 1)."""
    match kind:
        case "number":
            return Number(np.array([[value]], np.float64))
        case "date":
            return Day(np.array([[value]], np.int32))
        case "text":
            return Text(np.array([[1 if value else 0]], np.uint8), ("", str(value)))
        case _:
            return Truth(lambda wanted: np.array([[bool(value) == wanted]]), True)


def known(operand: Operand) -> Mask:
    """Say where there is a value."""
    match operand:
        case Truth():
            return np.ones_like(operand.yes) if operand.is_certain else operand.yes | operand.no
        case Number(values):
            return ~np.isnan(values)
        case Day(values):
            return np.asarray(values != MISSING)
        case _:
            return np.asarray(operand.codes != 0)


# CHOOSING


def choose(parts: Iterable[tuple[Mask, Operand]]) -> Operand:
    """Give each place the operand whose mask holds there (no two do), missing where none does."""
    masks, operands = zip(*parts, strict=True)
    match operands[0]:
        case Number():
            return Number(_merge(masks, [operand.values for operand in operands], np.float64(np.nan)))
        case Day():
            return Day(_merge(masks, [operand.values for operand in operands], np.int32(MISSING)))
        case Truth():
            truths = [operand for operand in operands if isinstance(operand, Truth)]
            return Truth(lambda wanted: _merge(masks, [truth.where(wanted) for truth in truths], np.bool_(False)))
        case _:
            codes, categories = same_codes((Text(np.zeros(1, np.uint8), ("",)), *operands))
            return Text(_merge(masks, codes[1:], np.int32(0)), categories)


def _merge(masks: Iterable[Mask], arrays: Iterable[Array], otherwise: Any) -> Array:
    merged: Array = otherwise
    for mask, array in zip(masks, arrays, strict=True):
        merged = np.where(mask, array, merged)
    return merged


def same_codes(texts: Sequence[Text]) -> tuple[list[Array], tuple[str, ...]]:
    """Bring texts to the same categories."""
    names = tuple(dict.fromkeys(name for text in texts for name in text.categories))
    code = {name: i for i, name in enumerate(names)}
    return [np.array([code[name] for name in text.categories], np.int32)[text.codes] for text in texts], names
