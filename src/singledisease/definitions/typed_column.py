"""Columns of people and of institutions beyond the built-in ones, with the kind of value they hold."""

from __future__ import annotations

from attrs import frozen

from singledisease.definitions.citation import Names
from singledisease.vocabulary import ValueKind


@frozen(kw_only=True)
class TypedColumn:
    """A column that a registry may have: what kind of value it holds, and in which unit if it is a number.

    Examples
    --------
    >>> goal = TypedColumn(name="goal_sbp", names=Names("个体目标", "own goal"), kind="number", unit="mmHg")
    >>> goal.kind, goal.unit
    ('number', 'mmHg')
    """

    name: str
    names: Names
    kind: ValueKind
    unit: str = ""
