"""What is worked out of an immutable value once and kept beside it: counted in bytes, and released on request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import numpy as np


class Kept:
    """What has been worked out of one immutable value, by what it is.

    It says nothing that the value does not: it takes no part in comparing, is empty in a copy and behind a pickle,
    and whatever is released is worked out again when it is next asked for.

    >>> kept = Kept()
    >>> kept.of("squares", lambda: np.arange(4) ** 2).tolist(), kept.nbytes
    ([0, 1, 4, 9], 32)
    >>> kept.release()
    >>> kept.nbytes
    0
    """

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[Any, Any] = {}

    def of(self, key: Any, work: Callable[[], Any]) -> Any:
        """Give what ``work`` gives, worked out when it is first asked for under a key."""
        found = self._found.get(key)
        # Two threads may both work it out; what is handed out is one and the same.
        return self._found.setdefault(key, work()) if found is None else found

    def of_again(self, key: Any, work: Callable[[], Any]) -> Any | None:
        """Give what ``work`` gives from the second time on that it is asked for; ``None`` the first time.

        What is worth its work only if it is asked for more than once is not worked out for one question.

        >>> kept = Kept()
        >>> kept.of_again("squares", lambda: 4), kept.of_again("squares", lambda: 4)
        (None, 4)
        """
        asked = "asked for", key
        if asked not in self._found:
            self._found[asked] = True
            return None
        return self.of(key, work)

    @property
    def nbytes(self) -> int:
        """How many bytes the arrays have that are kept, those kept beside parts of the value included.

        Columns of a part are those of the value itself, and not counted.
        """
        return sum(map(_size, tuple(self._found.values())))

    def release(self) -> None:
        """Let go of everything."""
        self._found.clear()

    def __reduce__(self) -> tuple[Any, ...]:
        return Kept, ()

    def __repr__(self) -> str:
        return f"Kept({self.nbytes:,} bytes)"


def _size(value: Any) -> int:
    """Give the bytes of the arrays in a value."""
    if isinstance(value, np.ndarray):
        return 0 if _is_part(value) else value.nbytes
    if isinstance(value, Kept):
        return value.nbytes
    if isinstance(value, tuple):
        return sum(map(_size, value))
    if isinstance(value, Mapping):
        return sum(map(_size, value.values()))
    if attrs.has(type(value)):
        return sum(_size(_there(value, one.name)) for one in attrs.fields(type(value)))
    return 0


def _there(value: Any, name: str) -> Any:
    """Give a field of a value, nothing if it is made when it is asked for: to count it would be to make it."""
    try:
        return object.__getattribute__(value, name)
    except AttributeError:
        return None


def _is_part(array: Any) -> bool:
    """Say whether an array shows only some of the memory behind it, or one element over and over."""
    whole = array
    while isinstance(whole.base, np.ndarray):
        whole = whole.base
    return bool(whole.nbytes != array.nbytes)
