"""What the types can say but the engines do not follow yet: refused by name, never half done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from singledisease.definitions.aggregate import Countable, Distribution, Ratio
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import Measure
from singledisease.definitions.pathway import Pathway
from singledisease.definitions.resolve.policies import is_dated
from singledisease.definitions.timing import Timing
from singledisease.errors import Fault
from singledisease.language import nodes as n
from singledisease.language.format import write
from singledisease.language.traversal import inside
from singledisease.vocabulary import PERSON_COLUMNS


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


def _look_back(node: n.This | n.Same) -> Iterator[Fault]:
    message = "a selection made anew for each row is not supported yet"
    yield Fault("unsupported_look_back", write(node), message, "pick a row first: .first(), .last()")


def _reduction(node: n.Reduce) -> Iterator[Fault]:
    if node.how in ("sum", "mean", "median", "count_distinct"):
        message = f"{node.how} is not supported yet"
        yield Fault("unsupported_reduction", write(node), message, "use count, minimum, maximum, first or last")


def _spells(node: n.Spells) -> Iterator[Fault]:
    hint = "ask managed(…), in_state(…) on a day or during a window, or days_in(…)"
    yield Fault("unsupported_spells", write(node), "a selection of spells is not supported yet", hint)


def _further(node: Any) -> Iterator[Fault]:
    yield Fault("unsupported_node", type(node).__name__, "is not supported yet", "see the language's reference")


def _attribute(node: n.Attribute) -> Iterator[Fault]:
    if node.name not in PERSON_COLUMNS and node.kind != "text":
        message = f"a column of people that holds a {node.kind} is not supported yet"
        yield Fault("unsupported_node", write(node), message, "see the language's reference")


def _rows(measure: Countable) -> Iterator[Fault]:
    if measure.of is not None or measure.matures:
        message = "counting rows and looking further than the period's end are not supported yet"
        yield Fault("unsupported_rows", f"measure {measure.id}", message, "count people by the period's end")


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
    n.This: _look_back,
    n.Same: _look_back,
    n.Reduce: _reduction,
    n.Spells: _spells,
    n.Attribute: _attribute,
    **dict.fromkeys(
        (
            n.Services,
            n.Sequences,
            n.Institutions,
            n.Activities,
            n.Overlapping,
            n.Outermost,
            n.Covered,
            n.Gap,
            n.Institution,
            n.TierOn,
            n.TierDuring,
            n.HasCode,
        ),
        _further,
    ),
    Measure: _rows,
    Ratio: _rows,
    Distribution: _rows,
    Pathway: _sequence,
    Timing: _length,
}
