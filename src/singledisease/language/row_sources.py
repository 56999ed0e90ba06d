"""Where rows come from, and which columns each source has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from attrs import frozen

from singledisease.language.nodes import (
    Activities,
    Breaches,
    Column,
    Events,
    Institutions,
    Selection,
    Sequences,
    Services,
    Spells,
)
from singledisease.vocabulary import EVENT_COLUMNS, QUANTITIES, ValueKind

Source = Literal["events", "breaches", "spells", "services", "sequences", "institutions", "activities"]


@frozen
class Shape:
    """What a column holds: the kind of value, and the unit of a number."""

    kind: ValueKind
    unit: str = ""


def _event_shape(name: str, kind: ValueKind) -> Shape:
    return Shape(kind, QUANTITIES[name].unit if name in QUANTITIES else "")


COLUMNS: Mapping[Source, Mapping[str, Shape]] = MappingProxyType(
    {
        "events": MappingProxyType({name: _event_shape(name, kind) for name, kind in EVENT_COLUMNS.items()}),
        "breaches": MappingProxyType({"date": Shape("date"), "timing": Shape("text"), "due": Shape("date")}),
        "spells": MappingProxyType(
            {
                "date": Shape("date"),
                "left": Shape("date"),
                "state": Shape("text"),
                "stage": Shape("text"),
                "managed": Shape("bool"),
                "days": Shape("number", "days"),
            }
        ),
        "services": MappingProxyType(
            {
                "date": Shape("date"),
                "item": Shape("text"),
                "due": Shape("date"),
                "met": Shape("date"),
                "outcome": Shape("text"),
                "role": Shape("text"),
            }
        ),
        "sequences": MappingProxyType({"date": Shape("date"), "link": Shape("text"), "institution": Shape("text")}),
        "institutions": MappingProxyType({"institution": Shape("text")}),
        "activities": MappingProxyType(
            {
                "date": Shape("date"),
                "kind": Shape("text"),
                "institution": Shape("text"),
                "count": Shape("number"),
                "staff": Shape("number"),
                "from_level": Shape("text"),
                "to_level": Shape("text"),
            }
        ),
    }
)
"""Columns of each source.  Events may have further ones: text, and quantities that a disease declares."""

EVERY_COLUMN: Mapping[str, Shape] = MappingProxyType(
    {name: shape for shapes in reversed(tuple(COLUMNS.values())) for name, shape in shapes.items()},
)
"""Columns of any source; where sources share a name they agree on what it holds."""


def source_of(selection: Selection) -> Source:
    """Say from where the rows of a selection come.

    >>> source_of(Breaches("hypertension"))
    'breaches'
    """
    match selection:
        case Events():
            return "events"
        case Breaches():
            return "breaches"
        case Spells():
            return "spells"
        case Services():
            return "services"
        case Sequences():
            return "sequences"
        case Institutions():
            return "institutions"
        case Activities():
            return "activities"
        case _:
            return source_of(selection.source)


def shape_of(name: str) -> Shape:
    """Say what a column holds; a further one holds text."""
    return EVERY_COLUMN.get(name, Shape("text"))


def named_column(name: str) -> Column:
    """Give the column of a name, with the kind and unit it is known to have."""
    shape = shape_of(name)
    return Column(name, shape.kind, shape.unit)
