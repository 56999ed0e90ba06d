"""Labels of states as small codes: whole numbers, texts, objects, and the categoricals of pandas, polars and Arrow.

Codes and categories are taken as they are; texts are compared once with each label that occurs, never sorted.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.errors import DataError, UsageError
from singledisease.multistate.arrays import Codes
from singledisease.multistate.inputs.missing import _absent, plain_texts

FIRST = 10_000
"""Rows among which most labels are found."""
DENSE = 10**6
"""Whole numbers that span no more than this are numbered without sorting."""
LARGEST = 2**63 - 1
WRITTEN_OUT = frozenset(("nan", "NaN", "None", "<NA>", "NaT", "null", "NULL"))
"""What a missing value becomes when a column is turned into texts."""


@frozen(eq=False)
class LabelColumn:
    """A column of labels.

    Attributes
    ----------
    names
        Distinct labels.
    codes
        Integers (rows): index into ``names``; -1 where the label is missing.
    declared
        Whether ``names`` are categories, in an order that the column itself declares.
    """

    names: tuple[Any, ...]
    codes: NDArray[Any]
    declared: bool = False

    def into(self, names: Sequence[Any]) -> Codes:
        """Return codes into other names: -1 where missing, -2 where the label is none of them."""
        if self.names == tuple(names[: len(self.names)]):
            return self.codes
        place = {name: code for code, name in enumerate(names)}
        table = np.array([*(place.get(name, -2) for name in self.names), -1], dtype=np.int64)
        return np.asarray(table[self.codes])


def read_labels(values: Any, name: str = "state", *, negative: bool = False) -> LabelColumn:
    """Read a column of labels; ``None``, NaN, NA, NaT and a text that is empty or blank are missing.

    Parameters
    ----------
    values
        Anything one-dimensional; members of an enumeration keep its order, unless they are texts or numbers too.
    name
        What the column is called.
    negative
        Whether negative whole numbers are missing too, as in codes they are.

    Raises
    ------
    DataError
        If it is not one label per row, or labels are of kinds that cannot be put in order.

    >>> read_labels(["b", None, "a"]).names, read_labels(["b", None, "a"]).codes.tolist()
    (('a', 'b'), [1, -1, 0])
    """
    found = _categories(values)
    if found is not None:
        return found
    array = _as_array(values, name)
    if array.dtype.kind == "f" and (array[~np.isnan(array)] % 1 == 0).all():
        # A column of whole numbers with a gap in it comes as floats; the labels are 1 and 2, not 1.0 and 2.0.
        gap = np.isnan(array)
        return _whole(np.where(gap, 0, array).astype(np.int64), gap, negative)
    if array.dtype.kind in "iu":
        return _whole(array, np.zeros(len(array), dtype=bool), negative)
    if array.dtype.kind in "USb":
        return _texts(array)
    return _objects(array.tolist(), name, negative)


def _as_array(values: Any, name: str) -> NDArray[Any]:
    try:
        array = np.asarray(values)
    except ValueError:
        raise DataError(f"{name} must be one label per row, not lists of different lengths") from None
    if array.ndim != 1:
        raise DataError(f"{name} must be one label per row, not an array of shape {array.shape}")
    return plain_texts(array, values)


def joined(*columns: LabelColumn) -> tuple[Any, ...]:
    """Return the names of several columns: declared ones in their order, then the others sorted.

    Raises
    ------
    DataError
        If labels are of kinds that cannot be put in order.
    """
    declared = dict.fromkeys(name for column in columns if column.declared for name in column.names)
    rest = {name for column in columns for name in column.names} - set(declared)
    return (*declared, *_sorted(rest, "the states"))


def state_names(states: Sequence[Any]) -> tuple[Any, ...]:
    """Check a list of states.

    Raises
    ------
    UsageError
        If it is one text, or a state stands in it twice.
    """
    if isinstance(states, str):
        raise UsageError(f"states={states!r} is one text; give a list of states")
    names = tuple(states)
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise UsageError(f"states names {twice[0]!r} twice; name each state once")
    return names


def _sorted(labels: Any, name: str) -> tuple[Any, ...]:
    try:
        return tuple(sorted(labels))
    except TypeError:
        kinds = {type(label) for label in labels}
        if len(kinds) == 1 and issubclass(kind := kinds.pop(), enum.Enum):
            return tuple(member for member in kind if member in labels)
        shown = ", ".join(sorted(map(repr, labels)))
        raise DataError(f"{name} has labels of different kinds: {shown}; use one kind of label") from None


def _categories(values: Any) -> LabelColumn | None:
    """Take the codes of a categorical column, whoever made it."""
    pandas = getattr(values, "cat", values)
    if hasattr(pandas, "codes") and hasattr(pandas, "categories"):
        return LabelColumn(tuple(pandas.categories.tolist()), np.asarray(pandas.codes).astype(np.int64), declared=True)
    if hasattr(values, "to_physical") and str(values.dtype).startswith("Enum"):
        physical = np.asarray(values.to_physical(), dtype=np.float64)
        return LabelColumn(
            tuple(values.dtype.categories), np.where(np.isnan(physical), -1, physical).astype(np.int64), declared=True
        )
    if hasattr(values, "dictionary_encode") and str(values.type).startswith(("dictionary", "string", "large_string")):
        return _arrow(values)
    return None


def _arrow(values: Any) -> LabelColumn:
    """Take a dictionary of Arrow; the order of its labels is that in which they came, and says nothing."""
    whole = values.combine_chunks() if hasattr(values, "combine_chunks") else values
    coded = whole.dictionary_encode()
    found = coded.dictionary.to_pylist()
    codes = np.asarray(coded.indices.fill_null(len(found)), dtype=np.int64)
    names = _sorted({label for label in found if not _absent(label)}, "state")
    place = {name: code for code, name in enumerate(names)}
    return LabelColumn(names, np.array([*(place.get(label, -1) for label in found), -1], dtype=np.int64)[codes])


def _whole(array: NDArray[Any], gap: NDArray[np.bool_], negative: bool) -> LabelColumn:
    if negative:
        gap = gap | (array < 0)
    if not gap.any():
        return _numbered(array)
    codes = np.full(len(array), -1, dtype=np.int64)
    kept = _numbered(array[~gap])
    codes[~gap] = kept.codes
    return LabelColumn(kept.names, codes)


def _numbered(array: NDArray[Any]) -> LabelColumn:
    """Return whole numbers codes in their order, without sorting where they lie close together."""
    if not len(array):
        return LabelColumn((), np.empty(0, dtype=np.int64))
    low, high = int(array.min()), int(array.max())
    if high - low > DENSE or high > LARGEST:
        names, codes = np.unique(array, return_inverse=True)
        return LabelColumn(tuple(names.tolist()), codes)
    place = array.astype(np.int64, copy=False)
    place = place - low if low else place
    there = _occur(place[:FIRST], high - low + 1)
    if not there.all():
        # A number that the first rows lack may still come.
        there = _occur(place, high - low + 1)
    found = (np.flatnonzero(there) + low).tolist()
    return LabelColumn(tuple(found), place if there.all() else (np.cumsum(there) - 1)[place])


def _occur(place: Codes, number: int) -> NDArray[np.bool_]:
    return np.asarray(np.bincount(place, minlength=number) > 0)


def _texts(array: NDArray[Any]) -> LabelColumn:
    names = np.unique(array[:FIRST])
    codes = np.full(len(array), -1, dtype=np.int64)
    for code, name in enumerate(names):
        codes[array == name] = code
    other = np.flatnonzero(codes < 0)
    if len(other):
        more, inverse = np.unique(array[other], return_inverse=True)
        codes[other] = len(names) + inverse
        names = np.concatenate((names, more))
    return _in_order(names.tolist(), codes, "state")


def _objects(column: list[Any], name: str, negative: bool) -> LabelColumn:
    column = [
        label.value if isinstance(label, enum.Enum) and isinstance(label, str | int) else label for label in column
    ]
    distinct = list(dict.fromkeys(column))
    gone = {id(x) for x in distinct if _absent(x) or (negative and isinstance(x, int) and x < 0)}
    names = [x for x in distinct if id(x) not in gone]
    place = dict.fromkeys(distinct, -1) | {x: code for code, x in enumerate(names)}
    return _in_order(names, np.fromiter(map(place.__getitem__, column), dtype=np.int64, count=len(column)), name)


def _in_order(names: list[Any], codes: Codes, column: str) -> LabelColumn:
    """Return labels numbers anew, in their order and without the empty text."""
    wanted = _sorted({name for name in names if not _absent(name)}, column)
    place = {name: code for code, name in enumerate(wanted)}
    return LabelColumn(wanted, np.array([*(place.get(name, -1) for name in names), -1], dtype=np.int64)[codes])
