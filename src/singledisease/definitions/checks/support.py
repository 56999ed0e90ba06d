"""What the types can say but the engines do not follow yet: refused by name, never half done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from singledisease.definitions.pathway import Pathway
from singledisease.errors import Fault
from singledisease.language import nodes as n
from singledisease.language.traversal import inside


def unsupported(node: Any) -> list[Fault]:
    """Give what is not supported in an expression, a measure or a disease."""
    return [fault for part in inside(node, *_REFUSALS) for fault in _REFUSALS[type(part)](part)]


def _further(node: Any) -> Iterator[Fault]:
    yield Fault("unsupported_node", type(node).__name__, "is not supported yet", "see the language's reference")


def _sequence(pathway: Pathway) -> Iterator[Fault]:
    if pathway.sequence != "person":
        message = f"a pathway over {pathway.sequence!r} is not supported yet"
        yield Fault("unsupported_sequence", "pathway.sequence", message, 'sequence = "person"')


_REFUSALS: dict[type, Callable[[Any], Iterator[Fault]]] = {
    **dict.fromkeys((n.Sequences, n.Institutions, n.Activities), _further),
    Pathway: _sequence,
}
