"""Visits whose every interval speaks for itself, as one pair of visits for all that are equal.

Without errors in what is seen, with rates that do not change in between, an interval between two known states has a
likelihood of its own, and it does not matter whose it is: equal ones are one, taken to a power.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from singledisease.multistate.aggregate.intervals import IntervalCounts, by_sorting, by_table
from singledisease.multistate.arrays import Codes
from singledisease.multistate.rates.covariates.design import Design
from singledisease.multistate.rates.visits.visits import PanelVisits


def count_intervals(visits: PanelVisits, plan: Design) -> IntervalCounts | None:
    """Count intervals by all that their likelihood depends on; ``None`` if that is more than themselves, or too much.

    What counts before an interval is the pattern of covariates and what is seen; after it, whether it was watched
    and what is seen.
    """
    states = len(visits.space.states)
    if visits.space.errors or len(plan.cuts) or visits.pairs[states:].any() or visits.pairs[:, states:].any():
        return None
    if len(plan.rates.patterns) == 1 and not visits.watched.any():
        return visits.tally
    if visits.grain > 1:
        return None
    labels = len(visits.space.labels)
    return by_table(
        visits.same, visits.ticks, *_counting(visits, plan), (labels * len(plan.rates.patterns), 2 * labels)
    )


def pairs_of_visits(visits: PanelVisits, plan: Design, found: IntervalCounts) -> tuple[PanelVisits, Design]:
    """Return two visits for each distinct interval, and the covariates of these."""
    labels = len(visits.space.labels)
    zero = np.zeros_like(found.length)
    pairs = evolve(
        visits,
        who=np.repeat(np.arange(len(found.number)), 2),
        names=None,
        ticks=_alternating(zero, found.length),
        seen=_alternating(found.before % labels, found.after % labels),
        watched=_alternating(zero, found.after // labels).astype(bool),
        order=None,
    )
    errors = evolve(plan.errors, pattern=np.full(2 * len(zero), -1))
    return pairs, evolve(plan, rates=evolve(plan.rates, pattern=found.before // labels), errors=errors)


def which(visits: PanelVisits, plan: Design) -> Codes:
    """Say which of the distinct intervals each is, (intervals)."""
    before, after = _counting(visits, plan)
    return by_sorting(before[visits.left], visits.spacing, after[visits.left + 1])[1]


def _counting(visits: PanelVisits, plan: Design) -> tuple[Codes, Codes]:
    labels = len(visits.space.labels)
    pattern = np.zeros(len(visits.seen), dtype=np.int64)
    pattern[visits.left] = plan.rates.pattern
    return pattern * labels + visits.seen, visits.watched * labels + visits.seen


def _alternating(first: Codes, second: Codes) -> NDArray[np.int64]:
    return np.stack((first, second), axis=1).ravel()
