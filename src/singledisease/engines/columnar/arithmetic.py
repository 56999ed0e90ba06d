"""How values are compared and computed with; a missing one makes the result missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING, add_months_array, age_array, month_number_array, month_start_array
from singledisease.engines.columnar.operands import (
    FIRST_DAY,
    LAST_DAY,
    Array,
    Day,
    Mask,
    Number,
    Operand,
    Text,
    Truth,
    among,
    both,
    known,
    same_codes,
)

# COMPARING

_COMPARE: Mapping[str, Callable[[Array, Array], Array]] = MappingProxyType(
    {
        "<": np.less,
        "<=": np.less_equal,
        ">": np.greater,
        ">=": np.greater_equal,
        "==": np.equal,
        "!=": np.not_equal,
    }
)
OPPOSITE: Mapping[str, str] = MappingProxyType({"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="})


def holds(op: str, left: Operand, right: Operand) -> Mask:
    """Say where a comparison is known to hold."""
    if isinstance(left, Number) and isinstance(right, Number):
        found = _COMPARE[op](left.values, right.values)
        # A comparison with NaN is false, as it should be here, but for "differs", which is true.
        return np.asarray(found & known(left) & known(right)) if op == "!=" else np.asarray(found)
    there = both(known(left), known(right))
    if isinstance(left, Truth) and isinstance(right, Truth):
        return both(there, _COMPARE[op](left.yes, right.yes))
    if isinstance(left, Text) and isinstance(right, Text):
        one, other = same_codes((left, right))[0]
        return both(there, _COMPARE[op](one, other))
    assert isinstance(left, Day)
    assert isinstance(right, Day)
    return both(there, _COMPARE[op](left.values, right.values))


def texts_where(text: Text, test: Callable[[str], bool], wanted: bool) -> Mask:
    """Say where a text is there and a test of it, asked once per category, comes out as wanted."""
    passed = [name != "" and bool(test(name)) == wanted for name in text.categories]
    return among(text.codes, np.array(passed, np.bool_))


# COMPUTING


def compute(op: str, left: Operand, right: Operand) -> Operand:
    """Add, subtract, multiply or divide numbers; move a date by days; count the days between two dates."""
    is_date = isinstance(left, Day) != isinstance(right, Day)
    with np.errstate(all="ignore"):
        result = _ARITHMETIC[op](_plain(left), _plain(right))
        if is_date:
            result = np.floor(result)
            possible = (result >= FIRST_DAY) & (result <= LAST_DAY)
            return Day(np.where(possible, result, MISSING).astype(np.int32))
    return Number(np.where(np.isfinite(result), result, np.nan))


_ARITHMETIC: Mapping[str, Callable[[Array, Array], Array]] = MappingProxyType(
    {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "//": np.floor_divide}
)


def _plain(operand: Operand) -> NDArray[np.float64]:
    if isinstance(operand, Number):
        return operand.values
    assert isinstance(operand, Day)
    return np.where(operand.values == MISSING, np.nan, operand.values)


def distance(unit: str, start: Day, end: Day) -> Number:
    """Give days, calendar months (days do not matter) or completed years from one day to another."""
    there = both(known(start), known(end))
    if unit == "years":
        result = age_array(*np.broadcast_arrays(start.values, end.values)).astype(np.float64)
    else:
        counted = month_number_array if unit == "months" else _as_float
        result = (counted(end.values) - counted(start.values)).astype(np.float64)
    return Number(np.where(there, result, np.nan))


def months_compared(op: str, start: Day, end: Day, months: float) -> Mask:
    """Say where a number of calendar months from one day to another is known to compare so with a constant.

    The months before the end are counted back from it, so that days are compared with the first of a month: where
    the end is the same for many, as that of a period is, calendar arithmetic is hardly done at all.
    """
    there = both(known(start), known(end))
    back = month_number_array(np.where(known(end), end.values, np.int32(0))) - months
    # Of the month that is so far back: it begins on the first, and is over with the first of the next.
    begins, is_over = (
        # No month that can be written is further back, or further on.
        month_start_array(np.clip(number, 0, 12 * 10001).astype(np.int64))
        for number in (np.ceil(back), np.floor(back) + 1)
    )
    match op:
        case "<":
            found = start.values >= is_over
        case "<=":
            found = start.values >= begins
        case ">":
            found = start.values < begins
        case ">=":
            found = start.values < is_over
        case _:
            found = ((start.values >= begins) & (start.values < is_over)) == (op == "==")
    return both(there, found)


def moved(unit: str, day: Day, steps: Number) -> Day:
    """Give the day so many days, calendar months or years later; one that cannot be written is missing.

    A month that lacks the day takes its last.
    """
    there = both(known(day), known(steps))
    start, number = np.broadcast_arrays(day.values, np.where(known(steps), steps.values, 0))
    # No day that can be written is further from another.
    whole = np.clip(np.floor(number), -4e6, 4e6).astype(np.int64)
    if unit == "days":
        found = start.astype(np.int64) + whole
        possible = (found >= FIRST_DAY) & (found <= LAST_DAY)
    else:
        months = whole * (12 if unit == "years" else 1)
        month = month_number_array(start) + months
        possible = (month >= 12) & (month < 12 * 10000)
        found = add_months_array(start, np.where(there & possible, months, 0))
    return Day(np.where(there & possible, found, MISSING).astype(np.int32))


def start_of(months: int, day: Day) -> Day:
    """Give the first day of the calendar month, quarter (3 months) or year (12) that holds each day."""
    number = month_number_array(np.where(known(day), day.values, 0))
    first = month_start_array(number // months * months)
    return Day(np.where(known(day), first, MISSING).astype(np.int32))


def extreme_of(operands: Sequence[Operand], *, lowest: bool) -> Operand:
    """Give the lowest or highest of several numbers or days, the missing ones left out; of none, missing."""
    if isinstance(operands[0], Number):
        pick = np.fmin if lowest else np.fmax
        numbers = [operand.values for operand in operands if isinstance(operand, Number)]
        return Number(np.asarray(reduce(pick, numbers)))
    beyond = np.int32(2**31 - 1 if lowest else -(2**31))
    days = [np.where(known(operand), operand.values, beyond) for operand in operands if isinstance(operand, Day)]
    found = np.asarray(reduce(np.minimum if lowest else np.maximum, days))
    return Day(np.where(found == beyond, np.int32(MISSING), found).astype(np.int32))


def _as_float(days: Array) -> Array:
    return days.astype(np.float64)


def age(birth: Array, on: Array) -> Number:
    """Give completed years on a day, missing where either day is."""
    years = age_array(*np.broadcast_arrays(birth, on))
    return Number(np.where(years == MISSING, np.nan, years))


def is_aged(birth: Array, on: Array, years: int) -> tuple[Mask, Mask]:
    """Say where completed years on a day are known to be at least ``years``, and where known to be fewer.

    Calendar arithmetic is only done within days of the birthday: n years and n mean years differ by less
    than three days.
    """
    born, asked = np.broadcast_arrays(birth, on)
    # Where one of them is missing the difference is nonsense, and not looked at.
    days = asked - born
    mean = round(365.2425 * years)
    aged = days >= mean
    near = np.nonzero(np.abs(days - mean) < 5)
    aged[near] = age_array(born[near], asked[near]) >= years
    there = both(birth != MISSING, on != MISSING)
    return both(aged, there), both(~aged, there)
