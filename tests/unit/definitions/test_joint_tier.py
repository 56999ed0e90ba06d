"""Tiers of several diseases: the worst level, what is refused, and how it is said."""

import pytest
from attrs import evolve
from definitions_world import gout

import singledisease as sd
from singledisease.definitions.checks import check_measure, wrong_named_parts
from singledisease.definitions.citation import Names
from singledisease.definitions.joint_tier import JointTier
from singledisease.definitions.tier import Tier, TierLevel, TierRule
from singledisease.definitions.wording.sentences import wording
from singledisease.errors import DefinitionError
from singledisease.language.build import PERIOD, column, worst
from singledisease.language.format import write
from singledisease.language.parse import parse
from singledisease.language.typecheck import sort_of

LEVELS = tuple(TierLevel(id=id, names=Names(zh, id)) for id, zh in (("low", "低"), ("high", "高")))
GRADED = evolve(
    gout(),
    tiers=(
        Tier(
            id="risk",
            names=Names("风险", "risk"),
            kinds=("test",),
            levels=LEVELS,
            rules=(TierRule(level="high", when=parse("sbp >= 1")), TierRule(level="low", when=parse("sbp < 1"))),
        ),
    ),
)


def joint(*of: str, levels: tuple[TierLevel, ...] = LEVELS, **more: object) -> JointTier:
    """Give the worst of some tiers."""
    return JointTier(id="colour", names=Names("颜色", "colour"), levels=levels, of=of, **more)


def test_the_level_is_a_text_of_a_person_or_of_a_row():
    """It is asked on a day, and belongs to whatever the day belongs to."""
    level = joint("a.risk", "b.risk").on(PERIOD.end)
    of = 'tier("a.risk", on=PERIOD.end), tier("b.risk", on=PERIOD.end)'
    assert write(level.node) == f'worst({of}, order=("low", "high"))'
    assert (sort_of(level.node).kind, sort_of(level.node).level) == ("text", "person")
    assert sort_of(joint("a.risk").on(column("date")).node).level == "row"
    assert JointTier(id="x", names=Names("x", "x"), levels=LEVELS, of="a.risk").of == ("a.risk",)


def test_levels_of_other_names_are_put_together():
    """The order of what the tiers say has the other names beside the level as which they count."""
    level = joint("a.risk", counted_as={"severe": "high", "mild": "low"}).on(PERIOD.end)
    found = 'worst(tier("a.risk", on=PERIOD.end), order=("low", "mild", "high", "severe"))'
    assert write(level.node) == f'case(({found} in ("low", "mild"), "low"), ({found} in ("high", "severe"), "high"))'


REFUSED = {
    "tier_missing of": joint,
    "tier_missing of, 'risk'": lambda: joint("risk"),
    "tier_missing of, 'a.'": lambda: joint("a."),
    "tier_missing of, '.risk'": lambda: joint(".risk"),
    "no_levels levels": lambda: joint("a.risk", levels=()),
    "duplicate_id levels.low": lambda: joint("a.risk", levels=(*LEVELS, LEVELS[0])),
    "unknown_level counted_as.mild": lambda: joint("a.risk", counted_as={"mild": "lo"}),
    "duplicate_id counted_as.low": lambda: joint("a.risk", counted_as={"low": "high"}),
    "no_id id": lambda: evolve(joint("a.risk"), id="a colour"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_not_well_made_is_refused(fault):
    """What it is made of is checked when it is made, each fault with its place."""
    with pytest.raises(DefinitionError) as caught:
        REFUSED[fault]()
    assert [f"{each.check} {each.where}" for each in caught.value.faults] == [fault]


def test_every_level_of_a_joined_tier_has_a_place():
    """A level that the order does not name would be nobody's: it is a fault of whoever asks."""
    short = joint("gout.risk", levels=LEVELS[:1])
    (fault,) = wrong_named_parts("here", short.on(PERIOD.end).node, [GRADED])
    assert (fault.check, fault.where) == ("unknown_level", "here")
    assert "'high'" in fault.message
    asked = sd.Measure(id="m", numerator=short.on(PERIOD.end) == "low")
    assert "unknown_level" in [each.check for each in check_measure(asked, {"gout": GRADED})]
    assert list(wrong_named_parts("here", joint("gout.risk").on(PERIOD.end).node, [GRADED])) == []
    assert [each.check for each in wrong_named_parts("here", joint("gout.rusk").on(PERIOD.end).node, [GRADED])] == [
        "unknown_tier"
    ]


def test_the_worst_is_compared_with_what_it_may_be():
    """A level that is none of the order is refused where it is written, and so is an order that names one twice."""
    level = joint("a.risk").on(PERIOD.end)
    with pytest.raises(DefinitionError, match="unknown_code"):
        _ = level == "middle"
    with pytest.raises(DefinitionError, match="unknown_code"):
        level.is_in("low", "middle")
    with pytest.raises(DefinitionError, match="repeated_text"):
        worst(level, order=("low", "low"))
    with pytest.raises(DefinitionError, match="missing a required argument: 'order'"):
        parse('worst(tier("a.risk"))')


def test_it_is_said_in_both_languages():
    """The levels stand in their order, the diseases by name, other names with the level as which they count."""
    made = joint("gout.risk", counted_as={"severe": "high"}, citation="ours")
    assert wording(made, "zh", GRADED) == "颜色: 低 < 高; 痛风风险中最重者（severe → 高） [ours, proposal]"
    said = "colour: low < high; the worst of risk of Gout [no source, proposal]"
    assert wording(joint("gout.risk"), "en", GRADED) == said
    asked = joint("gout.risk").on(PERIOD.end) == "high"
    assert wording(asked.node, "zh", GRADED) == "期末日终痛风风险中最重者（由轻到重：低、高） = 高"
