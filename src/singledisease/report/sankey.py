"""Who went where between two dates, as bands between two columns: where everything lies."""

from __future__ import annotations

import numpy as np

from singledisease.cohorts.cohort import Cohort
from singledisease.multistate.arrays import Floats
from singledisease.report.diagrams.layout import rising

GAP = 0.02
"""Between two blocks of a column, as a share of all people."""


def between(cohort: Cohort, first: int, last: int) -> Floats:
    """Count who was where on two dates, (states + entered, states + left + died); who was never in is left out."""
    k = len(cohort.states)
    before, after = np.minimum(cohort.steps.codes[first], k), cohort.steps.codes[last]
    inside = (before < k) | (after < k)
    cell = before[inside].astype(np.int64) * (k + 2) + after[inside]
    return np.bincount(cell, minlength=(k + 1) * (k + 2)).reshape(k + 1, k + 2).astype(np.float64)


def tops(totals: Floats) -> Floats:
    """Give the upper edge of each block, going down from 0, with a gap between blocks that are not empty.

    >>> tops(np.array([50.0, 0.0, 50.0])).tolist()
    [0.0, -52.0, -52.0]
    """
    space = totals + GAP * totals.sum() * (totals > 0)
    return 0.0 - np.concatenate(([0.0], np.cumsum(space)[:-1]))


def spread(heights: Floats, least: float) -> Floats:
    """Move labels apart that stand closer than ``least``, as little as it takes; they go down, in order.

    Labels that would overlap make a block, which stays where they were on average.

    >>> spread(np.array([0.0, -1.0, -1.0, -9.0]), 2.0).round(3).tolist()
    [1.333, -0.667, -2.667, -9.0]
    """
    shifts = least * np.arange(len(heights))
    return np.asarray(-np.array(rising((-heights - shifts).tolist(), [1.0] * len(heights))) - shifts)
