"""What conditions want of an event: columns with a value, and quantities that are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from singledisease.frozen_mapping import FrozenMapping, frozen_mapping
from singledisease.language import nodes as n
from singledisease.language.traversal import parts
from singledisease.vocabulary import CODE_LISTS, EXIT_REASONS, FLAGS

Said = str | bool
_KNOWN_OTHERWISE = ("kind", "disease", "institution")
"""Columns that follow from whose event it is and where."""


@frozen
class Wanted:
    """What conditions want: by column the values that would do, and the quantities that they ask for."""

    columns: FrozenMapping[str, tuple[Said, ...]]
    quantities: tuple[str, ...]

    @property
    def first(self) -> FrozenMapping[str, Said]:
        """Of several values of a column the first."""
        return FrozenMapping({name: values[0] for name, values in self.columns.items()})


def wanted(conditions: Iterable[n.Value]) -> Wanted:
    """Read what conditions want of the event that they are asked of.

    What they deny, and what they ask of other events, is not wanted of this one.

    >>> from singledisease.language.parse import parse
    >>> found = wanted([parse('item in ("acei", "arb") and not emergency and egfr.known()')])
    >>> dict(found.columns), found.quantities
    ({'item': ('acei', 'arb')}, ('egfr',))
    """
    columns: dict[str, tuple[Said, ...]] = {}
    quantities: dict[str, None] = {}
    for part in (part for condition in conditions for part in _affirmed(condition)):
        match part:
            case n.Apply("==", (n.Column(name=name, kind="text"), n.Literal(value=str(value)))):
                columns[name] = (*columns.get(name, ()), value)
            case n.Apply("is_in", (n.Column(name=name, kind="text"),), values):
                columns[name] = (*columns.get(name, ()), *values)
            case n.Apply("starts_with", (n.Column(name=name, kind="text"),), (value, *_)):
                columns[name] = (*columns.get(name, ()), value)
            case n.Column(name=name, kind="bool"):
                columns.setdefault(name, (True,))
            case n.Column(name=name, kind="number"):
                quantities[name] = None
    said = {name: tuple(dict.fromkeys(values)) for name, values in columns.items() if name not in _KNOWN_OTHERWISE}
    return Wanted(frozen_mapping(said), tuple(quantities))


def _affirmed(node: n.Node) -> Iterator[n.Node]:
    """Give a condition and what is inside it, without what it denies or asks of other events."""
    denied = isinstance(node, n.Apply) and node.operation in ("not", "!=")
    if not denied and not isinstance(node, (n.Picked, n.Reduce)):
        yield node
        for part in parts(node):
            yield from _affirmed(part)


def writable(kind: str, columns: Mapping[str, Said]) -> bool:
    """Tell whether rows of it would be accepted, and it is no death: deaths have a date of their own."""
    lists = {**CODE_LISTS, **({"reason": EXIT_REASONS} if kind == "exit" else {})}
    listed = all(value in lists[name] for name, value in columns.items() if name in lists)
    written = all((name in FLAGS) if isinstance(value, bool) else bool(value) for name, value in columns.items())
    return listed and written and columns.get("reason") != "died"
