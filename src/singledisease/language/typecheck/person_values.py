"""How values of a person or an institution are checked: what is written of them, age, state, tier."""

from __future__ import annotations

from singledisease.language import nodes as n
from singledisease.language.typecheck.place import OF_NO_PERSON, Place
from singledisease.language.typecheck.selections import window
from singledisease.language.typecheck.value_type import KIND_WORDS, Level, ValueType, highest
from singledisease.language.units import plain_unit
from singledisease.vocabulary import INSTITUTION_COLUMNS, PERSON_COLUMNS


def attribute(place: Place, node: n.Attribute) -> ValueType:
    """Check a column of patients."""
    place.person(node)
    kind = PERSON_COLUMNS.get(node.name, node.kind)
    if kind != node.kind:
        place.wrong("unknown_column", node, f"the attribute {node.name!r} holds {kind}", "leave the kind out")
    return _declared(place, node, "person")


def institution(place: Place, node: n.Institution) -> ValueType:
    """Check a column of institutions."""
    if node.name in INSTITUTION_COLUMNS and node.kind != "text":
        place.wrong("unknown_column", node, f"{node.name!r} of an institution holds text", "leave the kind out")
    return _declared(place, node, "row" if place.source in OF_NO_PERSON else "person")


def _declared(place: Place, node: n.Attribute | n.Institution, level: Level) -> ValueType:
    if node.unit and node.kind != "number":
        place.wrong("unit_differs", node, f"is {KIND_WORDS[node.kind]}, so it has no unit", "leave the unit out")
    return ValueType(level, node.kind, plain_unit(node.unit))


def age(place: Place, node: n.Age) -> ValueType:
    """Check an age: it is asked on a date, of a person."""
    place.person(node)
    on = place.expect(node.on, "date", node, "the day on which the age is asked")
    return ValueType(highest((on.level, "person")), "number", "years")


def status_named(place: Place, node: n.Status) -> None:
    """Check which states of which disease are named."""
    place.named(node.disease, node)
    place.person(node)
    if (node.of == "managed") == bool(node.values):
        place.wrong("too_few", node, f"name the {node.of}s: in_{node.of}(disease, {node.of}, …)")


def status_on(place: Place, node: n.StatusOn) -> ValueType:
    """Check a state asked on a day."""
    status_named(place, node.status)
    on = place.expect(node.on, "date", node, "the day on which the state is asked")
    return ValueType(highest((on.level, "person")), "bool")


def status_window(place: Place, node: n.StatusDuring | n.DaysIn) -> ValueType:
    """Check a state asked in a window, or the days in it."""
    status_named(place, node.status)
    level = highest((window(place, node.window), "person"))
    return ValueType(level, "number", "days") if isinstance(node, n.DaysIn) else ValueType(level, "bool")


def tier_on(place: Place, node: n.TierOn) -> ValueType:
    """Check a tier asked on a day."""
    _tier_named(place, node)
    on = place.expect(node.on, "date", node, "the day on which the level is asked")
    return ValueType(highest((on.level, "person")), "text")


def tier_during(place: Place, node: n.TierDuring) -> ValueType:
    """Check levels of a tier asked in a window."""
    _tier_named(place, node)
    place.at_least(1, node.levels, node)
    return ValueType(highest((window(place, node.window), "person")), "bool")


def _tier_named(place: Place, node: n.TierOn | n.TierDuring) -> None:
    place.named(node.disease, node)
    place.person(node)
    if not node.tier:
        place.wrong("tier_missing", node, "names no tier", 'write tier("hypertension.risk", on=…)')
