"""Where rows come from, and which columns each source has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from attrs import evolve, frozen

from singledisease.language.nodes import (
    Activities,
    Breaches,
    Column,
    Events,
    Institutions,
    Picked,
    Selection,
    Sequences,
    Services,
    Spells,
    This,
    Value,
)
from singledisease.vocabulary import ACTIVITY_COLUMNS, EVENT_COLUMNS, INSTITUTION_COLUMNS, QUANTITIES, ValueKind

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
        "institutions": MappingProxyType(dict.fromkeys(INSTITUTION_COLUMNS, Shape("text"))),
        "activities": MappingProxyType({name: Shape(kind) for name, kind in ACTIVITY_COLUMNS.items()}),
    }
)
"""Columns of each source; those of ``FURTHER`` may have further ones."""

FURTHER: tuple[Source, ...] = ("events", "institutions", "activities")
"""Sources with further columns: text, and numbers that are declared (of events: quantities of a disease)."""

LASTING: tuple[Source, ...] = ("events", "spells")
"""Sources whose rows may last longer than a day: to ``until``, and to the day before ``left``."""

EVERY_COLUMN: Mapping[str, Shape] = MappingProxyType(
    {name: shape for shapes in reversed(tuple(COLUMNS.values())) for name, shape in shapes.items()},
)
"""Columns of any source; where sources share a name they agree on what it holds."""


def base_of(selection: Selection) -> Any:
    """Give the innermost selection: that of the source from which the rows come."""
    node: Any = selection
    while hasattr(node, "source"):
        node = node.source
    return node


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


def system_beside(code: Value) -> Value | None:
    """Give the column ``system`` of the row that a column ``code`` is of; ``None`` for any other value."""
    match code:
        case Column("code") | This("code"):
            return evolve(code, name="system")
        case Picked(row, Column("code") as column):
            return Picked(row, evolve(column, name="system"))
    return None
