"""Changes of which rows are taken and of how they become one value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Literal

from attrs import evolve

from singledisease.conformance.mutations.change import Mutation, replaced
from singledisease.language import nodes as n
from singledisease.language.operations import is_operation
from singledisease.language.row_sources import base_of

_OTHER_REDUCTION: Mapping[str, tuple[n.Reduction, ...]] = MappingProxyType(
    {
        "count": ("count_days",),
        "count_days": ("count",),
        "minimum": ("maximum",),
        "maximum": ("minimum",),
        "mean": ("median", "minimum"),
        "median": ("mean",),
        "sum": ("maximum",),
    }
)

CONFUSED_KINDS = ("measurement", "follow_up", "checkup", "encounter")
"""Kinds that hold readings too, and that are taken for one another."""


def changes_of_rows(node: Any) -> Iterator[Mutation]:
    """Give every change of one selection, picked row or reduction."""
    match node:
        case n.Pick():
            yield from _picked(node)
        case n.Outermost():
            yield from _outermost(node)
        case n.Reduce(how="count_distinct"):
            yield replaced("reduction", node, n.Reduce("count", node.source))
        case n.Reduce():
            for how in _OTHER_REDUCTION.get(node.how, ()):
                yield replaced("reduction", node, evolve(node, how=how))
        case n.Where() if not is_operation(node.condition, "and"):
            yield Mutation("dropped", node, node.source, node.condition, None)
        case n.Same():
            yield replaced("dropped", node, node.source)
        case n.Overlapping():
            yield replaced("window", node, n.Within(node.source, node.window))
        case n.Events() if node.kinds:
            yield from _kinds(node)
        case n.Status() if len(node.values) > 1:
            for value in node.values:
                rest = tuple(each for each in node.values if each != value)
                yield replaced("words", node, evolve(node, values=rest))


def _picked(node: n.Pick) -> Iterator[Mutation]:
    base = base_of(node.source)
    other: Literal["first", "last"] = "first" if node.which == "last" else "last"
    short = n.Pick(base, node.which)
    yield Mutation("pick", node, evolve(node, which=other), short, n.Pick(base, other))
    # What is taken where only days are put in order, and the order within a day is not looked at.
    for which in (node.which, other):
        day_of, short_day_of = evolve(node, which=which), evolve(short, which=which)
        within: Literal["first", "last"] = "first" if which == "last" else "last"
        yield Mutation("pick", node, _of_day(day_of, within), short, _of_day(short_day_of, within))


def _of_day(row: n.Pick, which: Literal["first", "last"]) -> n.Pick:
    """Give the first or last row of the day of a row."""
    day = n.Picked(row, n.Column("date", "date"))
    return n.Pick(n.Within(row.source, n.Between(day, day)), which)


def _outermost(node: n.Outermost) -> Iterator[Mutation]:
    yield replaced("pick", node, evolve(node, which="earliest" if node.which == "latest" else "latest"))
    for number in (node.number - 1, node.number + 1):
        if number > 0:
            yield replaced("bound", node, evolve(node, number=number))


def _kinds(node: n.Events) -> Iterator[Mutation]:
    yield replaced("kinds", node, n.Events())
    for kind in node.kinds if len(node.kinds) > 1 else ():
        yield replaced("kinds", node, n.Events(tuple(each for each in node.kinds if each != kind)))
    for kind in CONFUSED_KINDS:
        if kind not in node.kinds:
            yield replaced("kinds", node, n.Events((*node.kinds, kind)))
