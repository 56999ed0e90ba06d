"""Operators on values of a row or of a person: comparisons, three-valued logic, missing values, arithmetic.

Each operator of the table has a plain function here, under its name.  A strict one is never given ``None``: its value
is unknown where an operand is.  The others get the operands as they are, ``None`` where unknown, one after the other.
Constant texts follow.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from singledisease import dates
from singledisease.engines.reference.compile import CompiledValue, compile_value
from singledisease.engines.reference.context import PersonContext
from singledisease.eventlog.columns import PlainValue
from singledisease.language import nodes
from singledisease.language.operations import OPERATIONS
from singledisease.language.typecheck import kind_of

FIRST_DAY, LAST_DAY = dates.day_of("0001-01-01"), dates.day_of("9999-12-31")

# STRICT OPERATORS


def _finite(calculate: Callable[[float, float], float]) -> Callable[[Any, Any], float | None]:
    """Give a function of two numbers whose result is missing where it is not finite, or where 0 divides."""

    def calculated(left: Any, right: Any) -> float | None:
        try:
            number = calculate(float(left), float(right))
        except (ZeroDivisionError, OverflowError):
            return None
        return number if math.isfinite(number) else None

    return calculated


def _start_of(months: int) -> Callable[[Any], int]:
    """Give a function of a day: the first day of the month, quarter (3 months) or year (12) that holds it."""
    return lambda day: dates.month_start(dates.month_number(day) // months * months)


def _shifted(shift: Callable[[int, int], int]) -> Callable[[Any, Any], int | None]:
    """Give a function of a day and a number of whole steps; a day that cannot be written is missing."""

    def shifted(day: Any, steps: Any) -> int | None:
        try:
            moved = shift(int(day), math.floor(steps))
        except (ValueError, OverflowError):
            return None
        return moved if FIRST_DAY <= moved <= LAST_DAY else None

    return shifted


STRICT: Mapping[str, Callable[..., PlainValue | None]] = MappingProxyType(
    {
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
        "==": operator.eq,
        "!=": operator.ne,
        "+": _finite(operator.add),
        "-": _finite(operator.sub),
        "*": _finite(operator.mul),
        "/": _finite(operator.truediv),
        "//": _finite(operator.floordiv),
        "is_in": lambda text, *texts: text in texts,
        "starts_with": lambda text, *prefixes: str(text).startswith(prefixes),
        "how_many": lambda *truths: float(sum(map(bool, truths))),
        "days_between": lambda start, end: float(end - start),
        "months_between": lambda start, end: float(dates.months_between(start, end)),
        "years_between": lambda start, end: float(dates.age(start, end)),
        "plus_days": _shifted(operator.add),
        "plus_months": _shifted(dates.add_months),
        "plus_years": _shifted(lambda day, years: dates.add_months(day, 12 * years)),
        "start_of_month": _start_of(1),
        "start_of_quarter": _start_of(3),
        "start_of_year": _start_of(12),
    }
)
"""Operators whose value is unknown where an operand is."""

# OPERATORS THAT LOOK AT WHAT IS UNKNOWN

Operands = Iterator[PlainValue | None]
"""The operands, each worked out when it is asked for."""


def _and(operands: Operands) -> bool | None:
    result: bool | None = True
    for truth in operands:
        if truth is None:
            result = None
        elif not truth:
            return False
    return result


def _or(operands: Operands) -> bool | None:
    result: bool | None = False
    for truth in operands:
        if truth is None:
            result = None
        elif truth:
            return True
    return result


def _not(operands: Operands) -> bool | None:
    truth = next(operands)
    return None if truth is None else not truth


def _there(operands: Operands) -> Iterable[Any]:
    return (value for value in operands if value is not None)


def _worst(operands: Operands, *order: str) -> str | None:
    return max((text for text in operands if text in order), key=order.index, default=None)


THREE_VALUED: Mapping[str, Callable[..., PlainValue | None]] = MappingProxyType(
    {
        "and": _and,
        "or": _or,
        "not": _not,
        "known": lambda operands: next(operands) is not None,
        "coalesce": lambda operands: next(iter(_there(operands)), None),
        "earliest": lambda operands: min(_there(operands), default=None),
        "latest": lambda operands: max(_there(operands), default=None),
        "smallest": lambda operands: min(_there(operands), default=None),
        "largest": lambda operands: max(_there(operands), default=None),
        "worst": _worst,
    }
)
"""Operators that decide themselves what becomes of an unknown operand."""


@compile_value.register
def _(node: nodes.Apply) -> CompiledValue:
    args = tuple(compile_value(arg) for arg in node.args)
    if OPERATIONS[node.operation].unknown != "strict":
        decide = THREE_VALUED[node.operation]
        return lambda context: decide((arg(context) for arg in args), *node.texts)
    return _strict(args, STRICT[node.operation], node.texts, is_day=_is_day(node))


def _is_day(node: nodes.Apply) -> bool:
    """Say whether a sum or difference is a day, which is cut to a whole one."""
    return node.operation in ("+", "-") and kind_of(node) == "date"


def _strict(
    args: tuple[CompiledValue, ...], apply: Callable[..., Any], texts: tuple[str, ...], *, is_day: bool
) -> CompiledValue:
    def value(context: PersonContext) -> PlainValue | None:
        operands = []
        for arg in args:
            operand = arg(context)
            if operand is None:
                return None
            operands.append(operand)
        result: PlainValue | None = apply(*operands, *texts)
        return _as_day(float(result)) if is_day and result is not None else result

    return value


def _as_day(number: float) -> int | None:
    day = math.floor(number)
    return day if FIRST_DAY <= day <= LAST_DAY else None


# CHOOSING


@compile_value.register
def _(node: nodes.Case) -> CompiledValue:
    whens = tuple((compile_value(condition), compile_value(then)) for condition, then in node.whens)
    otherwise = None if node.otherwise is None else compile_value(node.otherwise)

    def value(context: PersonContext) -> PlainValue | None:
        for condition, then in whens:
            truth = condition(context)
            if truth is None:
                return None  # which branch holds is not known, even if a later condition is true
            if truth:
                return then(context)
        return None if otherwise is None else otherwise(context)

    return value
