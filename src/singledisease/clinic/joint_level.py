"""A person's level in a tier of several diseases, such as their colour, and which diseases give it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from attrs import frozen

from singledisease.clinic.course import Course, Day
from singledisease.dates import add_months, asked_day
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.joint_tier import JointTier
from singledisease.definitions.resolve import resolve_value
from singledisease.definitions.tier import TierLevel
from singledisease.engines.reference.make_context import value_of
from singledisease.language.build import PERIOD
from singledisease.language.nodes import Literal
from singledisease.language.state_words import tier as tier_of
from singledisease.language.wrappers import node_of


@frozen
class GivenLevel:
    """What one disease gives: the level of its own tier, and as which level of the joint one it counts."""

    disease: Names
    level: TierLevel
    counts_as: TierLevel


@frozen
class JointLevel:
    """A person's level on a day, the worst that any disease gives.

    Attributes
    ----------
    tier
        What the tier is called.
    level
        The worst; ``None`` if no disease gives one: nobody assessed the person, or too long ago.
    given
        What each disease gives that gives one, in the order of the tier.
    """

    tier: Names
    level: TierLevel | None
    given: tuple[GivenLevel, ...]

    @property
    def reason(self) -> Names:
        """Say the level and which diseases give it, in Chinese and English."""
        if self.level is None:
            return Names(
                f"{self.tier.zh}：未知（无有效评定）", f"{self.tier.en}: unknown (nothing assessed is in force)"
            )
        worst = [one for one in self.given if one.counts_as == self.level]
        zh = "；".join(f"{one.disease.zh}{one.level.names.zh}" for one in worst)
        en = "; ".join(f"{one.disease.en} {one.level.names.en}" for one in worst)
        return Names(f"{self.tier.zh}：{self.level.names.zh}（{zh}）", f"{self.tier.en}: {self.level.names.en} ({en})")


def joint_level(courses: Sequence[Course], tier: JointTier, on: Day) -> JointLevel:
    """Give a person's level at the end of a day; a disease that is not followed takes no part."""
    order = [level.id for level in tier.levels]
    given = tuple(_given(courses, tier, on))
    worst = max((order.index(one.counts_as.id) for one in given), default=None)
    return JointLevel(tier.names, None if worst is None else tier.levels[worst], given)


def _given(courses: Sequence[Course], tier: JointTier, on: Day) -> Iterator[GivenLevel]:
    levels = {level.id: level for level in tier.levels}
    for disease, name in _followed(courses, tier):
        course = next(one for one in courses if one.disease.id == disease)
        context = course.asked_on(on)
        found = None if context is None else value_of(_expression(course.disease, name), context)
        if found is not None:
            own = next(level for level in course.disease.tier(name).levels if level.id == found)
            yield GivenLevel(course.disease.names, own, levels[tier.counted_as.get(own.id, own.id)])


def _followed(courses: Sequence[Course], tier: JointTier) -> Iterator[tuple[str, str]]:
    known = {course.disease.id for course in courses}
    for each in tier.of:
        disease, _, name = each.rpartition(".")
        if disease in known:
            yield disease, name


@lru_cache(maxsize=256)
def _expression(disease: Disease, name: str) -> Any:
    return resolve_value(node_of(tier_of(f"{disease.id}.{name}", on=PERIOD.end)), {disease.id: disease}, {})


def days_of_change(courses: Sequence[Course], tier: JointTier, until: Day) -> tuple[int, ...]:
    """Give the days up to one on which the level may change: those of events, and those on which one runs out."""
    last = asked_day("until", until)
    events = [event.date for event in courses[0].counted if event.date <= last]
    found = set(events)
    for disease, name in _followed(courses, tier):
        course = next(one for one in courses if one.disease.id == disease)
        valid = course.disease.tier(name).valid
        if isinstance(valid, Literal):
            found.update(add_months(day, int(valid.value)) + 1 for day in events)
    return tuple(sorted(day for day in found if day <= last))
