"""What a value is: constant, a person's or a row's; of which kind; in which unit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from attrs import frozen

from singledisease.vocabulary import ValueKind

Level = Literal["constant", "person", "row"]
_RANK: dict[Level, int] = {"constant": 0, "person": 1, "row": 2}
KIND_WORDS = {"bool": "a condition", "number": "a number", "date": "a date", "text": "text"}


@frozen
class ValueType:
    """Level, kind and unit of a value."""

    level: Level
    kind: ValueKind
    unit: str = ""


def highest(levels: Iterable[Level]) -> Level:
    """Give the highest of some levels: a value made of a row's and a person's is a row's."""
    return max(levels, key=_RANK.__getitem__, default="constant")
