"""By how little a bound can be moved so that a registry can tell: as finely as a quantity is written down."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from singledisease.language import nodes as n
from singledisease.language.traversal import inside

_TENTHS = ("mmol/L", "%", "kg/m²", "°C", "kg")
"""Units in which results are written with one decimal."""


def step_of(literal: n.Literal, beside: Any) -> float:
    """Give the smallest step of a number that is compared with, or added to, something.

    The last decimal in which the number is written, or in which what it is compared with is recorded, whichever is
    finer.

    >>> step_of(n.Literal(140.0, "number", "mmHg"), None), step_of(n.Literal(7.0, "number", "mmol/L"), None)
    (1.0, 0.1)
    """
    units = (
        {literal.unit, *(column.unit for column in inside(beside, n.Column))} if beside is not None else {literal.unit}
    )
    decimals = max(_decimals(float(literal.value)), 1 if units & set(_TENTHS) else 0)
    return float(Decimal(1).scaleb(-decimals))


def _decimals(value: float) -> int:
    return max(0, -int(Decimal(repr(value)).normalize().as_tuple().exponent))


def moved(value: float, step: float, count: int) -> float:
    """Give a value moved by whole steps, exactly as it would be written.

    >>> moved(7.0, 0.1, -1)
    6.9
    """
    return float(Decimal(repr(value)) + count * Decimal(repr(step)))
