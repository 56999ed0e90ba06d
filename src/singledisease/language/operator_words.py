"""The operators that are written as functions, with their documentation; the table of operators has their meaning."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from singledisease.language.wrappers import Expression, applied, apply_function


def coalesce(*values: Any) -> Expression:
    """Give the first value that is there."""
    return applied("coalesce", *values)


def how_many(*conditions: Any) -> Expression:
    """Count the conditions that are true; unknown if one is unknown."""
    return applied("how_many", *conditions)


def days_between(start: Any, end: Any) -> Expression:
    """Count the days from one day to another."""
    return applied("days_between", start, end)


def months_between(start: Any, end: Any) -> Expression:
    """Count the calendar months from one day to another; days of the month do not matter."""
    return applied("months_between", start, end)


def years_between(start: Any, end: Any) -> Expression:
    """Count the completed years from one day to another."""
    return applied("years_between", start, end)


def earliest(*days: Any) -> Expression:
    """Give the earliest of the dates that are there; of none it is missing."""
    return applied("earliest", *days)


def latest(*days: Any) -> Expression:
    """Give the latest of the dates that are there; of none it is missing."""
    return applied("latest", *days)


def smallest(*numbers: Any) -> Expression:
    """Give the smallest of the numbers that are there; of none it is missing."""
    return applied("smallest", *numbers)


def largest(*numbers: Any) -> Expression:
    """Give the largest of the numbers that are there; of none it is missing."""
    return applied("largest", *numbers)


def operator_function(name: str) -> Callable[..., Expression]:
    """Give the function of an operator that is written as one; its row in the table is all that it needs."""
    named: Callable[..., Expression] | None = globals().get(name)
    return partial(apply_function, name) if named is None else named
