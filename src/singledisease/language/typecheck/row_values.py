"""How values are checked that come from rows: a column, the row picked, what rows are reduced to."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from singledisease.errors import did_you_mean
from singledisease.language import nodes as n
from singledisease.language.row_sources import COLUMNS, EVERY_COLUMN, FURTHER, Shape, Source
from singledisease.language.typecheck.place import Place
from singledisease.language.typecheck.selections import lasting, names_outer, rows_taken, selecting
from singledisease.language.typecheck.value_type import KIND_WORDS, ValueType, highest
from singledisease.language.units import plain_unit
from singledisease.vocabulary import ValueKind

REDUCED: dict[n.Reduction, tuple[int, int | None, tuple[ValueKind, ...]]] = {
    "count": (0, 0, ()),
    "count_days": (0, 0, ()),
    "exists": (0, 0, ()),
    "count_distinct": (1, None, ("bool", "number", "date", "text")),
    "minimum": (1, 1, ("number", "date")),
    "maximum": (1, 1, ("number", "date")),
    "sum": (1, 1, ("number",)),
    "mean": (1, 1, ("number",)),
    "median": (1, 1, ("number",)),
}
"""How many columns a reduction takes at least and at most, and of which kinds."""


def column(place: Place, node: n.Column) -> ValueType:
    """Check a column of the row in which the node stands."""
    if place.in_window:
        place.wrong(
            "window_of_row",
            node,
            "a window of a selection cannot look at the rows it selects",
            f'use where(…) for a condition on the row, or this("{node.name}") for the outer row',
        )
    _shape(place, node, place.source)
    return ValueType("row", node.kind, plain_unit(node.unit))


def _shape(place: Place, node: n.Column | n.This, source: Source | None) -> None:
    known = EVERY_COLUMN if source is None else COLUMNS[source]
    shape = known.get(node.name)
    if shape is None:
        _further(place, node, source, known)
    elif (shape.kind, shape.unit) != (node.kind, node.unit):
        held = f"{shape.kind} in {shape.unit}" if shape.unit else shape.kind
        place.wrong("unknown_column", node, f"the column {node.name!r} holds {held}", f'write column("{node.name}")')


def _further(place: Place, node: n.Column | n.This, source: Source | None, known: Mapping[str, Shape]) -> None:
    """Check a column that no table has by itplace: what it may have meant is looked for only if it is wrong."""
    if source is not None and source not in FURTHER:
        message = f"{source} have no column {node.name!r}"
    elif node.kind not in ("text", "number"):
        message = f"a further column holds text or a number, not a {node.kind}"
    else:
        return
    place.wrong("unknown_column", node, message, did_you_mean(node.name, known))


def this(place: Place, node: n.This) -> ValueType:
    """Check a column of the row outside that one."""
    outer = place.source if place.in_window else place.outer
    if outer == "nothing":
        hint = f'name the row\'s own column: column("{node.name}")'
        place.wrong("no_outer_row", node, "there is no row outside this one", hint)
    else:
        _shape(place, node, outer)
    return ValueType("row", node.kind, plain_unit(node.unit))


def concerns(place: Place, node: n.Concerns) -> ValueType:
    """Check whether an event can concern a disease."""
    place.named(node.disease, node)
    if place.source not in (None, "events"):
        place.wrong("unknown_column", node, f"{place.source} are of one disease; only events can concern another")
    return ValueType("row", "bool")


def picked(place: Place, node: n.Picked) -> ValueType:
    """Check a value of the first or last row of a selection."""
    level = rows_taken(place, node.row.source, node)
    value = place.row_of(node.row.source).sort(node.value)
    return evolve(value, level=highest((level, "row" if names_outer(node.value) else "person")))


def reduce(place: Place, node: n.Reduce) -> ValueType:
    """Check a count, a sum, an extreme … of a selection's rows."""
    level = rows_taken(place, node.source, node)
    least, most, kinds = REDUCED[node.how]
    columns = node.columns if most is None else node.columns[:most]
    if len(node.columns) > len(columns):
        takes = f"takes {'no column' if most == 0 else 'one column'}"
        place.wrong("column_not_needed", node, f"{node.how} {takes}", f"write .{node.how}({'…' * least})")
    elif len(columns) < least:
        place.wrong("column_missing", node, f"{node.how} of which column?", f'write .{node.how}("sbp")')
    sorts = [column(place.row_of(node.source), one) for one in columns]
    for one, sort in zip(columns, sorts, strict=True):
        if sort.kind not in kinds:
            held = f"{one.name!r}, which is {KIND_WORDS[sort.kind]}"
            place.wrong("kind_differs", node, f"{node.how} of {held}")
    if node.how == "exists":
        return ValueType(level, "bool")
    counts = node.how in ("count", "count_days", "count_distinct") or not sorts
    return ValueType(level, "number") if counts else evolve(sorts[0], level=level)


def spread(place: Place, node: n.Covered | n.Gap) -> ValueType:
    """Check the days that rows cover, or the longest gap between them."""
    lasting(place, node.source)
    return ValueType(highest((rows_taken(place, node.source, node), selecting(place, node.window))), "number", "days")
