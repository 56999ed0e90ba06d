"""What the services and the indicators of a disease ask for, as happenings: a test of an item, a drug, a vaccination.

The usual course of a disease is made of visits; what else its service list owes, and what its own indicators look for,
would otherwise never stand in a simulated registry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from attrs import frozen

from singledisease.catalogue.shipped import indicators
from singledisease.definitions.disease import Disease
from singledisease.errors import DefinitionError
from singledisease.language import nodes as n
from singledisease.language.traversal import inside, parts
from singledisease.vocabulary import CODE_LISTS, EXIT_REASONS, FLAGS

_FIRST_CHOICE = ("test", "medication", "education", "assessment", "follow_up")
"""Of several kinds that would do, the one that is taken; else the first named."""

_NEVER = ("enrolment", "assignment", "exit", "lost", "screening", "checkup")
"""Who begins or ends, and who is screened or checked up, is decided elsewhere."""

_OTHERWISE_KNOWN = ("kind", "disease", "institution")
_MOST = 8
"""Happenings for one selection at most: of the items of a long list the first."""


@frozen
class Request:
    """What is asked for: an event of a kind with columns, and quantities that have to be read at it.

    ``states`` are the states in which it is owed; none: wherever people are managed.
    """

    kind: str
    columns: Mapping[str, str | bool]
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
    said, quantities = _said(conditions)
    for values in list(product(*said.values()))[:_MOST]:
        columns = dict(zip(said, values, strict=True))
        if _writable(columns):
            yield Request(kind, _Columns(columns), quantities, states)


class _Columns(dict[str, "str | bool"]):
    """Columns with their values, which may be compared as part of a request."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(sorted(self.items(), key=str)))


def _said(conditions: Sequence[n.Value]) -> tuple[dict[str, tuple[str | bool, ...]], tuple[str, ...]]:
    """Give the values by column for which conditions ask, and the quantities that they want to know."""
    found: dict[str, tuple[str | bool, ...]] = {}
    quantities: dict[str, None] = {}
    for part in (part for condition in conditions for part in _affirmed(condition)):
        match part:
            case n.Apply("==", (n.Column(name=name, kind="text"), n.Literal(value=str(value)))):
                found[name] = (*found.get(name, ()), value)
            case n.Apply("is_in", (n.Column(name=name, kind="text"),), values):
                found[name] = (*found.get(name, ()), *values)
            case n.Apply("starts_with", (n.Column(name=name, kind="text"),), (value, *_)):
                found[name] = (*found.get(name, ()), value)
            case n.Column(name=name, kind="bool"):
                found.setdefault(name, (True,))
            case n.Column(name=name, kind="number"):
                quantities[name] = None
    said = {name: tuple(dict.fromkeys(values)) for name, values in found.items() if name not in _OTHERWISE_KNOWN}
    return said, tuple(quantities)


def _affirmed(node: n.Node) -> Iterator[n.Node]:
    """Give a condition and what is inside it, without what it denies or asks of other events."""
    denied = isinstance(node, n.Apply) and node.operation in ("not", "!=")
    if not denied and not isinstance(node, (n.Picked, n.Reduce)):
        yield node
        for part in parts(node):
            yield from _affirmed(part)


def _writable(columns: Mapping[str, str | bool]) -> bool:
    """Tell whether rows with such columns would be accepted."""
    lists = {**CODE_LISTS, "reason": EXIT_REASONS}
    listed = all(value in lists[name] for name, value in columns.items() if name in lists and name != "reason")
    return listed and all(
        (name in FLAGS) if isinstance(value, bool) else bool(value) for name, value in columns.items()
    )
