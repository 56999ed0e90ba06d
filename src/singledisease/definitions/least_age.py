"""From which age on a condition on a person can hold: what a service asks is not owed before."""

from __future__ import annotations

import math
from collections.abc import Iterator

from singledisease.language import nodes as n
from singledisease.language.nodes import Value

_MIRRORED = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}


def least_age(condition: Value) -> int | None:
    """Give the completed years from which on a condition can hold; ``None`` if it names no such age.

    Only what all of it needs is looked at: a bound that stands alone or is joined to the rest by ``and``, against a
    number, of the age on the day on which the condition is asked.

    >>> from singledisease.language.parse import parse
    >>> least_age(parse('attribute("sex") == "female" and age(on=PERIOD.end) >= 35 and age(on=PERIOD.end) <= 64'))
    35
    >>> least_age(parse('age(on=PERIOD.end) >= 35 or attribute("sex") == "male"')) is None
    True
    """
    return max(_bounds(condition), default=None)


def _bounds(condition: Value) -> Iterator[int]:
    if not isinstance(condition, n.Apply):
        return
    if condition.operation == "and":
        for part in condition.args:
            yield from _bounds(part)
    elif condition.operation in _MIRRORED:
        left, right = condition.args
        operation = condition.operation if isinstance(left, n.Age) else _MIRRORED[condition.operation]
        age, bound = (left, right) if isinstance(left, n.Age) else (right, left)
        if operation in (">=", ">") and _is_age_asked(age) and isinstance(bound, n.Literal):
            years = float(bound.value)
            yield math.ceil(years) if operation == ">=" else math.floor(years) + 1


def _is_age_asked(value: Value) -> bool:
    return isinstance(value, n.Age) and isinstance(value.on, n.PeriodEnd)
