"""A figure that matures is complete on its day: asked years later it is the same, apart from late records."""

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from singledisease.dates import Maturity, day_of
from singledisease.scorecard.evaluate import evaluate
from singledisease.testing import diseases, log_of, measures, periods, registries

MATURES = st.builds(Maturity, days=st.integers(0, 40), months=st.integers(0, 2))
LATE = ("recorded", "withdrawn", "death_recorded")


def _in_time(row):
    """Give a row that was recorded on its day and never taken back."""
    return {name: "" if name in LATE else value for name, value in row.items()}


EXAMPLES = max(settings.default.max_examples // 6, 1)
"""Fewer than of other laws: each is evaluated twice."""


@settings(max_examples=EXAMPLES)
@given(registries(), measures(), st.tuples(diseases("alpha"), diseases("beta")), periods(), MATURES)
def test_on_the_day_it_completes_and_years_later(rows, measure, pair, span, matures):
    """Where every row was recorded in time, the last day that is looked at tells all that is ever known."""
    log = log_of(type(rows)(*(tuple(map(_in_time, each)) for each in (rows.patients, rows.events)), rows.institutions))
    asked = {"diseases": {one.id: one for one in pair}}
    maturing = evolve(measure, matures=matures)
    then, later = (
        evaluate(maturing, log, [span], as_of=day, **asked)
        for day in (matures.day_after(span.end), day_of("2090-12-31"))
    )
    assert then.counts == later.counts
