"""Where a node stands while it is checked, the faults found so far, and what several rules ask of a part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from attrs import evolve, field, frozen

from singledisease.errors import Fault
from singledisease.language import nodes as n
from singledisease.language.format import write
from singledisease.language.node_memory import memory_of
from singledisease.language.row_sources import Source, source_of
from singledisease.language.typecheck.hints import bracket_hint, column_hint, date_hint
from singledisease.language.typecheck.value_type import KIND_WORDS, Level, ValueType, highest
from singledisease.vocabulary import ValueKind

OF_NO_PERSON: tuple[Source | None, ...] = ("institutions", "activities")

_SIMPLE: frozenset[type] = frozenset(
    {n.Column, n.This, n.Concerns, n.Attribute, n.Institution, n.PeriodStart, n.PeriodEnd, n.Literal, n.ParameterOf}
)
"""Nodes that hold no others: to check them takes no longer than to remember that they were checked."""


@frozen
class Place:
    """Where a node stands, and the faults found.

    Attributes
    ----------
    rules
        By type of value, how one is checked where it stands.
    source
        From where the row comes in which the node stands, whose ``Column`` it may name; ``None`` if that is not known.
    outer
        From where the row outside that one comes, which is ``This``; ``nothing`` if there is none.
    in_window
        Whether it stands in a window of a selection: there ``This`` is the row in which the selection stands.
    of_nobody
        Whether it stands in no row and yet is about no person: in a window of institutions or of what they did, which
        are counted themselves.
    """

    rules: Mapping[type, Callable[[Place, Any], ValueType]]
    source: Source | None = None
    outer: Source | Literal["nothing"] | None = None
    in_window: bool = False
    of_nobody: bool = False
    faults: list[Fault] = field(factory=list)

    def wrong(self, check: str, node: Any, message: str, hint: str = "") -> None:
        """Note a fault of a node."""
        self.faults.append(Fault(check, write(node) or type(node).__name__, message, hint))

    def sort(self, node: Any) -> ValueType:
        """Give what a value is, checked where it stands."""
        kind, rule = type(node), self.rules[type(node)]
        found: ValueType = rule(self, node) if kind in _SIMPLE else self.remembered(node, rule)
        return found

    def remembered(self, node: Any, rule: Callable[[Place, Any], Any]) -> Any:
        """Check a node where it stands, once: an operator looks at its operands, and not at all that is inside them."""
        about, place = memory_of(node), (self.source, self.outer, self.in_window, self.of_nobody)
        if place in about:
            found, faults = about[place]
            self.faults.extend(faults)
            return found
        before = len(self.faults)
        found = rule(self, node)
        about[place] = found, tuple(self.faults[before:])
        return found

    # WHAT A PART HAS TO BE

    def expect(self, node: Any, kind: ValueKind, user: Any, role: str) -> ValueType:
        """Check that a part is of a kind, and give what it is; ``role`` says in words what it is to its user."""
        sort = self.sort(node)
        if sort.kind != kind:
            hint = column_hint(node) or date_hint(node, kind) or bracket_hint(user)
            message = f"{role} has to be {KIND_WORDS[kind]}, but {write(node)} is {KIND_WORDS[sort.kind]}"
            self.wrong("kind_differs", user, message, hint)
        return sort

    def same(self, nodes: Iterable[Any], user: Any) -> ValueType:
        """Check that values can stand for one another; the level is the highest, the unit the one known."""
        values = list(nodes)
        return self.agreeing(values, [self.sort(value) for value in values], user)

    def agreeing(self, values: list[Any], sorts: list[ValueType], user: Any) -> ValueType:
        """Check that values can stand for one another: one kind, and one unit as far as units are known."""
        for value, sort in zip(values[1:], sorts[1:], strict=True):
            if sort.kind != sorts[0].kind:
                text = f"{write(values[0])} is {KIND_WORDS[sorts[0].kind]}, {write(value)} is {KIND_WORDS[sort.kind]}"
                hint = column_hint(values[0]) or column_hint(value) or date_hint(value, sorts[0].kind)
                self.wrong("kind_differs", user, text, hint)
        units = list(dict.fromkeys(sort.unit for sort in sorts if sort.unit))
        if len(units) > 1 and len({sort.kind for sort in sorts}) == 1:
            self.wrong("unit_differs", user, f"the units differ: {' and '.join(units)}", "bring both to one unit first")
        return ValueType(highest(sort.level for sort in sorts), sorts[0].kind, units[0] if units else "")

    def conditions(self, args: Iterable[Any], user: Any) -> Level:
        """Check that every part is a condition, and give their highest level."""
        return highest([self.expect(arg, "bool", user, "each part").level for arg in args])

    def at_least(self, count: int, args: tuple[Any, ...], user: Any) -> None:
        """Check that there are parts enough."""
        if len(args) < count:
            self.wrong("too_few", user, f"needs at least {count}, got {len(args)}")

    def named(self, disease: str, user: Any) -> None:
        """Check that a disease is named."""
        if not disease:
            self.wrong("disease_missing", user, "names no disease", 'write the id of the disease: "hypertension"')

    def person(self, node: Any) -> None:
        """Check that the node stands where there is a person to ask about."""
        if self.of_nobody or self.source in OF_NO_PERSON:
            self.wrong(
                "no_person", node, f"{self.source or 'institutions'} are about no one person", "name their own columns"
            )

    def row_of(self, selection: Any) -> Place:
        """Give the place of what is asked about a row of a selection that stands here."""
        return evolve(self, source=source_of(selection), outer=self.source, in_window=False, of_nobody=False)
