"""Strata by the level of a tier, ``by=["hypertension.risk"]``, or of one that joins those of several diseases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
from attrs import frozen

from singledisease.dates import Period
from singledisease.definitions.checks.named_parts import wrong_named_parts
from singledisease.definitions.disease import Disease
from singledisease.definitions.joint_tier import JointTier
from singledisease.definitions.resolve.diseases import resolve_disease
from singledisease.definitions.resolve.measures import resolve_value
from singledisease.definitions.resolve.named import named_diseases, unknown_diseases
from singledisease.errors import DefinitionError
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import PeriodEnd, TierOn, Value
from singledisease.pathway_courses import Courses
from singledisease.scorecard.engine import Engine
from singledisease.strata import Labels

By = str | JointTier
"""What says in which stratum people are: a name, or a tier of several diseases."""


@frozen
class TierStratum:
    """A stratum by tier: its name, the level that it asks for, and the diseases whose tiers it reads."""

    name: str
    level: Value
    diseases: tuple[Disease, ...]


def tiers_among(by: Sequence[By], log: EventLog, diseases: Mapping[str, Disease]) -> tuple[TierStratum, ...]:
    """Give the strata that are tiers; a column of the registry stands above a tier that is named by text.

    Raises
    ------
    DefinitionError
        If a tier of several diseases joins what is not declared, or has no place for one of its levels.
    """
    found = []
    for name in by:
        if isinstance(name, JointTier):
            found.append(_joint(name, diseases))
            continue
        disease, dot, tier = name.rpartition(".")
        if dot and name not in log.people.attributes and disease in diseases:
            one = diseases[disease]
            if tier in [each.id for each in one.tiers]:
                found.append(TierStratum(name, TierOn(one.id, tier, PeriodEnd()), (one,)))
    return tuple(found)


def _joint(tier: JointTier, diseases: Mapping[str, Disease]) -> TierStratum:
    level = tier.on(PeriodEnd()).node
    named = named_diseases(level, diseases)
    faults = (*unknown_diseases(level, diseases), *wrong_named_parts(f"tier {tier.id}", level, named))
    if faults:
        raise DefinitionError(f"nobody can be grouped by {tier.id}", faults)
    return TierStratum(tier.id, level, named)


def tier_labels(
    tiers: Sequence[TierStratum],
    log: EventLog,
    periods: Sequence[Period],
    *,
    policy: Mapping[str, str],
    engine: Engine,
    courses: Mapping[str, Courses],
) -> dict[str, Labels]:
    """Give the level in which everybody stands at the end of each period, blank where it is unknown."""
    if not tiers:
        return {}
    named = {one.id: resolve_disease(one, policy) for one in chain.from_iterable(tier.diseases for tier in tiers)}
    nodes = [resolve_value(tier.level, named, policy) for tier in tiers]
    until = max(period.end for period in periods)
    # Which events concern a disease is asked of its courses, even where no state is.
    walked = {id: engine.walk(one, log, until) for id, one in named.items() if id not in courses}
    found = engine.values(nodes, log, periods, {**courses, **walked})
    shape = len(periods), len(log.people)
    labels = {}
    for tier, values in zip(tiers, found, strict=True):
        texts = np.where(values.known, values.value, "").astype(object)
        distinct, codes = np.unique(np.broadcast_to(texts, shape), return_inverse=True)
        labels[tier.name] = Labels(tuple(map(str, distinct)), codes.reshape(shape).astype(np.int64))
    return labels
