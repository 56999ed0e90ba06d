"""Where rows come from, and which columns each source has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from attrs import frozen

from singledisease.language.nodes import Breaches, Column, Events, Selection, Spells
from singledisease.vocabulary import EVENT_COLUMNS, QUANTITIES, ValueKind

Source = Literal["events", "breaches", "spells"]


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
        "spells": MappingProxyType({"date": Shape("date"), "state": Shape("text"), "left": Shape("date")}),
    }
)
"""Columns of each source.  Events may have further ones: text, and quantities that a disease declares."""

EVERY_COLUMN: Mapping[str, Shape] = MappingProxyType(
    {**COLUMNS["spells"], **COLUMNS["breaches"], **COLUMNS["events"]},
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
        case _:
            return source_of(selection.source)


def shape_of(name: str) -> Shape:
    """Say what a column holds; a further one holds text."""
    return EVERY_COLUMN.get(name, Shape("text"))


def named_column(name: str) -> Column:
    """Give the column of a name, with the kind and unit it is known to have."""
    shape = shape_of(name)
    return Column(name, shape.kind, shape.unit)
