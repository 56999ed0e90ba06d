"""Scores against a target: a number, or each institution's own."""

import pytest

import singledisease as sd
from singledisease.eventlog.build import build
from singledisease.eventlog.raw import raw_rows

SEEN = sd.Measure(id="seen", numerator=sd.events("follow_up").within(sd.PERIOD).exists())
LOG = build(
    raw_rows("patients", {"patient_id": list("abcd"), "birth_date": [""] * 4, "institution": ["N", "N", "S", "S"]}),
    raw_rows("events", {"patient_id": list("acd"), "date": ["2024-02-01"] * 3, "kind": ["follow_up"] * 3}),
    raw_rows("institutions", {"institution": ["N", "S"], "target": ["80", "90"], "weight": ["", ""]}),
)


def values(*figures, **more):
    """Give the value of the last figure in each stratum."""
    table = sd.evaluate([SEEN, *figures], LOG, period="2024", **more).table()
    return [row["value"] for row in table if row["measure"] == figures[-1].id]


def test_points_up_to_the_target_and_no_further():
    """3 of 4 are 75 %: of 100 points 93.75 against 80 %, all of them against 60 %, weighed."""
    assert values(sd.target_score("seen", target=0.8)) == [93.75]
    assert values(sd.target_score("seen", target=80, percent=True)) == [93.75]
    assert values(sd.target_score("seen", target=0.6, weight=0.5)) == [50]


def test_each_institution_has_its_own_target():
    """North has 50 % of 80 %, South 100 % of 90 %; for both together there is no one target."""
    own = sd.target_score("seen", target="target", percent=True)
    assert values(own, by="institution") == [62.5, 100]
    assert values(own) == [None]


def test_scores_are_added_up_and_one_that_is_missing_leaves_no_sum():
    """0.4 of 62.5 and 0.6 of 50 are 55 points."""
    parts = (
        sd.target_score("seen", target="target", percent=True, weight=0.4, id="one"),
        sd.target_score("seen", target=1, weight=0.6, id="other", names=sd.Names("另一", "other")),
    )
    assert values(sd.total_score(parts), by="institution") == pytest.approx([55, 100])
    missing = sd.target_score("seen", target="weight", id="none")
    assert values(sd.total_score([*parts, missing], id="sum"), by="institution") == [None, None]
    assert parts[1].names.en == "other"


@pytest.mark.parametrize("wrong", [{"target": 0}, {"target": -1}, {"target": 1, "weight": -1}])
def test_no_target_and_no_weight_below_nothing(wrong):
    """A target of 0 cannot be divided by, and nobody loses points."""
    with pytest.raises(sd.UsageError, match="seen"):
        sd.target_score("seen", **wrong)
    with pytest.raises(sd.UsageError, match="at least one"):
        sd.total_score([])
