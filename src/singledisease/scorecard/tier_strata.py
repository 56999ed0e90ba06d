"""Strata by the level of a tier: ``by=["hypertension.risk"]``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from singledisease.dates import Period
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve.diseases import resolve_disease
from singledisease.definitions.resolve.measures import resolve_value
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import PeriodEnd, TierOn, Value
from singledisease.pathway_courses import Courses
from singledisease.scorecard.engine import Engine
from singledisease.strata import Labels


def tiers_among(by: Sequence[str], log: EventLog, diseases: Mapping[str, Disease]) -> tuple[tuple[str, Disease], ...]:
    """Give the names of strata that name a tier, each with its disease; a column of the registry stands above it."""
    found = []
    for name in by:
        disease, dot, tier = name.rpartition(".")
        if dot and name not in log.people.attributes and disease in diseases:
            one = diseases[disease]
            if tier in [each.id for each in one.tiers]:
                found.append((name, one))
    return tuple(found)


def tier_labels(
    tiers: Sequence[tuple[str, Disease]],
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
    nodes = [_level_of(name, disease, policy) for name, disease in tiers]
    until = max(period.end for period in periods)
    # Which events concern a disease is asked of its courses, even where no state is.
    walked = {
        disease.id: engine.walk(resolve_disease(disease, policy), log, until)
        for _, disease in tiers
        if disease.id not in courses
    }
    found = engine.values(nodes, log, periods, {**courses, **walked})
    shape = len(periods), len(log.people)
    labels = {}
    for (name, _), values in zip(tiers, found, strict=True):
        texts = np.where(values.known, values.value, "").astype(object)
        distinct, codes = np.unique(np.broadcast_to(texts, shape), return_inverse=True)
        labels[name] = Labels(tuple(map(str, distinct)), codes.reshape(shape).astype(np.int64))
    return labels


def _level_of(name: str, disease: Disease, policy: Mapping[str, str]) -> Value:
    asked = TierOn(disease.id, name.rpartition(".")[2], PeriodEnd())
    level: Value = resolve_value(asked, {disease.id: resolve_disease(disease, policy)}, policy)
    return level
