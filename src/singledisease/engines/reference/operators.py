"""Operators on values of a row or of a person: comparisons, three-valued logic, missing values, arithmetic."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from singledisease import dates
from singledisease.engines.reference.meaning import Meaning, meaning
from singledisease.engines.reference.scene import Scene
from singledisease.eventlog.columns import PlainValue
from singledisease.language import nodes
from singledisease.language.typecheck import kind_of

FIRST_DAY, LAST_DAY = dates.day_of("0001-01-01"), dates.day_of("9999-12-31")

# COMPARISONS

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@meaning.register
def _(node: nodes.Compare) -> Meaning:
    left, right, compare = meaning(node.left), meaning(node.right), _COMPARE[node.op]

    def value(scene: Scene) -> bool | None:
        a = left(scene)
        if a is None:
            return None
        b = right(scene)
        return None if b is None else compare(a, b)

    return value


@meaning.register
def _(node: nodes.IsIn) -> Meaning:
    arg, allowed = meaning(node.arg), frozenset(node.values)

    def value(scene: Scene) -> bool | None:
        text = arg(scene)
        return None if text is None else text in allowed

    return value


@meaning.register
def _(node: nodes.StartsWith) -> Meaning:
    arg, prefixes = meaning(node.arg), node.prefixes

    def value(scene: Scene) -> bool | None:
        text = arg(scene)
        return None if text is None else str(text).startswith(prefixes)

    return value


# THREE-VALUED LOGIC


@meaning.register
def _(node: nodes.And) -> Meaning:
    args = tuple(meaning(arg) for arg in node.args)

    def value(scene: Scene) -> bool | None:
        result: bool | None = True
        for arg in args:
            truth = arg(scene)
            if truth is None:
                result = None
            elif not truth:
                return False
        return result

    return value


@meaning.register
def _(node: nodes.Or) -> Meaning:
    args = tuple(meaning(arg) for arg in node.args)

    def value(scene: Scene) -> bool | None:
        result: bool | None = False
        for arg in args:
            truth = arg(scene)
            if truth is None:
                result = None
            elif truth:
                return True
        return result

    return value


@meaning.register
def _(node: nodes.Not) -> Meaning:
    arg = meaning(node.arg)

    def value(scene: Scene) -> bool | None:
        truth = arg(scene)
        return None if truth is None else not truth

    return value


@meaning.register
def _(node: nodes.HowMany) -> Meaning:
    args = tuple(meaning(arg) for arg in node.args)

    def value(scene: Scene) -> float | None:
        truths = [arg(scene) for arg in args]
        return None if None in truths else float(sum(map(bool, truths)))

    return value


# MISSING VALUES


@meaning.register
def _(node: nodes.Known) -> Meaning:
    arg = meaning(node.arg)
    return lambda scene: arg(scene) is not None


@meaning.register
def _(node: nodes.Coalesce) -> Meaning:
    args = tuple(meaning(arg) for arg in node.args)

    def value(scene: Scene) -> PlainValue | None:
        return next((found for arg in args if (found := arg(scene)) is not None), None)

    return value


@meaning.register
def _(node: nodes.Case) -> Meaning:
    whens = tuple((meaning(condition), meaning(then)) for condition, then in node.whens)
    otherwise = None if node.otherwise is None else meaning(node.otherwise)

    def value(scene: Scene) -> PlainValue | None:
        for condition, then in whens:
            truth = condition(scene)
            if truth is None:
                return None  # which branch holds is not known, even if a later condition is true
            if truth:
                return then(scene)
        return None if otherwise is None else otherwise(scene)

    return value


# ARITHMETIC

_NUMBERS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
}


@meaning.register
def _(node: nodes.Arithmetic) -> Meaning:
    left, right, calculate = meaning(node.left), meaning(node.right), _NUMBERS[node.op]
    is_day = kind_of(node) == "date"

    def value(scene: Scene) -> float | int | None:
        a, b = left(scene), right(scene)
        if a is None or b is None or (node.op in ("/", "//") and b == 0):
            return None
        number = calculate(float(a), float(b))
        if not math.isfinite(number):
            return None
        return _as_day(number) if is_day else number

    return value


def _as_day(number: float) -> int | None:
    day = math.floor(number)
    return day if FIRST_DAY <= day <= LAST_DAY else None


@meaning.register
def _(node: nodes.Distance) -> Meaning:
    start, end, between = meaning(node.start), meaning(node.end), _BETWEEN[node.unit]

    def value(scene: Scene) -> float | None:
        a, b = start(scene), end(scene)
        return None if a is None or b is None else float(between(int(a), int(b)))

    return value


_BETWEEN: Mapping[str, Callable[[int, int], int]] = {
    "days": lambda start, end: end - start,
    "months": dates.months_between,
    "years": dates.age,
}
