"""Law 2, kept: counts that were packed into plain values and unpacked are the counts."""

import json

from hypothesis import given
from hypothesis import strategies as st

from singledisease.api.packed_counts import packed_counts, unpacked_counts
from singledisease.scorecard.evaluate import evaluate
from singledisease.testing import diseases, logs, measures, periods


@given(st.data(), logs(4), st.lists(periods(), min_size=1, max_size=2))
def test_packed(data, log, spans):
    """Whatever was counted, of whichever strata, comes back from JSON as it was."""
    known = {id: data.draw(diseases(id)) for id in ("alpha", "beta")}
    made = [data.draw(measures(id=id)) for id in ("one", "two")]
    counts = evaluate(made, log, spans, diseases=known, by=["institution", "sex"]).counts
    back = unpacked_counts(json.loads(json.dumps(packed_counts(counts))))
    assert back.to_table() == counts.to_table()
