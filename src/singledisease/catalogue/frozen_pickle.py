"""Frozen values in files: made without checking them again, which takes half the time that pickle takes.

Each node comes with the kinds of all that is inside it: to find that out is half of the work of resolving.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from functools import cache, partial
from io import BytesIO
from types import MemberDescriptorType
from typing import Any

from singledisease.language.node_memory import Memoized, keep_kinds, memory_of
from singledisease.language.read_when_asked import leave_unread, put
from singledisease.language.traversal import field_names, kinds_inside, one_of_equal

Lookup = Callable[[str], Any]
"""Gives what a file names and does not hold itself: the text of a fragment, the disease that measures are about."""

Names = Callable[[Any], str | None]
"""Gives the name under which a value will be looked up; ``None``: the file holds it."""

Eager = Mapping[int, tuple[str, ...]]
"""By identity of a value, the fields that are read with it; the others are read when they are asked for."""

_Later = tuple[bytes, Lookup]
"""What is read when it is asked for, and what looks up what it names."""

_LOOKUP = ("lookup",)
"""Stands in a file for the function that looks up what it names."""


def to_bytes(value: Any, named: Names, eager: Eager | None = None) -> bytes:
    """Write a value made of frozen values and plain ones."""
    written = BytesIO()
    _Pickler(written, named, eager or {}).dump(value)
    return written.getvalue()


def from_bytes(content: bytes, lookup: Lookup) -> Any:
    """Make what was written; what it names is looked up."""
    return _Unpickler(content, lookup).load()


class _Pickler(pickle.Pickler):
    """Writes each frozen value as a call of what makes its kind."""

    def __init__(self, file: BytesIO, named: Names, eager: Eager) -> None:
        super().__init__(file, protocol=5)
        self._named, self._eager = named, eager
        self._makers: dict[type, _Maker] = {}
        self._kinds: dict[frozenset[type], _Kinds] = {}

    def persistent_id(self, obj: Any) -> Any:
        return _LOOKUP if obj is _LOOKUP else self._named(obj)

    def reducer_override(self, obj: Any) -> Any:
        kind: Any = obj.__class__
        if not _has_slots_alone(kind):
            return NotImplemented
        kinds = (self._kinds_of(obj),) if issubclass(kind, Memoized) else ()
        names = field_names(kind) or ()
        if id(obj) in self._eager:
            now = {name: getattr(obj, name) for name in self._eager[id(obj)]}
            rest = {name: getattr(obj, name) for name in names if name not in now}
            found_out = dict(memory_of(obj))
            return _made_in_part, (kind, *kinds, now, found_out, (to_bytes(rest, self._named), _LOOKUP))
        maker = self._makers.setdefault(kind, _Maker(kind))
        return maker, (*kinds, *(getattr(obj, name) for name in names))

    def _kinds_of(self, node: Any) -> _Kinds:
        kinds = kinds_inside(node)
        return self._kinds.setdefault(kinds, _Kinds(kinds))


class _Unpickler(pickle.Unpickler):
    """Reads what is part of the package, and so trusted as far as the code beside it."""

    def __init__(self, content: bytes, lookup: Lookup) -> None:
        super().__init__(BytesIO(content))
        self._lookup = lookup

    def persistent_load(self, pid: Any) -> Any:
        return self._lookup if pid == _LOOKUP else self._lookup(pid)


@cache
def _has_slots_alone(kind: Any) -> bool:
    """Say whether a type is a frozen one whose fields are slots, all that its values have."""
    names = field_names(kind) or ()
    return bool(names) and all(isinstance(getattr(kind, name, None), MemberDescriptorType) for name in names)


class _Kinds:
    """Kinds of nodes, one set of those that are equal wherever they are read."""

    def __init__(self, kinds: frozenset[type]) -> None:
        self._kinds = kinds

    def __reduce__(self) -> tuple[Any, ...]:
        return one_of_equal, (self._kinds,)


class _Maker:
    """What makes values of a kind: a file names it once."""

    def __init__(self, kind: type) -> None:
        self._kind = kind

    def __call__(self, *values: Any) -> Any:
        # Asked for by pickle, which writes only what could be called.
        return maker_of(self._kind)(*values)

    def __reduce__(self) -> tuple[Any, ...]:
        return maker_of, (self._kind,)


@cache
def maker_of(kind: type) -> Callable[..., Any]:
    """Give a function that makes a value of a kind of the values of its fields, in their order.

    It is written out as attrs writes ``__init__``, with neither checks nor conversions: what is in a file went through
    both.  Of a node the first argument is the kinds of all that is inside it.

    >>> from singledisease.language.nodes import Literal
    >>> maker_of(Literal)(frozenset({Literal}), 1, "number", "") == Literal(1, "number")
    True
    """
    names = (*(("inner_kinds",) if issubclass(kind, Memoized) else ()), *(field_names(kind) or ()))
    lines = [f"def make({', '.join(names)}):", "    _made = _new(_kind)"]
    lines += [f"    _set_{name}(_made, {name})" for name in names]
    scope = {"_new": object.__new__, "_kind": kind, **{f"_set_{name}": getattr(kind, name).__set__ for name in names}}
    exec("\n".join([*lines, "    return _made"]), scope)
    made: Callable[..., Any] = scope["make"]
    return made


def _made_in_part(
    kind: type, kinds: frozenset[type], now: Mapping[str, Any], found_out: Mapping[Any, Any], later: _Later
) -> Any:
    """Make a value with some of its fields and what was found out about it; the rest is read when it is asked for."""
    made: Any = object.__new__(kind)
    put(made, now)
    keep_kinds(made, kinds)
    memory_of(made).update(found_out)
    leave_unread(made, partial(from_bytes, *later))
    return made
