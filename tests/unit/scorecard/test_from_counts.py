"""A scorecard of counts alone."""

import pytest
from attrs import evolve

import singledisease as sd
from singledisease.errors import IdentityError
from singledisease.scorecard.counts import Block, Counts, merge

LOG = sd.simulate(patients=60, seed=5).log()
MEASURES = sd.measures("cn-bphs-2017", diseases=["hypertension", "type2-diabetes"])
ASKED = {"periods": ["2023", "2024"], "by": ["institution"], "policy": {"lost": "exclude"}, "as_of": "2024-06-30"}
WHOLE = sd.evaluate(MEASURES, LOG, **ASKED)
PARTS = [sd.evaluate(MEASURES, LOG.slice(first, first + 20), **ASKED) for first in (0, 20, 40)]
ALONE = sd.scorecard_of(merge(part.counts for part in PARTS), MEASURES, as_of="2024-06-30")


def test_figures_are_those_of_everybody_together():
    """Merged counts of parts have the table, text and policies of the whole."""
    assert ALONE.table() == WHOLE.table()
    assert ALONE.to_text("zh") == WHOLE.to_text("zh")
    assert ALONE.measures == WHOLE.measures


def test_they_come_back_from_a_table():
    """The counts of a scorecard, as a table and back, have the figures of the scorecard."""
    back = sd.scorecard_of(sd.Counts.from_table(WHOLE.counts.to_table().flat()), MEASURES, as_of="2024-06-30")
    assert back.table() == WHOLE.table()


def test_they_are_rolled_up_with_institutions_that_are_named():
    """Without the people's logs the institutions have to be given."""
    assert sd.roll_up(ALONE, LOG.institutions).table() == sd.roll_up(WHOLE).table()
    with pytest.raises(sd.UsageError, match="counts alone"):
        sd.roll_up(ALONE)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: sd.people(ALONE, "hypertension.control", "numerator"),
        lambda: sd.explain(ALONE, LOG.people.ids[0]),
        lambda: ALONE + WHOLE,
    ],
)
def test_nobody_can_be_asked_for(ask):
    """Who was counted, why, and whether somebody is in both of two: that counts alone do not say."""
    with pytest.raises(sd.UsageError, match="made of counts alone"):
        ask()


CONTROL = MEASURES[2]
COUNTED = {counted.measure: (counted, block) for counted, block in WHOLE.counts.blocks.items()}
WHAT, BLOCK = COUNTED[CONTROL.id]
OTHER, OTHERS = COUNTED[MEASURES[0].id]


@pytest.mark.parametrize(
    ("blocks", "measures", "said"),
    [
        ({}, MEASURES, "nothing was counted"),
        ({WHAT: BLOCK}, MEASURES[:1], "hypertension.control: was counted, but is not among the measures"),
        ({evolve(WHAT, version="0"): BLOCK}, MEASURES, "counted in version 0"),
        ({WHAT: BLOCK, evolve(WHAT, policy=()): BLOCK}, MEASURES, "two policies"),
        ({WHAT: BLOCK, evolve(OTHER, by=("team",)): OTHERS}, MEASURES, r"is by \['team'\], the first measure by"),
        ({WHAT: BLOCK, OTHER: Block(OTHERS.periods[:1], OTHERS.strata, OTHERS.array[:1])}, MEASURES, "is of 2023"),
        ({evolve(WHAT, groups=WHAT.groups[::-1]): BLOCK}, MEASURES, "was counted with the groups"),
        ({evolve(WHAT, policy=(("lost", "exclude"),)): BLOCK}, MEASURES, "was counted with the policies"),
    ],
)
def test_counts_of_something_else_are_refused(blocks, measures, said):
    """What was counted has to be what the measures say, in one and the same way."""
    with pytest.raises(sd.UsageError, match=said):
        sd.scorecard_of(Counts(blocks), measures)


def test_counts_that_do_not_add_up_make_no_scorecard():
    """Every measure and period has to count as many people."""
    with pytest.raises(IdentityError, match="those of another measure or period"):
        sd.scorecard_of(Counts({WHAT: BLOCK, OTHER: Block(OTHERS.periods, OTHERS.strata, OTHERS.array * 2)}), MEASURES)
