"""Strata by a tier of several diseases: what is refused before anybody is counted."""

import pytest

import singledisease as sd
from singledisease.errors import DefinitionError

LEVELS = tuple(sd.TierLevel(id=id, names=sd.Names(id, id)) for id in ("low", "high"))


def by(*of: str) -> sd.JointTier:
    """Give the worst of some tiers."""
    return sd.JointTier(id="colour", names=sd.Names("颜色", "colour"), levels=LEVELS, of=of)


@pytest.mark.parametrize(
    ("of", "check"), [("hypertension.nothing", "unknown_tier"), ("no-such-disease.risk", "unknown_disease")]
)
def test_a_tier_that_is_not_there_groups_nobody(of, check):
    """It is an error of the question, with its name, not a stratum of everybody."""
    log = sd.simulate(patients=3, seed=1).log()
    seen = sd.Measure(id="seen", numerator=sd.events("follow_up").within(sd.PERIOD).exists())
    with pytest.raises(DefinitionError) as caught:
        sd.evaluate(seen, log, period="2024", by=by(of))
    assert [fault.check for fault in caught.value.faults] == [check]


def test_one_may_be_named_alone():
    """A single tier needs no list, and is a stratum beside others by its id."""
    log = sd.simulate(patients=3, seed=1).log()
    seen = sd.Measure(id="seen", numerator=sd.events("follow_up").within(sd.PERIOD).exists())
    rhinitis = sd.JointTier(
        id="colour",
        names=sd.Names("颜色", "colour"),
        levels=[sd.TierLevel(id=id, names=sd.Names(id, id)) for id in ("mild", "moderate_severe")],
        of="allergic-rhinitis.severity",
    )
    score = sd.evaluate(seen, log, period="2024", by=rhinitis)
    assert score.by == ("colour",)
    assert [row["by"] for row in score.table()] == [{"colour": ""}]
