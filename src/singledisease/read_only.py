"""Values that hold arrays: the arrays cannot be written to, and the values compare, hash and travel by content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import attrs
import numpy as np
from numpy.typing import NDArray

C = TypeVar("C")


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Give a view of an array that cannot be written to; nothing is copied.

    >>> read_only(np.arange(3)).flags.writeable
    False
    """
    if not array.flags.writeable:
        return array
    view = array.view()
    view.setflags(write=False)
    return view


def holds_arrays(cls: type[C]) -> type[C]:
    """Let a frozen class with array fields compare by content, and be made anew by its constructor when unpickled.

    A field that is none of the constructor's (``init=False``) begins anew there.

    NumPy's own arrays compare element by element, and are writable again once they were pickled.  To be put on top
    of ``frozen(eq=False)``, with ``field(converter=read_only)`` on each array.
    """
    cls.__eq__ = _equal  # type: ignore[method-assign]
    cls.__hash__ = _hash  # type: ignore[method-assign]
    cls.__reduce__ = _reduce  # type: ignore[method-assign]
    return cls


def _equal(self: Any, other: Any) -> Any:
    if self is other:
        return True
    if type(other) is not type(self):
        return NotImplemented
    names = (one.name for one in attrs.fields(type(self)) if one.eq)
    return all(same(getattr(self, name), getattr(other, name)) for name in names)


def same(one: Any, other: Any) -> bool:
    """Say whether two values are the same: arrays by shape and elements, NaN being the same as NaN.

    >>> same((np.array([1.0, np.nan]), "mmHg"), (np.array([1.0, np.nan]), "mmHg"))
    True
    """
    if one is other:
        return True
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f" and other.dtype.kind == "f")
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return bool(one == other)


def _hash(self: Any) -> int:
    # Equal arrays are of one length; to read through millions of elements would cost more than to compare a few.
    values = (getattr(self, one.name) for one in attrs.fields(type(self)) if one.eq)
    return hash((type(self).__qualname__, *(value.shape for value in values if isinstance(value, np.ndarray))))


def _reduce(self: Any) -> tuple[Any, ...]:
    fields = attrs.fields(type(self))
    return _made, (type(self), {one.alias: getattr(self, one.name) for one in fields if one.init})


def _made(cls: type[Any], values: dict[str, Any]) -> Any:
    # A class that arranges what it is given before it keeps it has its fields arranged already.
    new = object.__new__(cls)
    getattr(new, "__attrs_init__", new.__init__)(**values)
    return new
