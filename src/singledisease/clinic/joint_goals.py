"""The goals of one person for one quantity, by all their diseases, and the stricter of them with its reason.

A goal is any condition on a reading.  What it admits of one quantity is found by asking it: the numbers that stand in
it are where its answer can change, so that it is asked at each of them and between them, with the other quantities of
the reading at values that the goal admits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from attrs import frozen

from singledisease.clinic.course import Course, Day
from singledisease.dates import asked_day
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease, Target
from singledisease.engines.reference.context import PersonContext
from singledisease.engines.reference.make_context import value_of
from singledisease.eventlog.event import Event
from singledisease.language.nodes import Literal
from singledisease.language.traversal import inside
from singledisease.vocabulary import QUANTITIES, Quantity

_BEYOND = 1.0
"""How far beyond the lowest and the highest number of a goal it is asked too."""


@frozen
class Bound:
    """What one goal of one disease admits of a quantity: values from ``low`` to ``high``, ``None`` where it is open.

    ``below`` and ``above``: whether the value of ``high``, or of ``low``, is itself not admitted.  ``names`` and
    ``goal`` are what the disease and its target are called.
    """

    disease: str
    target: str
    names: Names
    goal: Names
    low: float | None
    high: float | None
    above: bool = False
    below: bool = False

    def __str__(self) -> str:
        parts = []
        if self.low is not None:
            parts.append(f"{'>' if self.above else '≥'} {self.low:g}")
        if self.high is not None:
            parts.append(f"{'<' if self.below else '≤'} {self.high:g}")
        return ", ".join(parts) or "-"


@frozen
class JointGoal:
    """The goals of a person for one quantity.

    Attributes
    ----------
    high, low
        The strictest upper and lower bound, ``None`` if no goal has one.
    bounds
        What each goal admits.
    names, unit
        Of the quantity.
    """

    quantity: str
    names: Names
    unit: str
    high: Bound | None
    low: Bound | None
    bounds: tuple[Bound, ...]

    @property
    def reason(self) -> Names:
        """Say which goal is the strictest, in Chinese and English, and what the others admit."""
        owners = [one for one in dict.fromkeys((self.high, self.low)) if one is not None]
        strict = f"{', '.join(map(str, owners))} {self.unit}".rstrip()
        whose_zh = "、".join(dict.fromkeys(one.names.zh for one in owners))
        whose_en = ", ".join(dict.fromkeys(one.names.en for one in owners))
        every_zh = "；".join(f"{one.names.zh}·{one.goal.zh} {one}" for one in self.bounds)
        every_en = "; ".join(f"{one.names.en}, {one.goal.en}: {one}" for one in self.bounds)
        return Names(
            f"{self.names.zh} {strict}（取最严格者：{whose_zh}；各目标：{every_zh}）",
            f"{self.names.en} {strict} (the strictest: {whose_en}; of {every_en})",
        )


def joint_goals(courses: Sequence[Course], on: Day) -> tuple[JointGoal, ...]:
    """Give the goals of a person by quantity, from the targets of every disease in which they count as managed."""
    found: dict[str, list[Bound]] = {}
    for course in courses:
        context, state = course.asked_on(on), course.on(on)
        if context is None or state is None or not state.managed:
            continue
        for target in course.disease.targets:
            for quantity in target.columns:
                bound = _bound(course.disease, target, quantity, context, asked_day("on", on))
                if bound is not None:
                    found.setdefault(quantity, []).append(bound)
    known = {**QUANTITIES, **{each.name: each for course in courses for each in course.disease.quantities}}
    return tuple(_joint(known[name], tuple(bounds)) for name, bounds in found.items())


def _joint(quantity: Quantity, bounds: tuple[Bound, ...]) -> JointGoal:
    highs = [one for one in bounds if one.high is not None]
    lows = [one for one in bounds if one.low is not None]
    high = min(highs, key=lambda one: (one.high, not one.below), default=None)
    low = max(lows, key=lambda one: (one.low, one.above), default=None)
    return JointGoal(quantity.name, Names(quantity.zh, quantity.en), quantity.unit, high, low, bounds)


# WHAT A GOAL ADMITS


def _bound(disease: Disease, target: Target, quantity: str, context: PersonContext, day: int) -> Bound | None:
    """Give what a goal admits of a quantity; ``None`` if that is any value, or none, or not known."""
    numbers = sorted({float(node.value) for node in inside(target.goal, Literal) if node.kind == "number"})
    if not numbers:
        return None
    points = _points(numbers)
    others = [name for name in target.columns if name != quantity]
    admitted = [point for point in points if _admits(target, context, day, quantity, point, others, points)]
    if not admitted:
        return None
    low, high = admitted[0], admitted[-1]
    lowest, highest = low == points[0], high == points[-1]
    if lowest and highest:
        return None
    return Bound(
        disease.id,
        target.id,
        disease.names,
        target.names,
        low=None if lowest else _edge(points, low, -1),
        high=None if highest else _edge(points, high, 1),
        above=not lowest and low not in numbers,
        below=not highest and high not in numbers,
    )


def _points(numbers: Sequence[float]) -> list[float]:
    """Give each number, a point between each two, and one beyond either end."""
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    return sorted({numbers[0] - _BEYOND, *numbers, *between, numbers[-1] + _BEYOND})


def _edge(points: list[float], last: float, step: int) -> float:
    """Give the number at which what is admitted ends: the last point itself, or the number right behind it."""
    place = points.index(last)
    is_number = place % 2 == 1
    return last if is_number else points[place + step]


def _admits(  # noqa: PLR0917 - one reading, asked of one goal
    target: Target,
    context: PersonContext,
    day: int,
    quantity: str,
    value: float,
    others: Sequence[str],
    points: Sequence[float],
) -> bool:
    return any(
        value_of(target.goal, context._replace(row=reading)) is True
        for reading in _readings(day, {quantity: value}, others, points)
    )


def _readings(day: int, given: dict[str, float], others: Sequence[str], points: Sequence[float]) -> Iterator[Event]:
    for values in product(points, repeat=len(others)):
        yield Event("follow_up", day, values={**given, **dict(zip(others, values, strict=True))})
