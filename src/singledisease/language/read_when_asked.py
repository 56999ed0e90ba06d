"""Fields of a frozen value that are read when one of them is first asked for, such as those of a disease in a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import evolve

from singledisease.language.node_memory import Memoized, memory_of
from singledisease.language.traversal import field_names

_UNREAD = "fields that are read when they are asked for"

Fields = Mapping[str, Any]
"""Values by name of field."""


def leave_unread(value: Memoized, read: Callable[[], Fields]) -> None:
    """Have the fields of a value that hold nothing yet given by ``read``, when one of them is first asked for.

    The type has a ``__getattr__`` that gives ``field_read(self, name)``; Python calls it for what is not there.
    """
    memory_of(value)[_UNREAD] = read


def field_read(value: Memoized, name: str) -> Any:
    """Give a field that held nothing, after all such fields have been read.

    Raises
    ------
    AttributeError
        If the value has no such field.
    """
    # What is remembered may itself not be there yet: only for a field is it looked at.
    if name in _names(value):
        memory = memory_of(value)
        read = memory.get(_UNREAD)
        if read is not None:
            put(value, read())
            # Only now: another thread that finds nothing to read finds the fields.
            memory.pop(_UNREAD, None)
    return object.__getattribute__(value, name)


def evolved(value: Any, **changes: Any) -> Any:
    """Give a value with others in some fields, as ``evolve`` does; what has not been read yet is still not read."""
    if _UNREAD not in memory_of(value):
        return evolve(value, **changes)
    made, names = object.__new__(value.__class__), _names(value)
    there = {name: object.__getattribute__(value, name) for name in names if _is_there(value, name)}
    put(made, {**there, **changes})
    missing = [name for name in names if name not in there and name not in changes]
    leave_unread(made, lambda: {name: getattr(value, name) for name in missing})
    return made


def _names(value: Any) -> tuple[str, ...]:
    return field_names(value.__class__) or ()


def _is_there(value: Any, name: str) -> bool:
    try:
        object.__getattribute__(value, name)
    except AttributeError:
        return False
    return True


def put(value: Any, fields: Fields) -> None:
    """Put values into fields of a frozen value that has been made without them."""
    for name, given in fields.items():
        object.__setattr__(value, name, given)
