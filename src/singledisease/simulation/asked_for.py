"""What the services and the indicators of a disease ask for, as happenings: a test of an item, a drug, a vaccination.

The usual course of a disease is made of visits; what else its service list owes, and what its own indicators look for,
would otherwise never stand in a simulated registry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product

from attrs import frozen

from singledisease.catalogue.shipped import indicators
from singledisease.definitions.disease import Disease
from singledisease.errors import DefinitionError
from singledisease.frozen_mapping import FrozenMapping
from singledisease.language import nodes as n
from singledisease.language.traversal import inside
from singledisease.simulation.wanted_events import Said, wanted, writable

_FIRST_CHOICE = ("test", "medication", "education", "assessment", "follow_up")
"""Of several kinds that would do, the one that is taken; else the first named."""

_NEVER = ("enrolment", "assignment", "exit", "lost", "screening", "checkup")
"""Who begins or ends, and who is screened or checked up, is decided elsewhere."""

_MOST = 8
"""Happenings for one selection at most: of the items of a long list the first."""


@frozen
class Request:
    """What is asked for: an event of a kind with columns, and quantities that have to be read at it.

    ``states`` are the states in which it is owed; none: wherever people are managed.
    """

    kind: str
    columns: FrozenMapping[str, Said]
    quantities: tuple[str, ...] = ()
    states: tuple[str, ...] = ()


def requests(disease: Disease) -> tuple[Request, ...]:
    """Give what a resolved disease asks for, in its services first and then in the indicators of the catalogue.

    >>> from singledisease.catalogue import disease
    >>> items = {one.columns.get("item") for one in requests(disease("copd"))}
    >>> {"influenza", "inhaler"} <= items
    True
    """
    return tuple(dict.fromkeys((*_of_services(disease), *_of_indicators(disease))))


def quantities_asked(disease: Disease) -> tuple[str, ...]:
    """Give the names of the quantities of which services and indicators speak."""
    return tuple(dict.fromkeys(name for one in requests(disease) for name in one.quantities))


def _of_services(disease: Disease) -> Iterator[Request]:
    for service in disease.services:
        timing = service.timing
        conditions = () if timing.met_by is None else (timing.met_by,)
        yield from _requests(timing.kinds, conditions, timing.states)


def _of_indicators(disease: Disease) -> Iterator[Request]:
    try:
        found = indicators(disease)
    except DefinitionError:
        # A disease of one's own may bear the id of one of the catalogue, without what the indicators of that one name.
        return
    for measure in found:
        for part in inside(measure):
            if isinstance(part, n.Where) and (kinds := _kinds(part)) is not None:
                yield from _requests(kinds, tuple(_conditions(part)), ())


def _kinds(selection: n.Selection) -> tuple[str, ...] | None:
    """Give the kinds of events that a selection takes, ``None`` if it is of something else."""
    while not isinstance(selection, n.Events):
        source = getattr(selection, "source", None)
        if source is None:
            return None
        selection = source
    return selection.kinds


def _conditions(selection: n.Selection) -> Iterator[n.Value]:
    found: n.Selection | None = selection
    while found is not None:
        if isinstance(found, n.Where):
            yield found.condition
        found = getattr(found, "source", None)


def _requests(kinds: Sequence[str], conditions: Sequence[n.Value], states: tuple[str, ...]) -> Iterator[Request]:
    kind = next((one for one in _FIRST_CHOICE if one in kinds), kinds[0] if kinds else "test")
    if kind in _NEVER:
        return
    found = wanted(conditions)
    for values in islice(product(*found.columns.values()), _MOST):
        columns = FrozenMapping(zip(found.columns, values, strict=True))
        if writable(kind, columns):
            yield Request(kind, columns, found.quantities, states)
