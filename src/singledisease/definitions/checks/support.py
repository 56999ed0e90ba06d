"""What the types can say but the engines do not follow yet: refused by name, never half done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import Pathway
from singledisease.definitions.resolve.policies import is_dated
from singledisease.definitions.timing import Timing
from singledisease.errors import Fault
from singledisease.language import nodes as n
from singledisease.language.traversal import inside


def unsupported(node: Any) -> list[Fault]:
    """Give what is not supported in an expression, a measure or a disease."""
    found = [fault for part in inside(node, *_REFUSALS) for fault in _REFUSALS[type(part)](part)]
    if isinstance(node, Disease):
        found += _dated_lengths(node)
    return found


def _dated_lengths(disease: Disease) -> Iterator[Fault]:
    dated = {parameter.name for parameter in disease.parameters if is_dated(parameter)}
    for timing in disease.timings:
        if isinstance(timing.length.amount, n.ParameterOf) and timing.length.amount.name in dated:
            message = "a length with several values by date is not supported yet"
            yield Fault("unsupported_length", f"timing {timing.id}", message, "give it one value")


def _further(node: Any) -> Iterator[Fault]:
    yield Fault("unsupported_node", type(node).__name__, "is not supported yet", "see the language's reference")


def _sequence(pathway: Pathway) -> Iterator[Fault]:
    if pathway.sequence != "person":
        message = f"a pathway over {pathway.sequence!r} is not supported yet"
        yield Fault("unsupported_sequence", "pathway.sequence", message, 'sequence = "person"')


def _length(timing: Timing) -> Iterator[Fault]:
    if not isinstance(timing.length.amount, n.Literal | n.ParameterOf):
        message = "a length that is worked out is not supported yet"
        yield Fault("unsupported_length", f"timing {timing.id}", message, "name a parameter")
    if timing.length.unit == "weeks":
        message = "a length in weeks is not supported yet"
        yield Fault("unsupported_length", f"timing {timing.id}", message, "say it in days")
    if timing.starts_from:
        message = f"a clock that starts from the date in {timing.starts_from!r} is not supported yet"
        yield Fault("unsupported_start", f"timing {timing.id}", message, "let it start on the day of the event")


_REFUSALS: dict[type, Callable[[Any], Iterator[Fault]]] = {
    **dict.fromkeys((n.Sequences, n.Institutions, n.Activities), _further),
    Pathway: _sequence,
    Timing: _length,
}
