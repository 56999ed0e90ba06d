"""Transitions of a cohort counted again and again in samples of its people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singledisease.cohorts.steps.steps import CohortSteps
from singledisease.multistate.uncertainty.draws import bootstrap_cells


def bootstrap_counts(steps: CohortSteps, n: int, seed: int) -> NDArray[np.int64]:
    """Count the transitions of all steps together in n samples of people, (n, states + 1, states + 2)."""
    k = len(steps.states)
    people = steps.codes.shape[1]
    who, what = [], []
    for step, (before, after) in enumerate(zip(steps.codes[:-1], steps.codes[1:], strict=True)):
        inside = np.flatnonzero(steps.inside(step))
        who.append(inside)
        what.append(np.minimum(before[inside], k).astype(np.int64) * (k + 2) + after[inside])
    cells = (k + 1) * (k + 2)
    found = bootstrap_cells(np.concatenate(who), np.concatenate(what), cells, people, n=n, seed=seed)
    return found.reshape(n, k + 1, k + 2)
