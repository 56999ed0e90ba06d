"""Attributes of people on the days of a grid: a column, the group of a measure, the value of an expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease import catalogue
from singledisease.api.figures import evaluate, valued
from singledisease.api.what_a_call_says import AnyDay
from singledisease.cohorts.building.attribute import AttributeOnGrid
from singledisease.dates import Period
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.joint_tier import JointTier
from singledisease.definitions.measure import Measure, name_of_group
from singledisease.errors import UsageError, did_you_mean
from singledisease.eventlog.log import EventLog
from singledisease.language.format import write
from singledisease.language.sources import PERIOD
from singledisease.language.wrappers import Expression
from singledisease.multistate.matrices.grid import UNKNOWN
from singledisease.person_values import Values
from singledisease.scorecard.assign import groups_of
from singledisease.scorecard.engine import EngineName
from singledisease.strata import BUILT_IN, check_by, labels_of

AnyAttribute = str | Measure | Expression | JointTier
"""A column of the registry, a measure or its id, an expression, or a tier of several diseases or its id."""

STAGE = "stage"
OUTSIDE = "outside"


@frozen(eq=False, kw_only=True)
class AttributeContext:
    """What an attribute is asked of: the disease, the log as it came and as it was known, and how to read it."""

    disease: Disease
    log: EventLog
    seen: EventLog
    carry_days: int | None
    policy: Mapping[str, str]
    as_of: AnyDay | None
    engine: EngineName
    diseases: tuple[Disease, ...] = ()

    @property
    def more(self) -> dict[str, Any]:
        """Give how figures and values are asked for."""
        own = (self.disease, *self.diseases)
        return {"policy": self.policy, "as_of": self.as_of, "engine": self.engine, "diseases": own}


def named(attribute: AnyAttribute, disease: Disease, log: EventLog) -> AnyAttribute:
    """Find what a text names: a column, or a measure of the catalogue.

    Raises
    ------
    UsageError
        If it names neither.
    """
    if not isinstance(attribute, str) or attribute == STAGE:
        return attribute
    columns = (*BUILT_IN, *log.people.attributes)
    if attribute in columns or attribute.startswith("institution."):
        return check_by((attribute,), log)[0]
    if attribute in catalogue.joint_tier_ids():
        return catalogue.joint_tier(attribute)
    measures = _measures_of(disease)
    if attribute not in measures:
        known = [STAGE, *columns, *catalogue.joint_tier_ids(), *measures]
        raise UsageError(f"there is no attribute {attribute!r}; {did_you_mean(attribute, known)}")
    return measures[attribute]


def _measures_of(disease: Disease) -> dict[str, Measure]:
    """Give the measures of the catalogue that put people of a disease into groups, by id."""
    made = (one for name in catalogue.measure_sets() for one in catalogue.measure_set(name, [disease]))
    return {one.id: one for one in made if isinstance(one, Measure)}


def stages(disease: Disease) -> dict[str, list[str]]:
    """Give the stages of a disease in which people are managed, with their states."""
    found: dict[str, list[str]] = {}
    for state in disease.pathway.states:
        if state.managed:
            found.setdefault(state.stage, []).append(state.id)
    return found


def attribute_on(attribute: AnyAttribute, days: NDArray[np.int32], asked: AttributeContext) -> AttributeOnGrid:
    """Say in which group everybody was at the end of each day.

    A measure, or an expression, is asked on each day about the period that ends on it and begins ``carry_days``
    before: a reading stands so long and no longer.

    Raises
    ------
    UsageError
        If it is not said how long a reading stands, or it is where nothing is read.
    """
    if isinstance(attribute, str):
        if asked.carry_days is not None:
            raise UsageError(f"{attribute} is a column and says itself what holds on a day; leave carry_days out")
        labels = labels_of(attribute, asked.seen, days.tolist(), asked.disease.id)
        codes = np.broadcast_to(labels.codes, (len(days), labels.codes.shape[1])).astype(np.int64)
        return AttributeOnGrid(name=attribute, groups=tuple(text or UNKNOWN for text in labels.texts), codes=codes)
    if isinstance(attribute, JointTier):
        return _of_tier(attribute, days.tolist(), asked)
    if asked.carry_days is None or asked.carry_days < 0:
        raise UsageError(
            f"carry_days={asked.carry_days!r}: say for how many days a reading stands, such as carry_days=365; "
            "who has none so recent is unknown"
        )
    periods = [Period(day - asked.carry_days, day) for day in days.tolist()]
    if isinstance(attribute, Measure):
        return _of_measure(attribute, asked.log, periods, asked.more)
    found, _, _ = valued(attribute, asked.log, periods, **asked.more)
    return _of_values(write(attribute.node), found)


def _of_measure(measure: Measure, log: EventLog, periods: list[Period], more: dict[str, Any]) -> AttributeOnGrid:
    score = evaluate(measure, log, periods=periods, **more)
    groups = groups_of(score.measures[0].measure)
    codes = np.concatenate([part.assigned[0] for part in score.parts], axis=1).astype(np.int64)
    codes[np.array([group == OUTSIDE for group in groups])[codes]] = -1
    names = {group: name_of_group(group) for group in groups if not group.partition(":")[1]}
    return AttributeOnGrid(name=measure.id, groups=groups, codes=codes, names=names)


def _of_tier(tier: JointTier, days: list[int], asked: AttributeContext) -> AttributeOnGrid:
    """Put everybody into the level in which they stand on each day, the mildest first."""
    if asked.carry_days is not None:
        raise UsageError(f"{tier.id} says itself how long a level holds; leave carry_days out")
    found, _, _ = valued(tier.on(PERIOD.end), asked.log, [Period(day, day) for day in days], **asked.more)
    groups = (*(level.id for level in tier.levels), UNKNOWN)
    place = {group: i for i, group in enumerate(groups)}
    texts = np.where(found.known, found.value.astype(str), UNKNOWN)
    codes = np.vectorize(place.__getitem__, otypes=[np.int64])(texts)
    names = names_of_levels(tier)
    return AttributeOnGrid(name=tier.id, groups=groups, codes=codes, names=names)


def names_of_levels(tier: JointTier) -> dict[str, Names]:
    """Give what the levels of a tier are called, and the want of one."""
    return {level.id: level.names for level in tier.levels} | {UNKNOWN: Names("未知", "unknown")}


def _of_values(name: str, found: Values) -> AttributeOnGrid:
    if found.kind not in ("bool", "text"):
        raise UsageError(f"{name} gives {found.kind}s; an attribute is a condition or a text: say which are alike")
    texts = found.value.astype(str) if found.kind == "text" else np.where(found.value.astype(bool), "yes", "no")
    groups, codes = np.unique(np.where(found.known, texts, UNKNOWN), return_inverse=True)
    return AttributeOnGrid(name=name, groups=tuple(groups.tolist()), codes=codes.reshape(found.known.shape))
