"""A mapping that cannot be changed, and that pickles, copies, compares and hashes by what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")


# A dictionary inside, because events are asked for their columns millions of times; and ``types.MappingProxyType``
# cannot leave a process.
class FrozenMapping(dict[K, V]):
    """A dictionary whose keys and values stay as they were given.

    Values that can themselves be changed are not copied.  It equals any mapping of the same content, whatever the
    order, and can be hashed if its values can.

    Raises
    ------
    TypeError
        At every attempt to change it.

    >>> units = FrozenMapping({"sbp": "mmHg"})
    >>> units["sbp"], units == {"sbp": "mmHg"}
    ('mmHg', True)
    >>> units["sbp"] = "kPa"
    Traceback (most recent call last):
    TypeError: a FrozenMapping cannot be changed; make a dictionary of it: dict(mapping)
    """

    __slots__ = ()

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("a FrozenMapping cannot be changed; make a dictionary of it: dict(mapping)")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse


def frozen_mapping(values: Mapping[Any, Any]) -> FrozenMapping[Any, Any]:
    """Give a mapping as one that cannot be changed.

    >>> frozen_mapping({"sex": "female"})
    {'sex': 'female'}
    """
    return values if isinstance(values, FrozenMapping) else FrozenMapping(values)
