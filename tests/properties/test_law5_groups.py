"""Law 5: everybody is in exactly one group; strata sum to the whole; stocks are what flows make them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import walk
from singledisease.scorecard.evaluate import evaluate
from singledisease.testing import days, diseases, logs, measures, periods
from singledisease.testing.laws import everyone_in_one_group


@given(logs(4), measures(), diseases("alpha"), diseases("beta"), st.lists(periods(), min_size=1, max_size=3))
def test_groups_and_strata(log, measure, alpha, beta, spans):
    """Each person is in one group of one stratum, in every period."""
    known = {"alpha": alpha, "beta": beta}
    stratified = evaluate(measure, log, spans, diseases=known, by=["institution", "sex", "age_band", "region"])
    everyone_in_one_group(stratified, evaluate(measure, log, spans, diseases=known))


@given(logs(4), diseases(), days(), st.integers(1, 40))
def test_stock_and_flow(log, disease, day, later):
    """The people in a state on a later day are those on an earlier day, and who came, less who went."""
    known = log.as_of(None)
    courses = walk(resolve_disease(disease, {}), known, day + later)
    spells = courses.spells
    for state in range(len(disease.pathway.states)):
        mine = spells.state == state

        def on(when, mine=mine):
            return int((mine & (spells.entered <= when) & (when < spells.left)).sum())

        came = int((mine & (spells.entered > day)).sum())
        went = int((mine & (spells.left > day) & (spells.left <= day + later)).sum())
        assert on(day + later) == on(day) + came - went
    assert np.all(np.diff(spells.offsets) >= 0)
