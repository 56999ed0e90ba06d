"""A tier is set by assessments alone: an event of a kind that it does not name never changes it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from singledisease.api.figures import values
from singledisease.dates import Period, day_of, iso
from singledisease.language.build import PERIOD, tier
from singledisease.testing import diseases, log_of, registries
from singledisease.vocabulary import KINDS

EXAMPLES = max(settings.default.max_examples // 6, 1)
"""Fewer than of other laws: each is valued twice."""


@settings(max_examples=EXAMPLES)
@given(registries(), diseases("alpha"), st.data())
def test_an_event_of_another_kind_changes_no_tier(rows, disease, data):
    """Whatever happens after the last of the registry, but is no assessment, each tier is on its day what it was."""
    (made,) = disease.tiers
    kind = data.draw(st.sampled_from([kind for kind in KINDS if kind not in made.kinds and kind != "exit"]))
    known = [day_of(row["date"]) for row in rows.events]
    day = max(known, default=day_of("2024-01-01")) + 1
    who = data.draw(st.sampled_from(rows.patients))["patient_id"]
    more = rows.with_events([*rows.events, {"patient_id": who, "date": iso(day), "kind": kind}])
    span = Period(day, day)
    asked = tier(f"alpha.{made.id}", on=PERIOD.end)
    then, now = (values(asked, log_of(each), period=span, diseases={"alpha": disease}) for each in (rows, more))
    assert then.rows() == now.rows()
