"""What an expression is: its level, kind and unit, and whether it is well made.

A value is *constant*, belongs to a *person*, or to a *row* (it names a column of the row it stands in).
The unit is blank where nothing is known about it, as for a bare number: a blank unit fits any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from singledisease.errors import DefinitionError, Fault
from singledisease.language import nodes as n
from singledisease.language.row_sources import Source
from singledisease.language.typecheck import given_values, operators, person_values, row_values, selections
from singledisease.language.typecheck.place import Place
from singledisease.language.typecheck.value_type import Level, ValueType, highest
from singledisease.vocabulary import ValueKind

__all__ = [
    "Level",
    "ValueType",
    "checked",
    "faults_of",
    "highest",
    "is_of_row",
    "kind_of",
    "level_of",
    "sort_of",
    "unit_of",
]

AnyNode = TypeVar("AnyNode")

_RULES: dict[type, Callable[[Place, Any], ValueType]] = {
    n.Column: row_values.column,
    n.This: row_values.this,
    n.Concerns: row_values.concerns,
    n.Attribute: person_values.attribute,
    n.Institution: person_values.institution,
    n.PeriodStart: lambda *_: ValueType("person", "date"),
    n.PeriodEnd: lambda *_: ValueType("person", "date"),
    n.Literal: given_values.literal,
    n.ParameterOf: given_values.parameter,
    n.Picked: row_values.picked,
    n.Reduce: row_values.reduce,
    n.Covered: row_values.spread,
    n.Gap: row_values.spread,
    n.Age: person_values.age,
    n.StatusOn: person_values.status_on,
    n.StatusDuring: person_values.status_window,
    n.DaysIn: person_values.status_window,
    n.TierOn: person_values.tier_on,
    n.TierDuring: person_values.tier_during,
    n.HasCode: given_values.has_code,
    n.Choice: given_values.choice,
    n.Apply: operators.applied,
    n.Case: given_values.case,
}


def sort_of(node: n.Value, source: Source | None = None) -> ValueType:
    """Say what a value is; ``source`` says from where the row it stands in comes.

    Raises
    ------
    DefinitionError
        If it is not well made, with every fault.

    >>> sort_of(n.Age(n.PeriodEnd()))
    ValueType(level='person', kind='number', unit='years')
    """
    place = Place(_RULES, source)
    sort = place.sort(node)
    _refuse(place.faults)
    return sort


def level_of(node: n.Value) -> Level:
    """Say whether a value is constant, a person's or a row's."""
    return sort_of(node).level


def kind_of(node: n.Value) -> ValueKind:
    """Say whether a value is a condition, a number, a date or text."""
    return sort_of(node).kind


def unit_of(node: n.Value) -> str:
    """Give the unit of a number, blank if it has none or none is known."""
    return sort_of(node).unit


def is_of_row(selection: n.Selection) -> bool:
    """Say whether a selection is made anew for each row of another: it names ``this`` or ``same``."""
    return selections.selection(Place(_RULES), selection) == "row"


def faults_of(node: Any, source: Source | None = None) -> tuple[Fault, ...]:
    """Give everything that is wrong with any node.

    Parameters
    ----------
    node
        A value, a selection, a window …
    source
        From where the row comes that it is asked of, by itself: outside that row there is none.  ``None``: it may be
        part of anything.
    """
    place = Place(_RULES, source=source, outer=None if source is None else "nothing")
    _check(place, node)
    return tuple(dict.fromkeys(place.faults)) if place.faults else ()


def checked(node: AnyNode) -> AnyNode:
    """Give a node back if it is well made.

    Raises
    ------
    DefinitionError
        With every fault, if it is not.
    """
    faults = faults_of(node)
    if faults:
        _refuse(faults)
    return node


def _refuse(faults: Iterable[Fault]) -> None:
    found = tuple(dict.fromkeys(faults))
    if found:
        raise DefinitionError("this expression cannot be asked", found)


def _check(place: Place, node: Any) -> None:
    if node.__class__ in _RULES:
        place.sort(node)
    elif isinstance(node, n.Status):
        person_values.status_named(place, node)
    elif isinstance(node, n.PeriodWindow | n.CalendarWindow | n.Between):
        selections.window(place, node)
    elif isinstance(node, n.Codes | n.CodesOf):
        given_values.code_set(place, node)
    elif isinstance(node, n.Pick):
        selections.selection(place, node.source)
    else:
        selections.selection(place, node)
