"""Strata by the level of a tier: everybody stands in the level of their last assessment, as long as it is valid."""

import pytest
from attrs import evolve
from pathways import CARE
from tables import log_of

import singledisease as sd
from singledisease.definitions.citation import Names
from singledisease.definitions.tier import Tier, TierLevel, TierRule
from singledisease.language.parse import parse
from singledisease.scorecard.evaluate import evaluate

RISK = Tier(
    id="risk",
    names=Names("风险", "risk"),
    kinds=("follow_up",),
    levels=(TierLevel(id="low", names=Names("低", "low")), TierLevel(id="high", names=Names("高", "high"))),
    rules=(TierRule(level="high", when=parse("sbp >= 140")), TierRule(level="low", when=parse("sbp < 140"))),
    valid=6,
)
DISEASE = evolve(CARE, tiers=(RISK,))
EVENTS = """
    who  date        kind       sbp
    ann  2024-02-01  follow_up  150
    bob  2024-01-10  follow_up  120
    bob  2024-05-10  follow_up  160
    bob  2024-05-20  follow_up  .
    cy   2024-05-01  call       .
"""
SEEN = sd.Measure(id="seen", numerator=sd.events("follow_up").within(sd.PERIOD).exists())


@pytest.fixture
def score(engine):
    """Count who was seen, by risk, at the end of each quarter."""

    def evaluated(**more):
        log, span = log_of(EVENTS), sd.periods("2024/quarter")
        return evaluate(SEEN, log, span, diseases={"care": DISEASE}, by=["care.risk"], engine=engine.name, **more)

    return evaluated


def test_the_level_is_that_at_the_end_of_each_period(score):
    """Ann's level ends after six months, Bob's changes with his reading, and who was never assessed has none."""
    table = score().table()
    found = [(str(row["period_end"])[5:], row["by"]["care.risk"], row["initial_population"]) for row in table]
    assert [row for row in found if row[2]] == [
        ("03-31", "", 1),
        ("03-31", "high", 1),
        ("03-31", "low", 1),
        ("06-30", "", 1),
        ("06-30", "high", 2),
        ("09-30", "", 2),
        ("09-30", "high", 1),
        ("12-31", "", 3),
    ]


def test_parts_do_not_matter_and_people_are_named_with_their_level(score):
    """Counted one by one the figures are the same, and the people of a group are listed with their level."""
    assert score(chunk=1).counts == score().counts
    listed = sd.people(score(), "seen", "numerator", "2024Q2")
    assert [(row["patient_id"], row["care.risk"]) for row in listed] == [("bob", "high")]


def test_a_tier_that_is_not_declared_is_refused(engine):
    """A name that is neither a column nor a tier is refused."""
    with pytest.raises(sd.UsageError, match="rysk"):
        evaluate(SEEN, log_of(EVENTS), sd.periods("2024"), diseases={"care": DISEASE}, by=["care.rysk"])
