"""How selections of rows and their windows are checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from singledisease.errors import did_you_mean
from singledisease.language import nodes as n
from singledisease.language.node_memory import memory_of
from singledisease.language.row_sources import COLUMNS, FURTHER, LASTING, source_of
from singledisease.language.traversal import parts
from singledisease.language.typecheck.place import OF_NO_PERSON, Place
from singledisease.language.typecheck.value_type import Level, highest

_OF_SELECTIONS = (n.Picked, n.Reduce, n.Covered, n.Gap)


def selection(place: Place, node: Any) -> Level:
    """Give the level of a selection: ``row`` if it is made anew for each row of another."""
    level: Level = place.remembered(node, _selected)
    return level


def _selected(place: Place, node: Any) -> Level:
    match node:
        case n.Where():
            return _where(place, node)
        case n.Within():
            _dated(place, node)
            return highest((selection(place, node.source), selecting(_of_counted(place, node), node.window)))
        case n.Overlapping():
            lasting(place, node)
            return highest((selection(place, node.source), selecting(place, node.window)))
        case n.Same():
            return _same_columns(place, node)
        case n.Outermost():
            if isinstance(node.number, bool) or not isinstance(node.number, int) or node.number < 1:
                place.wrong("no_number", node, "expected a whole number of rows, at least 1", f".{node.which}(2)")
            return selection(place, node.source)
        case n.Breaches() | n.Spells() | n.Services() | n.Sequences():
            place.named(node.disease, node)
    return "person"


def selecting(place: Place, of: Any) -> Level:
    """Check a window of a selection, which is worked out before there are any rows."""
    level = window(evolve(place, in_window=True), of)
    return "row" if level == "row" else "person"


def _of_counted(place: Place, node: Any) -> Place:
    """Give the place of a window of rows: of those that are counted themselves and are of no person, there is none."""
    return evolve(place, of_nobody=True) if place.source is None and source_of(node) in OF_NO_PERSON else place


def _dated(place: Place, node: Any) -> None:
    if source_of(node) == "institutions":
        place.wrong("unknown_column", node, "institutions have no column 'date'")


def lasting(place: Place, node: Any) -> None:
    """Check that rows can last longer than a day."""
    source = source_of(node)
    if source not in LASTING:
        place.wrong("unknown_column", node, f"{source} last one day, they have no column 'until'", ".within(window)")


def _where(place: Place, node: n.Where) -> Level:
    level = selection(place, node.source)
    place.row_of(node.source).expect(node.condition, "bool", node, "the condition of where")
    return "row" if names_outer(node.condition) else level


def _same_columns(place: Place, node: n.Same) -> Level:
    place.at_least(1, node.columns, node)
    selection(place, node.source)
    sources = {source_of(node.source)} if place.source is None else {source_of(node.source), place.source}
    for source in sorted(sources - set(FURTHER)):
        for name in node.columns:
            if name not in COLUMNS[source]:
                hint = did_you_mean(name, COLUMNS[source])
                place.wrong("unknown_column", node, f"{source} have no column {name!r}", hint)
    return "row"


def rows_taken(place: Place, rows: Any, user: Any) -> Level:
    """Check a selection that is made into one value: whose rows it takes has to be clear."""
    level = selection(place, rows)
    source, of_person = source_of(rows), place.source not in OF_NO_PERSON
    shares = any("institution" in same.columns for same in _narrowing(rows) if isinstance(same, n.Same))
    hint = 'write .same("institution")'
    if of_person and source in OF_NO_PERSON and (place.source is not None or not shares):
        message = f"{source} are about no one person"
        place.wrong("no_person", user, message, hint + ", and ask in a row of institutions or of activities")
    elif not of_person and (source not in ("events", "activities") or not shares):
        message = f"{place.source} are no person, so their rows are events or activities of the same institution"
        place.wrong("no_person", user, message, hint)
    return level


def window(place: Place, node: Any) -> Level:
    """Check a window, and give the level of its ends."""
    match node:
        case n.Between(start, end):
            ends = [end for end in (start, end) if end is not None]
            return highest([place.expect(end, "date", node, "an end of a window").level for end in ends])
        case n.CalendarWindow(unit, first, last):
            if not all(isinstance(number, int) for number in (first, last)):
                message = f"{unit} are whole numbers, counted from the one that holds the period's end"
                place.wrong("no_month", node, message, f"{unit}(-2, 0)")
            elif first > last:
                place.wrong("window_turned", node, "ends before it starts", f"write {unit}({last}, {first})")
    return "person"


def _narrowing(selection: Any) -> Iterator[Any]:
    """Give a selection and those it narrows, outermost first."""
    while selection is not None:
        yield selection
        selection = getattr(selection, "source", None)


def names_outer(node: Any) -> bool:
    """Say whether an expression of a row names the row outside that one; a selection's outer row is the row itself."""
    if isinstance(node, _OF_SELECTIONS):
        return False
    about = memory_of(node)
    if names_outer not in about:
        about[names_outer] = isinstance(node, n.This) or any(map(names_outer, parts(node)))
    found: bool = about[names_outer]
    return found
