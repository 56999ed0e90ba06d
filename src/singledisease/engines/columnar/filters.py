"""Selections taken apart: the source of the rows, and the steps by which they are narrowed down."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from singledisease.language import nodes as n

Base = n.Events | n.Breaches | n.Spells | n.Services | n.Sequences | n.Institutions | n.Activities


@frozen
class Filters:
    """What is asked of each row by itself.  All of it has to hold, so the order does not matter.

    Conditions stand innermost first.
    """

    windows: tuple[n.Window, ...] = ()
    overlapping: tuple[n.Window, ...] = ()
    same: tuple[str, ...] = ()
    conditions: tuple[n.Value, ...] = ()


@frozen
class SelectionPlan:
    """How the rows of a selection are found.

    Attributes
    ----------
    base
        Where they come from.
    filters
        What is asked of them first.
    further
        What is done then: the first or last few are taken, and more is asked of these.
    """

    base: Base
    filters: Filters
    further: tuple[tuple[n.Outermost, Filters], ...] = ()


def plan_of(selection: n.Selection) -> SelectionPlan:
    """Take a selection apart, from the outside in."""
    steps: list[Any] = []
    node: Any = selection
    while not isinstance(node, Base):
        steps.append(node)
        node = node.source
    cuts = [place for place, step in enumerate(steps) if isinstance(step, n.Outermost)]
    behind = [0, *[cut + 1 for cut in cuts]]
    further = [(steps[cut], _filters(steps[first:cut])) for first, cut in zip(behind, cuts, strict=False)]
    return SelectionPlan(node, _filters(steps[behind[-1] :]), tuple(reversed(further)))


def column_of_codes(conditions: tuple[n.Value, ...]) -> str:
    """Give the column in which every row that meets some conditions has a code; blank if none is known to be such."""
    for condition in conditions:
        if isinstance(condition, n.HasCode) and isinstance(condition.code, n.Column):
            return condition.code.name
    return ""


def _filters(steps: list[Any]) -> Filters:
    conditions: list[n.Value] = []
    for step in reversed(steps):
        if isinstance(step, n.Where):
            conditions += _conjuncts(step.condition)
    return Filters(
        tuple(step.window for step in steps if isinstance(step, n.Within)),
        tuple(step.window for step in steps if isinstance(step, n.Overlapping)),
        tuple(dict.fromkeys(name for step in steps if isinstance(step, n.Same) for name in step.columns)),
        tuple(conditions),
    )


def _conjuncts(condition: n.Value) -> list[n.Value]:
    """Take a conjunction apart: rows that fail one part need not be asked the next."""
    if isinstance(condition, n.Apply) and condition.operation == "and":
        return [part for arg in condition.args for part in _conjuncts(arg)]
    return [condition]
