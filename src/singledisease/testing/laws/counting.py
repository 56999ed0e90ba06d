"""Laws of counts: a commutative monoid, independent of how people were split, everybody in one group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from singledisease.dates import Period
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import Measure
from singledisease.eventlog.log import EventLog
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.counts import Counts
from singledisease.scorecard.evaluate import evaluate
from singledisease.testing.disagreement import hold


def counts_add_up(a: Counts, b: Counts, c: Counts) -> None:
    """Check that counts are a commutative monoid: zero is neutral, order and grouping do not matter."""
    hold(a + Counts() == a == Counts() + a, "zero is not neutral")
    hold(a + b == b + a, "a + b is not b + a")
    hold((a + b) + c == a + (b + c), "(a + b) + c is not a + (b + c)")


def parts_do_not_matter(
    measures: Sequence[Measure],
    log: EventLog,
    periods: Sequence[Period],
    cut: int,
    *,
    diseases: Mapping[str, Disease],
    by: Sequence[str] = (),
) -> Scorecard:
    """Check that people counted in two parts, or one at a time, sum to all counted at once.

    Parameters
    ----------
    measures, log, periods, diseases, by
        As for ``evaluate``.
    cut
        People before this place are one part, the others the second.

    Returns
    -------
    Scorecard
        That of everybody.
    """
    whole = evaluate(measures, log, periods, diseases=diseases, by=by)
    parts = [log.slice(0, cut), log.slice(cut, len(log.people))]
    first, second = (evaluate(measures, part, periods, diseases=diseases, by=by) for part in parts)
    hold((first + second).counts == whole.counts, f"two parts cut at {cut} do not sum to the whole")
    single = evaluate(measures, log, periods, diseases=diseases, by=by, chunk=1)
    hold(single.counts == whole.counts, "one person at a time does not sum to the whole")
    return whole


def everyone_in_one_group(stratified: Scorecard, whole: Scorecard) -> None:
    """Check that the groups of each measure hold everybody once, and that strata sum to the whole.

    Parameters
    ----------
    stratified, whole
        Of the same people, measures and periods; the second without strata.
    """
    people = sum(len(part.log.people) for part in whole.parts)
    sums = {counted.measure: block.whole for counted, block in whole.counts.blocks.items()}
    for counted, block in stratified.counts.blocks.items():
        same = np.array_equal(block.whole, sums[counted.measure])
        hold(same, f"the strata of {counted.measure} do not sum to the whole")
        everybody = (block.whole.sum(axis=1) == people).all()
        hold(everybody, f"somebody is in no group of {counted.measure}, or in two")
