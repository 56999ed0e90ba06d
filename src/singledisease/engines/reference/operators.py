"""Operators on values of a row or of a person: comparisons, three-valued logic, missing values, arithmetic.

Each operator of the table has a plain function here, under its name.  A strict one is never given ``None``: its value
is unknown where an operand is.  The others are made of their operands, which they work out as far as they need them.
Constant texts follow.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
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

Operands = tuple[CompiledValue, ...]
"""The operands, each worked out when it is asked for."""


def _and(operands: Operands) -> CompiledValue:
    def value(context: PersonContext) -> bool | None:
        result: bool | None = True
        for operand in operands:
            truth = operand(context)
            if truth is None:
                result = None
            elif not truth:
                return False
        return result

    return value


def _or(operands: Operands) -> CompiledValue:
    def value(context: PersonContext) -> bool | None:
        result: bool | None = False
        for operand in operands:
            truth = operand(context)
            if truth is None:
                result = None
            elif truth:
                return True
        return result

    return value


def _not(operands: Operands) -> CompiledValue:
    (operand,) = operands

    def value(context: PersonContext) -> bool | None:
        truth = operand(context)
        return None if truth is None else not truth

    return value


def _known(operands: Operands) -> CompiledValue:
    (operand,) = operands
    return lambda context: operand(context) is not None


def _of_those_there(choose: Callable[[Iterator[Any]], PlainValue | None]) -> Callable[[Operands], CompiledValue]:
    """Give an operator that chooses among the operands whose value is known."""
    return lambda operands: (
        lambda context: choose(found for operand in operands if (found := operand(context)) is not None)
    )


def _worst(operands: Operands, *order: str) -> CompiledValue:
    worst = _of_those_there(lambda texts: max((text for text in texts if text in order), key=order.index, default=None))
    return worst(operands)


THREE_VALUED: Mapping[str, Callable[..., CompiledValue]] = MappingProxyType(
    {
        "and": _and,
        "or": _or,
        "not": _not,
        "known": _known,
        "coalesce": _of_those_there(lambda values: next(values, None)),
        "earliest": _of_those_there(lambda days: min(days, default=None)),
        "latest": _of_those_there(lambda days: max(days, default=None)),
        "smallest": _of_those_there(lambda numbers: min(numbers, default=None)),
        "largest": _of_those_there(lambda numbers: max(numbers, default=None)),
        "worst": _worst,
    }
)
"""Operators that decide themselves what becomes of an unknown operand."""


@compile_value.register
def _(node: nodes.Apply) -> CompiledValue:
    if node.operation == "known" and isinstance(node.args[0], nodes.Column) and _is_in_values(node.args[0]):
        return _is_there(node.args[0].name)
    args = tuple(compile_value(arg) for arg in node.args)
    if OPERATIONS[node.operation].unknown != "strict":
        return THREE_VALUED[node.operation](args, *node.texts)
    apply = STRICT[node.operation]
    if _is_day(node):
        return _cut_to_days(_strict(args, apply, node.texts))
    first, *others = node.args
    constants = tuple(arg.value for arg in others if isinstance(arg, nodes.Literal))
    if len(constants) < len(others) or "" in constants:
        return _strict(args, apply, node.texts)
    rest = (*constants, *node.texts)
    if isinstance(first, nodes.Column) and _is_in_values(first):
        return _of_column(first.name, apply, rest)
    return _of_one(args[0], apply, rest)


def _is_day(node: nodes.Apply) -> bool:
    """Say whether a sum or difference is a day, which is cut to a whole one."""
    return node.operation in ("+", "-") and kind_of(node) == "date"


# Most of what a pathway asks is whether a column of the row is at least, below or among something.


def _is_in_values(column: nodes.Column) -> bool:
    """Say whether a column is among the values of a row; its day and kind stand beside them."""
    return column.name not in ("date", "kind")


def _is_there(name: str) -> CompiledValue:
    """Say whether a column of the row has a value."""

    def value(context: PersonContext) -> bool:
        return context.row is not None and name in context.row.values

    return value


def _of_column(name: str, apply: Callable[..., Any], rest: tuple[PlainValue, ...]) -> CompiledValue:
    """Give the value of a strict operator of a column of the row and of constants."""

    def value(context: PersonContext) -> PlainValue | None:
        row = context.row
        operand = None if row is None else row.values.get(name)
        return None if operand is None else apply(operand, *rest)

    def against(context: PersonContext) -> PlainValue | None:
        row = context.row
        operand = None if row is None else row.values.get(name)
        return None if operand is None else apply(operand, other)

    if len(rest) != 1:
        return value
    (other,) = rest
    return against


def _of_one(arg: CompiledValue, apply: Callable[..., Any], rest: tuple[PlainValue, ...]) -> CompiledValue:
    """Give the value of a strict operator of which only the first operand has to be worked out."""

    def value(context: PersonContext) -> PlainValue | None:
        operand = arg(context)
        return None if operand is None else apply(operand, *rest)

    return value


def _strict(args: Operands, apply: Callable[..., Any], texts: tuple[str, ...]) -> CompiledValue:
    def value(context: PersonContext) -> PlainValue | None:
        operands = []
        for arg in args:
            operand = arg(context)
            if operand is None:
                return None
            operands.append(operand)
        result: PlainValue | None = apply(*operands, *texts)
        return result

    return value


def _cut_to_days(number: CompiledValue) -> CompiledValue:
    def value(context: PersonContext) -> int | None:
        found = number(context)
        return None if found is None else _as_day(float(found))

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
