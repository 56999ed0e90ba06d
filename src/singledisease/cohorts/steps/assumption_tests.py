"""Tests of what a cohort's estimates rest on, made of its steps.

Source: Gentleman, Lawless, Lindsey & Yan, Stat Med 1994;13:805–821 (prevalence observed and expected).
"""

from __future__ import annotations

import numpy as np

from singledisease.cohorts.steps.steps import CohortSteps
from singledisease.errors import UsageError
from singledisease.multistate.arrays import Codes
from singledisease.multistate.assumption_tests.chapman_kolmogorov import weighed_by_people
from singledisease.multistate.assumption_tests.check import AssumptionTest
from singledisease.multistate.assumption_tests.order import order_of_triples
from singledisease.multistate.headings import COMPARED, HEADINGS
from singledisease.tables import Table


def order_of(steps: CohortSteps) -> AssumptionTest:
    """Test the order of a cohort's steps: those of people who were in it at the start of two steps in a row."""
    k = len(steps.states)
    triples = [
        tuple(row[inside] for row in (before, now, after))
        for before, now, after in zip(steps.codes[:-2], steps.codes[1:-1], steps.codes[2:], strict=True)
        for inside in [(before < k) & (now < k)]
    ]
    if not triples:
        raise UsageError("a test of order needs at least two steps")
    before, now, after = (np.concatenate(column).astype(np.int64) for column in zip(*triples, strict=True))
    return order_of_triples(before, now, after, k, k + 2)


def prevalence(steps: CohortSteps) -> Table:
    """Compare how many of the people present at the start are in each state with what the matrix expects.

    The matrix is that of all steps together; the comparison leaves out who enters later and who has left.
    """
    k = len(steps.states)
    counts = steps.counts().total[:k].astype(np.float64)
    rows = counts.sum(1, keepdims=True)
    p = np.eye(k + 2)
    p[:k] = np.divide(counts, rows, out=np.eye(k + 2)[:k], where=rows > 0)
    present = steps.codes[0] < k
    expected = np.bincount(steps.codes[0][present], minlength=k + 2).astype(np.float64)
    lines = []
    for t, codes in enumerate(steps.codes):
        if t:
            expected = expected @ p
        observed = np.bincount(codes[present], minlength=k + 2)
        names = (*steps.states, "left", "died")
        lines += [(t, names[i], int(observed[i]), float(expected[i])) for i in range(k + 2)]
    return Table.of_rows(("step", "state", "observed", "expected"), lines, headings=HEADINGS, formats=COMPARED)


def chapman_kolmogorov_of(steps: CohortSteps) -> AssumptionTest:
    """Test the steps of a cohort, on its people from when they are in it; see ``chapman_kolmogorov_test``."""
    if len(steps.codes) < 3:
        raise UsageError("a test of two steps needs at least two steps")

    k = len(steps.states)

    def rows(first: int, last: int) -> tuple[Codes, Codes]:
        codes = steps.codes[:, first:last].T
        ever = np.logical_or.accumulate(codes < k, axis=1)
        return np.nonzero(ever)[0], codes[ever].astype(np.int64)

    return weighed_by_people(rows, steps.codes.shape[1], k + 2)
