"""Rule by rule: whoever is asked is taken, undetermined or left, and both engines take the same people."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from singledisease.definitions.measure import UNDETERMINED
from singledisease.explanation.attrition import attrition
from singledisease.scorecard.evaluate import evaluate
from singledisease.testing import diseases, logs, measures, periods

BY = ["institution", "sex"]


@given(logs(3), measures(), diseases("alpha"), diseases("beta"), st.lists(periods(), min_size=1, max_size=2))
def test_the_steps_tile_everybody(log, measure, alpha, beta, spans):
    """Every step adds up, goes on where the last one ended, and nobody is left; groups are sums of their rules."""
    score = evaluate(measure, log, spans, diseases={"alpha": alpha, "beta": beta}, by=BY)
    found = attrition(score)
    assert attrition(score, engine="reference") == found
    left = 0
    for row in found:
        assert row["before"] == row["taken"] + row["undetermined"] + row["left"]
        assert row["step"] == 1 or row["before"] == left
        left = row["left"]
        assert left == 0 or row["rule"] != score.measures[0].measure.rules[-1].name
    whole = np.concatenate([block.array.sum(axis=(0, 1)) for block in score.counts.blocks.values()])
    (counted,) = score.counts.blocks
    for group, people in zip(counted.groups, whole.tolist(), strict=True):
        taken = sum(row["taken"] for row in found if row["group"] == group)
        undetermined = sum(row["undetermined"] for row in found if UNDETERMINED + row["rule"] == group)
        assert taken + undetermined == people
